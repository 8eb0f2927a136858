"""Shipments in each status, reached through actions."""

from datetime import date, datetime, timedelta
from functools import cached_property

from procurement.catalogue.models.inspection_points import InspectionPoint
from procurement.customs.actions import record_clearance_filing, record_customs_release
from procurement.customs.models import CustomsClearance
from procurement.documents.actions.documents import (
    mark_document_ready,
    record_document_filing,
    start_document,
)
from procurement.documents.models.customs_documents import CustomsDocument
from procurement.logistics.actions.journey import (
    close_shipment,
    record_arrival,
    record_delivery,
    record_departure,
)
from procurement.logistics.actions.planning import LineQuantity, PackedCartons, pack_shipment, plan_shipment
from procurement.orders.models import Order
from procurement.quality.actions import record_inspection, release_lot
from procurement.quality.models import Lot
from procurement.quality.queries import InspectionSetup
from procurement.quality.rules import PointReading
from procurement.receiving.actions.receipts import record_receipt
from procurement.receiving.models import GoodsReceipt
from procurement.receiving.rules.receipts import LotCount
from procurement.shipments.models import Shipment, ShipmentLine
from tests.worlds.need_to_order import AT, Person, Story
from tests.worlds.story_cache import cached_step

DEPARTED_AT = AT + timedelta(days=6)
ARRIVED_AT = AT + timedelta(days=10)
DELIVERED_AT = AT + timedelta(days=12)


def passing_readings(lot: Lot, *readings: PointReading) -> list[PointReading]:
    """Return these readings, and an allowed value for each other reliable point of the lot's checklist.

    Reads the lot again, so that the given instance caches no rows that change later. An empty lot has no
    checklist.
    """
    told = {one.key for one in readings}
    points = InspectionSetup.for_lot(Lot.objects.get(pk=lot.pk)).checklist_points if lot.quantity else ()
    firm = [point for point in points if point.is_blocking and point.key not in told]
    return [*readings, *(_allowed_value(point) for point in firm)]


def reading_fields(lot: Lot) -> dict[str, str]:
    """Return the same readings as the fields of the inspection page."""
    told = passing_readings(lot)
    return {f"point_{one.key}": "yes" if one.value is None else f"{one.value:f}" for one in told}


def _allowed_value(point: InspectionPoint) -> PointReading:
    if point.limit is None or not point.is_measured:
        return PointReading(key=point.key, seen=True)
    near = (point.limit, point.limit - 1, point.limit + 1)
    return PointReading(key=point.key, value=next(value for value in near if point.is_within_limit(value)))


class Journey(Story):
    """Example purchase (`Story`) with shipments, from planning to closing."""

    @cached_property
    def broker(self) -> Person:
        """Customs broker of the city, who may act on a shipment that was given to them."""
        return self.person("broker")

    @cached_step
    def plan(self, *orders: Order, part: int | None = None, **facts: object) -> Shipment:
        """Plan a shipment by air of everything in these orders, or of `part` pieces of each line."""
        lines = [line for order in (orders or (self.ready(),)) for line in order.lines.order_by("pk")]
        given: dict[str, object] = {"mode": "air", "origin": "CNCAN", "destination": "CAVAN", **facts}
        return plan_shipment(
            [LineQuantity(line, part or line.unshipped_quantity) for line in lines],
            author=self.logistics.user,
            by=self.logistics.by,
            at=AT,
            **given,
        )

    def document(self, shipment: Shipment, code: str, side: str = "export") -> CustomsDocument:
        return shipment.documents.get(code=code, clearance__side=side)

    def hand_in(self, document: CustomsDocument) -> CustomsDocument:
        """File a document, from any status before that."""
        steps = {
            "required": start_document,
            "in_progress": mark_document_ready,
            "ready": record_document_filing,
        }
        while document.status in steps:
            steps[document.status](document, by=self.logistics.by, at=AT)
        return document

    def hand_in_all(self, shipment: Shipment, due: str) -> None:
        """File every blocking document that is due before a step."""
        for document in shipment.documents.filter(blocks=True, due_before=due).order_by("pk"):
            self.hand_in(document)
        shipment.refresh_from_db()

    def clearance(self, shipment: Shipment, side: str) -> CustomsClearance:
        return shipment.clearances.get(side=side)

    def clear(self, shipment: Shipment, side: str) -> CustomsClearance:
        """File and release the clearance of one side."""
        clearance = record_clearance_filing(self.clearance(shipment, side), by=self.logistics.by, at=AT)
        return record_customs_release(clearance, by=self.logistics.by, at=AT)

    def packed_cartons(self, shipment: Shipment) -> list[PackedCartons]:
        """Return cartons of a thousand pieces for each line, all of one lot."""
        return [
            PackedCartons(line, 1_000, line.quantity // 1_000, "L-2020-04")
            for line in shipment.lines.order_by("pk")
        ]

    @cached_step
    def packed(self, shipment: Shipment | None = None) -> Shipment:
        chosen = shipment or self.plan()
        return pack_shipment(chosen, self.packed_cartons(chosen), by=self.logistics.by, at=AT)

    @cached_step
    def departed(self, shipment: Shipment | None = None) -> Shipment:
        chosen = self.packed(shipment)
        if chosen.clearances.exists():
            self.hand_in_all(chosen, "depart")
            self.clear(chosen, "export")
        return record_departure(chosen, by=self.logistics.by, at=DEPARTED_AT)

    @cached_step
    def arrived(self, shipment: Shipment | None = None) -> Shipment:
        return record_arrival(self.departed(shipment), by=self.logistics.by, at=ARRIVED_AT)

    @cached_step
    def delivered(self, shipment: Shipment | None = None) -> Shipment:
        chosen = self.arrived(shipment)
        if chosen.clearances.exists():
            self.hand_in_all(chosen, "deliver")
            self.clear(chosen, "import")
        return record_delivery(chosen, received_by=self.logistics.user, by=self.logistics.by, at=DELIVERED_AT)

    def count(self, line: ShipmentLine, **facts: object) -> LotCount:
        """Return the count of one line: all pieces are accepted, unless `facts` name other figures."""
        failed = sum(int(str(facts.get(name, 0))) for name in ("rejected", "missing"))
        given: dict[str, object] = {
            "accepted": line.uncounted_pieces - failed,
            "lot_number": "L-2020-04",
            **facts,
        }
        return LotCount(line=line, **given)  # type: ignore[arg-type]  # facts of a test

    def receive(self, shipment: Shipment, *counts: LotCount, **facts: object) -> GoodsReceipt:
        """Receive all pieces of the shipment, unless other counts are given."""
        chosen = counts or [self.count(line) for line in shipment.lines.order_by("pk")]
        return record_receipt(
            shipment, chosen, received_by=self.logistics.user, by=self.logistics.by, at=DELIVERED_AT, **facts
        )

    @cached_step
    def received(self, shipment: Shipment | None = None) -> Shipment:
        chosen = self.delivered(shipment)
        self.receive(chosen)
        return chosen

    @cached_step
    def lot(self, shipment: Shipment | None = None) -> Lot:
        """Return the lot of a shipment, in quarantine."""
        return self.received(shipment).lots.get()

    def pass_lot(self, lot: Lot, verdict: str = "passed", sampled: int = 200) -> Lot:
        """Inspect the lot with this verdict; every reliable limit is measured and met."""
        record_inspection(
            lot,
            readings=passing_readings(lot),
            sampled=min(sampled, lot.quantity),
            defects=0,
            verdict=verdict,
            inspector=self.logistics.user,
            by=self.logistics.by,
            at=DELIVERED_AT,
        )
        return lot

    @cached_step
    def released(self, shipment: Shipment | None = None) -> Shipment:
        """Return a shipment whose lots are all inspected and released."""
        chosen = self.received(shipment)
        for lot in chosen.lots.order_by("pk"):
            release_lot(self.pass_lot(lot), by=self.logistics.by, at=DELIVERED_AT)
        return chosen

    @cached_step
    def closed(self, shipment: Shipment | None = None) -> Shipment:
        return close_shipment(self.released(shipment), by=self.logistics.by, at=DELIVERED_AT)


def noon_of(story: Journey, day: date) -> datetime:
    """Return noon of a day in the city's time zone."""
    return datetime(day.year, day.month, day.day, 12, tzinfo=story.city.zone)

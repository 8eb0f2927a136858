"""Shipments at each step of their journey, played by actions."""

from datetime import timedelta
from functools import cached_property

from procurement.catalogue.models.points import InspectionPoint
from procurement.orders.models.order import Order
from procurement.shipments.actions import arrivals, inspections, journey, planning
from procurement.shipments.actions.customs import (
    begin_paper,
    file_lane,
    file_paper,
    ready_paper,
    release_lane,
)
from procurement.shipments.actions.lots import release_lot
from procurement.shipments.actions.planning import Boxes, Load
from procurement.shipments.gathering.looking import Looking
from procurement.shipments.models.arrival import Lot, Receipt
from procurement.shipments.models.customs import CustomsLane, CustomsPaper
from procurement.shipments.models.shipment import Shipment, ShipmentLine
from procurement.shipments.rules.inspections import Reading
from procurement.shipments.rules.receipts import Count
from tests.procurement.chapters import chapter
from tests.procurement.story import AT, Person, Story

SENT = AT + timedelta(days=6)
HERE = AT + timedelta(days=10)
DOOR = AT + timedelta(days=12)


def measured(lot: Lot, *readings: Reading) -> list[Reading]:
    """These readings, and a value inside its limit for each other point of the lot's checklist that is firm.

    Reads a lot of its own, so that the given one keeps no rows that change later. An empty lot has no checklist.
    """
    told = {one.key for one in readings}
    points = Looking.at(Lot.objects.get(pk=lot.pk)).points if lot.quantity else ()
    firm = [point for point in points if point.blocks and point.key not in told]
    return [*readings, *(_inside(point) for point in firm)]


def points(lot: Lot) -> dict[str, str]:
    """The same, as it is typed on the page of the inspection."""
    told = measured(lot)
    return {f"point_{one.key}": "yes" if one.value is None else f"{one.value:f}" for one in told}


def _inside(point: InspectionPoint) -> Reading:
    if point.limit is None or not point.is_measured:
        return Reading(key=point.key, seen=True)
    near = (point.limit, point.limit - 1, point.limit + 1)
    return Reading(key=point.key, value=next(value for value in near if point.within(value)))


class Voyage(Story):
    """The story with its shipments."""

    @cached_property
    def broker(self) -> Person:
        """A customs broker of the city, who may act where a shipment was given to them."""
        return self.person("broker")

    @chapter
    def plan(self, *orders: Order, part: int | None = None, **facts: object) -> Shipment:
        """A shipment by air of everything (or so much of each line) in these orders."""
        lines = [line for order in (orders or (self.ready(),)) for line in order.lines.order_by("pk")]
        given: dict[str, object] = {"mode": "air", "origin": "CNCAN", "destination": "CAVAN", **facts}
        return planning.plan(
            [Load(line, part or line.to_ship) for line in lines],
            author=self.logistics.user,
            by=self.logistics.by,
            at=AT,
            **given,
        )

    def paper(self, shipment: Shipment, code: str, side: str = "export") -> CustomsPaper:
        return shipment.papers.get(code=code, lane__side=side)

    def hand_in(self, paper: CustomsPaper) -> CustomsPaper:
        """From wherever it stands to handed in."""
        steps = {"missing": begin_paper, "draft": ready_paper, "ready": file_paper}
        while paper.status in steps:
            steps[paper.status](paper, by=self.logistics.by, at=AT)
        return paper

    def hand_in_all(self, shipment: Shipment, due: str) -> None:
        """Every blocking paper that is due before a step."""
        for paper in shipment.papers.filter(blocks=True, due_before=due).order_by("pk"):
            self.hand_in(paper)
        shipment.refresh_from_db()

    def lane(self, shipment: Shipment, side: str) -> CustomsLane:
        return shipment.lanes.get(side=side)

    def clear(self, shipment: Shipment, side: str) -> CustomsLane:
        """Filed and released."""
        lane = file_lane(self.lane(shipment, side), by=self.logistics.by, at=AT)
        return release_lane(lane, by=self.logistics.by, at=AT)

    def box(self, shipment: Shipment) -> list[Boxes]:
        """Boxes of a thousand, of one lot."""
        return [
            Boxes(line, 1_000, line.quantity // 1_000, "L-2020-04") for line in shipment.lines.order_by("pk")
        ]

    @chapter
    def packed(self, shipment: Shipment | None = None) -> Shipment:
        chosen = shipment or self.plan()
        return planning.pack(chosen, self.box(chosen), by=self.logistics.by, at=AT)

    @chapter
    def departed(self, shipment: Shipment | None = None) -> Shipment:
        chosen = self.packed(shipment)
        if chosen.lanes.exists():
            self.hand_in_all(chosen, "depart")
            self.clear(chosen, "export")
        return journey.depart(chosen, by=self.logistics.by, at=SENT)

    @chapter
    def arrived(self, shipment: Shipment | None = None) -> Shipment:
        return journey.arrive(self.departed(shipment), by=self.logistics.by, at=HERE)

    @chapter
    def delivered(self, shipment: Shipment | None = None) -> Shipment:
        chosen = self.arrived(shipment)
        if chosen.lanes.exists():
            self.hand_in_all(chosen, "deliver")
            self.clear(chosen, "import")
        return journey.deliver(chosen, received_by=self.logistics.user, by=self.logistics.by, at=DOOR)

    def count(self, line: ShipmentLine, **facts: object) -> Count:
        """A counting of one line: everything is there, unless said otherwise."""
        failed = sum(int(str(facts.get(name, 0))) for name in ("rejected", "missing"))
        given: dict[str, object] = {"accepted": line.uncounted - failed, "lot_number": "L-2020-04", **facts}
        return Count(line=line, **given)  # type: ignore[arg-type]  # facts of a test

    def receive(self, shipment: Shipment, *counts: Count, **facts: object) -> Receipt:
        """Everything counted, unless said otherwise."""
        chosen = counts or [self.count(line) for line in shipment.lines.order_by("pk")]
        return arrivals.receive(
            shipment, chosen, received_by=self.logistics.user, by=self.logistics.by, at=DOOR, **facts
        )

    @chapter
    def received(self, shipment: Shipment | None = None) -> Shipment:
        chosen = self.delivered(shipment)
        self.receive(chosen)
        return chosen

    @chapter
    def lot(self, shipment: Shipment | None = None) -> Lot:
        """The lot of a shipment in quarantine."""
        return self.received(shipment).lots.get()

    def pass_lot(self, lot: Lot, verdict: str = "passed", sampled: int = 200) -> Lot:
        """Inspected, every firm limit measured and kept, with this verdict."""
        inspections.inspect(
            lot,
            readings=measured(lot),
            sampled=min(sampled, lot.quantity),
            defects=0,
            verdict=verdict,
            inspector=self.logistics.user,
            by=self.logistics.by,
            at=DOOR,
        )
        return lot

    @chapter
    def released(self, shipment: Shipment | None = None) -> Shipment:
        """Every lot inspected and released."""
        chosen = self.received(shipment)
        for lot in chosen.lots.order_by("pk"):
            release_lot(self.pass_lot(lot), by=self.logistics.by, at=DOOR)
        return chosen

    @chapter
    def closed(self, shipment: Shipment | None = None) -> Shipment:
        return journey.close(self.released(shipment), by=self.logistics.by, at=DOOR)

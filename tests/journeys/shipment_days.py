"""Goods on their way, day by day, for the journeys of a donation and a purchase.

Each step is an action on the practice clock, so that the pages show that day.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Any

from partners.contacts.models import Organization
from procurement.customs.models import CustomsClearance
from procurement.distribution.actions import distribute_lot
from procurement.documents.actions.documents import (
    mark_document_ready,
    record_document_filing,
    start_document,
)
from procurement.documents.models.customs_documents import CustomsDocument
from procurement.documents.models.generated_documents import GeneratedDocument
from procurement.generated_documents.actions import generate_document
from procurement.logistics.actions.planning import LineQuantity, plan_shipment
from procurement.orders.models import Order
from procurement.quality.actions import record_inspection
from procurement.quality.models import Lot
from procurement.quality.rules import PointReading
from procurement.receiving.actions.receipts import record_receipt
from procurement.receiving.rules.receipts import LotCount
from procurement.shipments.models import Shipment
from procurement.suppliers.actions.suppliers import SupplierEdit, correct_supplier
from tests.browsing import Browser, Page
from tests.worlds import cities
from tests.worlds.generated_documents import save_pictures
from tests.worlds.need_to_order import AT, Person, Story
from tests.worlds.shipments import passing_readings
from workflow.clock import advance_clock
from workflow.journal.hash_chain import seal_entries, verify_chain

CARTONS = {"carton_pieces": 1_000, "carton_kg": Decimal("8.50"), "pallet_cartons": 4}


class ShipmentStory(Story):
    """A city and its incoming goods; `at` is the present moment of the journey."""

    at: datetime = AT

    def day(self, moment: str) -> None:
        """Move the journey to this moment (UTC)."""
        self.at = datetime.fromisoformat(moment).replace(tzinfo=UTC)
        advance_clock(self.at)

    def does[T](self, action: Callable[..., T], *things: Any, who: Person | None = None, **facts: Any) -> T:
        """Run an action now, by logistics unless `who` is given."""
        return action(*things, by=(who or self.logistics).by, at=self.at, **facts)

    def sees(self, person: Person, thing: Any) -> Page:
        """Open a page as this person."""
        return Browser(person.user).open(thing)

    @cached_property
    def broker(self) -> Person:
        """A customs broker of the city."""
        return self.person("broker")

    @cached_property
    def hospital(self) -> Organization:
        """A hospital of the city."""
        return cities.organization(
            self.city, "hospital", name_en=f"{self.city} Hospital DEMO", phone="+1 905 000 0000"
        )

    def introduce(self) -> None:
        """Enter the address of the manufacturer."""
        correct_supplier(self.supplier, SupplierEdit(address="示范路8号"), by=self.officer.by, at=AT)

    def plan(self, order: Order, **facts: Any) -> Shipment:
        """Plan a shipment of all that an order still has to ship."""
        loads = [LineQuantity(line, line.unshipped_quantity) for line in order.lines.order_by("pk")]
        return self.does(plan_shipment, loads, author=self.logistics.user, **facts)

    def asked(self, shipment: Shipment, side: str) -> set[str]:
        """Return the codes of the documents that block one clearance."""
        rows = shipment.documents.filter(clearance__side=side, blocks=True)
        return set(rows.values_list("code", flat=True))

    def makes(self, kind: str, thing: Shipment | Order, order: Order | None = None) -> GeneratedDocument:
        """Generate a document in Chinese and English."""
        of = {"shipment": thing, "order": order} if isinstance(thing, Shipment) else {"order": thing}
        given = {"language_pair": "zh-en", "author": self.officer.user, "who": self.officer, **of}
        made = self.does(generate_document, kind, **given)
        save_pictures(made)
        return made

    def hands_in(self, shipment: Shipment, due: str, who: Person | None = None) -> list[CustomsDocument]:
        """Submit every document that blocks a step, from its present status on."""
        steps = {
            "required": start_document,
            "in_progress": mark_document_ready,
            "ready": record_document_filing,
        }
        documents = list(shipment.documents.filter(blocks=True, due_before=due).order_by("pk"))
        for document in documents:
            while document.status in steps:
                self.does(steps[document.status], document, who=who)
        return documents

    def clearance(self, shipment: Shipment, side: str) -> CustomsClearance:
        """Return the export or import clearance."""
        return shipment.clearances.get(side=side)

    def counts(self, shipment: Shipment, *counts: LotCount, **facts: Any) -> None:
        """Record a goods receipt."""
        self.does(record_receipt, shipment, counts, received_by=self.logistics.user, **facts)

    def inspects(self, lot: Lot, verdict: str = "passed", **found: str) -> None:
        """Inspect a sample by the usual plan with these readings; the other reliable limits are met."""
        readings = passing_readings(
            lot, *(PointReading(key=key, value=Decimal(value)) for key, value in found.items())
        )
        self.does(
            record_inspection,
            lot,
            sampled=min(200, lot.quantity),
            defects=1,
            verdict=verdict,
            inspector=self.logistics.user,
            readings=readings,
        )

    def hands_out(self, lot: Lot, quantity: int, **where: Any) -> None:
        """Distribute pieces of a lot to a place."""
        self.does(
            distribute_lot,
            lot,
            quantity,
            distributed_on=self.city.day_at(self.at),
            author=self.logistics.user,
            **where,
        )


class Gift(ShipmentStory):
    """A donation of Huai’an to Oakville."""

    partner_place = "huaian"
    maker = "淮安示范防护用品有限公司 DEMO"

    def __init__(self) -> None:
        super().__init__("oakville")

    def offered(self) -> Order:
        """Return one donation of masks for the hospital and respirators for the town hall.

        It covers two needs with two verified offers of one manufacturer.
        """
        cities.twinning("oakville", "huaian", signed="2016")
        self.introduce()
        wards = self.line(12_000, deliver_to="325 Reynolds Street, Oakville")
        masks = self.promise(12_000, line=wards, kind="donation", model="HA-2020 Type I", **CARTONS)
        hall = self.line(
            2_000, product="RESP_KN95", declared_use="non_medical", deliver_to="1225 Trafalgar Road, Oakville"
        )
        given = {"kind": "donation", "declared_use": "non_medical", "standard": "GB2626-2006-KN95"}
        respirators = self.promise(2_000, line=hall, model="HA-95", **given, **CARTONS)
        return self.gift(masks, respirators)


class Purchase(ShipmentStory):
    """A purchase of Burnaby in Zhongshan."""

    def __init__(self) -> None:
        super().__init__("burnaby")


def is_journal_intact() -> bool:
    """Return True if every journal entry is sealed and the chain of seals is valid."""
    while seal_entries():
        pass
    return verify_chain().problem == ""


def date_of(day: str) -> date:
    """Return the date of a text."""
    return date.fromisoformat(day)

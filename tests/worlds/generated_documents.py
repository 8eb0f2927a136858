"""A purchase and a donation with every fact that generated documents can show, made by actions."""

import os
import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pypdfium2

from procurement.documents.models.generated_documents import GeneratedDocument
from procurement.generated_documents.actions import generate_document, generate_due_purchase_orders
from procurement.logistics.actions.journey import record_arrival, record_delivery, record_departure
from procurement.orders.actions.approve import mark_ready
from procurement.orders.models import Order
from procurement.quality.actions import release_lot
from procurement.shipments.models import Shipment
from procurement.suppliers.actions.suppliers import SupplierEdit, correct_supplier
from procurement.suppliers.models.suppliers import Supplier
from tests.worlds.need_to_order import AT
from tests.worlds.shipments import DELIVERED_AT, Journey
from tests.worlds.story_cache import cached_step

PAGE_NUMBER = re.compile(r"\s*\d+ / \d+\s*$")
BOXES = {"carton_pieces": 1_000, "carton_kg": Decimal("8.50"), "pallet_cartons": 4}


class Office(Journey):
    """Example purchase (`Journey`) of Burnaby, whose office generates documents."""

    @cached_step
    def introduce(self) -> Supplier:
        """Enter the English name and the address of the manufacturer."""
        return correct_supplier(
            self.supplier,
            SupplierEdit(name_en="Zhongshan Kanghu DEMO", address="中山市火炬开发区示范路8号"),
            by=self.officer.by,
            at=AT,
        )

    @cached_step
    def placed_order(self, quantity: int = 10_000, **facts: object) -> Order:
        """Return a placed order for masks in cartons of a thousand, after the periodic job has run."""
        promised = self.promise(quantity, model="KH-2020 Type I", **BOXES)
        order = self.placed(promised, incoterm_place="Zhongshan", **facts)
        generate_due_purchase_orders(AT)
        order.refresh_from_db()
        return order

    @cached_step
    def bought(self, **facts: object) -> Shipment:
        """Return a shipment of ten thousand purchased masks, packed in ten cartons."""
        promised = self.promise(10_000, model="KH-2020 Type I", **BOXES)
        order = self.ready(promised, incoterm_place="Zhongshan")
        generate_due_purchase_orders(AT)
        return self.packed(self.plan(order, air_waybill="020-12345675", carrier="Example Air", **facts))

    @cached_step
    def given(self) -> Shipment:
        """Return a shipment of ten thousand donated masks, packed in ten cartons."""
        promised = self.promise(10_000, kind="donation", model="KH-2020 Type I", **BOXES)
        order = mark_ready(self.accepted(promised), by=self.officer.by, at=AT)
        return self.packed(self.plan(order))

    @cached_step
    def for_offices(self) -> Shipment:
        """Return a shipment of ten thousand non-medical masks for the town hall."""
        line = self.line(10_000, declared_use="non_medical")
        promised = self.promise(10_000, line=line, declared_use="non_medical", **BOXES)
        return self.packed(self.plan(self.ready(promised)))

    def order_of(self, shipment: Shipment) -> Order:
        """Return the only order of a shipment."""
        return Order.objects.get(lines__shipment_lines__shipment=shipment)

    def make(
        self,
        kind: str,
        shipment: Shipment | None = None,
        order: Order | None = None,
        language_pair: str = "zh-en",
        at=AT,
    ) -> GeneratedDocument:
        """Generate a document as an officer."""
        return generate_document(
            kind,
            language_pair=language_pair,
            author=self.officer.user,
            by=self.officer.by,
            at=at,
            shipment=shipment,
            order=order,
        )

    def receive_first_line(self, shipment: Shipment) -> Shipment:
        """Receive the first line in full, and none of the others."""
        self.receive(shipment, self.count(shipment.lines.order_by("pk")[0]))
        return shipment

    def receive_and_release(self, shipment: Shipment) -> Shipment:
        """Receive the shipment with eight missing and two rejected pieces; inspect and release its lot."""
        if shipment.clearances.exists():
            self.hand_in_all(shipment, "depart")
            self.clear(shipment, "export")
        record_departure(shipment, by=self.logistics.by, at=AT)
        record_arrival(shipment, by=self.logistics.by, at=DELIVERED_AT)
        self.hand_in_all(shipment, "deliver")
        self.clear(shipment, "import")
        record_delivery(shipment, received_by=self.logistics.user, by=self.logistics.by, at=DELIVERED_AT)
        count = self.count(
            shipment.lines.get(),
            rejected=2,
            missing=8,
            reason="One box torn open on its way.",
            expires_on=date(2023, 4, 1),
        )
        self.receive(shipment, count)
        lot = shipment.lots.get()
        release_lot(self.pass_lot(lot), by=self.logistics.by, at=DELIVERED_AT)
        return shipment


def text_of(pdf: bytes) -> str:
    """Return the text of all pages of a file, then the page numbers and the lines that are on every page.

    A sentence that goes on on the next page is therefore whole, without the footer in it.
    """
    document = pypdfium2.PdfDocument(pdf)
    texts = (document[number].get_textpage().get_text_range() for number in range(len(document)))
    pages = [[line.strip() for line in text.splitlines()] for text in texts]
    common = set(pages[0]).intersection(*pages[1:]) if len(pages) > 1 else set()
    lines = [line for page in pages for line in page]
    moved = [line for line in lines if line in common or PAGE_NUMBER.match(line)]
    return "\n".join([*(line for line in lines if line not in moved), *moved])


def save_pictures(made: GeneratedDocument) -> None:
    """Save the pages as pictures in the folder named by the variable PICTURES, if it is set."""
    folder = os.environ.get("PICTURES")
    if not folder:
        return
    document = pypdfium2.PdfDocument(bytes(made.file.pdf))
    for number in range(len(document)):
        picture = document[number].render(scale=1.6).to_pil()
        picture.save(Path(folder) / f"{made.kind}-{made.language_pair}-{number + 1}.png")


def purchase_orders_of(order: Order) -> list[GeneratedDocument]:
    """Return the versions of the purchase order of an order, oldest first."""
    kind = GeneratedDocument.Kind.PURCHASE_ORDER
    return list(GeneratedDocument.objects.filter(order=order, kind=kind).order_by("version"))

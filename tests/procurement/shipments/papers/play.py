"""A shipment and a gift with everything that papers can tell of them, played by actions."""

import os
from datetime import date
from decimal import Decimal
from pathlib import Path

import pypdfium2

from procurement.orders.actions import deciding
from procurement.orders.models.order import Order
from procurement.shipments.actions import journey
from procurement.shipments.actions.lots import release_lot
from procurement.shipments.actions.made import make_paper
from procurement.shipments.models.made import MadePaper
from procurement.shipments.models.shipment import Shipment
from procurement.suppliers.actions import companies
from procurement.suppliers.models.company import Supplier
from tests.procurement.chapters import chapter
from tests.procurement.shipments.play import DOOR, Voyage
from tests.procurement.story import AT

BOXES = {"carton_pieces": 1_000, "carton_kg": Decimal("8.50"), "pallet_cartons": 4}


class Office(Voyage):
    """Burnaby's office makes papers."""

    @chapter
    def introduce(self) -> Supplier:
        """The maker says where it is and what its number is."""
        return companies.correct(
            self.supplier,
            by=self.officer.by,
            at=AT,
            name_en="Zhongshan Kanghu DEMO",
            address="中山市火炬开发区示范路8号",
        )

    @chapter
    def bought(self, **facts: object) -> Shipment:
        """Ten thousand masks, bought, packed in ten boxes."""
        promised = self.promise(10_000, model="KH-2020 Type I", **BOXES)
        order = self.ready(promised, incoterm_place="Zhongshan")
        return self.packed(self.plan(order, air_waybill="020-12345675", carrier="Example Air", **facts))

    @chapter
    def given(self) -> Shipment:
        """Ten thousand masks, given, packed in ten boxes."""
        promised = self.promise(10_000, kind="donation", model="KH-2020 Type I", **BOXES)
        order = deciding.ready(self.accepted(promised), by=self.officer.by, at=AT)
        return self.packed(self.plan(order))

    @chapter
    def for_offices(self) -> Shipment:
        """Ten thousand masks that are not medical, for the town hall."""
        line = self.line(10_000, declared_use="non_medical")
        promised = self.promise(10_000, line=line, declared_use="non_medical", **BOXES)
        return self.packed(self.plan(self.ready(promised)))

    def order_of(self, shipment: Shipment) -> Order:
        """The one order of a shipment."""
        return Order.objects.get(lines__shipment_lines__shipment=shipment)

    def make(
        self,
        kind: str,
        shipment: Shipment | None = None,
        order: Order | None = None,
        tongues: str = "zh-en",
        at=AT,
    ) -> MadePaper:
        """A paper, made by an officer."""
        return make_paper(
            kind,
            tongues=tongues,
            author=self.officer.user,
            by=self.officer.by,
            at=at,
            shipment=shipment,
            order=order,
        )

    def first_counted(self, shipment: Shipment) -> Shipment:
        """The first line counted whole, the others not yet."""
        self.receive(shipment, self.count(shipment.lines.order_by("pk")[0]))
        return shipment

    def come(self, shipment: Shipment) -> Shipment:
        """Counted at the door with two missing, two spoiled; the lot inspected and released."""
        if shipment.lanes.exists():
            self.hand_in_all(shipment, "depart")
            self.clear(shipment, "export")
        journey.depart(shipment, by=self.logistics.by, at=AT)
        journey.arrive(shipment, by=self.logistics.by, at=DOOR)
        self.hand_in_all(shipment, "deliver")
        self.clear(shipment, "import")
        journey.deliver(shipment, received_by=self.logistics.user, by=self.logistics.by, at=DOOR)
        count = self.count(
            shipment.lines.get(),
            rejected=2,
            missing=8,
            reason="One box torn open on its way.",
            expires_on=date(2023, 4, 1),
        )
        self.receive(shipment, count)
        lot = shipment.lots.get()
        release_lot(self.pass_lot(lot), by=self.logistics.by, at=DOOR)
        return shipment


def text_of(pdf: bytes) -> str:
    """Everything on the pages of a file."""
    document = pypdfium2.PdfDocument(pdf)
    return "\n".join(document[number].get_textpage().get_text_range() for number in range(len(document)))


def keep(made: MadePaper) -> None:
    """Its pages as pictures, where somebody wants to look at them: PICTURES=folder."""
    folder = os.environ.get("PICTURES")
    if not folder:
        return
    document = pypdfium2.PdfDocument(bytes(made.print.pdf))
    for number in range(len(document)):
        picture = document[number].render(scale=1.6).to_pil()
        picture.save(Path(folder) / f"{made.kind}-{made.tongues}-{number + 1}.png")

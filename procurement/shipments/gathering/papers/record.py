"""Everything papers are made of, read once: every paper of a shipment, or of a gift, then says the same of the same rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db.models import Prefetch

from procurement.catalogue.models.facts import Dealing
from procurement.catalogue.models.products import Product, TariffCode
from procurement.leads.models.offer import SupplierLead
from procurement.orders.models.order import Order, OrderLine
from procurement.requests.models import SupplyRequest
from procurement.shipments.models.arrival import Inspection, Lot, Receipt, ReceiptLine
from procurement.shipments.models.measured import MeasuredPoint
from procurement.shipments.models.shipment import Carton, Shipment, ShipmentLine
from procurement.suppliers.models.certificate import Certificate
from procurement.suppliers.models.company import Supplier

CENT = Decimal("0.01")
OFFER = "allocation__lead__"
# What a line of an order names on paper.
NAMES = (
    *(f"order__{name}" for name in ("city", "supplier__place", "donor_city")),
    *(f"{OFFER}{name}" for name in ("product", "standard", "supplier", "maker")),
    "allocation__line__supply_request",
)
CHINA = "CN"
REGISTRATIONS = ("CN_NMPA_REG", "CN_NMPA_FILING", "CN_WL_MED", "CN_WL_NONMED")


@dataclass(frozen=True)
class Goods:
    """One line of an order, as papers tell it: so many pieces of it, from whom, in which boxes."""

    order_line: OrderLine
    pieces: int
    boxes: tuple[Carton, ...] = ()
    line: ShipmentLine | None = None

    @property
    def key(self) -> str:
        """By what papers compare it: the number of the order's line, as a text."""
        return str(self.order_line.pk)

    @property
    def order(self) -> Order:
        """The purchase or the gift it is of."""
        return self.order_line.order

    @property
    def lead(self) -> SupplierLead:
        """The offer it rests on."""
        return self.order_line.allocation.lead

    @property
    def product(self) -> Product:
        """What it is."""
        return self.lead.product

    @property
    def need(self) -> SupplyRequest:
        """What it is for."""
        return self.order_line.allocation.line.supply_request

    @property
    def use(self) -> str:
        """The declared use: the exporter's, else the need's."""
        return self.lead.declared_use or self.need.declared_use

    @property
    def maker(self) -> Supplier | None:
        """Who makes it; None where only a trader is known."""
        own = self.lead.supplier
        return self.lead.maker or (own if own.role == Supplier.Role.MAKER else None)

    @property
    def origin(self) -> str:
        """The country it is made in, two letters; "" where the maker is not known."""
        return self.maker.country if self.maker else ""

    @property
    def value(self) -> Decimal:
        """What these pieces cost, or are truly worth, in the order's currency, to the cent."""
        return (self.order_line.unit_price * self.pieces).quantize(CENT)

    @property
    def gross_kg(self) -> Decimal | None:
        """What its boxes weigh by the offer's weight of a carton; None where that or the boxes are not known."""
        if not self.boxes or self.lead.carton_kg is None:
            return None
        return self.lead.carton_kg * len(self.boxes)

    @property
    def pallets(self) -> list[tuple[Carton, ...]]:
        """Its boxes, pallet by pallet; none where nobody said how many stand on one."""
        each = self.lead.pallet_cartons
        return [self.boxes[at : at + each] for at in range(0, len(self.boxes), each)] if each else []


@dataclass(frozen=True)
class Record:
    """A shipment, or a gift, as of a moment; with both, the order's part of the shipment. Read when it is first asked for."""

    shipment: Shipment | None
    order: Order | None
    at: datetime
    whole: bool = True  # whether nothing else travels in the shipment

    @property
    def city(self) -> Any:
        """The city that receives."""
        thing: Any = self.order or self.shipment
        return thing.city

    @property
    def today(self) -> date:
        """The day it is in that city."""
        day: date = self.city.day_at(self.at)
        return day

    @property
    def gift(self) -> bool:
        """Whether the order it is of is a gift."""
        return self.order is not None and self.order.kind == Dealing.DONATION

    @cached_property
    def goods(self) -> list[Goods]:
        """Line by line: what travels, or what was given."""
        return self._of_shipment if self.shipment is not None else self._of_order

    @cached_property
    def _of_shipment(self) -> list[Goods]:
        assert self.shipment is not None  # asked for a shipment only
        rows = self.shipment.lines.select_related(*(f"order_line__{name}" for name in NAMES)).order_by("pk")
        boxes: dict[int, list[Carton]] = {}
        for box in self.shipment.cartons.order_by("number"):
            boxes.setdefault(box.line_id, []).append(box)
        return [
            Goods(row.order_line, row.quantity, tuple(boxes.get(row.pk, ())), row)
            for row in rows
            if self.order is None or row.order_line.order_id == self.order.pk
        ]

    @cached_property
    def _of_order(self) -> list[Goods]:
        assert self.order is not None  # a record is of a shipment or of an order
        rows = self.order.lines.filter(quantity__gt=0).select_related(*NAMES).order_by("pk")
        return [Goods(row, row.quantity) for row in rows]

    def of(self, order: Order) -> "Record":
        """The part of this record that is of one order, with what was read already."""
        part = Record(self.shipment, order, self.at, whole=len(self.orders) == 1)
        part.__dict__["goods"] = [one for one in self.goods if one.order.pk == order.pk]
        return part

    @cached_property
    def orders(self) -> list[Order]:
        """The orders in it, each once."""
        return list({one.order.pk: one.order for one in self.goods}.values())

    @property
    def boxes(self) -> list[Carton]:
        """All boxes, by their numbers."""
        return sorted((box for one in self.goods for box in one.boxes), key=lambda box: box.number)

    @property
    def gross_kg(self) -> Decimal | None:
        """What the whole weighs: as weighed, else as its boxes come to. None where neither is known."""
        if self.shipment is not None and self.shipment.gross_kg is not None:
            return self.shipment.gross_kg if self.whole else None
        weights = [one.gross_kg for one in self.goods]
        known = [one for one in weights if one is not None]
        return sum(known, Decimal(0)) if known and len(known) == len(weights) else None

    @cached_property
    def tariff(self) -> dict[int, list[TariffCode]]:
        """The customs codes of its goods that may hold on the day, by product."""
        products = {one.product.pk for one in self.goods}
        found: dict[int, list[TariffCode]] = {}
        rows = TariffCode.objects.possible_on(self.today).filter(product__in=products)
        for row in rows.order_by("scheme", "number", "pk"):
            found.setdefault(row.product_id, []).append(row)
        return found

    def codes(self, goods: Goods) -> list[tuple[str, str]]:
        """The customs codes of a line that are known: scheme and number. A scheme with several for the declared use is not known."""
        wanted = {TariffCode.Scheme.HS6, *({TariffCode.Scheme.CN10} if self.from_china else ())}
        if self.shipment is not None and self.shipment.destination[:2] == "CA":
            wanted.add(TariffCode.Scheme.CA8)
        rows = [row for row in self.tariff.get(goods.product.pk, []) if row.use in ("", goods.use)]
        numbers: dict[str, set[str]] = {}
        for row in rows:
            numbers.setdefault(row.scheme, set()).add(row.number)
        return [
            (str(scheme), next(iter(numbers[scheme])))
            for scheme in TariffCode.Scheme
            if scheme in wanted and len(numbers.get(scheme, ())) == 1
        ]

    @property
    def from_china(self) -> bool:
        """Whether it leaves through China's customs."""
        return self.shipment is not None and self.shipment.origin[:2] == CHINA

    @property
    def crosses(self) -> bool:
        """Whether it crosses a border: goods that stay in their country meet no customs."""
        return self.shipment is not None and self.shipment.origin[:2] != self.shipment.destination[:2]

    @cached_property
    def registrations(self) -> list[Certificate]:
        """The Chinese registrations and list entries its makers and sellers show, by the goods they are for."""
        companies = {
            row for one in self.goods for who in (one.lead.supplier, one.maker) if who for row in who.rows
        }
        rows = Certificate.objects.filter(supplier__in=companies, kind__code__in=REGISTRATIONS)
        return list(rows.select_related("kind").prefetch_related("products").order_by("pk"))

    @cached_property
    def counted(self) -> list[ReceiptLine]:
        """What was counted at the door, counting by counting; those taken back are left out."""
        rows = ReceiptLine.objects.filter(
            receipt__shipment=self.shipment, receipt__status=Receipt.Status.RECORDED
        )
        return list(rows.select_related("receipt", "lot").order_by("pk"))

    @cached_property
    def lots(self) -> list[Lot]:
        """The lots that came."""
        return list(Lot.objects.filter(shipment=self.shipment).order_by("pk"))

    @cached_property
    def inspections(self) -> list[Inspection]:
        """Every look at a sample, oldest first, each with the points of its checklist in their order."""
        points = MeasuredPoint.objects.select_related("point").order_by("point__position", "point__code")
        rows = Inspection.objects.filter(lot__shipment=self.shipment).select_related("lot")
        return list(rows.prefetch_related(Prefetch("points", points)).order_by("pk"))

    @property
    def released(self) -> int:
        """Pieces that were inspected and released here."""
        return sum(one.order_line.released for one in self.goods)


def lots_of(boxes: Sequence[Carton]) -> str:
    """The lots in some boxes, as they were packed."""
    return ", ".join(dict.fromkeys(box.lot_number for box in boxes if box.lot_number))

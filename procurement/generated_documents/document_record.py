"""Record (the stored data) from which the documents of a shipment or an order are generated.

It is read once, so that all documents state the same facts.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db.models import Prefetch

from procurement.catalogue.models.customs import CustomsRule
from procurement.catalogue.models.inspection_points import InspectionPoint
from procurement.catalogue.models.products import Product, TariffCode
from procurement.catalogue.models.reference_rows import AcquisitionType
from procurement.catalogue.queries import ConsignmentLine, build_consignment, consignment_requirements
from procurement.catalogue.rules.inspections import default_aql
from procurement.leads.models.leads import SupplierLead
from procurement.leads.queries.document_readiness import customs_routes
from procurement.orders.models import Order, OrderLine
from procurement.orders.payments.models import Payment
from procurement.quality.models import Inspection, Lot, MeasuredPoint
from procurement.receiving.models import GoodsReceipt, GoodsReceiptLine
from procurement.requests.models import SupplyRequest
from procurement.shipments.models import Carton, Shipment, ShipmentLine
from procurement.suppliers.models.certificates import Certificate
from procurement.suppliers.models.suppliers import Supplier

CENT = Decimal("0.01")
OFFER_LOOKUP_PREFIX = "allocation__lead__"
# Relations of an order line that documents use.
ORDER_LINE_RELATIONS = (
    *(f"order__{name}" for name in ("city", "supplier__place", "donor_city")),
    *(f"{OFFER_LOOKUP_PREFIX}{name}" for name in ("city", "product", "standard")),
    *(f"{OFFER_LOOKUP_PREFIX}{name}" for name in ("supplier__merged_into", "maker__merged_into")),
    "allocation__line__supply_request",
)
CHINA_CODE = "CN"
SUPPLIER_DOCUMENT = (CustomsRule.ResponsibleParty.SUPPLIER, CustomsRule.Category.DOCUMENT)
CHINA_REGISTRATION_TYPES = ("CN_NMPA_REG", "CN_NMPA_FILING", "CN_WL_MED", "CN_WL_NONMED")


@dataclass(frozen=True)
class GoodsLine:
    """Order line as documents state it: pieces, product, companies and cartons."""

    order_line: OrderLine
    pieces: int
    cartons: tuple[Carton, ...] = ()
    shipment_line: ShipmentLine | None = None

    @property
    def comparison_key(self) -> str:
        """Key by which documents compare the line: the id of the order line, as text."""
        return str(self.order_line.pk)

    @property
    def order(self) -> Order:
        """Purchase or donation of the line."""
        return self.order_line.order

    @property
    def lead(self) -> SupplierLead:
        """Offer of the line."""
        return self.order_line.allocation.lead

    @property
    def product(self) -> Product:
        """Product of the line."""
        return self.lead.product

    @property
    def need(self) -> SupplyRequest:
        """Need that the goods are for."""
        return self.order_line.allocation.line.supply_request

    @property
    def needed_by(self) -> date | None:
        """Day on which the goods are needed: the line's own, else the need's."""
        line = self.order_line.allocation.line
        day: date | None = line.needed_by or line.supply_request.needed_by
        return day

    @property
    def use(self) -> str:
        """Declared use: the exporter's, else the need's."""
        return self.lead.declared_use or self.need.declared_use

    @property
    def maker(self) -> Supplier | None:
        """Manufacturer; None if only a trader is known."""
        own = self.lead.supplier
        return self.lead.maker or (own if own.role == Supplier.Role.MAKER else None)

    @property
    def origin(self) -> str:
        """Country of manufacture, two letters; "" if the manufacturer is not known."""
        return self.maker.country if self.maker else ""

    @property
    def value(self) -> Decimal:
        """Price or true value of these pieces in the order's currency, rounded to the cent."""
        return (self.order_line.unit_price * self.pieces).quantize(CENT)

    @property
    def gross_kg(self) -> Decimal | None:
        """Weight of the cartons by the offer's weight per carton; None if either is unknown."""
        if not self.cartons or self.lead.carton_kg is None:
            return None
        return self.lead.carton_kg * len(self.cartons)

    @property
    def pallets(self) -> list[tuple[Carton, ...]]:
        """Cartons by pallet; empty if the number of cartons per pallet is unknown."""
        each = self.lead.pallet_cartons
        return [self.cartons[at : at + each] for at in range(0, len(self.cartons), each)] if each else []


@dataclass(frozen=True)
class DocumentRecord:
    """Record of a shipment, or of a whole order, at a moment, read on first use.

    With a shipment and an order, it is the order's part of the shipment. `is_whole_shipment`: True if that is all of the shipment.
    """

    shipment: Shipment | None
    order: Order | None
    as_of: datetime
    is_whole_shipment: bool = True  # True if nothing else travels in the shipment

    @property
    def city(self) -> Any:
        """City that receives the goods."""
        thing: Any = self.order or self.shipment
        return thing.city

    @property
    def today(self) -> date:
        """Current day in that city."""
        day: date = self.city.day_at(self.as_of)
        return day

    @property
    def is_donation(self) -> bool:
        """True if the record's order is a donation."""
        return self.order is not None and self.order.kind == AcquisitionType.DONATION

    @cached_property
    def goods(self) -> list[GoodsLine]:
        """Lines that travel in the shipment, or lines of the order."""
        return self._of_shipment if self.shipment is not None else self._of_order

    @cached_property
    def _of_shipment(self) -> list[GoodsLine]:
        assert self.shipment is not None  # called only with a shipment
        rows = self.shipment.lines.select_related(
            *(f"order_line__{name}" for name in ORDER_LINE_RELATIONS)
        ).order_by("pk")
        cartons: dict[int, list[Carton]] = {}
        for carton in self.shipment.cartons.order_by("number"):
            cartons.setdefault(carton.line_id, []).append(carton)
        return [
            GoodsLine(row.order_line, row.quantity, tuple(cartons.get(row.pk, ())), row)
            for row in rows
            if self.order is None or row.order_line.order_id == self.order.pk
        ]

    @cached_property
    def _of_order(self) -> list[GoodsLine]:
        assert self.order is not None  # a record without a shipment has an order
        rows = self.order.lines.filter(quantity__gt=0).select_related(*ORDER_LINE_RELATIONS).order_by("pk")
        return [GoodsLine(row, row.quantity) for row in rows]

    def part_for_order(self, order: Order) -> "DocumentRecord":
        """Return the part of this record for one order, with the rows already read."""
        part = DocumentRecord(self.shipment, order, self.as_of, is_whole_shipment=len(self.orders) == 1)
        part.__dict__["goods"] = [one for one in self.goods if one.order.pk == order.pk]
        return part

    @cached_property
    def orders(self) -> list[Order]:
        """Orders of the goods, each once."""
        return list({one.order.pk: one.order for one in self.goods}.values())

    @property
    def cartons(self) -> list[Carton]:
        """All cartons, in the order of their numbers."""
        return sorted(
            (carton for one in self.goods for carton in one.cartons), key=lambda carton: carton.number
        )

    @property
    def gross_kg(self) -> Decimal | None:
        """Gross weight of the whole shipment or order in kilograms: as weighed, else the sum of its cartons, or None."""
        if self.shipment is not None and self.shipment.gross_kg is not None:
            return self.shipment.gross_kg if self.is_whole_shipment else None
        weights = [one.gross_kg for one in self.goods]
        known = [one for one in weights if one is not None]
        return sum(known, Decimal(0)) if known and len(known) == len(weights) else None

    @cached_property
    def tariff_codes(self) -> dict[int, list[TariffCode]]:
        """Customs codes of the goods that may be valid on the day, by product."""
        products = {one.product.pk for one in self.goods}
        found: dict[int, list[TariffCode]] = {}
        rows = TariffCode.objects.possibly_in_force(self.today).filter(product__in=products)
        for row in rows.order_by("scheme", "number", "pk"):
            found.setdefault(row.product_id, []).append(row)
        return found

    def customs_codes(self, goods: GoodsLine) -> list[tuple[str, str]]:
        """Return the known customs codes of a line: scheme and number.

        A scheme with several codes for the declared use is left out.
        """
        wanted = {TariffCode.Scheme.HS6, *({TariffCode.Scheme.CN10} if self.leaves_china else ())}
        if self.shipment is not None and self.shipment.destination[:2] == "CA":
            wanted.add(TariffCode.Scheme.CA8)
        rows = [row for row in self.tariff_codes.get(goods.product.pk, []) if row.use in ("", goods.use)]
        numbers: dict[str, set[str]] = {}
        for row in rows:
            numbers.setdefault(row.scheme, set()).add(row.number)
        return [
            (str(scheme), next(iter(numbers[scheme])))
            for scheme in TariffCode.Scheme
            if scheme in wanted and len(numbers.get(scheme, ())) == 1
        ]

    @property
    def leaves_china(self) -> bool:
        """True if the goods leave through China's customs."""
        return self.shipment is not None and self.shipment.origin[:2] == CHINA_CODE

    @property
    def crosses_border(self) -> bool:
        """True if the goods cross a border. Goods that stay in their country need no customs."""
        return self.shipment is not None and self.shipment.origin[:2] != self.shipment.destination[:2]

    @cached_property
    def china_registrations(self) -> list[Certificate]:
        """Chinese registrations and list entries of the goods' manufacturers and sellers."""
        companies = {
            row for one in self.goods for who in (one.lead.supplier, one.maker) if who for row in who.row_ids
        }
        rows = Certificate.objects.filter(supplier__in=companies, kind__code__in=CHINA_REGISTRATION_TYPES)
        return list(rows.select_related("kind").prefetch_related("products").order_by("pk"))

    @cached_property
    def payments(self) -> list[Payment]:
        """Payments of the order that were not cancelled, in the order of their milestones."""
        assert self.order is not None  # called only for documents of a whole order
        found = self.order.payments.exclude(status=Payment.Status.CANCELLED).order_by("pk")
        return sorted(found, key=lambda one: Payment.Milestone.values.index(one.milestone))

    @cached_property
    def supplier_document_rules(self) -> list[CustomsRule]:
        """Customs rules whose documents the seller owes on the expected routes of the goods, each document once.

        Goods of one route are asked about together: three queries for each route.
        """
        lines_by_route: dict[tuple[str, str, str, str], list[ConsignmentLine]] = defaultdict(list)
        for one in self.goods:
            for route in customs_routes(one.lead, self.today, one.need)[:1]:
                line = ConsignmentLine(one.product, route.declared_use, route.acquisition_type)
                same = lines_by_route[route.origin, route.destination, route.receiver, route.mode]
                if line not in same:
                    same.append(line)
        found: dict[str, CustomsRule] = {}
        for (origin, destination, receiver, mode), lines in lines_by_route.items():
            consignment = build_consignment(
                lines,
                origin=origin,
                destination=destination,
                consignee=receiver,
                mode=mode,
                on=self.today,
            )
            for wanted in consignment_requirements(consignment, on=self.today):
                if (wanted.rule.owner, wanted.rule.category) == SUPPLIER_DOCUMENT:
                    found.setdefault(wanted.rule.document_code, wanted.rule)
        return list(found.values())

    @cached_property
    def acceptable_quality_levels(self) -> list[tuple[GoodsLine, Decimal]]:
        """Goods, each product and standard once, with the AQL at which the city accepts their lots."""
        points = list(InspectionPoint.objects.all())
        kinds = {(one.product.pk, one.lead.standard_id): one for one in self.goods}
        return [(one, default_aql(points, one.product, one.lead.standard)) for one in kinds.values()]

    @cached_property
    def receipt_lines(self) -> list[GoodsReceiptLine]:
        """Lines counted on receipt, receipt by receipt, without those of reversed receipts."""
        rows = GoodsReceiptLine.objects.filter(
            receipt__shipment=self.shipment, receipt__status=GoodsReceipt.Status.RECORDED
        )
        return list(rows.select_related("receipt", "lot").order_by("pk"))

    @cached_property
    def lots(self) -> list[Lot]:
        """Lots of the shipment."""
        return list(Lot.objects.filter(shipment=self.shipment).order_by("pk"))

    @cached_property
    def inspections(self) -> list[Inspection]:
        """Inspections, oldest first, each with the points of its checklist in order."""
        points = MeasuredPoint.objects.select_related("point").order_by("point__position", "point__code")
        rows = Inspection.objects.filter(lot__shipment=self.shipment).select_related("lot")
        return list(rows.prefetch_related(Prefetch("points", points)).order_by("pk"))

    @property
    def released_pieces(self) -> int:
        """Number of pieces that were inspected and released."""
        return sum(one.order_line.released for one in self.goods)


def lot_numbers_of(cartons: Sequence[Carton]) -> str:
    """Return the lot numbers in some cartons, as packed."""
    return ", ".join(dict.fromkeys(carton.lot_number for carton in cartons if carton.lot_number))

"""Reads on shipments: their titles, and what arrives for a need line and when."""

from collections.abc import Iterable, Sequence

from django.db.models import F, Min, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext

from procurement.catalogue.goods_text import with_other_products
from procurement.shipments.models import Shipment, ShipmentLine
from procurement.shipments.reference_tables import place_name
from workflow.i18n import LocalizedCount

COUNTED_PIECES = F("accepted") + F("rejected") + F("missing")  # pieces that have been counted at the dock


def next_arrival(shipments: QuerySet[Shipment] | None = None) -> Subquery:
    """Return an expression for the expected day of a need line's next shipment, or null.

    Shipments count while pieces of them are still to be counted at the dock. `shipments` are those that the
    reader may see; without them, all count.
    """
    rows = _expected_lines(shipments).values("order_line__allocation__line")
    return Subquery(rows.annotate(first=Min("shipment__expected_on")).values("first"))


def arriving_quantity(shipments: QuerySet[Shipment], *, late: bool) -> Coalesce:
    """Return an expression for the quantity that arrives for a need line in time or, if `late`, too late.

    `shipments` are those that the reader may see.
    """
    needed = Coalesce(OuterRef("needed_by"), OuterRef("supply_request__needed_by"))
    day = Q(shipment__expected_on__gt=needed) if late else Q(shipment__expected_on__lte=needed)
    rows = _expected_lines(shipments).filter(day).values("order_line__allocation__line")
    return Coalesce(
        Subquery(rows.annotate(left=Sum(F("quantity") - COUNTED_PIECES)).values("left")), Value(0)
    )


def _expected_lines(shipments: QuerySet[Shipment] | None) -> QuerySet[ShipmentLine]:
    """Return the shipment lines for the need line of an outer query that are still expected."""
    rows = ShipmentLine.objects.filter(
        order_line__allocation__line=OuterRef("pk"),
        shipment__status__in=Shipment.Status.open,
        quantity__gt=COUNTED_PIECES,
    )
    return (rows if shipments is None else rows.filter(shipment__in=shipments)).order_by()


def shipment_title(shipment: Shipment, lines: Sequence[ShipmentLine]) -> str:
    """Return what travels where: "Surgical mask × 100,000, Guangzhou to Vancouver".

    `lines` are those of the shipment, with their products. A return has no lines of its own, so its
    title names only the places.
    """
    way = {"origin": place_name(shipment.origin), "destination": place_name(shipment.destination)}
    goods: dict[str, int] = {}
    for line in lines:
        name = line.order_line.allocation.lead.product.name
        goods[name] = goods.get(name, 0) + line.quantity
    if not goods:
        return shipment.route
    (name, pieces), *others = goods.items()
    said = with_other_products(goods_quantity_text(name, pieces), len(others))
    return gettext("%(goods)s, %(origin)s to %(destination)s") % {"goods": said, **way}


def shipment_titles(shipments: Iterable[Shipment]) -> dict[int, str]:
    """Return the titles of these shipments by their ids. One query."""
    rows = {shipment.pk: shipment for shipment in shipments}
    found: dict[int, list[ShipmentLine]] = {}
    lines = ShipmentLine.objects.filter(shipment__in=list(rows))
    for line in lines.select_related("order_line__allocation__lead__product").order_by("pk"):
        found.setdefault(line.shipment_id, []).append(line)
    return {pk: shipment_title(shipment, found.get(pk, [])) for pk, shipment in rows.items()}


def goods_quantity_text(product: str, pieces: int) -> str:
    """Return product and quantity as a short text: "Surgical mask × 600".

    The part of the name in brackets is omitted.
    """
    return f"{product.partition('（')[0].partition(' (')[0].strip()} × {LocalizedCount(pieces)}"

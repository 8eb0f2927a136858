"""Consistency check of counters: recounts those of orders, shipments and clearances from their rows.

It serves the hourly check and the auditor's page.
"""

from collections.abc import Callable, Iterator

from django.db.models import F, Model, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from procurement.customs.models import CustomsClearance
from procurement.documents.rules.documents import missing_documents
from procurement.orders.models import OrderLine
from procurement.quality.models import Lot
from procurement.requests.models import RequestLine
from procurement.shipments.models import Shipment, ShipmentLine

DEPARTED_STATUSES = (
    Shipment.Status.IN_TRANSIT,
    Shipment.Status.ARRIVED,
    Shipment.Status.DELIVERED,
    Shipment.Status.CLOSED,
    Shipment.Status.LOST,
)


def logistics_counter_mismatches() -> list[str]:
    """Return one line per counter that differs from its rows. Empty unless something is broken."""
    checks: tuple[Callable[[], Iterator[str]], ...] = (
        _order_lines,
        _shipment_lines,
        _need_lines,
        _shipments,
        _clearances,
    )
    return [problem for check in checks for problem in check()]


def _sum(rows: QuerySet[Model], link: str, of: str) -> Coalesce:
    """Return the sum of a column over the rows that belong to the outer row."""
    mine = rows.filter(**{link: OuterRef("pk")}).order_by().values(link)
    return Coalesce(Subquery(mine.annotate(total=Sum(of)).values("total")), 0)


def _order_lines() -> Iterator[str]:
    parts = ShipmentLine.objects.exclude(shipment__status=Shipment.Status.CANCELLED)
    lots = Lot.objects.filter(surplus=False)
    lost = _sum(parts.filter(shipment__status=Shipment.Status.LOST), "order_line", "quantity")
    rows = OrderLine.objects.annotate(
        in_shipments=_sum(parts, "order_line", "quantity"),
        left=_sum(parts.filter(shipment__status__in=DEPARTED_STATUSES), "order_line", "quantity"),
        out=_sum(lots.filter(status__in=Lot.Status.done), "line__order_line", "quantity"),
        bad=_sum(parts, "order_line", "rejected") + _sum(parts, "order_line", "missing"),
        gone=_sum(lots.filter(status__in=Lot.Status.void), "line__order_line", "quantity") + lost,
    )
    right = Q(shipped=F("in_shipments"), departed=F("left"), released=F("out"), failed=F("bad") + F("gone"))
    for line in rows.exclude(right).select_related("order").order_by("pk"):
        yield f"{line.order.reference} line {line.pk}: shipped, departed, released or failed"


def _shipment_lines() -> Iterator[str]:
    """Yield the shipment lines whose counters differ from their lots.

    `released` counts the lots that may be used, `accepted` all lots but those of surplus, and
    `surplus_kept` the lots of surplus.
    """
    lots = Lot.objects.all()
    rows = ShipmentLine.objects.annotate(
        out=_sum(lots.filter(status__in=Lot.Status.done), "line", "quantity"),
        held=_sum(lots.filter(surplus=False), "line", "quantity"),
        extra=_sum(lots.filter(surplus=True), "line", "quantity"),
    )
    wrong = rows.exclude(released=F("out"), accepted=F("held"), surplus_kept=F("extra"))
    for line in wrong.select_related("shipment").order_by("pk"):
        yield f"{line.shipment.reference} line {line.pk}: accepted, surplus accepted or released"


def _need_lines() -> Iterator[str]:
    """Yield the need lines whose counters differ from their goods.

    `shipped` counts departed pieces that have not failed, `arrived` accepted pieces that are neither
    refused nor recalled, and `released` pieces that may be used. Surplus was never allocated to a need,
    so no counter includes it.
    """
    lots = Lot.objects.filter(surplus=False)
    way = "order_line__allocation__line"
    parts = ShipmentLine.objects.filter(shipment__status__in=DEPARTED_STATUSES).exclude(
        shipment__status=Shipment.Status.LOST
    )
    gone = _sum(lots.filter(status__in=Lot.Status.void), f"line__{way}", "quantity")
    rows = RequestLine.objects.annotate(
        left=_sum(parts, way, "quantity") - _sum(parts, way, "rejected") - _sum(parts, way, "missing") - gone,
        here=_sum(parts, way, "accepted") - gone,
        out=_sum(lots.filter(status__in=Lot.Status.done), f"line__{way}", "quantity"),
    )
    right = Q(shipped=F("left"), arrived=F("here"), released=F("out"))
    for line in rows.exclude(right).select_related("supply_request").order_by("pk"):
        yield f"{line}: shipped, arrived or released"


def _shipments() -> Iterator[str]:
    held = CustomsClearance.objects.filter(holds_open__gt=0).values("shipment")
    for shipment in Shipment.objects.exclude(
        Q(held=True, pk__in=held) | (Q(held=False) & ~Q(pk__in=held))
    ).order_by("pk"):
        yield f"{shipment.reference}: held"
    for shipment in Shipment.objects.under_way().prefetch_related("documents").order_by("pk"):
        if shipment.documents_missing != len(missing_documents(shipment.documents.all())):
            yield f"{shipment.reference}: documents_missing"


def _clearances() -> Iterator[str]:
    for clearance in CustomsClearance.objects.prefetch_related("holds").order_by("pk"):
        if clearance.holds_open != sum(hold.status == "active" for hold in clearance.holds.all()):
            yield f"{clearance.reference}: holds_open"

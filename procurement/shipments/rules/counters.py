"""Every counter of the last stages, counted anew from its rows: for the hourly check and the auditor's page. Reads only."""

from collections.abc import Callable, Iterator

from django.db.models import F, Model, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from procurement.orders.models.order import OrderLine
from procurement.requests.models import RequestLine
from procurement.shipments.models.arrival import Lot
from procurement.shipments.models.customs import CustomsLane
from procurement.shipments.models.shipment import Shipment, ShipmentLine
from procurement.shipments.rules.gates import missing_papers

LEFT = (
    Shipment.Status.DEPARTED,
    Shipment.Status.ARRIVED,
    Shipment.Status.DELIVERED,
    Shipment.Status.CLOSED,
    Shipment.Status.LOST,
)
OUT = (Lot.Status.RELEASED, Lot.Status.CONDITIONAL)
GONE = Q(status__in=(Lot.Status.REFUSED, Lot.Status.RECALLED))


def miscounted() -> list[str]:
    """One line per counter that is not what its rows add up to. Empty unless something is broken."""
    checks: tuple[Callable[[], Iterator[str]], ...] = (
        _order_lines,
        _shipment_lines,
        _need_lines,
        _shipments,
        _lanes,
    )
    return [problem for check in checks for problem in check()]


def _sum(rows: QuerySet[Model], link: str, of: str) -> Coalesce:
    """The sum of a column over the rows that belong to the outer one."""
    mine = rows.filter(**{link: OuterRef("pk")}).order_by().values(link)
    return Coalesce(Subquery(mine.annotate(total=Sum(of)).values("total")), 0)


def _order_lines() -> Iterator[str]:
    parts = ShipmentLine.objects.exclude(shipment__status=Shipment.Status.CANCELLED)
    lots = Lot.objects.filter(surplus=False)
    lost = _sum(parts.filter(shipment__status=Shipment.Status.LOST), "order_line", "quantity")
    rows = OrderLine.objects.annotate(
        in_shipments=_sum(parts, "order_line", "quantity"),
        left=_sum(parts.filter(shipment__status__in=LEFT), "order_line", "quantity"),
        out=_sum(lots.filter(status__in=OUT), "line__order_line", "quantity"),
        bad=_sum(parts, "order_line", "rejected") + _sum(parts, "order_line", "missing"),
        gone=_sum(lots.filter(GONE), "line__order_line", "quantity") + lost,
    )
    right = Q(shipped=F("in_shipments"), departed=F("left"), released=F("out"), failed=F("bad") + F("gone"))
    for line in rows.exclude(right).select_related("order").order_by("pk"):
        yield f"{line.order.reference} line {line.pk}: shipped, departed, released or failed"


def _shipment_lines() -> Iterator[str]:
    """Released: its lots that may be used. Accepted: what its other lots hold, whatever their status. Surplus accepted: its lots."""
    lots = Lot.objects.all()
    rows = ShipmentLine.objects.annotate(
        out=_sum(lots.filter(status__in=OUT), "line", "quantity"),
        held=_sum(lots.filter(surplus=False), "line", "quantity"),
        extra=_sum(lots.filter(surplus=True), "line", "quantity"),
    )
    wrong = rows.exclude(released=F("out"), accepted=F("held"), surplus_kept=F("extra"))
    for line in wrong.select_related("shipment").order_by("pk"):
        yield f"{line.shipment.reference} line {line.pk}: accepted, surplus accepted or released"


def _need_lines() -> Iterator[str]:
    """Shipped: what left and has not failed. Arrived: accepted, neither refused nor recalled. Released: what may be used.

    Surplus was never promised to a need, so none counts it.
    """
    lots = Lot.objects.filter(surplus=False)
    way = "order_line__allocation__line"
    parts = ShipmentLine.objects.filter(shipment__status__in=LEFT).exclude(
        shipment__status=Shipment.Status.LOST
    )
    gone = _sum(lots.filter(GONE), f"line__{way}", "quantity")
    rows = RequestLine.objects.annotate(
        left=_sum(parts, way, "quantity") - _sum(parts, way, "rejected") - _sum(parts, way, "missing") - gone,
        here=_sum(parts, way, "accepted") - gone,
        out=_sum(lots.filter(status__in=OUT), f"line__{way}", "quantity"),
    )
    right = Q(shipped=F("left"), arrived=F("here"), released=F("out"))
    for line in rows.exclude(right).select_related("supply_request").order_by("pk"):
        yield f"{line}: shipped, arrived or released"


def _shipments() -> Iterator[str]:
    held = CustomsLane.objects.filter(holds_open__gt=0).values("shipment")
    for shipment in Shipment.objects.exclude(
        Q(held=True, pk__in=held) | (Q(held=False) & ~Q(pk__in=held))
    ).order_by("pk"):
        yield f"{shipment.reference}: held"
    for shipment in Shipment.objects.under_way().prefetch_related("papers").order_by("pk"):
        if shipment.papers_missing != len(missing_papers(shipment.papers.all())):
            yield f"{shipment.reference}: papers_missing"


def _lanes() -> Iterator[str]:
    for lane in CustomsLane.objects.prefetch_related("holds").order_by("pk"):
        if lane.holds_open != sum(hold.status == "held" for hold in lane.holds.all()):
            yield f"{lane.reference}: holds_open"

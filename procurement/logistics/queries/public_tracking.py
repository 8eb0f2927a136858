"""Content of a shipment's public tracking page. Reads only."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.translation import gettext as _

from partners.place_labels import country_label
from procurement.catalogue.models.products import Product
from procurement.catalogue.models.reference_rows import AcquisitionType
from procurement.quality.models import Lot
from procurement.requests.models import SupplyRequest
from procurement.shipments.models import Carton, Milestone, Shipment, ShipmentLine, Step
from procurement.shipments.reference_tables import locode_of, place_name
from procurement.tracking.models import TrackingEvent
from procurement.tracking.rules import PLACE_CODE_PATTERN, current_place
from workflow.days import day_at
from workflow.errors import LazyText

STEPS_IN_CITY = (Step.DELIVERED, Step.INSPECTED)
PUBLIC_LOT_STATUSES = (
    Lot.Status.QUARANTINED,
    Lot.Status.RELEASED,
    Lot.Status.RELEASED_CONDITIONALLY,
    Lot.Status.REJECTED,
    Lot.Status.RECALLED,
)


def last_reported_place() -> Subquery:
    """Return a subquery for the place code of a shipment's last event, to annotate shipments.

    Events without a place, not actual, or marked as wrong are ignored.
    """
    events = TrackingEvent.objects.in_effect().filter(
        shipment=OuterRef("pk"), classifier="ACT", place__regex=PLACE_CODE_PATTERN
    )
    return Subquery(events.order_by("-occurred_at", "-pk").values("place")[:1])


@dataclass(frozen=True)
class PublicMilestone:
    """Step of the journey with its name, place and local day. `date_kind` is "actual", "planned" or "estimated"."""

    name: LazyText
    place: str
    day: date | None
    date_kind: str = "actual"


@dataclass(frozen=True)
class PublicTracking:
    """Content of a public tracking page. It holds no price, no person, and no text that a user typed."""

    shipment: Shipment
    goods: list[tuple[str, str, int]]  # name, unit, pieces
    senders: list[str]
    is_donation: bool
    route: list[str]  # origin, ports on the way, destination
    place: str
    past_milestones: list[PublicMilestone]
    next_milestone: PublicMilestone | None
    lots: list[tuple[LazyText, int]]  # status, pieces
    carton: Carton | None = None


def public_tracking(shipment: Shipment, carton: Carton | None = None) -> PublicTracking:
    """Return the public data of a shipment, or of one of its cartons, for holders of its tracking code."""
    lines = list(_lines(shipment, carton))
    passed, following = _steps(shipment)
    orders = [line.order_line.order for line in lines]
    return PublicTracking(
        shipment,
        _goods(shipment, lines, carton),
        [shipment.city.name] if shipment.is_return else _senders(lines),
        bool(orders) and all(order.kind == AcquisitionType.DONATION for order in orders),
        [place_name(code) for code in (shipment.origin, *shipment.via, shipment.destination)],
        _place(shipment),
        passed,
        following,
        [] if shipment.is_return else _lots(shipment, carton),
        carton,
    )


def _lines(shipment: Shipment, carton: Carton | None) -> QuerySet[ShipmentLine]:
    rows = ShipmentLine.objects.filter(shipment=shipment)
    if shipment.is_return:
        rows = ShipmentLine.objects.filter(pk__in=shipment.return_lines.values("line"))
    if carton is not None:
        rows = rows.filter(pk=carton.line_id)
    parts = (
        "order__donor_city",
        "order__supplier",
        "allocation__lead__product",
        "allocation__line__supply_request",
    )
    return rows.select_related(*(f"order_line__{part}" for part in parts)).order_by("pk")


def _goods(
    shipment: Shipment, lines: Iterable[ShipmentLine], carton: Carton | None
) -> list[tuple[str, str, int]]:
    """Return each kind of goods once, with its unit and number of pieces."""
    back = Counter[int]()
    if shipment.is_return:
        for pk, quantity in shipment.return_lines.values_list("line", "quantity"):
            back[pk] += quantity
    counted = Counter[tuple[str, Product.Unit]]()
    for line in lines:
        product = line.order_line.allocation.lead.product
        pieces = carton.pieces if carton else back[line.pk] if shipment.is_return else line.quantity
        counted[product.name, Product.Unit(product.unit)] += pieces
    return [(name, unit.for_count(pieces), pieces) for (name, unit), pieces in counted.items()]


def _senders(lines: Iterable[ShipmentLine]) -> list[str]:
    """Return the senders of the goods.

    A donor city is named. A company is named only if the need is public; otherwise only its country is
    given.
    """
    found: dict[str, None] = {}
    for line in lines:
        order, need = line.order_line.order, line.order_line.allocation.line.supply_request
        if order.donor_city is not None:
            found[order.donor_city.name] = None
        elif need.visibility == SupplyRequest.Visibility.PUBLIC:
            found[order.supplier.name] = None
        else:
            found[_("a company in %(country)s") % {"country": country_label(order.supplier.country)}] = None
    return list(found)


def _place(shipment: Shipment) -> str:
    """Return the name of the current place; "" if we do not know the place."""
    if shipment.status in (Shipment.Status.DELIVERED, Shipment.Status.CLOSED):
        return shipment.city.name
    last_place = (
        Shipment.objects.filter(pk=shipment.pk).values_list(last_reported_place(), flat=True).first() or ""
    )
    code = locode_of(current_place(shipment.status, shipment.origin, shipment.destination, last_place))
    return place_name(code) if code else ""


def _steps(shipment: Shipment) -> tuple[list[PublicMilestone], PublicMilestone | None]:
    """Return the steps that have happened, and the next one with its planned or estimated day."""
    steps = list(shipment.milestones.order_by("position"))
    if not shipment.lots.filter(status__in=Lot.Status.done).exists():
        steps = [
            one for one in steps if one.step != Step.INSPECTED or not one.actual_at
        ]  # inspected, but nothing was released
    passed = [_milestone_row(shipment, one, one.actual_at, "actual") for one in steps if one.actual_at]
    if shipment.status not in Shipment.Status.open:
        return passed, None
    done = max((one.position for one in steps if one.actual_at), default=0)
    ahead = next((one for one in steps if one.position > done), None)
    if ahead is None:
        return passed, None
    kind = "estimated" if ahead.estimated_at else "planned"
    return passed, _milestone_row(shipment, ahead, ahead.estimated_at or ahead.planned_at, kind)


def _milestone_row(shipment: Shipment, one: Milestone, when: datetime | None, kind: str) -> PublicMilestone:
    at_the_city = one.step in STEPS_IN_CITY and not shipment.is_return
    place = shipment.city.name if at_the_city else place_name(one.place)
    day = day_at(when, ZoneInfo(one.timezone or "UTC")) if when else None
    return PublicMilestone(one.get_step_display(), place, day, kind)


def _lots(shipment: Shipment, carton: Carton | None) -> list[tuple[LazyText, int]]:
    """Return the number of counted pieces by lot status."""
    rows = shipment.lots.filter(quantity__gt=0)
    if carton is not None:
        rows = rows.filter(line=carton.line_id, number=carton.lot_number)
    counted = Counter[str]()
    for status, quantity in rows.values_list("status", "quantity"):
        counted[status] += quantity
    return [(Lot.Status(status).label, counted[status]) for status in PUBLIC_LOT_STATUSES if counted[status]]

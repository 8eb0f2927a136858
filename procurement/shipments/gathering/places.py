"""Where shipments were heard of last, and what may be said of one of them to whoever holds its code. Reads only."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.translation import gettext as _

from partners.labels import country_label
from procurement.catalogue.models.facts import Dealing
from procurement.requests.models import SupplyRequest
from procurement.shipments.models.arrival import Lot
from procurement.shipments.models.shipment import Carton, Shipment, ShipmentLine
from procurement.shipments.models.tracking import Milestone, Step, TrackingEvent
from procurement.shipments.rules.tracking.places import CODE, now_at
from procurement.shipments.words import locode_of, place_name
from workflow.days import day_at
from workflow.errors import Words

AT_THE_CITY = (Step.DELIVERED, Step.INSPECTED)
OUT = (Lot.Status.RELEASED, Lot.Status.CONDITIONAL)
SHOWN = (
    Lot.Status.QUARANTINED,
    Lot.Status.RELEASED,
    Lot.Status.CONDITIONAL,
    Lot.Status.REFUSED,
    Lot.Status.RECALLED,
)


def last_heard() -> Subquery:
    """The code of the place of a shipment's last word that has one and was not marked as wrong: for `annotate` on shipments."""
    told = TrackingEvent.objects.standing().filter(
        shipment=OuterRef("pk"), classifier="ACT", place__regex=CODE
    )
    return Subquery(told.order_by("-occurred_at", "-pk").values("place")[:1])


@dataclass(frozen=True)
class Passed:
    """A step: its name, where, on which day there, and whether that day is planned or expected (`kind`), or was."""

    name: Words
    place: str
    day: date | None
    kind: str = "actual"


@dataclass(frozen=True)
class Whereabouts:
    """What the public page of a shipment says: no price, no person, and nothing that anybody typed."""

    shipment: Shipment
    goods: list[tuple[str, str, int]]  # name, unit, pieces
    senders: list[str]
    gift: bool
    way: list[str]  # from, by way of, to
    place: str
    passed: list[Passed]
    following: Passed | None
    lots: list[tuple[Words, int]]  # how they stand, pieces
    box: Carton | None = None


def whereabouts(shipment: Shipment, box: Carton | None = None) -> Whereabouts:
    """All that may be said of a shipment, or of one of its boxes, to whoever holds its code."""
    lines = list(_lines(shipment, box))
    passed, following = _steps(shipment)
    orders = [line.order_line.order for line in lines]
    return Whereabouts(
        shipment,
        _goods(shipment, lines, box),
        [shipment.city.name] if shipment.is_return else _senders(lines),
        bool(orders) and all(order.kind == Dealing.DONATION for order in orders),
        [place_name(code) for code in (shipment.origin, *shipment.via, shipment.destination)],
        _place(shipment),
        passed,
        following,
        [] if shipment.is_return else _lots(shipment, box),
        box,
    )


def _lines(shipment: Shipment, box: Carton | None) -> QuerySet[ShipmentLine]:
    rows = ShipmentLine.objects.filter(shipment=shipment)
    if shipment.is_return:
        rows = ShipmentLine.objects.filter(pk__in=shipment.back_lines.values("line"))
    if box is not None:
        rows = rows.filter(pk=box.line_id)
    parts = (
        "order__donor_city",
        "order__supplier",
        "allocation__lead__product",
        "allocation__line__supply_request",
    )
    return rows.select_related(*(f"order_line__{part}" for part in parts)).order_by("pk")


def _goods(
    shipment: Shipment, lines: Iterable[ShipmentLine], box: Carton | None
) -> list[tuple[str, str, int]]:
    """Each kind of goods once, with its unit and how many."""
    back = Counter[int]()
    if shipment.is_return:
        for pk, quantity in shipment.back_lines.values_list("line", "quantity"):
            back[pk] += quantity
    counted = Counter[tuple[str, str]]()
    for line in lines:
        product = line.order_line.allocation.lead.product
        pieces = box.pieces if box else back[line.pk] if shipment.is_return else line.quantity
        counted[product.name, str(product.get_unit_display())] += pieces
    return [(name, unit, pieces) for (name, unit), pieces in counted.items()]


def _senders(lines: Iterable[ShipmentLine]) -> list[str]:
    """From whom: a city that gave; a company by its name only where everyone may see the need it is for, else by its country."""
    found: dict[str, None] = {}
    for line in lines:
        order, need = line.order_line.order, line.order_line.allocation.line.supply_request
        if order.donor_city is not None:
            found[order.donor_city.name] = None
        elif need.visibility == SupplyRequest.Visibility.PUBLIC:
            found[order.supplier.name] = None
        else:
            found[_("a company, %(country)s") % {"country": country_label(order.supplier.country)}] = None
    return list(found)


def _place(shipment: Shipment) -> str:
    """Where it is, by a name that we know; "" where it was heard of at a place that we do not."""
    if shipment.status in (Shipment.Status.DELIVERED, Shipment.Status.CLOSED):
        return shipment.city.name
    heard = Shipment.objects.filter(pk=shipment.pk).values_list(last_heard(), flat=True).first() or ""
    code = locode_of(now_at(shipment.status, shipment.origin, shipment.destination, heard))
    return place_name(code) if code else ""


def _steps(shipment: Shipment) -> tuple[list[Passed], Passed | None]:
    """The steps that have happened, and the next one with the moment that is named for it."""
    steps = list(shipment.milestones.order_by("position"))
    if not shipment.lots.filter(status__in=OUT).exists():
        steps = [
            one for one in steps if one.step != Step.INSPECTED or not one.actual_at
        ]  # seen, and not let out
    passed = [_told(shipment, one, one.actual_at, "actual") for one in steps if one.actual_at]
    if shipment.status not in Shipment.FOLLOWED:
        return passed, None
    done = max((one.position for one in steps if one.actual_at), default=0)
    ahead = next((one for one in steps if one.position > done), None)
    if ahead is None:
        return passed, None
    kind = "estimated" if ahead.estimated_at else "planned"
    return passed, _told(shipment, ahead, ahead.estimated_at or ahead.planned_at, kind)


def _told(shipment: Shipment, one: Milestone, when: datetime | None, kind: str) -> Passed:
    at_the_city = one.step in AT_THE_CITY and not shipment.is_return
    place = shipment.city.name if at_the_city else place_name(one.place)
    day = day_at(when, ZoneInfo(one.timezone or "UTC")) if when else None
    return Passed(one.get_step_display(), place, day, kind)


def _lots(shipment: Shipment, box: Carton | None) -> list[tuple[Words, int]]:
    """How many pieces stand how, once they were counted: released, in quarantine, refused or recalled."""
    rows = shipment.lots.filter(quantity__gt=0)
    if box is not None:
        rows = rows.filter(line=box.line_id, number=box.lot_number)
    counted = Counter[str]()
    for status, quantity in rows.values_list("status", "quantity"):
        counted[status] += quantity
    return [(Lot.Status(status).label, counted[status]) for status in SHOWN if counted[status]]

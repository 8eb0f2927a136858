"""The facts that a shipment's warnings are judged by."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db.models import Min
from django.db.models.functions import Coalesce

from procurement.requests.models import RequestLine
from procurement.shipments.gathering.transit import past_of, usual_of
from procurement.shipments.models.customs import CustomsLane
from procurement.shipments.models.shipment import Shipment
from procurement.shipments.models.tracking import Milestone, Step, TrackingEvent
from procurement.shipments.rules.tracking.durations import Times, leg_of
from procurement.shipments.rules.tracking.steps import parcels_short
from procurement.shipments.rules.tracking.warnings import Signs

FILED = CustomsLane.Status.FILED
ENDS = (Step.DELIVERED, Step.ARRIVED)


def signs_of(
    shipment: Shipment,
    *,
    events: list[TrackingEvent] | None = None,
    lanes: Iterable[CustomsLane] | None = None,
    steps: Iterable[Milestone] | None = None,
    past: list[Times] | None = None,
) -> Signs:
    """What is known of a shipment, read where it is not given."""
    counted = shipment.events.exclude(pieces=None) if events is None else events
    lanes = shipment.lanes.filter(status=FILED) if lanes is None else lanes
    by_step = {one.step: one for one in (shipment.milestones.all() if steps is None else steps)}
    leg = leg_of(shipment.status)
    begun = by_step.get(leg.begins) if leg else None
    past = (past_of(shipment) if leg else []) if past is None else past
    return Signs(
        status=shipment.status,
        departed_at=shipment.departed_at,
        handed_over_at=shipment.handed_over_at,
        parcels_short=parcels_short(list(counted)),
        expected_on=_expected(shipment, by_step),
        needed_by=_needed_by(shipment),
        zone=shipment.city.zone,
        at_customs=[(lane.side, since) for lane in lanes if (since := _waiting_since(shipment, lane))],
        leg_since=begun.actual_at if begun else None,
        usual=usual_of(leg, past),
    )


def _expected(shipment: Shipment, steps: dict[str, Milestone]) -> date | None:
    """The day somebody named for the delivery; else the one of the step before it: it comes no sooner than that."""
    if shipment.expected_on is not None:
        return shipment.expected_on
    known = (steps[step] for step in ENDS if step in steps)
    moment = next((when for one in known if (when := one.estimated_at or one.planned_at)), None)
    return shipment.city.day_at(moment) if moment else None


def _needed_by(shipment: Shipment) -> date | None:
    """The first day on which somebody needs something in it."""
    lines = RequestLine.objects.filter(allocations__order_line__shipment_lines__shipment=shipment)
    needed: date | None = lines.aggregate(day=Min(Coalesce("needed_by", "supply_request__needed_by")))["day"]
    return needed


def _waiting_since(shipment: Shipment, lane: CustomsLane) -> datetime | None:
    """Since when customs has both the declaration and the goods; None while it has not, or let them go."""
    if lane.status != FILED:
        return None
    assert lane.filed_at is not None  # a constraint of the table
    if lane.side == "export":
        return lane.filed_at
    return max(lane.filed_at, shipment.arrived_at) if shipment.arrived_at else None

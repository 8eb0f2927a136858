"""Query for the facts from which a shipment's alerts are derived."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db.models import Min
from django.db.models.functions import Coalesce

from procurement.customs.models import CustomsClearance
from procurement.logistics.rules.alerts import AlertInputs
from procurement.requests.models import RequestLine
from procurement.shipments.models import Milestone, Shipment, ShipmentLine, Step
from procurement.tracking.models import TrackingEvent
from procurement.tracking.queries import past_step_times, usual_durations
from procurement.tracking.rules import Times, leg_of, missing_parcels

FILED_STATUS = CustomsClearance.Status.FILED
FINAL_STEPS = (Step.DELIVERED, Step.ARRIVED)


def alert_inputs(
    shipment: Shipment,
    *,
    events: list[TrackingEvent] | None = None,
    clearances: Iterable[CustomsClearance] | None = None,
    steps: Iterable[Milestone] | None = None,
    past: list[Times] | None = None,
    lines: Iterable[ShipmentLine] | None = None,
) -> AlertInputs:
    """Return the facts of a shipment. Rows that are not passed in are read."""
    counted = shipment.events.exclude(pieces=None) if events is None else events
    clearances = shipment.clearances.filter(status=FILED_STATUS) if clearances is None else clearances
    by_step = {one.step: one for one in (shipment.milestones.all() if steps is None else steps)}
    leg = leg_of(shipment.status)
    start = by_step.get(leg.start_step) if leg else None
    past = (past_step_times(shipment) if leg else []) if past is None else past
    return AlertInputs(
        status=shipment.status,
        departed_at=shipment.departed_at,
        handed_over_at=shipment.handed_over_at,
        missing_parcel_count=missing_parcels(list(counted)),
        expected_on=_expected_day(shipment, by_step),
        needed_by=_needed_by(shipment) if lines is None else _earliest_need_of(lines),
        zone=shipment.city.zone,
        customs_waiting_since=[
            (clearance.side, since)
            for clearance in clearances
            if (since := _at_customs_since(shipment, clearance))
        ],
        leg_started_at=start.actual_at if start else None,
        usual_leg_durations=usual_durations(leg, past),
    )


def _expected_day(shipment: Shipment, steps: dict[str, Milestone]) -> date | None:
    """Return the expected day of the delivery, else of the arrival."""
    if shipment.expected_on is not None:
        return shipment.expected_on
    known = (steps[step] for step in FINAL_STEPS if step in steps)
    moment = next((when for one in known if (when := one.estimated_at or one.planned_at)), None)
    return shipment.city.day_at(moment) if moment else None


def _needed_by(shipment: Shipment) -> date | None:
    """Return the earliest day on which goods in the shipment are needed."""
    lines = RequestLine.objects.filter(allocations__order_line__shipment_lines__shipment=shipment)
    needed: date | None = lines.aggregate(day=Min(Coalesce("needed_by", "supply_request__needed_by")))["day"]
    return needed


def _earliest_need_of(lines: Iterable[ShipmentLine]) -> date | None:
    """Return the earliest day on which loaded lines are needed."""
    asked = (line.order_line.allocation.line for line in lines)
    return min((day for one in asked if (day := one.needed_by or one.supply_request.needed_by)), default=None)


def _at_customs_since(shipment: Shipment, clearance: CustomsClearance) -> datetime | None:
    """Return since when customs has both the declaration and the goods.

    None if customs lacks one of the two, or has released the clearance.
    """
    if clearance.status != FILED_STATUS:
        return None
    assert clearance.filed_at is not None  # guaranteed by a constraint of the table
    if clearance.side == "export":
        return clearance.filed_at
    return max(clearance.filed_at, shipment.arrived_at) if shipment.arrived_at else None

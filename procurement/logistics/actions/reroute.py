"""Action that reroutes a shipment in transit: to another place or country, or through other ports."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from django.utils.translation import gettext_lazy as _

from procurement.catalogue.models.customs import CustomsRule
from procurement.catalogue.queries import applicable_rules_day
from procurement.customs import rules
from procurement.customs.models import CustomsClearance
from procurement.documents.actions.documents import update_required_documents
from procurement.documents.actions.requests import update_requests
from procurement.logistics.actions.offer_rescreening import rescreen_shipment
from procurement.logistics.rules import shipments
from procurement.shipments.actions import schedule_alert_check
from procurement.shipments.models import EventTimeClassifier, Milestone, MilestoneChange, Shipment, Step
from procurement.shipments.reference_tables import published_transit, time_zone_of
from procurement.shipments.rules import invalid_plan_refusal, parse_locode
from procurement.tracking.actions.schedule import set_step_date, steps_with_changed_plan
from workflow.actors import Actor
from workflow.errors import Refused
from workflow.moves import register_action

STEPS_IN_COUNTRY = (Step.ARRIVED, Step.IMPORT_CLEARED)
CHANGED_STEPS = (Step.ARRIVED, Step.IMPORT_CLEARED, Step.DELIVERED)  # the steps that a new route changes
Side = CustomsRule.Side


@register_action(shipments.REROUTE)
def reroute_shipment(
    shipment: Shipment,
    destination: str,
    *,
    reason: str,
    by: Actor,
    at: datetime,
    via: Sequence[str] | None = None,
    planned: Mapping[str, datetime | None] | None = None,
    as_of: date | None = None,
) -> Shipment:
    """Send a shipment to another place, or through other ports (`via`; None keeps the ports).

    The destination country may change before the import is filed. The import clearance then belongs to the new
    country, whose documents are those of a day (`as_of`, else today). Documents that this country does not require
    are marked as not required, with the reason; filed documents stay. A document request with nothing left to
    submit ends. The broker is informed when the city has all documents for the new country. The remaining steps
    are planned again, as given in `planned`, else by the usual duration of the new route from the departure. The
    earlier plans stay on record.

    Refuses:
    - the current route;
    - another country once the import was filed, while customs holds it, or if either route crosses no border;
    - goods declared for a use that contradicts their receiver there.
    """
    there, ports = parse_locode(destination, "destination"), _ports(shipment, via)
    facts = {"to": there, "via": ports}
    with shipments.REROUTE.apply_to(shipment, by=by, at=at, reason=reason, **facts) as row:
        if there == row.destination and ports == row.via:
            problem = _("This is already the destination. Choose another place.")
            raise Refused("same_place", problem, field="destination")
        abroad = there[:2] != row.destination[:2]
        if abroad:
            _change_import_country(row, there, by=by, at=at)
        _move_milestones(row, there)
        row.destination, row.via = there, ports
        if abroad or planned:
            _replan_milestones(row, planned or {}, by=by, at=at)
        if abroad:
            row.save(update_fields=["destination"])
            update_required_documents(row, on=as_of or applicable_rules_day(at), reason=reason, by=by, at=at)
            rescreen_shipment(row, at)
            update_requests(row, at)
        schedule_alert_check([row.pk], at)
    return shipment


def _ports(shipment: Shipment, via: Sequence[str] | None) -> list[str]:
    """Return the checked ports of the route."""
    if via is None:
        return list(shipment.via)
    ports = [parse_locode(port, "via") for port in via]
    return [port for port in ports if port]


def _change_import_country(row: Shipment, there: str, *, by: Actor, at: datetime) -> None:
    """Move the import clearance to another country."""
    home = row.origin[:2]
    clearance = row.clearances.filter(side=Side.IMPORT).first()
    if clearance is None or there[:2] == home:
        words = _(
            "That place is in another country, with different customs and document requirements. "
            "Plan a new shipment instead."
        )
        raise Refused("other_country", words, field="destination")
    if clearance.status != CustomsClearance.Status.OPEN:
        words = _(
            "The import into %(country)s has the status “%(status)s” (%(lane)s). Goods declared in that "
            "country cannot be sent to another one."
        )
        params = {
            "country": clearance.country,
            "status": clearance.get_status_display(),
            "lane": clearance.reference,
        }
        raise Refused("import_filed", words % params, clearance=clearance.reference, field="destination")
    with rules.CHANGE_COUNTRY.apply_to(clearance, by=by, at=at) as changed:
        changed.country = there[:2]
        changed.notified_with = ""  # the broker was informed about another country


def _move_milestones(row: Shipment, there: str) -> None:
    steps = list(row.milestones.filter(place=row.destination, step__in=(*CHANGED_STEPS, Step.INSPECTED)))
    for step in steps:
        step.place = there
        if step.step in STEPS_IN_COUNTRY:
            step.timezone = time_zone_of(there) or row.city.timezone
    Milestone.objects.bulk_update(steps, ["place", "timezone"])


def _replan_milestones(
    row: Shipment, planned: Mapping[str, datetime | None], *, by: Actor, at: datetime
) -> None:
    """Plan the steps ahead for the new route. Refuses other steps, and times out of order."""
    refused = invalid_plan_refusal(planned)
    if refused is not None:
        raise refused
    steps = {one.step: one for one in row.milestones.filter(step__in=CHANGED_STEPS, actual_at=None)}
    if planned.keys() - steps.keys():
        raise Refused("step_done", _("This milestone has already been reached."), field="planned")
    days = {Step.ARRIVED: _usual_arrival(row), **planned}
    changes, values = list[MilestoneChange](), steps_with_changed_plan(steps.values())
    said = {"reported_by": str(by.label), "reported_at": at, "by_id": by.user_id}
    for step, milestone in steps.items():
        changes += set_step_date(milestone, EventTimeClassifier.PLANNED, days.get(step), said, values)
        milestone.estimated_at, milestone.estimated_by = None, ""
    delivered = steps[Step.DELIVERED].planned_at
    row.expected_on = row.city.day_at(delivered) if delivered else None
    Milestone.objects.bulk_update(list(steps.values()), ["planned_at", "estimated_at", "estimated_by"])
    MilestoneChange.objects.bulk_create(changes)


def _usual_arrival(row: Shipment) -> datetime | None:
    """Return the latest usual arrival by the published transit time of the route.

    None if there is no published time, or if the shipment has not departed.
    """
    known = published_transit(row.mode, row.origin, row.destination)
    return row.departed_at + timedelta(days=known.max_days) if known and row.departed_at else None

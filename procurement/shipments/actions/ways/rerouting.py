"""Goods under way go to another place, by way of other ports, or to another country with another customs."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from django.utils.translation import gettext_lazy as _

from procurement.catalogue.gathering import rules_day
from procurement.catalogue.models.customs import CustomsRule
from procurement.shipments.actions import findings
from procurement.shipments.actions.asking import ask_anew
from procurement.shipments.actions.handing.followed import follow
from procurement.shipments.actions.tracking.named import name, with_a_plan
from procurement.shipments.actions.tracking.warned import look_soon
from procurement.shipments.models.customs import CustomsLane
from procurement.shipments.models.shipment import Shipment
from procurement.shipments.models.tracking import Classifier, Milestone, Slip, Step
from procurement.shipments.rules import customs, numbers, shipments, times
from procurement.shipments.words import published, zone_of
from workflow.actors import Actor
from workflow.errors import Refused

LANDING = (Step.ARRIVED, Step.IMPORT_CLEARED)
AHEAD = (Step.ARRIVED, Step.IMPORT_CLEARED, Step.DELIVERED)  # of the way that changes
Side = CustomsRule.Side


def reroute(
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
    """Send it to another place, or by way of other ports (`via`; None: as before).

    To another country before its import is filed: the import lane is that country's then, its papers are looked up as of the day
    (`as_of`, else today), those it does not ask for are marked so with the reason, those handed in stay. A person who owes nothing
    more is asked no more, and the new country's broker hears when all papers are there. The steps ahead are planned again: as given,
    else by the usual time of the new way from the departure on; the slips stay.

    Refuses the way it goes already; another country once the import was filed, while customs holds it, and for goods that cross no
    border before or after; and goods declared there as what they cannot be.
    """
    there, ports = numbers.locode(destination, "destination"), _ports(shipment, via)
    facts = {"to": there, "via": ports}
    with shipments.REROUTE.on(shipment, by=by, at=at, reason=reason, **facts) as row:
        if there == row.destination and ports == row.via:
            raise Refused("same_place", _("It goes there already."), field="destination")
        abroad = there[:2] != row.destination[:2]
        if abroad:
            _redirect(row, there, by=by, at=at)
        _move_steps(row, there)
        row.destination, row.via = there, ports
        if abroad or planned:
            _plan_anew(row, planned or {}, by=by, at=at)
        if abroad:
            row.save(update_fields=["destination"])
            ask_anew(row, on=as_of or rules_day(at), reason=reason, by=by, at=at)
            findings.judge(row, at)
            follow(row, at)
        look_soon([row.pk], at)
    return shipment


def _ports(shipment: Shipment, via: Sequence[str] | None) -> list[str]:
    """The ports it passes, checked."""
    if via is None:
        return list(shipment.via)
    ports = [numbers.locode(port, "via") for port in via]
    return [port for port in ports if port]


def _redirect(row: Shipment, there: str, *, by: Actor, at: datetime) -> None:
    """Let the import lane be another country's."""
    home = row.origin[:2]
    lane = row.lanes.filter(side=Side.IMPORT).first()
    if lane is None or there[:2] == home:
        words = _("That is in another country, with another customs and other papers: plan a shipment anew.")
        raise Refused("other_country", words, field="destination")
    if lane.status != CustomsLane.Status.OPEN:
        words = _(
            "The import into %(country)s is at “%(status)s” (%(lane)s): goods that were declared there are not sent to another country."
        )
        told = {"country": lane.country, "status": lane.get_status_display(), "lane": lane.reference}
        raise Refused("import_filed", words % told, lane=lane.reference, field="destination")
    with customs.REDIRECT.on(lane, by=by, at=at) as changed:
        changed.country = there[:2]
        changed.told_with = ""  # what its broker was told was about another country


def _move_steps(row: Shipment, there: str) -> None:
    steps = list(row.milestones.filter(place=row.destination, step__in=(*AHEAD, Step.INSPECTED)))
    for step in steps:
        step.place = there
        if step.step in LANDING:
            step.timezone = zone_of(there) or row.city.timezone
    Milestone.objects.bulk_update(steps, ["place", "timezone"])


def _plan_anew(row: Shipment, planned: Mapping[str, datetime | None], *, by: Actor, at: datetime) -> None:
    """Plan the steps ahead for the new way. Refuses times of other steps, and out of their order."""
    refused = times.plannable(planned)
    if refused is not None:
        raise refused
    steps = {one.step: one for one in row.milestones.filter(step__in=AHEAD, actual_at=None)}
    if planned.keys() - steps.keys():
        raise Refused("step_done", _("This step has happened already."), field="planned")
    days = {Step.ARRIVED: _usual(row), **planned}
    slips, told = list[Slip](), with_a_plan(steps.values())
    said = {"said_by": str(by.label), "said_at": at, "by_id": by.user_id}
    for step, milestone in steps.items():
        slips += name(milestone, Classifier.PLANNED, days.get(step), said, told)
        milestone.estimated_at, milestone.estimated_by = None, ""
    delivered = steps[Step.DELIVERED].planned_at
    row.expected_on = row.city.day_at(delivered) if delivered else None
    Milestone.objects.bulk_update(list(steps.values()), ["planned_at", "estimated_at", "estimated_by"])
    Slip.objects.bulk_create(slips)


def _usual(row: Shipment) -> datetime | None:
    """When it would arrive by the published time of its way, at the latest; None where nobody published one or it has not left."""
    known = published(row.mode, row.origin, row.destination)
    return row.departed_at + timedelta(days=known.high) if known and row.departed_at else None

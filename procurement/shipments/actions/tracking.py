"""What was heard and what is expected of a shipment. Events are kept as they came; repeated and late ones change nothing twice."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from procurement.shipments.actions import findings
from procurement.shipments.models import Milestone, Shipment, Step, TrackingEvent
from procurement.shipments.rules import shipments as rules
from procurement.shipments.rules import times
from procurement.shipments.rules.tracking import BY_MOVE, actual_of, external_id_of, sayable, step_of
from workflow.actors import Actor
from workflow.errors import Refused
from workflow.moves import locked


def schedule(
    shipment: Shipment, planned: Mapping[str, datetime | None], *, by: Actor, at: datetime
) -> Shipment:
    """Plan when steps are to happen, by step; None plans a step no more, and a step that is not named stays as it was planned.

    Refuses once the goods have left, a step that is none or has happened, and one planned before the step it follows.
    """
    told = {step: moment and moment.isoformat() for step, moment in planned.items()}
    with rules.SCHEDULE.on(shipment, by=by, at=at, planned=told) as row:
        steps = {milestone.step: milestone for milestone in row.milestones.order_by("position")}
        before = {step: milestone.planned_at for step, milestone in steps.items()}
        refused = times.plannable({**before, **planned})
        if refused is not None:
            raise refused
        changed = [steps[step] for step, moment in planned.items() if moment != before[step]]
        for milestone in changed:
            if milestone.actual_at is not None:
                raise Refused("step_done", _("This step has happened already."), field="planned")
            milestone.planned_at = planned[milestone.step]
        Milestone.objects.bulk_update(changed, ["planned_at"])
    return shipment


def estimate(
    shipment: Shipment, step: str, expected_at: datetime, *, by: Actor, at: datetime, said_by: str = ""
) -> Milestone:
    """Keep when a step is expected, and who says so. Refuses a step that has happened."""
    told = {"step": step, "expected_at": expected_at.isoformat()}
    with rules.ESTIMATE.on(shipment, by=by, at=at, **told) as row:
        milestone = row.milestones.filter(step=step).first()
        if milestone is None:
            raise Refused("no_such_step", _("There is no such step."), field="step")
        if milestone.actual_at is not None:
            raise Refused("step_done", _("This step has happened already."), field="step")
        milestone.estimated_at = expected_at
        milestone.estimated_by = said_by or str(by.label)
        milestone.save(update_fields=["estimated_at", "estimated_by"])
        if step == Step.DELIVERED:
            row.expected_on = row.city.day_at(expected_at)
    return milestone


def hear(
    shipment: Shipment,
    code: str,
    *,
    occurred_at: datetime,
    by: Actor,
    at: datetime,
    code_system: str = TrackingEvent.CodeSystem.OWN,
    external_id: str = "",
    place: str = "",
    pieces: int | None = None,
    remark: str = "",
) -> TrackingEvent:
    """Keep something heard, as it came. The same again (by its sender's id, else by its facts) changes nothing and is not recorded.

    No event moves the shipment or gives a time to a step that a move makes. Refuses such a step in our own words, and the future.
    """
    if occurred_at > at + times.AHEAD:
        raise Refused("not_yet", _("That has not happened yet. Keep it as an estimate."), field="occurred_at")
    key = external_id or external_id_of(code, occurred_at, place)
    with transaction.atomic():
        row = locked(shipment)
        refused = rules.HEAR.refusal(by, row) or sayable(code_system, code, external_id)
        if refused is not None:
            raise refused
        known = row.events.filter(code_system=code_system, external_id=key).first()
        if known is not None:
            return known
        with rules.HEAR.on(shipment, by=by, at=at, code=code, code_system=code_system, place=place) as row:
            step = step_of(code_system, code, place=place, origin=row.origin, destination=row.destination)
            heard = {
                "code_system": code_system,
                "code": code,
                "step": step,
                "external_id": key,
                "place": place,
            }
            told = {"pieces": pieces, "occurred_at": occurred_at, "recorded_at": at, "remark": remark}
            event = TrackingEvent.objects.create(shipment=row, by_id=by.user_id, **heard, **told)
            reckon(row, event.step)
        findings.judge(row, at)
    return event


def happened(row: Shipment, step: str, occurred_at: datetime, *, by: Actor, at: datetime) -> None:
    """A step our own people noted with their move. Called under the shipment's lock, inside the move's transaction."""
    facts = {"code": step, "step": step, "occurred_at": occurred_at, "recorded_at": at, "by_id": by.user_id}
    TrackingEvent.objects.update_or_create(
        shipment=row, code_system=TrackingEvent.CodeSystem.OWN, external_id=f"{BY_MOVE}{step}", defaults=facts
    )
    reckon(row, step)


def reckon(row: Shipment, step: str) -> None:
    """Work out anew when a step happened, from everything heard of it."""
    actual = actual_of(step, row.events.filter(step=step)) if step else None
    if actual is None:
        return
    Milestone.objects.filter(shipment=row, step=step).update(actual_at=actual)
    if step == Step.PICKED_UP:
        row.handed_over_at = actual

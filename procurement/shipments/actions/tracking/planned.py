"""When the steps of a shipment are planned, and when they are expected: each day that was named is kept, with who named it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from procurement.shipments.actions.tracking.named import expect, name, with_a_plan
from procurement.shipments.actions.tracking.warned import look_soon
from procurement.shipments.models.shipment import Shipment
from procurement.shipments.models.tracking import Classifier, Milestone, Slip
from procurement.shipments.rules import shipments, times
from workflow.actors import Actor
from workflow.errors import Refused


def schedule(
    shipment: Shipment, planned: Mapping[str, datetime | None], *, by: Actor, at: datetime
) -> Shipment:
    """Plan when steps are to happen, by step; None plans a step no more, and a step that is not named stays as it was planned.

    Refuses once the goods have left, a step that is none or has happened, and one planned before the step it follows.
    """
    told = {step: moment and moment.isoformat() for step, moment in planned.items()}
    with shipments.SCHEDULE.on(shipment, by=by, at=at, planned=told) as row:
        steps = {milestone.step: milestone for milestone in row.milestones.order_by("position")}
        before = {step: milestone.planned_at for step, milestone in steps.items()}
        refused = times.plannable({**before, **planned})
        if refused is not None:
            raise refused
        changed = [steps[step] for step, moment in planned.items() if moment != before[step]]
        slips, had_one = list[Slip](), with_a_plan(changed)
        for milestone in changed:
            if milestone.actual_at is not None:
                raise Refused("step_done", _("This step has happened already."), field="planned")
            slips += name(milestone, Classifier.PLANNED, planned[milestone.step], _said(by, at), had_one)
        Milestone.objects.bulk_update(changed, ["planned_at"])
        Slip.objects.bulk_create(slips)
        look_soon([row.pk], at)
    return shipment


def estimate(
    shipment: Shipment, step: str, expected_at: datetime, *, by: Actor, at: datetime, said_by: str = ""
) -> Milestone:
    """Keep when a step is expected, and who says so; what was said before stays as its history. Refuses a step that has happened."""
    told = {"step": step, "expected_at": expected_at.isoformat()}
    with shipments.ESTIMATE.on(shipment, by=by, at=at, **told) as row:
        milestone = row.milestones.filter(step=step).first()
        if milestone is None:
            raise Refused("no_such_step", _("There is no such step."), field="step")
        if milestone.actual_at is not None:
            raise Refused("step_done", _("This step has happened already."), field="step")
        slips = name(milestone, Classifier.ESTIMATED, expected_at, _said(by, at, said_by), set())
        milestone.save(update_fields=["estimated_at", "estimated_by"])
        Slip.objects.bulk_create(slips)
        look_soon([row.pk], at)
        expect(row, milestone, Classifier.ESTIMATED)
    return milestone


def _said(by: Actor, at: datetime, said_by: str = "") -> dict[str, Any]:
    return {"said_by": said_by or str(by.label), "said_at": at, "by_id": by.user_id}

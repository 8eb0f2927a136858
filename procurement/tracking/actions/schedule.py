"""Actions on the planned and expected times of milestones, with the history of every change."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from procurement.shipments.actions import schedule_alert_check
from procurement.shipments.models import EventTimeClassifier, Milestone, MilestoneChange, Shipment, Step
from procurement.shipments.rules import invalid_plan_refusal
from procurement.tracking import rules
from procurement.tracking.models import TrackingEvent
from workflow.actors import Actor
from workflow.errors import Refused
from workflow.moves import register_action

DATE_CLASSIFIERS = frozenset(
    {EventTimeClassifier.PLANNED, EventTimeClassifier.ESTIMATED}
)  # a requested moment names no day


def set_dates_from_events(events: Sequence[TrackingEvent], by: Actor) -> None:
    """Set the days of steps from planned and estimated events, in their order.

    The events are saved and their shipments are locked. A step that has happened keeps its days.
    `expected_on` is set on the shipments and saved.
    """
    naming = [event for event in events if event.classifier in DATE_CLASSIFIERS and event.about]
    if not naming:
        return
    about = {event.shipment_id for event in naming}
    steps: dict[tuple[int, str], Milestone] = {
        (one.shipment_id, one.step): one
        for one in Milestone.objects.filter(shipment__in=about, actual_at=None)
    }
    changes, moved = list[MilestoneChange](), dict[int, Milestone]()
    planned = steps_with_changed_plan(steps.values())
    for event in naming:
        milestone = steps.get((event.shipment_id, event.about))
        if milestone is None:
            continue
        source = {
            "reported_by": event.source or str(by.label),
            "reported_at": event.recorded_at,
            "by_id": event.by_id,
        }
        changes += set_step_date(
            milestone, event.classifier, event.occurred_at, source | {"event": event}, planned
        )
        moved[milestone.pk] = milestone
        copy_estimated_delivery_to_shipment(event.shipment, milestone, event.classifier)
    MilestoneChange.objects.bulk_create(changes, batch_size=1_000)
    Milestone.objects.bulk_update(
        list(moved.values()), ["planned_at", "estimated_at", "estimated_by"], batch_size=500
    )
    rows = {event.shipment_id: event.shipment for event in naming}
    Shipment.objects.bulk_update(list(rows.values()), ["expected_on"], batch_size=500)


def steps_with_changed_plan(steps: Iterable[Milestone]) -> set[int]:
    """Return the keys of the given steps whose plan was already changed. One query."""
    planned = MilestoneChange.objects.filter(
        milestone__in=[one.pk for one in steps], kind=EventTimeClassifier.PLANNED
    )
    return set(planned.values_list("milestone", flat=True))


def set_step_date(
    milestone: Milestone, kind: str, day: datetime | None, source: dict[str, Any], planned: set[int]
) -> list[MilestoneChange]:
    """Set a step's planned or estimated moment, and return the changes to store, unsaved.

    The changes hold the named day and, before the first change of a plan, also the moment planned until
    then, without an author. `planned` are the keys of the steps that have a planned change; this step is
    added.
    """
    found = []
    if kind == EventTimeClassifier.PLANNED:
        first = milestone.planned_at
        if first is not None and milestone.pk not in planned:
            found.append(
                MilestoneChange(
                    milestone=milestone, kind=kind, expected_at=first, reported_at=source["reported_at"]
                )
            )
        planned.add(milestone.pk)
        milestone.planned_at = day
    else:
        milestone.estimated_at, milestone.estimated_by = day, source["reported_by"]
    if day is not None:
        found.append(MilestoneChange(milestone=milestone, kind=kind, expected_at=day, **source))
    return found


def copy_estimated_delivery_to_shipment(row: Shipment, milestone: Milestone, kind: str) -> None:
    """Copy an estimated delivery to the shipment's expected day."""
    if milestone.step == Step.DELIVERED and kind == EventTimeClassifier.ESTIMATED:
        moment = milestone.estimated_at
        row.expected_on = row.city.day_at(moment) if moment else None


def recalculate_step_date(row: Shipment, event: TrackingEvent) -> None:
    """Reset a step's day after an event was marked as wrong or its mark was removed.

    The day becomes that of the last valid change. Called under the shipment's lock.
    """
    milestone = (
        row.milestones.filter(step=event.about, actual_at=None).first()
        if event.classifier in DATE_CLASSIFIERS
        else None
    )
    if milestone is None:
        return
    standing = milestone.changes.filter(kind=event.classifier, event__wrong_at=None).order_by("-pk")
    last = standing.first()
    day = last.expected_at if last else None
    if event.classifier == EventTimeClassifier.PLANNED:
        milestone.planned_at = day
    else:
        milestone.estimated_at, milestone.estimated_by = day, last.reported_by if last else ""
    milestone.save(update_fields=["planned_at", "estimated_at", "estimated_by"])
    copy_estimated_delivery_to_shipment(row, milestone, event.classifier)


@register_action(rules.SCHEDULE)
def schedule_steps(
    shipment: Shipment, planned: Mapping[str, datetime | None], *, by: Actor, at: datetime
) -> Shipment:
    """Plan when steps are to happen, by step.

    None removes the plan of a step, and a step that is not given keeps its plan. Refuses a shipment
    that has departed, a step that is unknown or has happened, and one planned before the step it
    follows.
    """
    values = {step: moment and moment.isoformat() for step, moment in planned.items()}
    with rules.SCHEDULE.apply_to(shipment, by=by, at=at, planned=values) as row:
        steps = {milestone.step: milestone for milestone in row.milestones.order_by("position")}
        before = {step: milestone.planned_at for step, milestone in steps.items()}
        refused = invalid_plan_refusal({**before, **planned})
        if refused is not None:
            raise refused
        changed = [steps[step] for step, moment in planned.items() if moment != before[step]]
        changes, had_one = list[MilestoneChange](), steps_with_changed_plan(changed)
        for milestone in changed:
            if milestone.actual_at is not None:
                raise Refused("step_done", _("This milestone has already been reached."), field="planned")
            changes += set_step_date(
                milestone,
                EventTimeClassifier.PLANNED,
                planned[milestone.step],
                _report_facts(by, at),
                had_one,
            )
        Milestone.objects.bulk_update(changed, ["planned_at"])
        MilestoneChange.objects.bulk_create(changes)
        schedule_alert_check([row.pk], at)
    return shipment


@register_action(rules.ESTIMATE)
def estimate_step(
    shipment: Shipment, step: str, expected_at: datetime, *, by: Actor, at: datetime, reported_by: str = ""
) -> Milestone:
    """Record when a step is expected, and who expects it. Earlier estimates stay as history.

    Refuses a step that has happened.
    """
    values = {"step": step, "expected_at": expected_at.isoformat()}
    with rules.ESTIMATE.apply_to(shipment, by=by, at=at, **values) as row:
        milestone = row.milestones.filter(step=step).first()
        if milestone is None:
            raise Refused("no_such_step", _("This milestone does not exist."), field="step")
        if milestone.actual_at is not None:
            raise Refused("step_done", _("This milestone has already been reached."), field="step")
        changes = set_step_date(
            milestone, EventTimeClassifier.ESTIMATED, expected_at, _report_facts(by, at, reported_by), set()
        )
        milestone.save(update_fields=["estimated_at", "estimated_by"])
        MilestoneChange.objects.bulk_create(changes)
        schedule_alert_check([row.pk], at)
        copy_estimated_delivery_to_shipment(row, milestone, EventTimeClassifier.ESTIMATED)
    return milestone


def _report_facts(by: Actor, at: datetime, reported_by: str = "") -> dict[str, Any]:
    return {"reported_by": reported_by or str(by.label), "reported_at": at, "by_id": by.user_id}

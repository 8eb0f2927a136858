"""Days that are named for steps, by people and by carriers: what a milestone says it is planned and expected for, and every slip."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from procurement.shipments.models.shipment import Shipment
from procurement.shipments.models.tracking import Classifier, Milestone, Slip, Step, TrackingEvent
from workflow.actors import Actor

NAMES = frozenset({Classifier.PLANNED, Classifier.ESTIMATED})  # what is asked for names no day


def name_days(events: Sequence[TrackingEvent], by: Actor) -> None:
    """Let planned and estimated words, saved with their locked shipments, set the days of their steps, in their order.

    A step that has happened keeps the days it has: then the word is kept, and names nothing. `expected_on` is set on the rows of the
    shipments and saved.
    """
    naming = [event for event in events if event.classifier in NAMES and event.about]
    if not naming:
        return
    about = {event.shipment_id for event in naming}
    steps: dict[tuple[int, str], Milestone] = {
        (one.shipment_id, one.step): one
        for one in Milestone.objects.filter(shipment__in=about, actual_at=None)
    }
    slips, moved = list[Slip](), dict[int, Milestone]()
    planned = with_a_plan(steps.values())
    for event in naming:
        milestone = steps.get((event.shipment_id, event.about))
        if milestone is None:
            continue
        said = {"said_by": event.source or str(by.label), "said_at": event.recorded_at, "by_id": event.by_id}
        slips += name(milestone, event.classifier, event.occurred_at, said | {"event": event}, planned)
        moved[milestone.pk] = milestone
        expect(event.shipment, milestone, event.classifier)
    Slip.objects.bulk_create(slips, batch_size=1_000)
    Milestone.objects.bulk_update(
        list(moved.values()), ["planned_at", "estimated_at", "estimated_by"], batch_size=500
    )
    rows = {event.shipment_id: event.shipment for event in naming}
    Shipment.objects.bulk_update(list(rows.values()), ["expected_on"], batch_size=500)


def with_a_plan(steps: Iterable[Milestone]) -> set[int]:
    """The keys of those of these steps whose plan has slips. One query."""
    planned = Slip.objects.filter(milestone__in=[one.pk for one in steps], kind=Classifier.PLANNED)
    return set(planned.values_list("milestone", flat=True))


def name(
    milestone: Milestone, kind: str, day: datetime | None, said: dict[str, Any], planned: set[int]
) -> list[Slip]:
    """Set a step's planned or estimated moment, and return what is to be kept of it, unsaved: the day; before a plan's first slip
    (`planned` are the steps that have one, and is added to) also the moment it was planned for until then, of which nobody says who
    named it.
    """
    found = []
    if kind == Classifier.PLANNED:
        first = milestone.planned_at
        if first is not None and milestone.pk not in planned:
            found.append(Slip(milestone=milestone, kind=kind, expected_at=first, said_at=said["said_at"]))
        planned.add(milestone.pk)
        milestone.planned_at = day
    else:
        milestone.estimated_at, milestone.estimated_by = day, said["said_by"]
    if day is not None:
        found.append(Slip(milestone=milestone, kind=kind, expected_at=day, **said))
    return found


def expect(row: Shipment, milestone: Milestone, kind: str) -> None:
    """An estimated delivery is the day on which the shipment is expected."""
    if milestone.step == Step.DELIVERED and kind == Classifier.ESTIMATED:
        moment = milestone.estimated_at
        row.expected_on = row.city.day_at(moment) if moment else None


def name_anew(row: Shipment, event: TrackingEvent) -> None:
    """After a word was marked as wrong, or its mark taken back: its step's day is the last one that stands. Called under the lock."""
    milestone = (
        row.milestones.filter(step=event.about, actual_at=None).first() if event.classifier in NAMES else None
    )
    if milestone is None:
        return
    standing = milestone.slips.filter(kind=event.classifier, event__wrong_at=None).order_by("-pk")
    last = standing.first()
    day = last.expected_at if last else None
    if event.classifier == Classifier.PLANNED:
        milestone.planned_at = day
    else:
        milestone.estimated_at, milestone.estimated_by = day, last.said_by if last else ""
    milestone.save(update_fields=["planned_at", "estimated_at", "estimated_by"])
    expect(row, milestone, event.classifier)

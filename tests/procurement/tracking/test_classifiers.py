"""Tests of DCSA's event classifiers: only ACT (actual) completes a milestone.

PLN, EST and REQ (planned, estimated, requested) only change expected dates.
"""

from datetime import timedelta

import pytest

from procurement.shipments.models import MilestoneChange, Shipment
from procurement.tracking.actions.events import (
    TrackingUpdate,
    flag_event,
    record_event,
    record_event_batch,
    unflag_event,
)
from procurement.tracking.actions.schedule import schedule_steps
from procurement.tracking.models import TrackingEvent
from procurement.tracking.rules import annotate_events
from tests.procurement.refusals import assert_refused
from tests.worlds.shipments import ARRIVED_AT, DEPARTED_AT, Journey
from tests.worlds.tracking import record_update

DAY = timedelta(days=1)


def record_with_kind(
    story: Journey, shipment: Shipment, classifier: str, when, code: str = "ARRI", **facts
) -> TrackingEvent:
    given = {
        "code_system": "dcsa",
        "code": code,
        "occurred_at": when,
        "place": "CAVAN",
        "source": "LINE",
        **facts,
    }
    return record_event(shipment, classifier=classifier, by=story.logistics.by, at=DEPARTED_AT, **given)


def milestone_changes(shipment: Shipment, step: str) -> list[tuple[str, object, str]]:
    rows = MilestoneChange.objects.filter(milestone__shipment=shipment, milestone__step=step).order_by("pk")
    return [(one.kind, one.expected_at, one.reported_by) for one in rows]


def test_estimated_event_changes_the_estimate_with_its_source_but_not_the_status(story: Journey) -> None:
    shipment = story.departed()
    event = record_with_kind(story, shipment, "EST", ARRIVED_AT)
    record_with_kind(story, shipment, "EST", ARRIVED_AT + DAY)
    step = shipment.milestones.get(step="arrived")
    assert (event.step, event.about, event.is_actual) == ("", "arrived", False)
    assert (step.estimated_at, step.estimated_by, step.actual_at) == (ARRIVED_AT + DAY, "LINE", None)
    assert milestone_changes(shipment, "arrived") == [
        ("EST", ARRIVED_AT, "LINE"),
        ("EST", ARRIVED_AT + DAY, "LINE"),
    ]
    assert shipment.status == "in_transit"
    assert event.heading == "Arrived in destination country"


def test_planned_event_keeps_the_earlier_planned_times(story: Journey) -> None:
    shipment = story.departed(story.plan(planned={"arrived": ARRIVED_AT}))
    record_with_kind(story, shipment, "PLN", ARRIVED_AT + DAY)
    record_with_kind(story, shipment, "PLN", ARRIVED_AT + 2 * DAY)
    step = shipment.milestones.get(step="arrived")
    assert (step.planned_at, step.estimated_at) == (ARRIVED_AT + 2 * DAY, None)
    first, *others = milestone_changes(shipment, "arrived")
    assert first == ("PLN", ARRIVED_AT, "")
    assert others == [("PLN", ARRIVED_AT + DAY, "LINE"), ("PLN", ARRIVED_AT + 2 * DAY, "LINE")]


def test_manually_planned_times_are_kept_in_the_history(story: Journey) -> None:
    shipment = story.plan(planned={"arrived": ARRIVED_AT})
    for moment in (ARRIVED_AT + DAY, None):
        schedule_steps(shipment, {"arrived": moment}, by=story.logistics.by, at=DEPARTED_AT)
    who = str(story.logistics.by.label)
    assert milestone_changes(shipment, "arrived") == [("PLN", ARRIVED_AT, ""), ("PLN", ARRIVED_AT + DAY, who)]
    assert shipment.milestones.get(step="arrived").planned_at is None


def test_requested_event_is_stored_without_changing_the_estimate(story: Journey) -> None:
    shipment = story.departed()
    event = record_with_kind(story, shipment, "REQ", ARRIVED_AT)
    assert (event.about, milestone_changes(shipment, "arrived")) == ("arrived", [])
    assert shipment.milestones.get(step="arrived").estimated_at is None


def test_estimate_of_a_completed_milestone_is_ignored(story: Journey) -> None:
    shipment = story.arrived()
    record_with_kind(story, shipment, "EST", ARRIVED_AT + DAY)
    assert shipment.milestones.get(step="arrived").estimated_at is None
    assert milestone_changes(shipment, "arrived") == []


def test_estimated_delivery_sets_the_expected_date_of_the_shipment(story: Journey) -> None:
    shipment = story.departed()
    record_with_kind(story, shipment, "EST", ARRIVED_AT, code="delivered", code_system="own")
    assert shipment.expected_on == shipment.city.day_at(ARRIVED_AT)


def test_own_milestone_may_be_estimated_but_not_reported_as_actual(story: Journey) -> None:
    shipment = story.packed()
    record_with_kind(story, shipment, "EST", ARRIVED_AT, code="departed", code_system="own", external_id="")
    assert shipment.milestones.get(step="departed").estimated_at == ARRIVED_AT
    with assert_refused("step_has_a_move", shipment):
        record_with_kind(story, shipment, "ACT", DEPARTED_AT, code="departed", code_system="own")
    with assert_refused("id_reserved", shipment):
        record_with_kind(
            story, shipment, "EST", ARRIVED_AT, code="departed", code_system="own", external_id="move:x"
        )
    with assert_refused("not_yet", shipment):
        record_with_kind(story, shipment, "ACT", ARRIVED_AT)


def test_event_with_another_classifier_is_stored_separately(story: Journey) -> None:
    shipment = story.departed()
    first = record_with_kind(story, shipment, "EST", DEPARTED_AT)
    assert record_with_kind(story, shipment, "EST", DEPARTED_AT).pk == first.pk
    assert record_with_kind(story, shipment, "PLN", DEPARTED_AT).pk != first.pk
    assert record_with_kind(story, shipment, "ACT", DEPARTED_AT).pk != first.pk
    assert len(milestone_changes(shipment, "arrived")) == 2


def test_dates_of_an_event_marked_as_wrong_no_longer_count(story: Journey) -> None:
    shipment = story.departed(story.plan(planned={"arrived": ARRIVED_AT}))
    for kind in ("EST", "PLN"):
        record_with_kind(story, shipment, kind, ARRIVED_AT + DAY)
        wrong = record_with_kind(story, shipment, kind, ARRIVED_AT + 2 * DAY)
        flag_event(shipment, wrong.pk, reason="Another ship.", by=story.logistics.by, at=DEPARTED_AT)
        step = shipment.milestones.get(step="arrived")
        assert (step.estimated_at if kind == "EST" else step.planned_at) == ARRIVED_AT + DAY
        unflag_event(shipment, wrong.pk, reason="It was right.", by=story.logistics.by, at=DEPARTED_AT)
        step = shipment.milestones.get(step="arrived")
        assert (step.estimated_at if kind == "EST" else step.planned_at) == ARRIVED_AT + 2 * DAY
    only = record_with_kind(story, shipment, "EST", ARRIVED_AT, code="delivered", code_system="own")
    flag_event(shipment, only.pk, reason="Another ship.", by=story.logistics.by, at=DEPARTED_AT)
    step = shipment.milestones.get(step="delivered")
    assert (step.estimated_at, step.estimated_by, shipment.expected_on) == (None, "", None)


def test_classified_events_in_a_batch_have_the_same_effect_as_one_by_one(story: Journey) -> None:
    shipment = story.departed(story.plan(planned={"arrived": ARRIVED_AT}))
    said = [("PLN", 1), ("EST", 2), ("EST", 3), ("EST", 3), ("REQ", 4), ("ACT", -9)]
    events = [
        TrackingUpdate(
            shipment=shipment,
            code="ARRI",
            code_system="dcsa",
            classifier=kind,
            occurred_at=ARRIVED_AT + days * DAY,
            place="CAVAN",
        )
        for kind, days in said
    ]
    batch = record_event_batch(events, by=story.logistics.by, at=DEPARTED_AT, source="LINE")
    assert (batch.fresh, batch.repeated) == (5, 1)
    step = shipment.milestones.get(step="arrived")
    assert (step.planned_at, step.estimated_at, step.actual_at) == (
        ARRIVED_AT + DAY,
        ARRIVED_AT + 3 * DAY,
        None,
    )
    assert [kind for kind, *_rest in milestone_changes(shipment, "arrived")] == ["PLN", "PLN", "EST", "EST"]


def test_estimates_are_neither_late_nor_contradictory(story: Journey) -> None:
    shipment = story.departed()
    record_with_kind(story, shipment, "EST", ARRIVED_AT + 9 * DAY)
    record_update(story, shipment, "RCS", DEPARTED_AT - DAY)
    words = annotate_events(shipment.events.exclude(external_id__startswith="move:"))
    assert [(word.reported_late, word.contradictions) for word in words] == [(False, ()), (False, ())]


@pytest.mark.parametrize("kind", ["EST", "PLN"])
def test_code_without_a_milestone_changes_no_date(story: Journey, kind: str) -> None:
    shipment = story.departed()
    assert record_with_kind(story, shipment, kind, ARRIVED_AT, code="RECE").about == ""
    assert not MilestoneChange.objects.exists()

"""Tests of planned and estimated times of milestones, and of who reported them."""

from datetime import UTC, date, datetime, timedelta

import pytest

from procurement.shipments.models import Shipment
from procurement.tracking.actions.schedule import estimate_step, schedule_steps
from tests.procurement.refusals import assert_refused
from tests.worlds.need_to_order import AT
from tests.worlds.shipments import ARRIVED_AT, DELIVERED_AT, DEPARTED_AT, Journey
from workflow.journal.models import Entry


def test_estimate_records_who_reported_it(story: Journey) -> None:
    shipment = story.departed()
    estimate_step(
        shipment, "arrived", ARRIVED_AT, reported_by="DEMO Air", by=story.logistics.by, at=DEPARTED_AT
    )
    step = shipment.milestones.get(step="arrived")
    assert (step.estimated_at, step.estimated_by) == (ARRIVED_AT, "DEMO Air")
    assert str(step) == f"{shipment.reference}: Arrived in destination country"
    entry = Entry.objects.get(verb="estimate")
    assert entry.facts == {"step": "arrived", "expected_at": ARRIVED_AT.isoformat()}


def test_estimated_delivery_date_is_in_the_receiving_citys_time_zone(story: Journey) -> None:
    shipment = story.departed()
    late = datetime(2020, 4, 28, 3, tzinfo=UTC)  # the evening before in Vancouver
    estimate_step(shipment, "delivered", late, by=story.logistics.by, at=DEPARTED_AT)
    assert shipment.expected_on == date(2020, 4, 27)
    assert shipment.milestones.get(step="delivered").estimated_by == str(story.logistics.by.label)


def planned_of(shipment: Shipment) -> dict[str, datetime]:
    known = shipment.milestones.exclude(planned_at=None)
    return dict(known.values_list("step", "planned_at"))


def test_milestones_can_be_planned_until_departure(story: Journey) -> None:
    shipment = story.plan(planned={"departed": DEPARTED_AT, "delivered": DELIVERED_AT})
    schedule_steps(shipment, {"arrived": ARRIVED_AT, "delivered": None}, by=story.logistics.by, at=AT)
    assert planned_of(shipment) == {"departed": DEPARTED_AT, "arrived": ARRIVED_AT}
    story.packed(shipment)
    schedule_steps(shipment, {"departed": DEPARTED_AT + timedelta(hours=3)}, by=story.logistics.by, at=AT)
    assert planned_of(shipment) == {"departed": DEPARTED_AT + timedelta(hours=3), "arrived": ARRIVED_AT}
    told = [entry.facts["planned"] for entry in Entry.objects.filter(verb="schedule").order_by("pk")]
    assert told[0] == {"arrived": ARRIVED_AT.isoformat(), "delivered": None}
    gone = story.departed(story.plan(story.ready()))
    with assert_refused("wrong_status", gone):
        schedule_steps(gone, {"arrived": ARRIVED_AT}, by=story.logistics.by, at=DEPARTED_AT)


@pytest.mark.parametrize(
    ("planned", "code"),
    [
        ({"lunch": DEPARTED_AT}, "no_such_step"),
        ({"departed": ARRIVED_AT, "arrived": DEPARTED_AT}, "out_of_order"),
        ({"departed": DEPARTED_AT, "delivered": AT}, "out_of_order"),
        ({"ready": DEPARTED_AT}, "step_done"),
    ],
)
def test_invalid_milestone_plan_is_refused(story: Journey, planned: dict[str, datetime], code: str) -> None:
    shipment = story.packed()
    with assert_refused(code, shipment) as caught:
        schedule_steps(shipment, planned, by=story.logistics.by, at=AT)
    assert caught.value.details["field"] == "planned"
    if code != "step_done":
        order = story.ready()
        with assert_refused(code, order):
            story.plan(order, planned=planned)


def test_import_clearance_may_be_planned_before_arrival(story: Journey) -> None:
    planned = {"import_cleared": DEPARTED_AT, "arrived": ARRIVED_AT}
    assert planned_of(story.plan(planned=planned)) == planned


def test_completed_or_unknown_milestone_cannot_be_estimated(story: Journey) -> None:
    shipment = story.departed()
    with assert_refused("step_done", shipment):
        estimate_step(shipment, "departed", ARRIVED_AT, by=story.logistics.by, at=DEPARTED_AT)
    with assert_refused("no_such_step", shipment):
        estimate_step(shipment, "lunch", ARRIVED_AT, by=story.logistics.by, at=DEPARTED_AT)

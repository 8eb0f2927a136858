"""Tests of tracking events: stored as received, and without a second effect if repeated or late."""

from datetime import timedelta
from typing import Any

import pytest

from procurement.tracking.actions.events import record_event
from tests.procurement.refusals import assert_refused
from tests.worlds.need_to_order import AT
from tests.worlds.shipments import ARRIVED_AT, DELIVERED_AT, DEPARTED_AT, Journey
from tests.worlds.tracking import GUARDED, record_update
from workflow.journal.models import Entry


def test_tracking_event_is_stored_and_sets_its_milestone_time(story: Journey) -> None:
    shipment = story.departed()
    heard = record_update(
        story, shipment, "RCS", DEPARTED_AT - timedelta(hours=8), place="CNCAN", pieces=10, remark="by phone"
    )
    assert (heard.step, heard.by, heard.pieces) == ("picked_up", story.logistics.user, 10)
    assert shipment.milestones.get(step="picked_up").actual_at == DEPARTED_AT - timedelta(hours=8)
    assert shipment.handed_over_at == DEPARTED_AT - timedelta(hours=8)
    assert str(heard) == f"{shipment.reference}: RCS"


@pytest.mark.parametrize("ids", [{}, {"external_id": "carrier-77"}])
def test_repeated_tracking_event_adds_no_journal_entry(story: Journey, ids: dict[str, str]) -> None:
    shipment = story.departed()
    first = record_update(story, shipment, "RCS", DEPARTED_AT - timedelta(hours=8), **ids)
    told = Entry.objects.count()
    again = record_update(story, shipment, "RCS", DEPARTED_AT - timedelta(hours=8), **ids)
    assert first == again
    assert Entry.objects.count() == told


def test_later_event_does_not_replace_an_earlier_pickup_time(story: Journey) -> None:
    shipment = story.departed()
    for hours in (8, 3, 9):
        record_update(story, shipment, "RCS", DEPARTED_AT - timedelta(hours=hours), place="CNCAN")
    assert shipment.milestones.get(step="picked_up").actual_at == DEPARTED_AT - timedelta(hours=9)


def test_tracking_event_does_not_change_the_shipment_status(story: Journey) -> None:
    shipment = story.packed()
    record_update(story, shipment, "DEP", AT)
    assert shipment.status == "packed"


@pytest.mark.parametrize("step", GUARDED)
def test_milestone_with_its_own_action_cannot_be_recorded_as_an_event(story: Journey, step: str) -> None:
    for shipment in (story.plan(), story.delivered()):
        with assert_refused("step_has_a_move", shipment) as caught:
            record_event(shipment, step, occurred_at=AT, by=story.logistics.by, at=DELIVERED_AT)
        assert caught.value.details["field"] == "code"
        assert caught.value.details["move"] in ("pack", "release", "depart", "arrive", "deliver")
        assert not shipment.events.filter(step=step).exclude(external_id__startswith="move:").exists()


@pytest.mark.parametrize(
    ("system", "code", "step"),
    [
        ("iata", "DEP", "departed"),
        ("iata", "ARR", "arrived"),
        ("iata", "CCD", "import_cleared"),
        ("iata", "DLV", "delivered"),
        ("dcsa", "DEPA", "departed"),
        ("iftsta", "21", "delivered"),
    ],
)
def test_carriers_event_is_kept_beside_the_milestone_set_by_its_action(
    story: Journey, system: str, code: str, step: str
) -> None:
    shipment = story.plan()
    assert shipment.documents_missing
    heard = record_update(story, shipment, code, AT, code_system=system)
    assert heard.step == step
    shipment.refresh_from_db()
    assert shipment.status == "planned"
    assert shipment.milestones.get(step=step).actual_at is None
    shipment = story.delivered(shipment)
    made = {"departed": DEPARTED_AT, "arrived": ARRIVED_AT, "import_cleared": AT, "delivered": DELIVERED_AT}
    assert shipment.milestones.get(step=step).actual_at == made[step]
    assert shipment.events.filter(step=step).count() == 2, "what was heard stays beside what was done"


def test_event_ids_reserved_for_actions_are_refused(story: Journey) -> None:
    shipment = story.packed()
    facts: dict[str, Any] = {"occurred_at": AT, "by": story.logistics.by, "at": AT}
    with assert_refused("id_reserved", shipment):
        record_event(shipment, "picked_up", external_id="move:departed", **facts)
    kept = record_event(shipment, "RCS", code_system="iata", external_id="move:departed", **facts)
    assert kept.step == "picked_up"


def test_unknown_code_is_stored_without_a_milestone(story: Journey) -> None:
    shipment = story.departed()
    assert record_update(story, shipment, "TGC", DEPARTED_AT, place="CAVAN").step == ""


def test_tracking_event_in_the_future_is_refused(story: Journey) -> None:
    shipment = story.departed()
    with assert_refused("not_yet", shipment):
        record_event(
            shipment,
            "picked_up",
            occurred_at=DEPARTED_AT + timedelta(hours=1),
            by=story.logistics.by,
            at=DEPARTED_AT,
        )


def test_tracking_event_by_a_role_without_permission_is_refused(story: Journey) -> None:
    shipment = story.departed()
    for role in ("approver", "observer", "stranger", "broker"):
        with assert_refused("not_allowed", shipment):
            record_event(
                shipment, "delivered", occurred_at=DEPARTED_AT, by=getattr(story, role).by, at=DEPARTED_AT
            )

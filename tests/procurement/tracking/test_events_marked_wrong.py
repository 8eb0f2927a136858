"""Tests of marking a tracking event as wrong instead of deleting it.

Everything derived from it is computed again, and the mark can be removed.
"""

from datetime import timedelta

import pytest

from procurement.logistics.actions.offer_rescreening import rescreen_unconfirmed_departures
from procurement.shipments.models import Shipment
from procurement.tracking.actions.events import flag_event, unflag_event
from tests.procurement.refusals import assert_refused
from tests.procurement.tracking.test_findings import finding
from tests.worlds.shipments import ARRIVED_AT, DEPARTED_AT, Journey
from tests.worlds.tracking import record_update
from workflow.journal.models import Entry


def picked_up(shipment: Shipment) -> object:
    shipment.refresh_from_db()
    milestone = shipment.milestones.get(step="picked_up")
    assert milestone.actual_at == shipment.handed_over_at
    return milestone.actual_at


def test_event_marked_as_wrong_is_kept_with_author_and_reason_but_not_counted(story: Journey) -> None:
    shipment = story.departed()
    wrong = record_update(story, shipment, "RCS", DEPARTED_AT - timedelta(hours=9))
    record_update(story, shipment, "RCS", DEPARTED_AT - timedelta(hours=3))
    flag_event(shipment, wrong.pk, reason="Another waybill.", by=story.officer.by, at=ARRIVED_AT)
    wrong.refresh_from_db()
    assert (wrong.wrong_at, wrong.wrong_by, wrong.wrong_why) == (
        ARRIVED_AT,
        story.officer.user,
        "Another waybill.",
    )
    assert picked_up(shipment) == DEPARTED_AT - timedelta(hours=3)
    entry = Entry.objects.get(verb="flag_event")
    assert (entry.reason, entry.facts) == ("Another waybill.", {"event": wrong.pk})
    unflag_event(shipment, wrong.pk, reason="It was ours.", by=story.logistics.by, at=ARRIVED_AT)
    wrong.refresh_from_db()
    assert (wrong.wrong_at, wrong.wrong_by, wrong.wrong_why) == (None, None, "")
    assert picked_up(shipment) == DEPARTED_AT - timedelta(hours=9)
    assert Entry.objects.get(verb="unflag_event").reason == "It was ours."


def test_pickup_marked_as_wrong_reopens_the_missing_pickup_finding(story: Journey) -> None:
    shipment = story.departed()
    rescreen_unconfirmed_departures(DEPARTED_AT + timedelta(hours=48))
    only = record_update(story, shipment, "RCS", DEPARTED_AT)
    assert finding(shipment, "no_hand_over").status == "resolved"
    later = DEPARTED_AT + timedelta(hours=49)
    flag_event(shipment, only.pk, reason="Not ours.", by=story.logistics.by, at=later)
    assert picked_up(shipment) is None
    assert finding(shipment, "no_hand_over").status == "open"
    unflag_event(shipment, only.pk, reason="Ours.", by=story.logistics.by, at=later)
    assert finding(shipment, "no_hand_over").status == "resolved"


def test_carton_count_marked_as_wrong_resolves_the_missing_carton_finding(story: Journey) -> None:
    shipment = story.departed()
    record_update(story, shipment, "RCS", DEPARTED_AT, pieces=10)
    short = record_update(story, shipment, "RCF", ARRIVED_AT, pieces=9)
    assert finding(shipment, "parcels_short").status == "open"
    flag_event(shipment, short.pk, reason="Misread.", by=story.logistics.by, at=ARRIVED_AT)
    assert finding(shipment, "parcels_short").status == "resolved"


def test_repeated_event_stays_marked_as_wrong(story: Journey) -> None:
    shipment = story.departed()
    wrong = record_update(story, shipment, "RCS", DEPARTED_AT)
    flag_event(shipment, wrong.pk, reason="Not ours.", by=story.logistics.by, at=ARRIVED_AT)
    again = record_update(story, shipment, "RCS", DEPARTED_AT)
    assert (again.pk, again.times) == (wrong.pk, 2)
    assert again.wrong_at == ARRIVED_AT


def test_marking_without_reason_twice_or_of_an_action_is_refused(story: Journey) -> None:
    shipment = story.departed()
    heard = record_update(story, shipment, "TGC", DEPARTED_AT)
    made = shipment.events.get(step="departed")
    with assert_refused("made_by_move", shipment):
        flag_event(shipment, made.pk, reason="No.", by=story.logistics.by, at=ARRIVED_AT)
    foreign = record_update(story, shipment, "RCF", DEPARTED_AT, external_id="move:departed")
    flag_event(shipment, foreign.pk, reason="A sender's own id.", by=story.logistics.by, at=ARRIVED_AT)
    with assert_refused("no_such_event", shipment):
        flag_event(shipment, made.pk + 999, reason="No.", by=story.logistics.by, at=ARRIVED_AT)
    with assert_refused("not_wrong", shipment):
        unflag_event(shipment, heard.pk, reason="Yes.", by=story.logistics.by, at=ARRIVED_AT)
    with assert_refused("reason_missing", shipment):
        flag_event(shipment, heard.pk, reason=" ", by=story.logistics.by, at=ARRIVED_AT)
    flag_event(shipment, heard.pk, reason="No.", by=story.logistics.by, at=ARRIVED_AT)
    with assert_refused("wrong_already", shipment):
        flag_event(shipment, heard.pk, reason="No.", by=story.logistics.by, at=ARRIVED_AT)


@pytest.mark.parametrize("role", ["approver", "observer", "stranger", "broker"])
def test_role_without_permission_cannot_mark_an_event_as_wrong(story: Journey, role: str) -> None:
    shipment = story.departed()
    heard = record_update(story, shipment, "RCS", DEPARTED_AT)
    with assert_refused("not_allowed", shipment):
        flag_event(shipment, heard.pk, reason="No.", by=getattr(story, role).by, at=ARRIVED_AT)

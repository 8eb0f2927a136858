"""An event is marked as wrong, never deleted: what rested on it is reckoned anew, and the mark can be taken back."""

from datetime import timedelta

import pytest

from procurement.shipments.actions import findings
from procurement.shipments.actions.tracking.hearing import call_right, call_wrong
from procurement.shipments.models.shipment import Shipment
from tests.procurement.refusals import refused
from tests.procurement.shipments.play import HERE, SENT, Voyage
from tests.procurement.shipments.tracking.hearing import hear
from tests.procurement.shipments.tracking.test_findings import finding
from workflow.models.journal import Entry


def picked_up(shipment: Shipment) -> object:
    shipment.refresh_from_db()
    milestone = shipment.milestones.get(step="picked_up")
    assert milestone.actual_at == shipment.handed_over_at
    return milestone.actual_at


def test_a_marked_event_stays_with_who_and_why_and_counts_for_nothing(story: Voyage) -> None:
    shipment = story.departed()
    wrong = hear(story, shipment, "RCS", SENT - timedelta(hours=9))
    hear(story, shipment, "RCS", SENT - timedelta(hours=3))
    call_wrong(shipment, wrong.pk, reason="Another waybill.", by=story.officer.by, at=HERE)
    wrong.refresh_from_db()
    assert (wrong.wrong_at, wrong.wrong_by, wrong.wrong_why) == (HERE, story.officer.user, "Another waybill.")
    assert picked_up(shipment) == SENT - timedelta(hours=3)
    entry = Entry.objects.get(verb="call_wrong")
    assert (entry.reason, entry.facts) == ("Another waybill.", {"event": wrong.pk})
    call_right(shipment, wrong.pk, reason="It was ours.", by=story.logistics.by, at=HERE)
    wrong.refresh_from_db()
    assert (wrong.wrong_at, wrong.wrong_by, wrong.wrong_why) == (None, None, "")
    assert picked_up(shipment) == SENT - timedelta(hours=9)
    assert Entry.objects.get(verb="call_right").reason == "It was ours."


def test_the_only_hand_over_marked_as_wrong_is_none(story: Voyage) -> None:
    shipment = story.departed()
    findings.watch(SENT + timedelta(hours=48))
    only = hear(story, shipment, "RCS", SENT)
    assert finding(shipment, "no_hand_over").status == "gone"
    later = SENT + timedelta(hours=49)
    call_wrong(shipment, only.pk, reason="Not ours.", by=story.logistics.by, at=later)
    assert picked_up(shipment) is None
    assert finding(shipment, "no_hand_over").status == "open"
    call_right(shipment, only.pk, reason="Ours.", by=story.logistics.by, at=later)
    assert finding(shipment, "no_hand_over").status == "gone"


def test_parcels_are_counted_without_what_is_wrong(story: Voyage) -> None:
    shipment = story.departed()
    hear(story, shipment, "RCS", SENT, pieces=10)
    short = hear(story, shipment, "RCF", HERE, pieces=9)
    assert finding(shipment, "parcels_short").status == "open"
    call_wrong(shipment, short.pk, reason="Misread.", by=story.logistics.by, at=HERE)
    assert finding(shipment, "parcels_short").status == "gone"


def test_heard_again_it_stays_marked(story: Voyage) -> None:
    shipment = story.departed()
    wrong = hear(story, shipment, "RCS", SENT)
    call_wrong(shipment, wrong.pk, reason="Not ours.", by=story.logistics.by, at=HERE)
    again = hear(story, shipment, "RCS", SENT)
    assert (again.pk, again.times) == (wrong.pk, 2)
    assert again.wrong_at == HERE


def test_what_is_no_mark_is_refused(story: Voyage) -> None:
    shipment = story.departed()
    heard = hear(story, shipment, "TGC", SENT)
    made = shipment.events.get(step="departed")
    with refused("made_by_move", shipment):
        call_wrong(shipment, made.pk, reason="No.", by=story.logistics.by, at=HERE)
    foreign = hear(story, shipment, "RCF", SENT, external_id="move:departed")
    call_wrong(shipment, foreign.pk, reason="A sender's own id.", by=story.logistics.by, at=HERE)
    with refused("no_such_event", shipment):
        call_wrong(shipment, made.pk + 999, reason="No.", by=story.logistics.by, at=HERE)
    with refused("not_wrong", shipment):
        call_right(shipment, heard.pk, reason="Yes.", by=story.logistics.by, at=HERE)
    with refused("reason_missing", shipment):
        call_wrong(shipment, heard.pk, reason=" ", by=story.logistics.by, at=HERE)
    call_wrong(shipment, heard.pk, reason="No.", by=story.logistics.by, at=HERE)
    with refused("wrong_already", shipment):
        call_wrong(shipment, heard.pk, reason="No.", by=story.logistics.by, at=HERE)


@pytest.mark.parametrize("role", ["approver", "observer", "stranger", "broker"])
def test_only_who_follows_the_shipment_marks(story: Voyage, role: str) -> None:
    shipment = story.departed()
    heard = hear(story, shipment, "RCS", SENT)
    with refused("not_allowed", shipment):
        call_wrong(shipment, heard.pk, reason="No.", by=getattr(story, role).by, at=HERE)

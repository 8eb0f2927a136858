"""Reminders of papers that were asked for: at half time, on the day, two days later; then a person phones."""

from datetime import timedelta

import pytest

from procurement.shipments.actions import journey
from procurement.shipments.actions.customs import begin_paper, file_paper, ready_paper, refuse_paper
from procurement.shipments.actions.handing.calls import cannot_bring, withdraw_call
from procurement.shipments.actions.handing.reminding import chase_calls, remind_call
from procurement.shipments.actions.handing.versions import give_paper_back
from procurement.shipments.gathering.handing import acting_for
from procurement.shipments.models.handing import PaperCall
from tests.procurement.refusals import refused
from tests.procurement.shipments.handing.play import Desk
from tests.procurement.shipments.handing.test_calls import letters
from tests.procurement.story import AT
from workflow.clock import real_now


def test_whoever_was_asked_is_reminded_three_times_and_then_somebody_phones(story: Desk) -> None:
    call = story.call(story.plan(), due_on=AT.date() + timedelta(days=4))
    told, at = [], AT
    while call.chase_at is not None:
        assert call.chase_at > at
        assert chase_calls(call.chase_at - timedelta(seconds=1)) == 0
        at = call.chase_at
        assert chase_calls(at) == 1
        call.refresh_from_db()
        told.append(sorted(letters(call, "remind")))
    person, officer = "wu.min@kanghu.example", story.officer.user.email
    assert told == [[person], [person], sorted([person, officer])]
    assert call.due_at < at < call.due_at + timedelta(days=5)
    assert "商业发票" in letters(call, "remind")[person].body
    with refused("not_ready", call):
        remind_call(call, by=story.officer.by, at=at)


def test_nobody_is_reminded_of_what_waits_for_the_city_or_cannot_be_had(story: Desk) -> None:
    call = story.call(story.plan())
    for paper in call.papers:
        if paper.code == "PSI":
            cannot_bring(call, paper, reason="没有", by=acting_for(call), at=AT)
        else:
            story.handed_in(call, paper.code, paper.lane.side)
    call.refresh_from_db()
    assert (call.status, call.waited_for.count()) == ("asked", 0)
    first = call.chase_at
    assert chase_calls(first) == 1
    call.refresh_from_db()
    assert (call.chases, call.chase_at - first) == (0, timedelta(days=1))
    given_back = call.versions.get(paper__code="INV")
    give_paper_back(given_back, reason="No stamp.", by=story.officer.by, at=AT)
    assert chase_calls(call.chase_at) == 1
    call.refresh_from_db()
    assert call.chases == 1
    mail = letters(call, "remind")["wu.min@kanghu.example"]
    assert "商业发票" in mail.body
    assert "装箱单" not in mail.body  # it came in


def test_an_officer_reminds_and_a_call_that_is_over_is_not_reminded_of(story: Desk) -> None:
    call = story.call(story.plan())
    with refused("not_allowed", call):
        remind_call(call, by=story.observer.by, at=AT)
    remind_call(call, by=story.officer.by, at=AT)
    assert call.chases == 1
    withdraw_call(call, by=story.officer.by, at=AT, real_at=real_now())
    assert (call.chase_at, chase_calls(AT + timedelta(days=30))) == (None, 0)


def test_goods_whose_way_has_ended_are_not_even_looked_at(
    story: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    call = story.call(story.plan())
    journey.cancel(call.shipment, reason="a test", by=story.officer.by, at=AT)
    later = AT + timedelta(days=30)
    due = PaperCall.objects.due_for_chasing(later)
    assert due.filter(pk=call.pk).exists()  # it still stands as asked
    assert (chase_calls(later), caplog.text) == (0, "")  # nor is a refusal logged at each tick
    with refused("not_ready", call):
        remind_call(call, by=story.officer.by, at=later)


def test_a_paper_that_is_needed_again_begins_the_reminders_anew(story: Desk) -> None:
    shipment = story.plan()
    call = story.call(shipment, "forwarder")
    remind_call(call, by=story.officer.by, at=AT)
    story.ready_all(shipment, "export", "import")
    for paper in call.papers.exclude(status__in=("ready", "accepted")):
        for step in (begin_paper, ready_paper):
            step(paper, by=story.logistics.by, at=AT)
    call.refresh_from_db()
    assert (call.status, call.chase_at) == ("done", None)
    paper = file_paper(call.papers[0], by=story.logistics.by, at=AT)
    later = AT + timedelta(days=20)
    refuse_paper(paper, reason="unsigned", by=story.logistics.by, at=later)
    call.refresh_from_db()
    assert (call.status, call.chases) == ("asked", 0)
    assert later < call.chase_at < later + timedelta(days=5)

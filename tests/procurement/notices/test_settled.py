"""A notice whose matter is done no longer waits: under the bell, on its page, in the API and in the daily mail, by one rule."""

from datetime import timedelta

import pytest
from django.test import Client

from accounts.actions import choices
from partners.actions import delegations
from partners.actions.delegations import end_delegation
from procurement import tasks
from procurement.notices import digest, planning, table
from procurement.notices.kinds import Kind
from procurement.notices.notice import Notice
from procurement.orders.actions import deciding
from procurement.orders.actions.deciding import send_back
from procurement.outreach.actions import answering, waiting
from tests import world
from tests.procurement.api.program import Program
from tests.procurement.shipments.play import Voyage
from tests.procurement.story import AT
from tests.world import own_link
from workflow import actions, clock
from workflow.journal.entries import history_of
from workflow.models.bell import InAppNotice
from workflow.models.journal import Entry
from workflow.models.post import Message

pytestmark = pytest.mark.django_db
SOON = AT + timedelta(hours=1)


@pytest.fixture
def story(db) -> Voyage:
    voyage = Voyage("richmond")
    voyage.practise()
    world.twinning(voyage.city, voyage.abroad)
    yield voyage
    clock.forget()


def page(user, path: str = "/notices/") -> str:
    browser = Client()
    browser.force_login(user)
    return browser.get(path).content.decode()


class TestTheBell:
    def test_an_order_that_was_approved_waits_for_no_approver(self, story):
        story.limit("1")
        order = story.draft()
        deciding.submit(order, by=story.officer.by, at=AT)
        approver, other = story.approver, story.person("approver")
        tasks.run(AT)
        assert "Notices: 1 unread" in page(other.user)
        deciding.approve(order, by=approver.by, at=SOON)
        tasks.run(SOON)
        told = page(other.user)
        assert "Notices: 0 unread" in told
        assert f"Settled: {approver.user} approved" in told
        assert "No notice matches." in page(other.user, "/notices/?show=unread")

    def test_it_stays_unread_while_it_waits(self, story):
        asked = story.asked(story.line())
        answering.decline(asked, by=own_link(story.contact), at=AT)
        tasks.run(AT)
        actions.comment(asked, "Pity.", by=story.officer.by, at=SOON, language="en")
        tasks.run(SOON)
        assert "Notices: 1 unread" in page(story.officer.user)
        assert "Settled:" not in page(story.officer.user)

    def test_what_returned_for_another_decision_waits_again_once(self, story):
        story.limit("1")
        approver = story.approver
        order = story.draft()
        for turn in range(2):
            at = AT + timedelta(hours=turn)
            deciding.submit(order, by=story.officer.by, at=at)
            tasks.run(at)
            if turn == 0:
                send_back(order, reason="Which account?", by=approver.by, at=SOON)
                tasks.run(SOON)
        assert "Notices: 1 unread" in page(approver.user)
        assert InAppNotice.objects.filter(recipient=approver.user, entry__verb="submit").count() == 2

    def test_the_api_tells_the_same(self, story):
        story.limit("1")
        approver, other = story.approver, story.person("approver")
        order = story.draft()
        deciding.submit(order, by=story.officer.by, at=AT)
        tasks.run(AT)
        program = Program(other.user)
        (row,) = program.get("notices/?unread=true")["results"]
        assert row["settled"] is None
        deciding.approve(order, by=approver.by, at=SOON)
        tasks.run(SOON)
        assert program.get("notices/?unread=true")["results"] == []
        (row,) = program.get("notices/?unread=false")["results"]
        assert "approved" in row["settled"]

    def test_before_the_next_tick_the_page_says_where_the_thing_is(self, story):
        story.limit("1")
        approver, other = story.approver, story.person("approver")
        order = story.draft()
        deciding.submit(order, by=story.officer.by, at=AT)
        tasks.run(AT)
        deciding.approve(order, by=approver.by, at=SOON)
        assert "Settled: it is at “Approved” now." in page(other.user)

    def test_a_settled_notice_is_still_opened_and_marked_as_read(self, story):
        asked = story.asked(story.line())
        waiting.lapse(asked, by=story.officer.by, at=AT)
        keeper = story.officer.user
        entry = Entry.objects.about(asked).get(verb="lapse")
        notice = InAppNotice(
            entry=entry, recipient=keeper, kind=Kind.QUESTIONS, thing_label=entry.thing_label, thing_id=asked.pk,
            at=AT, settled_by=entry,
        )  # fmt: skip
        notice.save()
        browser = Client()
        browser.force_login(keeper)
        assert browser.post(f"/notices/{notice.pk}/open/")["Location"] == asked.get_absolute_url()
        notice.refresh_from_db()
        assert notice.read_at is not None

    def test_a_leave_to_approve_that_was_taken_back_reads_as_settled_before_the_next_tick_and_after(
        self, story
    ):
        today, deputy = story.city.day_at(AT), story.logistics.user
        given = delegations.delegate(
            story.city, deputy=deputy, starts_on=today, ends_on=today + timedelta(days=9), by=story.approver.by, at=AT
        )  # fmt: skip
        tasks.run(AT)
        end_delegation(given, by=story.approver.by, at=SOON)
        assert "Settled." in page(deputy)
        program = Program(deputy)
        assert [row["settled"] for row in program.get("notices/")["results"]][-1] == "Settled."
        tasks.run(SOON)
        assert f"Settled: {story.approver.user} " in page(deputy)
        assert "Notices: 1 unread" in page(deputy)  # that it has ended


class TestTheMail:
    def test_the_daily_mail_leaves_out_a_leave_to_approve_that_was_taken_back(self, story):
        today, deputy = story.city.day_at(AT), story.logistics.user
        given = delegations.delegate(
            story.city, deputy=deputy, starts_on=today, ends_on=today + timedelta(days=9), by=story.approver.by, at=AT
        )  # fmt: skip
        entry = history_of(given).get(verb="delegate")
        for notice in planning.tell(entry, AT).notices:
            notice.digest = entry
            notice.save()
        assert digest.groups(entry, deputy)
        end_delegation(given, by=story.approver.by, at=SOON)
        assert digest.groups(entry, deputy) == []

    def test_nothing_is_sent_of_a_matter_that_was_done_before_anyone_was_told(self, story):
        story.limit("1")
        approver = story.approver
        order = story.draft()
        deciding.submit(order, by=story.officer.by, at=AT)
        deciding.approve(order, by=approver.by, at=AT)
        tasks.run(AT)
        assert not Message.objects.about(order).filter(entry__verb="submit").exists()
        assert "Notices: 0 unread" in page(approver.user)

    def test_the_daily_mail_leaves_out_what_was_done(self, story):
        story.limit("1")
        approver = story.approver
        choices.choose(approver.user, {Kind.ORDERS: "digest"}, by=approver.by, at=AT)
        order = story.draft()
        deciding.submit(order, by=story.officer.by, at=AT)
        tasks.run(AT)
        deciding.approve(order, by=story.person("approver").by, at=SOON)
        for hour in range(1, 80):
            tasks.run(AT + timedelta(hours=hour))
        assert not Message.objects.filter(recipient=approver.user, template="digest").exists()


def test_each_row_says_until_when_it_is_true():
    for (label, verb), rows in table.NOTICES.items():
        for row in rows:
            assert row.while_at or row.stays or row.still.__name__ != "always", (label, verb)
    with pytest.raises(TypeError, match="until when"):
        Notice(audience=lambda _thing: [])

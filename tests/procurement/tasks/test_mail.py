"""Mail of the tick: each goes out once, at its hour and with its link, and what does not arrive is told."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings as django_settings
from django.test import Client

from accounts.actions import choices, people
from accounts.actions.links import ask_for_code
from accounts.actors import CONSOLE, Oneself
from accounts.models import Link
from partners.actions.roles import invite_member
from procurement import tasks
from procurement.notices import planning
from procurement.notices.kinds import Kind
from procurement.outreach.actions import answering, waiting
from procurement.outreach.models import Inquiry
from tests import world
from tests.procurement.story import AT
from tests.procurement.tasks.conftest import MORNING
from tests.world import own_link
from workflow.actions import report_undelivered
from workflow.clock import real_now
from workflow.journal.entries import history_of
from workflow.models.bell import Way
from workflow.models.journal import Entry
from workflow.models.post import Message
from workflow.outbox import figures

DAY, WAITED, FIVE_MINUTES = timedelta(days=1), timedelta(days=5), timedelta(minutes=5)
# Noon in Zhongshan, in place of a day of May's holiday; in Burnaby the evening of Friday.
WORKED_SATURDAY = datetime(2020, 5, 9, 4, tzinfo=UTC)
MONDAY = datetime(2020, 5, 11, 15, tzinfo=UTC)  # eight o'clock in Burnaby


def link_in(mail) -> str:
    return re.search(r"http://\S+", mail.get_content()).group()


class TestMail:
    def test_a_question_waits_for_the_morning_there_and_brings_a_link_that_opens(self, story, inquiry, sink):
        assert not tasks.run(AT)
        assert sink.got == []
        assert Message.objects.get().state == Message.State.PLANNED
        tasks.run(MORNING)
        (mail,) = sink.got
        assert mail["Subject"] == "能否协助？"
        token = link_in(mail).rstrip("/").rpartition("/")[2]
        assert token not in Message.objects.get().body, "kept nowhere"
        link = Link.objects.get()
        assert (link.thing_id, link.user) == (inquiry.pk, story.contact.user)
        assert link.message_id == Message.objects.get().pk
        assert Client().get(link_in(mail).removeprefix(django_settings.BASE_URL)).status_code == 200

    def test_a_second_tick_does_nothing_twice(self, story, inquiry, sink):
        for _ in range(3):
            tasks.run(MORNING)
        assert len(sink.got) == 1

    def test_reminders_go_out_at_half_time_when_due_and_two_days_after_and_then_the_officer_phones(
        self, story, inquiry, sink
    ):
        asked = []
        for day in range(20):
            before = len(sink.got)
            tasks.run(MORNING + timedelta(days=day))
            tasks.run(
                MORNING + timedelta(days=day, hours=9)
            )  # 09:00 to 18:00 in Vancouver: the officer's mail as well
            asked += [(day, str(mail["Subject"])) for mail in sink.got[before:]]
        to_contact = [day for day, subject in asked if "能否协助" in subject]
        assert len(to_contact) == 4, "the question and three reminders"
        assert any("Please phone" in subject for _day, subject in asked)
        assert any("No answer came" in subject for _day, subject in asked), "in the end nobody waits any more"
        inquiry.refresh_from_db()
        assert inquiry.status == Inquiry.Status.LAPSED

    @pytest.mark.parametrize("way", [Way.AT_ONCE, Way.DIGEST])
    def test_nobody_is_given_up_before_the_caller_was_at_work_and_had_time_to_phone(
        self, story, inquiry, sink, way
    ):
        """The third reminder goes on a Saturday that China works. In Burnaby nobody hears of it before Monday."""
        caller = story.officer.user
        people.edit(caller, time_zone="America/Vancouver", by=CONSOLE, at=AT)
        choices.choose(caller, {Kind.CALLS: way}, by=Oneself(caller), at=AT)
        Inquiry.objects.update(chases=2, chase_at=WORKED_SATURDAY, next_from=AT)
        told = {}
        for at in (
            WORKED_SATURDAY,
            WORKED_SATURDAY + 2 * DAY,
            MONDAY,
            MONDAY + DAY,
            MONDAY + WAITED - FIVE_MINUTES,
        ):
            sink.got.clear()
            tasks.run(at)
            told[at] = [mail for mail in sink.got if mail["To"] == caller.email]
            inquiry.refresh_from_db()
            assert inquiry.status == Inquiry.Status.SENT, at
        assert [at for at, mails in told.items() if mails] == [MONDAY]
        tasks.run(MONDAY + WAITED + FIVE_MINUTES)
        inquiry.refresh_from_db()
        assert inquiry.status == Inquiry.Status.LAPSED

    def test_two_reminders_that_a_weekend_held_up_become_one(self, story, inquiry, sink):
        tasks.run(MORNING)
        night = MORNING + timedelta(hours=16)  # midnight there
        for _ in range(2):
            waiting.remind(inquiry, by=story.officer.by, at=night)
            tasks.run(night)
        morning = Message.objects.filter(state=Message.State.PLANNED, template="inquiry_reminder")
        assert morning.count() == 2
        assert not planning.relevant(morning.earliest("entry"))
        assert planning.relevant(morning.latest("entry"))

    def test_an_answered_question_is_not_reminded_of(self, story, inquiry, sink):
        tasks.run(MORNING)
        answering.decline(inquiry, by=own_link(story.contact), at=MORNING)
        for day in range(1, 9):
            tasks.run(MORNING + timedelta(days=day, hours=9))
        assert [str(mail["To"]) for mail in sink.got] == [story.contact.user.email, story.officer.user.email]

    def test_a_question_taken_back_before_the_morning_is_never_sent(self, story, inquiry, sink):
        tasks.run(AT)
        waiting.cancel(inquiry, by=story.officer.by, at=AT)
        tasks.run(MORNING)
        subjects = [str(mail["Subject"]) for mail in sink.got]
        assert "能否协助？" not in subjects

    def test_a_dead_address_is_noted_and_the_officer_is_asked_whom_to_ask_instead(self, story, inquiry, sink):
        sink.script = lambda address: "rcpt 550" if address == story.contact.user.email else ""
        tasks.run(MORNING)
        story.contact.user.refresh_from_db()
        assert story.contact.user.bounced_at == MORNING
        sink.script = lambda address: ""
        tasks.run(MORNING + timedelta(minutes=1))
        tasks.run(MORNING + timedelta(hours=12))
        assert ["comes back" in mail.get_content() for mail in sink.got] == [True]

    def test_what_could_not_be_sent_in_time_is_told_through_the_things_own_history(
        self, story, inquiry, sink
    ):
        sink.script = lambda address: "rcpt 451" if address == story.contact.user.email else ""
        at = MORNING
        while not Message.objects.filter(state=Message.State.DEAD).exists():
            tasks.run(at)
            at += timedelta(hours=4)
        entry = history_of(inquiry).get(verb="undelivered")
        assert entry.facts["to"] == str(story.contact.user)
        for hours in range(4, 120, 4):  # the officer works on Monday, and gets one mail a tick
            tasks.run(at + timedelta(hours=hours))
        assert any("A message did not arrive" in str(mail["Subject"]) for mail in sink.got)

    def test_a_report_of_that_kind_that_fails_itself_is_only_counted(self, story, inquiry, sink):
        tasks.run(MORNING)
        report_undelivered(Message.objects.get(), inquiry, at=MORNING)
        tasks.run(MORNING + timedelta(minutes=1))
        Message.objects.filter(state=Message.State.PLANNED).update(expires_at=MORNING, next_try_at=MORNING)
        tasks.run(MORNING + timedelta(days=1))
        assert history_of(inquiry).filter(verb="undelivered").count() == 1
        assert figures.metrics(MORNING)['messages{state="expired"}'] == 1

    def test_what_did_not_arrive_and_is_in_no_citys_care_is_told_to_who_waits_or_to_the_network(
        self, story, inquiry, sink
    ):
        tasks.run(MORNING)
        overseer = world.member("coordinator", None)
        link, message = Link.objects.get(), Message.objects.get()
        for thing in (link, story.observer.user):  # a code that was asked for; a new password that was told
            report_undelivered(message, thing, at=MORNING)
        tasks.announce(MORNING)
        assert not Entry.objects.filter(announced_at=None).exists()
        told = Message.objects.filter(entry__verb="undelivered").order_by("entry")
        assert [each.recipient for each in told] == [story.officer.user, overseer]

    def test_an_invitation_brings_a_link_that_only_its_mail_holds(self, story, sink):
        facts = {"name": "New", "city": story.city, "at": AT, "real_at": real_now()}
        by = story.person("administrator").by
        invite_member(email="new@cast.example", role="officer", by=by, **facts)
        invite_member(email="first@cast.example", role="administrator", by=CONSOLE, **facts)
        tasks.run(AT)
        mails = {str(mail["To"]): mail for mail in sink.got}
        for address in ("new@cast.example", "first@cast.example"):
            link = link_in(mails[address]).removeprefix(django_settings.BASE_URL)
            assert Client().get(link).status_code == 200
        assert str(mails["first@cast.example"]["Subject"]) == "The administrator invites you to Twinlane"

    def test_six_digits_come_at_once_at_any_hour(self, story, inquiry, sink):
        tasks.run(MORNING)
        link = Link.objects.get()
        ask_for_code(link, at=MORNING + timedelta(hours=15), real_at=real_now())
        tasks.run(MORNING + timedelta(hours=15))
        assert re.search(r"\s\d{6}\s", sink.got[-1].get_content())

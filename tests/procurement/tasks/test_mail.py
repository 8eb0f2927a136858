"""Tests of mail sent by the periodic job: each message once, at its hour and with its link; undelivered mail is reported."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings as django_settings
from django.test import Client

from accounts.actions.links import request_email_code
from accounts.actions.notification_preferences import set_preferences
from accounts.actions.people import PersonEdit, edit_person
from accounts.actors import CONSOLE_ACTOR, SelfActor
from accounts.models import ActionLink
from partners.memberships.actions import invite_member
from procurement.notifications.builder import is_relevant
from procurement.notifications.categories import NotificationCategory
from procurement.outreach.actions.reminders import cancel_inquiry, remind_contact
from procurement.outreach.actions.replies import decline_inquiry
from procurement.outreach.models.inquiries import Inquiry
from procurement.tasks import plan_messages, run_tick
from tests.procurement.tasks.conftest import MORNING
from tests.worlds import cities
from tests.worlds.cities import own_link
from tests.worlds.need_to_order import AT
from workflow.clock import real_now
from workflow.journal.entries import history_of
from workflow.journal.models import Entry
from workflow.outbox.models import DeliveryPreference, Message
from workflow.outbox.undelivered_messages import report_undelivered

DAY, WAITED, FIVE_MINUTES = timedelta(days=1), timedelta(days=5), timedelta(minutes=5)
# Noon in Zhongshan on a working Saturday that replaces a day of May's holiday; Friday evening in Burnaby.
WORKED_SATURDAY = datetime(2020, 5, 9, 4, tzinfo=UTC)
MONDAY = datetime(2020, 5, 11, 15, tzinfo=UTC)  # eight o'clock in Burnaby


def link_in(mail) -> str:
    return re.search(r"http://\S+", mail.get_content()).group()


class TestMail:
    def test_inquiry_email_waits_for_the_local_morning_with_a_working_link(self, story, inquiry, sink):
        assert not run_tick(AT)
        assert sink.got == []
        assert Message.objects.get().state == Message.State.PLANNED
        run_tick(MORNING)
        (mail,) = sink.got
        assert mail["Subject"] == "能否协助？"
        token = link_in(mail).rstrip("/").rpartition("/")[2]
        assert token not in Message.objects.get().body, "kept nowhere"
        link = ActionLink.objects.get()
        assert (link.thing_id, link.user) == (inquiry.pk, story.contact.user)
        assert link.message_id == Message.objects.get().pk
        assert Client().get(link_in(mail).removeprefix(django_settings.BASE_URL)).status_code == 200

    def test_repeated_run_of_periodic_job_sends_no_mail_twice(self, story, inquiry, sink):
        for _ in range(3):
            run_tick(MORNING)
        assert len(sink.got) == 1

    def test_inquiry_is_reminded_three_times_then_phoned_and_expires(self, story, inquiry, sink):
        asked = []
        for day in range(20):
            before = len(sink.got)
            run_tick(MORNING + timedelta(days=day))
            run_tick(
                MORNING + timedelta(days=day, hours=9)
            )  # 09:00 to 18:00 in Vancouver: the officer's mail as well
            asked += [(day, str(mail["Subject"])) for mail in sink.got[before:]]
        to_contact = [day for day, subject in asked if "能否协助" in subject]
        assert len(to_contact) == 4, "the question and three reminders"
        assert any("Phone call needed" in subject for _day, subject in asked)
        assert any("No reply received" in subject for _day, subject in asked), (
            "in the end no one waits any more"
        )
        inquiry.refresh_from_db()
        assert inquiry.status == Inquiry.Status.NO_REPLY

    @pytest.mark.parametrize("way", [DeliveryPreference.AT_ONCE, DeliveryPreference.DIGEST])
    def test_inquiry_expires_only_after_the_caller_had_working_time_to_phone(self, story, inquiry, sink, way):
        """The third reminder is sent on a working Saturday in China. Burnaby gets no notice before Monday."""
        caller = story.officer.user
        edit_person(caller, PersonEdit(time_zone="America/Vancouver"), by=CONSOLE_ACTOR, at=AT)
        set_preferences(caller, {NotificationCategory.PHONE_CALLS: way}, by=SelfActor(caller), at=AT)
        Inquiry.objects.update(reminder_count=2, next_reminder_at=WORKED_SATURDAY, alternates_allowed_from=AT)
        data = {}
        for at in (
            WORKED_SATURDAY,
            WORKED_SATURDAY + 2 * DAY,
            MONDAY,
            MONDAY + DAY,
            MONDAY + WAITED - FIVE_MINUTES,
        ):
            sink.got.clear()
            run_tick(at)
            data[at] = [mail for mail in sink.got if mail["To"] == caller.email]
            inquiry.refresh_from_db()
            assert inquiry.status == Inquiry.Status.SENT, at
        assert [at for at, mails in data.items() if mails] == [MONDAY]
        run_tick(MONDAY + WAITED + FIVE_MINUTES)
        inquiry.refresh_from_db()
        assert inquiry.status == Inquiry.Status.NO_REPLY

    def test_two_reminders_delayed_by_a_weekend_become_one(self, story, inquiry, sink):
        run_tick(MORNING)
        night = MORNING + timedelta(hours=16)  # midnight there
        for _ in range(2):
            remind_contact(inquiry, by=story.officer.by, at=night)
            run_tick(night)
        morning = Message.objects.filter(state=Message.State.PLANNED, template="inquiry_reminder")
        assert morning.count() == 2
        assert not is_relevant(morning.earliest("entry"))
        assert is_relevant(morning.latest("entry"))

    def test_answered_inquiry_is_not_reminded(self, story, inquiry, sink):
        run_tick(MORNING)
        decline_inquiry(inquiry, by=own_link(story.contact), at=MORNING)
        for day in range(1, 9):
            run_tick(MORNING + timedelta(days=day, hours=9))
        assert [str(mail["To"]) for mail in sink.got] == [story.contact.user.email, story.officer.user.email]

    def test_inquiry_cancelled_before_the_morning_is_never_sent(self, story, inquiry, sink):
        run_tick(AT)
        cancel_inquiry(inquiry, by=story.officer.by, at=AT)
        run_tick(MORNING)
        subjects = [str(mail["Subject"]) for mail in sink.got]
        assert "能否协助？" not in subjects

    def test_bounced_address_is_recorded_and_the_officer_asked_for_another_contact(
        self, story, inquiry, sink
    ):
        sink.script = lambda address: "rcpt 550" if address == story.contact.user.email else ""
        run_tick(MORNING)
        story.contact.user.refresh_from_db()
        assert story.contact.user.bounced_at == MORNING
        sink.script = lambda address: ""
        run_tick(MORNING + timedelta(minutes=1))
        run_tick(MORNING + timedelta(hours=12))
        assert ["are being returned" in mail.get_content() for mail in sink.got] == [True]

    def test_undelivered_mail_is_reported_in_the_objects_history(self, story, inquiry, sink):
        sink.script = lambda address: "rcpt 451" if address == story.contact.user.email else ""
        at = MORNING
        while not Message.objects.filter(state=Message.State.FAILED).exists():
            run_tick(at)
            at += timedelta(hours=4)
        entry = history_of(inquiry).get(verb="undelivered")
        assert entry.facts["to"] == str(story.contact.user)
        for hours in range(6, 120, 6):  # the officer works on Monday, and gets one mail per run
            run_tick(at + timedelta(hours=hours))
        assert any("A message was not delivered" in str(mail["Subject"]) for mail in sink.got)

    def test_failed_report_of_undelivered_mail_is_only_counted(self, story, inquiry, sink):
        run_tick(MORNING)
        report_undelivered(Message.objects.get(), inquiry, at=MORNING)
        run_tick(MORNING + timedelta(minutes=1))
        Message.objects.filter(state=Message.State.PLANNED).update(expires_at=MORNING, next_try_at=MORNING)
        run_tick(MORNING + timedelta(days=1))
        assert history_of(inquiry).filter(verb="undelivered").count() == 1
        assert Message.objects.filter(state="expired").count() == 1

    def test_undelivered_mail_without_a_city_is_reported_to_the_asker_or_the_network(
        self, story, inquiry, sink
    ):
        run_tick(MORNING)
        overseer = cities.member("coordinator", None)
        link, message = ActionLink.objects.get(), Message.objects.get()
        for thing in (link, story.observer.user):  # a requested code; the notice of a new password
            report_undelivered(message, thing, at=MORNING)
        plan_messages(MORNING)
        assert not Entry.objects.filter(announced_at=None).exists()
        told = Message.objects.filter(entry__verb="undelivered").order_by("entry")
        assert [each.recipient for each in told] == [story.officer.user, overseer]

    def test_invitation_mail_has_a_working_link_and_names_the_inviter(self, story, sink):
        facts = {"name": "New", "city": story.city, "at": AT, "real_at": real_now()}
        by = story.person("administrator").by
        invite_member(email="new@cast.example", role="officer", by=by, **facts)
        invite_member(email="first@cast.example", role="administrator", by=CONSOLE_ACTOR, **facts)
        run_tick(AT)
        mails = {str(mail["To"]): mail for mail in sink.got}
        for address in ("new@cast.example", "first@cast.example"):
            link = link_in(mails[address]).removeprefix(django_settings.BASE_URL)
            assert Client().get(link).status_code == 200
        assert (
            str(mails["first@cast.example"]["Subject"])
            == "The Twinlane administrator invites you to join Twinlane"
        )

    def test_six_digit_code_is_mailed_at_once_at_any_hour(self, story, inquiry, sink):
        run_tick(MORNING)
        link = ActionLink.objects.get()
        request_email_code(link, at=MORNING + timedelta(hours=15), real_at=real_now())
        run_tick(MORNING + timedelta(hours=15))
        assert re.search(r"\s\d{6}\s", sink.got[-1].get_content())

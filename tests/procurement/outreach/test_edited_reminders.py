"""Tests of reminders in the officer's own words, which count as one of three."""

from datetime import timedelta

import pytest

from accounts.actions.people import PersonEdit, edit_person, mark_bounced, stop_mail
from accounts.actors import CONSOLE_ACTOR
from partners.agreements.actions import end_agreement
from partners.contacts.actions import opt_out
from partners.contacts.working_hours import next_contact_time
from procurement.notifications.builder import build_messages
from procurement.outreach.actions.periodic import (
    allow_other_contacts,
    expire_unanswered_inquiries,
    send_reminders,
)
from procurement.outreach.actions.reminders import remind_contact
from procurement.outreach.models.inquiries import Inquiry
from tests.procurement.outreach.test_inquiries import declined_inquiry, sent_inquiry
from tests.procurement.refusals import assert_refused
from tests.worlds import cities
from tests.worlds.cities import own_link
from tests.worlds.need_to_order import AT
from workflow.actors import SYSTEM
from workflow.journal.entries import history_of
from workflow.journal.models import Entry

WORDS = {
    "subject": "再问一次",
    "body": "李先生您好：\n\n五万只口罩，请问有消息吗？",
    "body_own": "Any news of the 50,000 masks?",
}
SATURDAY = AT + timedelta(days=1, hours=14)  # afternoon in Zhongshan


def send_reminder(inquiry, story, at=AT, **words):
    return remind_contact(inquiry, by=story.officer.by, at=at, **words)


def mail_sent_at(inquiry, at=AT):
    entry = Entry.objects.filter(thing_id=inquiry.pk, verb="remind").latest("pk")
    (message,) = [one for one in build_messages(entry, at) if one.template == "inquiry_reminder"]
    return message


def test_custom_reminder_is_sent_as_written_with_the_link_and_the_standard_footer(story):
    inquiry = send_reminder(sent_inquiry(story), story, **WORDS)
    message = mail_sent_at(inquiry)
    assert message.subject == WORDS["subject"]
    body, own = message.body.index(WORDS["body"]), message.body.index(WORDS["body_own"])
    assert body < message.body.index("{{ link }}") < own
    assert message.body.index("您收到本邮件，是因为您通过Twinlane与友城协作") > own
    assert "如您不便协助" not in message.body


def test_reminder_with_empty_text_is_sent_with_the_standard_text(story):
    message = mail_sent_at(send_reminder(sent_inquiry(story), story, body=" ", subject=""))
    assert "如您不便协助" in message.body
    assert message.subject == "谨此提示：Masks?"


def test_custom_reminder_counts_towards_the_limit_of_three_and_is_recorded_in_the_history(story):
    inquiry = send_reminder(sent_inquiry(story), story, **WORDS)
    assert inquiry.reminder_count == 1
    entry = history_of(inquiry).first()
    assert (entry.verb, entry.facts["body"]) == ("remind", WORDS["body"])
    assert ("Message", WORDS["body"]) in inquiry.described_facts(entry.facts)
    for day in (1, 2):
        send_reminder(inquiry, story, AT + timedelta(days=day))
    with assert_refused("not_ready", inquiry) as no:
        send_reminder(inquiry, story, **WORDS)
    assert "Three reminders have been sent. Phone the contact." in str(no.value)


def test_next_reminder_is_planned_after_a_weekend_reminder_has_been_delivered(story):
    """A reminder written on Saturday is sent on Monday. The next one must not replace it at the same hour."""
    inquiry = sent_inquiry(story)
    edit_person(story.contact.user, PersonEdit(time_zone="Asia/Shanghai"), by=CONSOLE_ACTOR, at=AT)
    inquiry.refresh_from_db()
    arrives = next_contact_time(inquiry.contact.user, SATURDAY)
    assert arrives > SATURDAY + timedelta(hours=30)
    send_reminder(inquiry, story, SATURDAY, **WORDS)
    assert inquiry.next_reminder_at >= arrives + timedelta(hours=12)


@pytest.mark.parametrize("words", [{"subject": "Again"}, {"body_own": "Again"}])
def test_custom_reminder_with_only_a_subject_or_a_translation_is_refused(story, words):
    with assert_refused("message_empty", inquiry := sent_inquiry(story)) as no:
        send_reminder(inquiry, story, **words)
    assert no.value.details["field"] == "body"


@pytest.mark.parametrize(("name", "most"), [("subject", 200), ("body", 5000)])
def test_custom_reminder_that_is_too_long_is_refused_at_its_field(story, name, most):
    with assert_refused("too_long", inquiry := sent_inquiry(story)) as no:
        send_reminder(inquiry, story, **(WORDS | {name: "x" * (most + 1)}))
    assert no.value.details["field"] == name


class TestRefusedReminders:
    def test_reminder_of_a_declined_inquiry_is_refused(self, story):
        with assert_refused("wrong_status", inquiry := declined_inquiry(story)):
            send_reminder(inquiry, story, **WORDS)

    def test_reminder_through_an_ended_agreement_is_refused_to_officers_and_the_periodic_job(self, story):
        agreement = cities.twinning("burnaby", "zhongshan")
        inquiry = sent_inquiry(story)
        end_agreement(agreement, why="terminated", by=CONSOLE_ACTOR, at=AT, reason="council vote")
        later = AT + timedelta(days=1)
        with assert_refused("tie_ended", inquiry) as no:
            send_reminder(inquiry, story, later, **WORDS)
        assert "has ended" in str(no.value)
        with assert_refused("tie_ended", inquiry):
            remind_contact(inquiry, by=SYSTEM, at=later)

    def test_reminder_to_a_contact_who_stopped_inquiries_is_refused(self, story):
        inquiry = sent_inquiry(story)
        opt_out(inquiry.contact, by=own_link(inquiry.contact), at=AT)
        inquiry.contact.refresh_from_db()
        with assert_refused("not_ready", inquiry) as no:
            send_reminder(inquiry, story, **WORDS)
        assert "asked not to receive any more messages" in str(no.value)

    def test_reminder_to_a_contact_whose_email_bounces_is_refused(self, story):
        inquiry = sent_inquiry(story)
        mark_bounced(inquiry.contact.user, by=SYSTEM, at=AT, reason="550")
        with assert_refused("not_ready", inquiry) as no:
            send_reminder(inquiry, story, **WORDS)
        assert "are being returned" in str(no.value)

    def test_reminder_to_a_contact_who_stopped_all_mail_is_refused(self, story):
        inquiry = sent_inquiry(story)
        stop_mail(inquiry.contact.user, by=CONSOLE_ACTOR, at=AT)
        with assert_refused("not_ready", inquiry) as no:
            send_reminder(inquiry, story)
        assert "asked not to receive any more messages" in str(no.value)

    @pytest.mark.parametrize("how", ["stopped", "no mail", "bounced"])
    def test_periodic_job_does_not_remind_unreachable_contacts_and_finally_expires_the_inquiry(
        self, story, how
    ):
        inquiry = sent_inquiry(story)
        if how == "stopped":
            opt_out(inquiry.contact, by=own_link(inquiry.contact), at=AT)
        elif how == "no mail":
            stop_mail(inquiry.contact.user, by=CONSOLE_ACTOR, at=AT)
        else:
            mark_bounced(inquiry.contact.user, by=SYSTEM, at=AT, reason="550")
        assert send_reminders(AT + timedelta(days=3)) == 0
        assert allow_other_contacts(AT) == 1, "somebody else may be asked at once"
        assert expire_unanswered_inquiries(AT + timedelta(days=20)) == 1
        assert Inquiry.objects.get(pk=inquiry.pk).status == "no_reply"

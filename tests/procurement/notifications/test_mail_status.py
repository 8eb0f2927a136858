"""Tests of the status of each mail about an inquiry: planned, sent, read or returned.

A mail counts as read when its link is opened.
"""

from datetime import timedelta

import pytest

from accounts.models import ActionLink
from procurement.notifications.builder import build_messages
from procurement.notifications.mail_status import mail_statuses_of, with_mail_status
from procurement.outreach.actions.inquiries import send_inquiry
from procurement.outreach.models.inquiries import Inquiry
from tests.worlds.need_to_order import AT
from workflow.journal.entries import history_of
from workflow.outbox import queue
from workflow.outbox.models import Message


@pytest.fixture
def sent_inquiry(story, inquiry):
    send_inquiry(inquiry, by=story.officer.by, at=AT)
    queue.enqueue(build_messages(history_of(inquiry).get(verb="send"), AT))
    return inquiry


def only_mail(story, inquiry):
    (mail,) = mails_visible_to(story.officer.by)
    return mail


def mails_visible_to(by):
    return [one for thing in with_mail_status(Inquiry.objects.all(), by) for one in mail_statuses_of(thing)]


def test_inquiry_email_is_shown_as_planned_sent_and_read(story, sent_inquiry):
    planned = only_mail(story, sent_inquiry)
    assert (str(planned.kind), planned.state, planned.state_since) == (
        "Inquiry",
        "planned",
        AT + timedelta(hours=8),
    )
    Message.objects.update(state="sent", sent_at=AT + timedelta(hours=8))
    assert (only_mail(story, sent_inquiry).state, str(only_mail(story, sent_inquiry).label)) == (
        "sent",
        "Sent",
    )
    message = Message.objects.get()
    link = ActionLink.objects.create(
        user=message.recipient, purpose="answer", thing_label=message.thing_label, thing_id=message.thing_id,
        digest="x", message_id=message.pk, created_at=AT, expires_at=AT + timedelta(days=7),
    )  # fmt: skip
    assert only_mail(story, sent_inquiry).state == "sent", "made, and not opened yet"
    ActionLink.objects.filter(pk=link.pk).update(seen_at=AT + timedelta(days=1))
    read = only_mail(story, sent_inquiry)
    assert (read.state, read.read_at) == ("read", AT + timedelta(days=1))


@pytest.mark.parametrize(
    ("facts", "state"),
    [
        ({"state": "failed", "bounced_at": AT}, "bounced"),
        ({"state": "failed"}, "failed"),
        ({"state": "cancelled"}, "cancelled"),
        ({"state": "expired"}, "expired"),
    ],
)
def test_undelivered_email_is_shown_with_its_reason(story, sent_inquiry, facts, state):
    Message.objects.update(**facts)
    mail = only_mail(story, sent_inquiry)
    assert mail.state == state
    assert str(mail.label)
    assert mail.state_since == facts.get("bounced_at")


def test_emails_about_an_inquiry_are_hidden_from_other_cities(story, sent_inquiry):
    assert mails_visible_to(story.stranger.by) == []
    assert len(mails_visible_to(story.officer.by)) == 1

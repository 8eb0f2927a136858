"""Tests of delivery reports from a mail provider, each recorded once.

Reports may be repeated, late, about mail that we did not send, or without the secret.
"""

import base64
import uuid
from datetime import timedelta

import pytest
from django.test import Client

from procurement.notifications.builder import build_messages
from procurement.notifications.mail_status import mail_statuses_of, with_mail_status
from procurement.outreach.models.inquiries import Inquiry
from tests.worlds.need_to_order import AT
from workflow.journal.entries import history_of
from workflow.journal.models import Entry
from workflow.outbox import queue
from workflow.outbox.models import Message

SECRET = "events:a-long-secret"
AT_THE_ADDRESS = "/mail-events/"


@pytest.fixture(autouse=True)
def through_a_provider(settings):
    settings.MAIL_PROVIDER = "postmark"
    settings.MAIL_EVENTS_SECRET = SECRET
    settings.ANYMAIL = {**settings.ANYMAIL, "WEBHOOK_SECRET": SECRET}


@pytest.fixture
def mail(story, inquiry):
    queue.enqueue(build_messages(history_of(inquiry).get(verb="send"), AT))
    Message.objects.update(state="sent", sent_at=AT + timedelta(hours=8))
    return Message.objects.get()


def post_report(record, secret=SECRET):
    headers = {"Authorization": f"Basic {base64.b64encode(secret.encode()).decode()}"} if secret else {}
    return Client().post(AT_THE_ADDRESS, record, content_type="application/json", headers=headers)


def report_about(mail, kind, **facts):
    return {
        "RecordType": kind,
        "MessageID": "of-the-provider",
        "Metadata": {"message": str(mail.pk)},
        **facts,
    }


def bounce_report(mail, kind="HardBounce"):
    return report_about(
        mail, "Bounce", Type=kind, ID=7, Email=mail.address, Description="The mailbox is gone."
    )


def delivery_state(story):
    (thing,) = with_mail_status(Inquiry.objects.all(), story.officer.by)
    (told,) = mail_statuses_of(thing)
    return told.state


def test_delivery_report_is_recorded_once_and_shown(story, mail):
    assert delivery_state(story) == "sent"
    for _again in range(2):
        assert post_report(report_about(mail, "Delivery", Recipient=mail.address)).status_code == 204
    mail.refresh_from_db()
    first = mail.delivered_at
    assert first is not None
    assert delivery_state(story) == "delivered"
    post_report(report_about(mail, "Delivery"))
    mail.refresh_from_db()
    assert mail.delivered_at == first


def test_bounce_report_is_recorded_on_mail_and_person_even_after_delivery(story, mail):
    post_report(report_about(mail, "Delivery"))
    for _again in range(2):
        assert post_report(bounce_report(mail)).status_code == 204
    mail.refresh_from_db()
    assert (mail.state, mail.result) == ("sent", "The mailbox is gone.")
    mail.recipient.refresh_from_db()
    assert mail.recipient.bounced_at is not None
    assert Entry.objects.filter(verb="bounce").count() == 1
    assert delivery_state(story) == "bounced"
    post_report(report_about(mail, "Delivery"))
    assert delivery_state(story) == "bounced", "what came back stays so, in whatever order it is told"


def test_bounce_of_a_former_address_does_not_mark_the_new_one(story, mail):
    Message.objects.update(address="old@office.example")
    post_report(bounce_report(mail))
    mail.recipient.refresh_from_db()
    assert mail.recipient.bounced_at is None
    assert Entry.objects.filter(verb="undelivered").count() == 1


def test_blocked_mail_does_not_mark_the_address_as_bounced(story, mail):
    post_report(bounce_report(mail, "Blocked"))
    mail.recipient.refresh_from_db()
    assert mail.recipient.bounced_at is None
    assert delivery_state(story) == "bounced"
    assert Entry.objects.filter(verb="undelivered").count() == 1


@pytest.mark.parametrize("kind", ["Open", "Click", "SpamComplaint", "SubscriptionChange"])
def test_open_and_click_reports_are_not_stored(story, mail, kind):
    assert (
        post_report(report_about(mail, kind, Type="SpamComplaint", Recipient=mail.address)).status_code == 204
    )
    assert delivery_state(story) == "sent"


@pytest.mark.parametrize("number", [str(uuid.UUID(int=1)), "of-somebody-else", ""])
def test_report_on_an_unknown_message_is_ignored(mail, number):
    record = report_about(mail, "Bounce", Type="HardBounce", ID=7) | {"Metadata": {"message": number}}
    assert post_report(record).status_code == 204
    mail.refresh_from_db()
    assert mail.bounced_at is None


def test_report_on_an_unsent_message_is_ignored(mail):
    Message.objects.update(state="cancelled", sent_at=None)
    post_report(bounce_report(mail))
    mail.refresh_from_db()
    assert mail.bounced_at is None


def test_message_id_identifies_the_reported_message(story, mail):
    post_report(
        report_about(mail, "Delivery") | {"Metadata": {}, "MessageID": f"<{mail.pk}@twinlane.example>"}
    )
    assert delivery_state(story) == "delivered"


@pytest.mark.parametrize("secret", ["", "events:wrong", "nobody:a-long-secret"])
def test_report_without_the_secret_gets_401(story, mail, secret):
    assert post_report(report_about(mail, "Delivery"), secret).status_code == 401
    assert delivery_state(story) == "sent"


@pytest.mark.parametrize(
    "body", ["", "{", "[]", "[1]", '"x"', "null", '{"Metadata": 7, "RecordType": "Delivery"}', "\xff"]
)
def test_unreadable_report_is_refused_or_ignored(mail, body):
    assert post_report(body).status_code in (204, 400)


@pytest.mark.parametrize("missing", ["MAIL_PROVIDER", "MAIL_EVENTS_SECRET"])
def test_report_address_is_404_without_provider_or_secret(settings, mail, missing):
    setattr(settings, missing, "")
    assert post_report(report_about(mail, "Delivery")).status_code == 404
    assert Client().head(AT_THE_ADDRESS).status_code == 404


def test_report_address_answers_head_but_not_get(mail):
    assert Client().head(AT_THE_ADDRESS).status_code == 200
    assert Client().get(AT_THE_ADDRESS).status_code == 405

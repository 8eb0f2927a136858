"""Delivery to a mail server that takes, refuses, hangs or disconnects."""

from datetime import timedelta

import pytest
from django.db import OperationalError
from django.db.models.functions import Now

from tests.workflow.conftest import AT
from workflow.outbox import delivery, queue
from workflow.outbox.delivery import DeliveryHooks, DeliveryResult, MessageContent, _close_message
from workflow.outbox.file_backend import newest_mails, sent_mail
from workflow.outbox.models import Message
from workflow.outbox.queue import mark_sending

pytestmark = pytest.mark.django_db


def deliver(office, at=AT, limit=10):
    return delivery.deliver(limit, at, office.hooks, pace=timedelta())


def only_message() -> Message:
    return Message.objects.get()


def test_due_message_is_sent_with_its_link_and_message_id(plan, office, sink):
    message = plan(subject="您好", language="zh-hans")
    assert deliver(office).sent_count == 1
    (mail,) = sink.got
    assert mail["Subject"] == "您好"
    assert mail["Message-ID"] == f"<{message.pk}@localhost>"
    assert mail["To"] == message.address
    assert mail["Date"].datetime == AT
    assert mail["List-Unsubscribe"] == "<https://example.test/stop/xyz/>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Content-Language"] == "zh-hans"
    assert office.link in mail.get_content()
    sent = only_message()
    assert (sent.state, sent.sent_at, sent.attempts, sent.claim) == (Message.State.SENT, AT, 1, None)
    assert office.link not in sent.body


def test_mail_without_an_unsubscribe_address_has_no_such_header(plan):
    mail = delivery.compose(plan(), MessageContent(), AT)
    assert "List-Unsubscribe" not in mail.extra_headers


def test_delivery_round_uses_one_connection_for_all_messages(plan, office, sink):
    for _ in range(5):
        plan()
    assert deliver(office) == DeliveryResult(claimed_count=5, sent_count=5, has_more=False)
    assert len(sink.got) == 5
    assert deliver(office) == DeliveryResult()


def test_full_delivery_round_reports_that_more_may_wait(plan, office, sink):
    plan(), plan()
    assert deliver(office, limit=2).has_more


def test_irrelevant_message_is_cancelled_instead_of_sent(plan, office, sink):
    office.irrelevant.add(plan().pk)
    assert deliver(office).sent_count == 0
    assert only_message().state == Message.State.CANCELLED
    assert sink.got == []


def test_message_due_at_night_waits_for_the_morning_unless_urgent(plan, office, sink):
    morning = AT + timedelta(hours=9)
    office.polite = lambda message, at: max(at, morning)
    late, hurried = plan(), plan(hurried=True)
    assert deliver(office).sent_count == 1
    late.refresh_from_db()
    hurried.refresh_from_db()
    assert (late.state, late.next_try_at) == (Message.State.PLANNED, morning)
    assert hurried.state == Message.State.SENT
    assert deliver(office, morning).sent_count == 1


def test_retry_is_scheduled_within_the_recipients_hours(plan, office, sink):
    sink.script = lambda address: "rcpt 451"
    office.polite = lambda message, at: at if at == AT else AT + timedelta(hours=9)
    plan()
    deliver(office)
    assert only_message().next_try_at == AT + timedelta(hours=9)


def test_message_never_tried_in_time_expires_and_is_reported(plan, office, sink):
    message = plan(expires_at=AT)
    deliver(office)
    assert only_message().state == Message.State.EXPIRED
    assert office.given_up == [message]


def test_message_tried_until_its_expiry_is_marked_failed(plan, office, sink):
    plan(expires_at=AT, attempts=3, result="451 no")
    deliver(office)
    assert (only_message().state, only_message().result) == (Message.State.FAILED, "451 no")


def test_permanent_refusal_of_the_address_fails_the_message_and_reports_a_bounce(plan, office, sink):
    sink.script = lambda address: "rcpt 550"
    message = plan()
    deliver(office)
    assert (only_message().state, only_message().result, only_message().doubts) == (
        Message.State.FAILED,
        "550 no",
        0,
    )
    assert only_message().bounced_at == AT
    assert office.bounced == [message]
    assert office.given_up == []


def test_refused_content_fails_the_message_without_a_bounce(plan, office, sink):
    sink.script = lambda address: "data 554"
    message = plan()
    deliver(office)
    assert (only_message().state, only_message().doubts) == (Message.State.FAILED, 0)
    assert office.bounced == []
    assert office.given_up == [message]


@pytest.mark.parametrize("script", ["rcpt 451", "data 451", "no data 451"])
def test_temporary_failure_is_retried_later(plan, office, sink, script):
    sink.script = lambda address: script
    plan()
    deliver(office)
    message = only_message()
    assert (message.state, message.attempts, message.doubts) == (Message.State.PLANNED, 1, 0)
    assert AT < message.next_try_at <= AT + timedelta(minutes=2)
    assert deliver(office).claimed_count == 0
    sink.script = lambda address: ""
    assert deliver(office, AT + timedelta(minutes=2)).sent_count == 1
    assert len(sink.got) == 1


def test_temporary_failure_near_expiry_fails_the_message(plan, office, sink):
    sink.script = lambda address: "rcpt 451"
    message = plan(expires_at=AT + timedelta(seconds=30))
    deliver(office)
    assert only_message().state == Message.State.FAILED
    assert office.given_up == [message]


def test_refused_sender_address_keeps_the_message_planned(plan, office, sink):
    sink.refuse_sender = "550 who are you"
    plan()
    deliver(office)
    assert only_message().state == Message.State.PLANNED
    assert office.bounced == []


def test_refused_address_does_not_delay_other_messages(plan, office, sink):
    bad = plan()
    for _ in range(3):
        plan()
    sink.script = lambda address: "rcpt 550" if address == bad.address else ""
    assert deliver(office).sent_count == 3


@pytest.mark.parametrize("script", ["drop", "take and drop", "hang"])
def test_connection_lost_after_the_content_is_retried_once_then_uncertain(plan, office, sink, script):
    sink.script = lambda address: script
    message = plan()
    deliver(office)
    assert (only_message().state, only_message().doubts) == (Message.State.PLANNED, 1)
    deliver(office, AT + timedelta(hours=1))
    assert (only_message().state, only_message().doubts) == (Message.State.UNCERTAIN, 2)
    assert office.given_up == [message]
    deliver(office, AT + timedelta(hours=9))
    assert len(sink.got) == (2 if script == "take and drop" else 0), "at most twice"


def test_message_accepted_after_one_doubtful_attempt_is_sent(plan, office, sink):
    sink.script = lambda address: "drop"
    plan()
    deliver(office)
    sink.script = lambda address: ""
    deliver(office, AT + timedelta(hours=1))
    assert only_message().state == Message.State.SENT


def test_sender_killed_twice_after_delivery_leaves_the_message_uncertain(plan, office, sink):
    plan()
    for _ in range(2):
        (message,) = queue.claim_due_messages(1, AT, timedelta())
        assert mark_sending(message)
        Message.objects.update(leased_until=Now() - timedelta(seconds=1))
    deliver(office)
    assert only_message().state == Message.State.UNCERTAIN
    assert sink.got == []


def test_unavailable_server_ends_the_round_and_releases_the_messages(plan, office, sink):
    sink.greeting = "421 not now"
    for _ in range(3):
        plan()
    assert deliver(office) == DeliveryResult(claimed_count=3, sent_count=0, has_more=False)
    assert set(Message.objects.values_list("state", flat=True)) == {Message.State.PLANNED}
    assert sorted(Message.objects.values_list("attempts", flat=True)) == [0, 0, 1]
    sink.greeting = ""
    assert deliver(office, AT + timedelta(minutes=2)).sent_count == 3


def test_refused_connection_keeps_the_message_planned(plan, office, settings):
    options = {"host": "127.0.0.1", "port": 1, "timeout": 1}
    settings.MAILERS = {"default": {"BACKEND": "workflow.outbox.smtp.SmtpTransport", "OPTIONS": options}}
    plan()
    deliver(office)
    assert only_message().state == Message.State.PLANNED


def test_claim_lost_before_sending_skips_the_message(plan, office, sink):
    plan(next_try_at=AT - timedelta(hours=1))
    lost = plan()

    def fill(message):
        Message.objects.filter(pk=lost.pk).update(claim="00000000-0000-0000-0000-000000000000")
        return MessageContent()

    hooks = DeliveryHooks(lambda message: True, fill, office.bounced.append, office.given_up.append)
    assert delivery.deliver(10, AT, hooks).sent_count == 1
    assert len(sink.got) == 1


def test_claim_lost_while_composing_stops_the_message(plan, office, sink):
    plan()

    def fill(message):
        Message.objects.update(claim="00000000-0000-0000-0000-000000000000")
        return MessageContent()

    hooks = DeliveryHooks(lambda message: True, fill, office.bounced.append, office.given_up.append)
    assert delivery.deliver(10, AT, hooks).sent_count == 0
    assert sink.got == []


def test_message_with_a_composing_error_delays_no_other_and_is_retried(plan, office, sink, caplog):
    faulty = plan(next_try_at=AT - timedelta(hours=1))
    plan()

    def fill(message):
        if message.pk == faulty.pk:
            raise LookupError("no such thing")
        return MessageContent()

    hooks = DeliveryHooks(lambda message: True, fill, office.bounced.append, office.given_up.append)
    assert delivery.deliver(10, AT, hooks).sent_count == 1
    faulty.refresh_from_db()
    assert (faulty.state, faulty.attempts) == (Message.State.PLANNED, 1)
    assert "no such thing" in caplog.text


def test_lost_database_connection_ends_the_round(plan, office, sink):
    plan()

    def fill(message):
        raise OperationalError("gone")

    hooks = DeliveryHooks(lambda message: True, fill, office.bounced.append, office.given_up.append)
    with pytest.raises(OperationalError):
        delivery.deliver(10, AT, hooks)
    assert only_message().state == Message.State.SENDING, "its lease lapses, then it is sent"


def test_failed_bounce_report_is_repeated(plan, office, sink):
    sink.script = lambda address: "rcpt 550"
    plan()

    def bounced(message):
        raise LookupError("no one to tell")

    hooks = DeliveryHooks(
        lambda message: True, lambda message: MessageContent(), bounced, office.given_up.append
    )
    delivery.deliver(10, AT, hooks)
    assert only_message().state == Message.State.PLANNED
    assert deliver(office, AT + timedelta(hours=1)).claimed_count == 1
    assert len(office.bounced) == 1


def test_message_claimed_by_another_sender_is_not_finished_twice(plan, office):
    plan()
    (message,) = queue.claim_due_messages(1, AT, timedelta())
    Message.objects.update(claim="00000000-0000-0000-0000-000000000000")
    _close_message(message, Message.State.FAILED, "too late", office.given_up.append)
    assert office.given_up == []


def test_server_disconnecting_during_the_envelope_is_retried_without_doubt(plan, office, sink):
    sink.refuse_sender = "bye"
    plan()
    deliver(office)
    assert (only_message().state, only_message().doubts, only_message().attempts) == (
        Message.State.PLANNED,
        0,
        1,
    )


def test_unwritable_practice_mail_folder_is_retried(plan, office, settings, tmp_path):
    (tmp_path / "mail").write_text("no folder")
    options = {"folder": tmp_path / "mail"}
    settings.MAILERS = {
        "default": {"BACKEND": "workflow.outbox.file_backend.FileEmailBackend", "OPTIONS": options}
    }
    plan()
    deliver(office)
    assert (only_message().state, only_message().attempts) == (Message.State.PLANNED, 1)


def test_practice_mail_is_stored_as_sent_with_private_permissions(plan, office, settings, tmp_path):
    settings.MAIL_DIR = tmp_path / "mail"
    options = {"folder": settings.MAIL_DIR}
    settings.MAILERS = {
        "default": {"BACKEND": "workflow.outbox.file_backend.FileEmailBackend", "OPTIONS": options}
    }
    message = plan()
    assert sent_mail(message) is None
    assert deliver(office).sent_count == 1
    mail = sent_mail(message)
    assert mail is not None
    assert office.link in mail.get_content()
    assert [sent["Subject"] for sent in newest_mails(0, 5)] == [message.subject]
    (file,) = settings.MAIL_DIR.iterdir()
    assert file.stat().st_mode & 0o777 == 0o600

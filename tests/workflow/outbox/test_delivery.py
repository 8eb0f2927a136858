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


def only() -> Message:
    return Message.objects.get()


def test_a_due_message_is_sent_with_its_link_and_its_own_number(plan, office, sink):
    message = plan(subject="您好", language="zh-hans")
    assert deliver(office).sent == 1
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
    sent = only()
    assert (sent.state, sent.sent_at, sent.attempts, sent.claim) == (Message.State.SENT, AT, 1, None)
    assert office.link not in sent.body


def test_a_mail_without_a_way_to_stop_says_nothing_about_it(plan):
    mail = delivery.compose(plan(), MessageContent(), AT)
    assert "List-Unsubscribe" not in mail.extra_headers


def test_a_round_sends_everything_over_one_connection(plan, office, sink):
    for _ in range(5):
        plan()
    assert deliver(office) == DeliveryResult(claimed=5, sent=5, more=False)
    assert len(sink.got) == 5
    assert deliver(office) == DeliveryResult()


def test_a_full_round_says_that_there_may_be_more(plan, office, sink):
    plan(), plan()
    assert deliver(office, limit=2).more


def test_what_no_longer_matters_is_not_sent(plan, office, sink):
    office.irrelevant.add(plan().pk)
    assert deliver(office).sent == 0
    assert only().state == Message.State.CANCELLED
    assert sink.got == []


def test_what_would_come_at_night_waits_for_the_morning_unless_someone_hurried_it(plan, office, sink):
    morning = AT + timedelta(hours=9)
    office.polite = lambda message, at: max(at, morning)
    late, hurried = plan(), plan(hurried=True)
    assert deliver(office).sent == 1
    late.refresh_from_db()
    hurried.refresh_from_db()
    assert (late.state, late.next_try_at) == (Message.State.PLANNED, morning)
    assert hurried.state == Message.State.SENT
    assert deliver(office, morning).sent == 1


def test_what_is_tried_again_is_tried_at_a_decent_hour(plan, office, sink):
    sink.script = lambda address: "rcpt 451"
    office.polite = lambda message, at: at if at == AT else AT + timedelta(hours=9)
    plan()
    deliver(office)
    assert only().next_try_at == AT + timedelta(hours=9)


def test_a_message_that_was_never_tried_in_time_expires_and_a_person_is_told(plan, office, sink):
    message = plan(expires_at=AT)
    deliver(office)
    assert only().state == Message.State.EXPIRED
    assert office.given_up == [message]


def test_one_that_was_tried_in_vain_until_then_is_dead(plan, office, sink):
    plan(expires_at=AT, attempts=3, result="451 no")
    deliver(office)
    assert (only().state, only().result) == (Message.State.FAILED, "451 no")


def test_a_dead_address_kills_the_message_and_is_reported(plan, office, sink):
    sink.script = lambda address: "rcpt 550"
    message = plan()
    deliver(office)
    assert (only().state, only().result, only().doubts) == (Message.State.FAILED, "550 no", 0)
    assert only().bounced_at == AT
    assert office.bounced == [message]
    assert office.given_up == []


def test_a_refused_content_kills_the_message_but_not_the_address(plan, office, sink):
    sink.script = lambda address: "data 554"
    message = plan()
    deliver(office)
    assert (only().state, only().doubts) == (Message.State.FAILED, 0)
    assert office.bounced == []
    assert office.given_up == [message]


@pytest.mark.parametrize("script", ["rcpt 451", "data 451", "no data 451"])
def test_a_temporary_failure_is_tried_again_later(plan, office, sink, script):
    sink.script = lambda address: script
    plan()
    deliver(office)
    message = only()
    assert (message.state, message.attempts, message.doubts) == (Message.State.PLANNED, 1, 0)
    assert AT < message.next_try_at <= AT + timedelta(minutes=2)
    assert deliver(office).claimed == 0
    sink.script = lambda address: ""
    assert deliver(office, AT + timedelta(minutes=2)).sent == 1
    assert len(sink.got) == 1


def test_temporary_failures_end_where_the_message_would_come_too_late(plan, office, sink):
    sink.script = lambda address: "rcpt 451"
    message = plan(expires_at=AT + timedelta(seconds=30))
    deliver(office)
    assert only().state == Message.State.FAILED
    assert office.given_up == [message]


def test_our_own_refused_sender_kills_no_ones_mail(plan, office, sink):
    sink.refuse_sender = "550 who are you"
    plan()
    deliver(office)
    assert only().state == Message.State.PLANNED
    assert office.bounced == []


def test_one_refused_address_does_not_hold_up_the_others(plan, office, sink):
    bad = plan()
    for _ in range(3):
        plan()
    sink.script = lambda address: "rcpt 550" if address == bad.address else ""
    assert deliver(office).sent == 3


@pytest.mark.parametrize("script", ["drop", "take and drop", "hang"])
def test_a_connection_lost_after_the_content_is_tried_once_more_and_then_uncertain(
    plan, office, sink, script
):
    sink.script = lambda address: script
    message = plan()
    deliver(office)
    assert (only().state, only().doubts) == (Message.State.PLANNED, 1)
    deliver(office, AT + timedelta(hours=1))
    assert (only().state, only().doubts) == (Message.State.UNCERTAIN, 2)
    assert office.given_up == [message]
    deliver(office, AT + timedelta(hours=9))
    assert len(sink.got) == (2 if script == "take and drop" else 0), "at most twice"


def test_after_one_doubt_a_taken_mail_is_sent(plan, office, sink):
    sink.script = lambda address: "drop"
    plan()
    deliver(office)
    sink.script = lambda address: ""
    deliver(office, AT + timedelta(hours=1))
    assert only().state == Message.State.SENT


def test_a_sender_killed_twice_after_delivery_never_delivers_a_third_time(plan, office, sink):
    plan()
    for _ in range(2):
        (message,) = queue.claim(1, AT, timedelta())
        assert mark_sending(message)
        Message.objects.update(leased_until=Now() - timedelta(seconds=1))
    deliver(office)
    assert only().state == Message.State.UNCERTAIN
    assert sink.got == []


def test_while_the_server_is_away_the_round_ends_and_lets_go(plan, office, sink):
    sink.greeting = "421 not now"
    for _ in range(3):
        plan()
    assert deliver(office) == DeliveryResult(claimed=3, sent=0, more=False)
    assert set(Message.objects.values_list("state", flat=True)) == {Message.State.PLANNED}
    assert sorted(Message.objects.values_list("attempts", flat=True)) == [0, 0, 1]
    sink.greeting = ""
    assert deliver(office, AT + timedelta(minutes=2)).sent == 3


def test_a_server_that_is_not_there_at_all_is_away(plan, office, settings):
    options = {"host": "127.0.0.1", "port": 1, "timeout": 1}
    settings.MAILERS = {"default": {"BACKEND": "workflow.outbox.smtp.SmtpTransport", "OPTIONS": options}}
    plan()
    deliver(office)
    assert only().state == Message.State.PLANNED


def test_a_claim_lost_before_its_turn_is_dropped(plan, office, sink):
    plan(next_try_at=AT - timedelta(hours=1))
    lost = plan()

    def fill(message):
        Message.objects.filter(pk=lost.pk).update(claim="00000000-0000-0000-0000-000000000000")
        return MessageContent()

    hooks = DeliveryHooks(lambda message: True, fill, office.bounced.append, office.given_up.append)
    assert delivery.deliver(10, AT, hooks).sent == 1
    assert len(sink.got) == 1


def test_a_claim_lost_while_the_mail_is_prepared_stops_the_content(plan, office, sink):
    plan()

    def fill(message):
        Message.objects.update(claim="00000000-0000-0000-0000-000000000000")
        return MessageContent()

    hooks = DeliveryHooks(lambda message: True, fill, office.bounced.append, office.given_up.append)
    assert delivery.deliver(10, AT, hooks).sent == 0
    assert sink.got == []


def test_a_faulty_message_holds_up_no_one_and_is_tried_again(plan, office, sink, caplog):
    faulty = plan(next_try_at=AT - timedelta(hours=1))
    plan()

    def fill(message):
        if message.pk == faulty.pk:
            raise LookupError("no such thing")
        return MessageContent()

    hooks = DeliveryHooks(lambda message: True, fill, office.bounced.append, office.given_up.append)
    assert delivery.deliver(10, AT, hooks).sent == 1
    faulty.refresh_from_db()
    assert (faulty.state, faulty.attempts) == (Message.State.PLANNED, 1)
    assert "no such thing" in caplog.text


def test_a_lost_database_ends_the_round(plan, office, sink):
    plan()

    def fill(message):
        raise OperationalError("gone")

    hooks = DeliveryHooks(lambda message: True, fill, office.bounced.append, office.given_up.append)
    with pytest.raises(OperationalError):
        delivery.deliver(10, AT, hooks)
    assert only().state == Message.State.SENDING, "its lease lapses, then it is sent"


def test_a_failing_report_is_made_again(plan, office, sink):
    sink.script = lambda address: "rcpt 550"
    plan()

    def bounced(message):
        raise LookupError("no one to tell")

    hooks = DeliveryHooks(
        lambda message: True, lambda message: MessageContent(), bounced, office.given_up.append
    )
    delivery.deliver(10, AT, hooks)
    assert only().state == Message.State.PLANNED
    assert deliver(office, AT + timedelta(hours=1)).claimed == 1
    assert len(office.bounced) == 1


def test_a_message_taken_by_another_sender_is_not_ended_twice(plan, office):
    plan()
    (message,) = queue.claim(1, AT, timedelta())
    Message.objects.update(claim="00000000-0000-0000-0000-000000000000")
    _close_message(message, Message.State.FAILED, "too late", office.given_up.append)
    assert office.given_up == []


def test_a_server_that_goes_away_in_the_middle_of_the_envelope_is_tried_again(plan, office, sink):
    sink.refuse_sender = "bye"
    plan()
    deliver(office)
    assert (only().state, only().doubts, only().attempts) == (Message.State.PLANNED, 0, 1)


def test_a_drawer_that_cannot_be_opened_is_tried_again(plan, office, settings, tmp_path):
    (tmp_path / "mail").write_text("no folder")
    options = {"folder": tmp_path / "mail"}
    settings.MAILERS = {
        "default": {"BACKEND": "workflow.outbox.file_backend.FileEmailBackend", "OPTIONS": options}
    }
    plan()
    deliver(office)
    assert (only().state, only().attempts) == (Message.State.PLANNED, 1)


def test_practice_mail_goes_into_the_drawer_as_it_was_sent(plan, office, settings, tmp_path):
    settings.MAIL_DIR = tmp_path / "mail"
    options = {"folder": settings.MAIL_DIR}
    settings.MAILERS = {
        "default": {"BACKEND": "workflow.outbox.file_backend.FileEmailBackend", "OPTIONS": options}
    }
    message = plan()
    assert sent_mail(message) is None
    assert deliver(office).sent == 1
    mail = sent_mail(message)
    assert mail is not None
    assert office.link in mail.get_content()
    assert [sent["Subject"] for sent in newest_mails(0, 5)] == [message.subject]
    (file,) = settings.MAIL_DIR.iterdir()
    assert file.stat().st_mode & 0o777 == 0o600

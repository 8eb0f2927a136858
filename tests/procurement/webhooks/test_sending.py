"""Events reach the receiving system in order, signed, with references and states only, and each failure is retried."""

import socket
from datetime import timedelta

import pytest
from standardwebhooks import Webhook
from standardwebhooks.webhooks import WebhookVerificationError

from procurement.requests.actions.requests import resume_offers, stop_request
from procurement.tasks import clean_up
from procurement.webhooks.actions import queue, sending
from procurement.webhooks.actions.endpoints import (
    WebhookEdit,
    clear_expired_secrets,
    edit_webhook,
    reveal_secret,
    rotate_secret,
    rotate_webhook_secrets,
    send_test_event,
)
from procurement.webhooks.actions.sending import record_attempt, send_due_events
from procurement.webhooks.http_sender import AttemptResult
from procurement.webhooks.models import WebhookCursor, WebhookDelivery, WebhookEndpoint
from procurement.webhooks.rules import RETRY_DELAYS
from procurement.webhooks.signing import decrypt_secret, webhook_id
from tests.procurement.webhooks.conftest import SECONDS, Hooked
from tests.webhook_receiver import answer_after, answer_with, drip, endless_body
from tests.worlds import cities
from tests.worlds.need_to_order import AT
from workflow import clock
from workflow.journal.entries import history_of

pytestmark = pytest.mark.django_db


def overdue(hooked: Hooked) -> None:
    """Let the wait of every planned event pass."""
    WebhookDelivery.objects.filter(state="planned").update(
        next_try_at=clock.real_now() - timedelta(seconds=1)
    )


def test_events_of_chosen_kinds_arrive_signed_and_in_order(hooked):
    order = hooked.story.approved()
    assert hooked.send() == len(hooked.receiver.calls) > 3
    assert all(hooked.is_genuine(call) for call in hooked.receiver.calls)
    orders = [call.event["data"] for call in hooked.receiver.calls if call.event["type"].startswith("order.")]
    entries = [data["entry"] for data in orders]
    assert entries == sorted(entries) == sorted(entry.pk for entry in history_of(order))
    assert {data["reference"] for data in orders} == {order.reference}
    assert orders[-1] == {
        "id": order.pk,
        "reference": order.reference,
        "status": order.status,
        "city": hooked.story.city.slug,
        "entry": entries[-1],
        "url": f"http://localhost:8000/api/v1/orders/{order.reference}/",
    }
    assert {delivery.state for delivery in hooked.deliveries} == {"delivered"}
    assert hooked.send() == 0


def test_signature_satisfies_the_library_of_the_specification(hooked):
    send_test_event(hooked.endpoint, by=hooked.administrator.by, at=AT, real_at=clock.real_now())
    hooked.send()
    (call,) = hooked.receiver.calls
    secret = decrypt_secret(hooked.endpoint.secret)
    assert Webhook(secret).verify(call.body, call.headers)["type"] == "webhook_endpoint.test"
    with pytest.raises(WebhookVerificationError):
        Webhook(secret).verify(call.body + b" ", call.headers)
    assert call.headers["webhook-id"] == webhook_id(hooked.only.message_id)


def test_both_secrets_sign_for_a_day_after_rotation(hooked, time_machine):
    old = decrypt_secret(hooked.endpoint.secret)
    by = {"by": hooked.administrator.by, "at": AT}
    rotate_secret(hooked.endpoint, **by, real_at=clock.real_now())
    new = decrypt_secret(hooked.endpoint.secret)
    assert new != old
    for hours, valid in ((1, [old, new]), (26, [new])):
        time_machine.move_to(clock.real_now() + timedelta(hours=hours))
        send_test_event(hooked.endpoint, **by, real_at=clock.real_now())
        hooked.send()
        call = hooked.receiver.calls[-1]
        for secret in (old, new):
            if secret in valid:
                Webhook(secret).verify(call.body, call.headers)
            else:
                with pytest.raises(WebhookVerificationError):
                    Webhook(secret).verify(call.body, call.headers)


def test_second_rotation_within_a_day_keeps_the_secret_that_the_receiving_system_knows(hooked):
    old = decrypt_secret(hooked.endpoint.secret)
    by = {"by": hooked.administrator.by, "at": AT, "real_at": clock.real_now()}
    reveal_secret(hooked.endpoint, **by)
    rotate_secret(hooked.endpoint, **by)
    until = hooked.endpoint.previous_secret_until
    rotate_secret(hooked.endpoint, **by | {"real_at": clock.real_now() + timedelta(hours=3)})
    assert hooked.endpoint.previous_secret_until == until
    send_test_event(hooked.endpoint, **by)
    hooked.send()
    (call,) = hooked.receiver.calls
    for secret in (old, decrypt_secret(hooked.endpoint.secret)):
        Webhook(secret).verify(call.body, call.headers)
    rotate_secret(hooked.endpoint, **by, keep_previous=False)
    assert hooked.endpoint.previous_secret == ""


def test_second_rotation_after_the_secret_was_shown_keeps_the_shown_one(hooked):
    by = {"by": hooked.administrator.by, "at": AT, "real_at": clock.real_now()}
    rotate_secret(hooked.endpoint, **by)
    shown = reveal_secret(hooked.endpoint, **by)
    rotate_secret(hooked.endpoint, **by)
    assert decrypt_secret(hooked.endpoint.previous_secret) == shown


def test_expired_previous_secret_is_deleted_and_an_unreadable_one_blocks_nothing(hooked, settings):
    by = {"by": hooked.administrator.by, "at": AT, "real_at": clock.real_now()}
    rotate_secret(hooked.endpoint, **by)
    secret = decrypt_secret(hooked.endpoint.secret)
    rows = WebhookEndpoint.objects.filter(pk=hooked.endpoint.pk)
    rows.update(previous_secret="encrypted with a key that is lost")
    send_test_event(hooked.endpoint, **by)
    assert hooked.send() == 1
    assert hooked.is_genuine(hooked.receiver.calls[0])
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another-key-" + "d" * 50
    assert rotate_webhook_secrets().unreadable == 1
    settings.SECRET_KEY_FALLBACKS = []
    assert decrypt_secret(rows.get().secret) == secret
    assert clear_expired_secrets(clock.real_now() + timedelta(hours=23)) == 0
    rows.update(previous_secret_until=clock.real_now())
    clean_up(AT)
    assert (rows.get().previous_secret, rows.get().previous_secret_until) == ("", None)
    assert rotate_webhook_secrets().already_current == 1


def test_rotation_without_overlap_ends_the_old_secret_at_once(hooked):
    old = decrypt_secret(hooked.endpoint.secret)
    by = {"by": hooked.administrator.by, "at": AT, "real_at": clock.real_now()}
    rotate_secret(hooked.endpoint, **by, keep_previous=False)
    send_test_event(hooked.endpoint, **by)
    hooked.send()
    (call,) = hooked.receiver.calls
    with pytest.raises(WebhookVerificationError):
        Webhook(old).verify(call.body, call.headers)


@pytest.mark.parametrize(
    ("answer", "result", "status"),
    [
        (answer_with(500), "refused", 500),
        (answer_with(404), "refused", 404),
        (answer_with(302, Location="http://169.254.169.254/latest/"), "redirected", 302),
        (answer_after(2 * SECONDS), "timed_out", None),
        (drip, "timed_out", None),
    ],
    ids=["500", "404", "redirect", "slow", "drip"],
)
def test_failed_attempt_is_planned_again_by_the_schedule(hooked, answer, result, status):
    hooked.receiver.answers = [answer]
    send_test_event(hooked.endpoint, by=hooked.administrator.by, at=AT, real_at=clock.real_now())
    began = clock.real_now()
    assert hooked.send() == 0
    assert clock.real_now() - began < timedelta(seconds=SECONDS + 2)
    delivery = hooked.only
    assert (delivery.state, delivery.result, delivery.response_status, delivery.attempts) == (
        "planned", result, status, 1,
    )  # fmt: skip
    wait = delivery.next_try_at - delivery.tried_at
    assert RETRY_DELAYS[0] <= wait <= RETRY_DELAYS[0] * 1.1
    assert hooked.send() == 0, "not before its time"
    overdue(hooked)
    assert hooked.send() == 1
    first, second = hooked.receiver.calls
    assert (first.number, first.body) == (second.number, second.body)
    assert hooked.is_genuine(second)


def test_endless_body_of_an_accepted_event_is_not_read(hooked):
    hooked.receiver.answer = endless_body
    send_test_event(hooked.endpoint, by=hooked.administrator.by, at=AT, real_at=clock.real_now())
    assert hooked.send() == 1
    assert hooked.only.response_ms < SECONDS * 1000


def test_retry_after_postpones_all_events_of_the_webhook(hooked):
    hooked.receiver.answers = [answer_with(429, Retry_After="3600")]
    by = {"by": hooked.administrator.by, "at": AT, "real_at": clock.real_now()}
    send_test_event(hooked.endpoint, **by)
    send_test_event(hooked.endpoint, **by)
    assert hooked.send() == 0
    assert len(hooked.receiver.calls) == 1
    assert hooked.deliveries[0].next_try_at >= clock.real_now() + timedelta(minutes=59)
    overdue(hooked)
    assert hooked.send() == 0
    WebhookCursor.objects.update(paused_until=clock.real_now())
    assert hooked.send() == 2


def test_answer_410_disables_the_webhook_and_cancels_what_waits(hooked):
    hooked.receiver.answer = answer_with(410)
    by = {"by": hooked.administrator.by, "at": AT, "real_at": clock.real_now()}
    for _number in range(2):
        send_test_event(hooked.endpoint, **by)
    hooked.send()
    hooked.endpoint.refresh_from_db()
    assert (hooked.endpoint.status, hooked.endpoint.disabled_reason) == ("disabled", "gone")
    assert [one.state for one in hooked.deliveries] == ["failed", "cancelled"]
    assert len(hooked.receiver.calls) == 1


def test_each_event_of_an_outage_has_the_whole_schedule_and_then_the_webhook_is_disabled(
    hooked, time_machine
):
    hooked.receiver.answer = answer_with(503)
    began = clock.real_now()
    time_machine.move_to(began, tick=False)
    hooked.story.line(8_000)
    hooked.send()
    time_machine.move_to(began + timedelta(hours=1), tick=False)
    send_test_event(hooked.endpoint, by=hooked.administrator.by, at=AT, real_at=clock.real_now())
    moments = {delivery.pk: [] for delivery in hooked.deliveries}
    while hooked.endpoint.status == "active" and clock.real_now() - began < timedelta(days=9):
        hooked.send()
        waiting = [one.next_try_at for one in hooked.deliveries if one.state == "planned"]
        for one in hooked.deliveries:
            if one.tried_at == clock.real_now():
                moments[one.pk].append(clock.real_now() - began)
        later = [moment for moment in waiting if moment > clock.real_now()]
        hooked.endpoint.refresh_from_db()
        if later:
            time_machine.move_to(min(later), tick=False)
    need, *_rest, test = hooked.deliveries
    for delivery in (need, test):
        assert (delivery.state, delivery.attempts) == ("failed", len(RETRY_DELAYS) + 1)
        assert timedelta(hours=75) < moments[delivery.pk][-1] < timedelta(hours=85)
    assert hooked.endpoint.disabled_reason == "failing"
    assert clock.real_now() - began >= timedelta(days=5)


def test_failures_before_a_success_are_cleared_with_it(hooked, monkeypatch):
    send_test_event(hooked.endpoint, by=hooked.administrator.by, at=AT, real_at=clock.real_now())
    (held,) = queue.claim_due(1, clock.real_now())
    monkeypatch.setattr(queue, "clear_failures", lambda _endpoint: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        record_attempt(held, AttemptResult("ok", 204), AT, clock.real_now())
    assert hooked.only.state == "sending", "both are written, or none"


@pytest.mark.parametrize(("state", "is_cleared"), [("cancelled", True), ("failed", False)])
def test_failures_of_a_cancelled_event_are_forgotten(hooked, state, is_cleared):
    since = clock.real_now() - timedelta(days=4)
    need = hooked.story.line(8_000).supply_request
    hooked.plan()
    WebhookCursor.objects.update(failing_since=since)
    first, second, _third = hooked.deliveries
    tried = {"attempts": 3, "tried_at": since + timedelta(hours=1)}
    WebhookDelivery.objects.filter(pk=first.pk).update(state=state, **tried)
    WebhookDelivery.objects.filter(pk=second.pk).update(**tried)
    type(need).objects.filter(pk=need.pk).update(city=cities.city("oakville"))
    assert hooked.send() == 0
    assert {one.result for one in hooked.deliveries[1:]} == {"no_rights"}
    assert (WebhookCursor.objects.get().failing_since is None) == is_cleared


def test_attempt_that_fails_for_an_unforeseen_reason_is_logged_and_tried_again(hooked, monkeypatch, caplog):
    send_test_event(hooked.endpoint, by=hooked.administrator.by, at=AT, real_at=clock.real_now())

    def has_no_memory(*_args: object, **_options: object) -> None:
        raise MemoryError

    with monkeypatch.context() as broken:
        broken.setattr(socket, "getaddrinfo", has_no_memory)
        assert hooked.send() == 0
    assert "a webhook could not be sent" in caplog.text
    assert (hooked.only.state, hooked.only.attempts, hooked.only.result) == ("planned", 1, "internal_error")
    overdue(hooked)
    assert hooked.send() == 1


def test_round_that_has_taken_its_time_finishes_its_attempt_and_leaves_the_rest_to_the_next(hooked):
    hooked.receiver.answer = answer_after(SECONDS / 2)
    for _number in range(2):
        send_test_event(hooked.endpoint, by=hooked.administrator.by, at=AT, real_at=clock.real_now())
    until = timedelta(seconds=SECONDS / 4)
    assert send_due_events(lambda: AT, clock.real_now, seconds=SECONDS, max_round=until) == 1
    assert [one.state for one in hooked.deliveries] == ["delivered", "planned"]
    assert hooked.send() == 1


@pytest.mark.parametrize("how", ["secret key lost", "faulty event"])
def test_event_that_cannot_be_prepared_counts_as_a_failure_with_its_reason(
    hooked, settings, monkeypatch, how
):
    send_test_event(hooked.endpoint, by=hooked.administrator.by, at=AT, real_at=clock.real_now())
    if how == "secret key lost":
        settings.SECRET_KEY = "another-key-" + "e" * 50
    else:
        monkeypatch.setattr(sending, "event_body", lambda *_facts: 1 / 0)
    assert hooked.send() == 0
    assert not hooked.receiver.calls
    assert (hooked.only.state, hooked.only.attempts, hooked.only.result) == ("planned", 1, "internal_error")
    assert WebhookCursor.objects.get().failing_since is not None
    WebhookCursor.objects.update(failing_since=clock.real_now() - timedelta(days=5))
    overdue(hooked)
    hooked.send()
    hooked.endpoint.refresh_from_db()
    assert hooked.endpoint.disabled_reason == "failing"


def test_new_address_begins_without_the_pause_and_failures_of_the_old_one(hooked):
    by = {"by": hooked.administrator.by, "at": AT, "real_at": clock.real_now()}
    hooked.receiver.answers = [answer_with(503, Retry_After="86400")]
    send_test_event(hooked.endpoint, **by)
    hooked.send()
    author = hooked.administrator.user
    edit_webhook(hooked.endpoint, edit=WebhookEdit(description="Depot"), author=author, **by)
    assert hooked.send() == 0
    edit = WebhookEdit(url=f"{hooked.receiver.url}&place=2")
    edit_webhook(hooked.endpoint, edit=edit, author=author, **by)
    assert WebhookCursor.objects.get().failing_since is None
    assert hooked.send() == 1


def test_one_success_in_three_days_keeps_the_webhook_active(hooked):
    hooked.receiver.answers = [answer_with(500), answer_with(204), answer_with(500)]
    by = {"by": hooked.administrator.by, "at": AT, "real_at": clock.real_now()}
    send_test_event(hooked.endpoint, **by)
    hooked.send()
    WebhookCursor.objects.update(failing_since=clock.real_now() - timedelta(days=2, hours=23))
    overdue(hooked)
    assert hooked.send() == 1
    assert WebhookCursor.objects.get().failing_since is None
    send_test_event(hooked.endpoint, **by)
    hooked.send()
    hooked.endpoint.refresh_from_db()
    assert hooked.endpoint.status == "active"


def test_later_event_of_an_object_waits_for_the_earlier_and_other_objects_do_not(hooked):
    first = hooked.story.line(8_000).supply_request
    second = hooked.story.line(5_000).supply_request
    hooked.receiver.answer = answer_with(204)
    hooked.send()
    hooked.receiver.calls.clear()
    for need in (first, second):
        stop_request(need, reason="Enough", by=hooked.story.officer.by, at=AT)
    hooked.receiver.answers = [answer_with(500)]
    resume_offers(first, by=hooked.story.officer.by, at=AT)
    hooked.send()
    sent = [(call.event["data"]["reference"], call.event["type"]) for call in hooked.receiver.calls]
    assert sent == [(first.reference, "supply_request.stop"), (second.reference, "supply_request.stop")]
    overdue(hooked)
    hooked.send()
    sent = [(call.event["data"]["reference"], call.event["type"]) for call in hooked.receiver.calls[2:]]
    assert sent == [(first.reference, "supply_request.stop"), (first.reference, "supply_request.resume")]

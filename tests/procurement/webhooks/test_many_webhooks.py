"""Webhooks do not hold up each other: planning, claiming in turn, and recording the results of attempts."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Event
from time import sleep
from typing import Any

import pytest
from django.db import OperationalError, connection, transaction
from django.test.utils import CaptureQueriesContext
from psycopg.errors import DeadlockDetected

from procurement import tasks
from procurement.webhooks.actions import queue, sending
from procurement.webhooks.actions.endpoints import add_webhook, disable_webhook, send_test_event
from procurement.webhooks.http_sender import AttemptResult
from procurement.webhooks.models import EventKind, WebhookCursor, WebhookDelivery, WebhookEndpoint
from tests.procurement.webhooks.conftest import Hooked
from tests.webhook_receiver import Receiver, answer_after
from tests.worlds import cities
from tests.worlds.need_to_order import AT
from workflow import clock

pytestmark = pytest.mark.django_db


def test_webhook_that_cannot_be_planned_stops_no_other(hooked: Hooked, caplog):
    other = hooked.another("Depot", hooked.receiver.url)
    WebhookEndpoint.objects.filter(pk=hooked.endpoint.pk).update(event_kinds=["removed_kind"])
    hooked.story.line(8_000)
    hooked.plan()
    assert hooked.deliveries == []
    assert other.deliveries.count() == 3
    assert f"webhook {hooked.endpoint.pk} were not planned" in caplog.text


@pytest.mark.django_db(transaction=True)
def test_planner_neither_waits_for_a_webhook_that_is_being_disabled_nor_plans_for_it(story, receiver):
    user = cities.member("administrator", story.city)
    by = {"by": cities.powers_for(user), "at": AT}
    tasks.seal_journal(AT)
    facts = {"description": "Stock", "url": receiver.url, "event_kinds": [EventKind.SUPPLY_REQUEST]}
    endpoint = add_webhook(story.city, **facts, author=user, **by)
    story.line(8_000)
    tasks.seal_journal(AT)

    def plan() -> timedelta:
        began = clock.real_now()
        try:
            queue.plan_deliveries(began)
            return clock.real_now() - began
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            disable_webhook(endpoint, **by)
            assert pool.submit(plan).result() < timedelta(seconds=1)
        cursor = WebhookCursor.objects.get()
        assert not queue._plan(cursor.pk, cursor.position + 1_000, AT)
    assert not endpoint.deliveries.exists()
    assert WebhookCursor.objects.get().position == cursor.position


@pytest.mark.django_db(transaction=True)
def test_webhook_that_is_disabled_while_its_events_are_planned_keeps_none_that_waits(
    story, receiver, monkeypatch
):
    user = cities.member("administrator", story.city)
    by = {"by": cities.powers_for(user), "at": AT}
    tasks.seal_journal(AT)
    facts = {"description": "Stock", "url": receiver.url, "event_kinds": [EventKind.SUPPLY_REQUEST]}
    endpoint = add_webhook(story.city, **facts, author=user, **by)
    story.line(8_000)
    tasks.seal_journal(AT)
    has_locked, real = Event(), queue._plan_entries

    def slowly(*args: Any) -> None:
        has_locked.set()
        sleep(0.5)
        real(*args)

    monkeypatch.setattr(queue, "_plan_entries", slowly)

    def plan() -> None:
        try:
            queue.plan_deliveries(clock.real_now())
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        planned = pool.submit(plan)
        assert has_locked.wait(5)
        disable_webhook(endpoint, **by)
        planned.result()
    assert list(endpoint.deliveries.values_list("state", flat=True)) == ["cancelled"] * 3


def test_quick_webhook_has_its_turn_beside_slow_ones_with_a_backlog(hooked: Hooked, monkeypatch):
    monkeypatch.setattr(sending, "MAX_PARALLEL", 2)
    by = {"by": hooked.administrator.by, "at": AT, "real_at": clock.real_now()}
    hooked.receiver.answer = answer_after(0.3)
    slow = [hooked.endpoint, hooked.another("Slow", hooked.receiver.url)]
    with Receiver() as receiver:
        quick = hooked.another("Quick", receiver.url)
        for endpoint in (*slow, quick):
            for _number in range(4):
                send_test_event(endpoint, **by)
        assert hooked.send() == 12
    order = list(WebhookDelivery.objects.order_by("tried_at").values_list("endpoint", flat=True))
    assert quick.pk in order[:3], "it follows the first attempt that ends"


def test_attempt_that_takes_longer_than_the_lease_is_sent_once(hooked: Hooked, settings):
    settings.OUTBOX_LEASE = 2
    hooked.receiver.answer = answer_after(3)
    send_test_event(hooked.endpoint, by=hooked.administrator.by, at=AT, real_at=clock.real_now())
    assert sending.send_due_events(lambda: AT, clock.real_now, seconds=5) == 1
    assert len(hooked.receiver.calls) == 1
    assert hooked.only.state == "delivered"


def test_result_that_cannot_be_recorded_does_not_lose_the_others(hooked: Hooked, monkeypatch, caplog):
    by = {"by": hooked.administrator.by, "at": AT, "real_at": clock.real_now()}
    others = [hooked.another(name, hooked.receiver.url) for name in ("Depot", "Audit")]
    for endpoint in (hooked.endpoint, *others):
        send_test_event(endpoint, **by)
    real, failures = sending.record_attempt, []
    busy = OperationalError("deadlock")
    busy.__cause__ = DeadlockDetected()

    def record(delivery: WebhookDelivery, *rest: Any) -> bool:
        if delivery.endpoint == hooked.endpoint:
            failures.append(delivery)
            raise busy
        if delivery.endpoint == others[0] and delivery not in failures:
            failures.append(delivery)
            raise busy
        return real(delivery, *rest)

    monkeypatch.setattr(sending, "record_attempt", record)
    assert hooked.send() == 2
    assert [one.deliveries.get().state for one in others] == ["delivered", "delivered"]
    assert hooked.only.state == "sending", "it is sent again when the lease has run out"
    assert len(failures) == 3, "a busy database is asked once more"
    assert f"{hooked.only.message_id} was not recorded" in caplog.text


def test_failure_locks_the_webhook_before_its_delivery(hooked: Hooked):
    send_test_event(hooked.endpoint, by=hooked.administrator.by, at=AT, real_at=clock.real_now())
    (held,) = queue.claim_due(1, clock.real_now())
    with CaptureQueriesContext(connection) as queries:
        sending.record_attempt(held, AttemptResult("refused", 410), AT, clock.real_now())
    taken = [one["sql"] for one in queries if "FOR UPDATE" in one["sql"] or one["sql"].startswith("UPDATE")]
    assert "procurement_webhookendpoint" in taken[0]
    assert "procurement_webhookdelivery" in taken[1]


def rows_read(queries: CaptureQueriesContext) -> int:
    """Return the number of rows that the statements on deliveries read, also those that a condition removed."""
    total = 0
    with connection.cursor() as cursor:
        for query in queries:
            if query["sql"].startswith("SELECT") and "webhookdelivery" in query["sql"]:
                cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {query['sql']}")
                plans = [cursor.fetchone()[0][0]["Plan"]]
                while plans:
                    plan = plans.pop()
                    plans += plan.get("Plans", [])
                    if plan.get("Relation Name") == "procurement_webhookdelivery":
                        seen = plan["Actual Rows"] + plan.get("Rows Removed by Filter", 0)
                        total += seen * plan["Actual Loops"]
    return int(total)


def test_claim_reads_few_rows_of_a_long_table(hooked: Hooked):
    hooked.story.line(8_000)
    hooked.plan()
    first, *_rest = hooked.deliveries
    now = clock.real_now()
    with connection.cursor() as cursor:
        # Settled rows, and a backlog of other objects. Their entries need not exist until the transaction ends.
        cursor.execute(
            "INSERT INTO procurement_webhookdelivery (endpoint_id, entry_id, message_id, event_type, thing_label, thing_id, "
            "state, next_try_at, attempts, result, created_at) SELECT endpoint_id, entry_id + 100000 + n, "
            "gen_random_uuid(), event_type, thing_label, thing_id + n, CASE WHEN n < 4000 THEN 'delivered' ELSE 'planned' "
            "END, next_try_at, 0, '', created_at FROM procurement_webhookdelivery, generate_series(1, 5000) n "
            "WHERE id = %s",
            [first.pk],
        )
        cursor.execute("ANALYZE procurement_webhookdelivery")
    try:
        with CaptureQueriesContext(connection) as queries:
            (claimed,) = queue.claim_due(8, now)
        assert claimed == first
        assert len(queries) <= 8
        WebhookDelivery.objects.filter(pk=first.pk).update(state="planned", claim=None, leased_until=None)
        assert rows_read(queries) <= 60
        with CaptureQueriesContext(connection) as queries:
            assert queue.has_work(now)
        assert rows_read(queries) <= 60
    finally:
        WebhookDelivery.objects.filter(entry__gt=first.entry_id + 100_000).delete()

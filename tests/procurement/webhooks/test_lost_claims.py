"""A sender that loses its database or finds it busy loses no event."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from time import sleep
from typing import Any

import pytest
from django.db import OperationalError, connection, transaction
from django.db.models.functions import Now

from partners.memberships.models import Membership
from procurement import tasks
from procurement.webhooks.actions import queue, sending
from procurement.webhooks.actions.endpoints import send_test_event
from procurement.webhooks.models import WebhookDelivery
from tests.procurement.webhooks.conftest import SECONDS, Hooked
from tests.webhook_receiver import Handler, answer_with
from tests.worlds.need_to_order import AT
from workflow import clock

pytestmark = pytest.mark.django_db(transaction=True)
MAX_WAITS = 500  # times 20 milliseconds
LONG, SHORT = "30s", "300ms"  # waits for a lock
READ_BY_CLAIM = WebhookDelivery._meta.db_table
READ_BY_PREPARATION = Membership._meta.db_table  # after the claim, to learn what the owner may read


def waiting_sessions() -> list[int]:
    """Return the sessions of PostgreSQL that wait for a lock of this one."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT pid FROM pg_locks WHERE NOT granted "
            "AND pg_backend_pid() = ANY (pg_blocking_pids(pid))"
        )
        return [row[0] for row in cursor.fetchall()]


def wait_until_one_waits() -> int:
    """Return the session that waits for a lock of this one, as soon as there is one."""
    for _number in range(MAX_WAITS):
        if found := waiting_sessions():
            return found[0]
        sleep(0.02)
    raise AssertionError("no session waits for a lock of this one")


def end_waiting_session() -> None:
    """End the session that waits for a lock of this one, as a restart of PostgreSQL does."""
    pid = wait_until_one_waits()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", [pid])


def in_own_session(work: Callable[[], Any], lock_timeout: str) -> Any:
    """Return the result of work that is done in a session of its own, which waits so long for a lock."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('lock_timeout', %s, false)", [lock_timeout])
        return work()
    finally:
        connection.close()


@contextmanager
def while_locked(table: str, work: Callable[[], Any], lock_timeout: str = LONG) -> Iterator[Future[Any]]:
    """Begin work in another session that must wait for a table, which the body of the `with` holds."""
    with ThreadPoolExecutor(1) as pool, transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")
        yield pool.submit(in_own_session, work, lock_timeout)


@contextmanager
def locked_row(hooked: Hooked) -> Iterator[None]:
    """Hold the row of the only event, in the session of this thread."""
    try:
        with transaction.atomic():
            WebhookDelivery.objects.select_for_update().get(endpoint=hooked.endpoint)
            yield
    finally:
        connection.close()


def send(seconds: float = SECONDS) -> int:
    """Send what is due, and return how many events were delivered."""
    return sending.send_due_events(lambda: AT, clock.real_now, seconds=seconds)


def send_test(hooked: Hooked) -> None:
    send_test_event(hooked.endpoint, by=hooked.administrator.by, at=AT, real_at=clock.real_now())


def let_lease_run_out() -> None:
    WebhookDelivery.objects.filter(state="sending").update(leased_until=Now() - timedelta(seconds=1))


# --- the database is away or busy ------------------------------------------------------------------------------------
def test_planner_that_loses_its_database_plans_nothing_and_the_next_plans_each_event_once(hooked: Hooked):
    hooked.story.line(8_000)
    tasks.seal_journal(AT)
    with while_locked(READ_BY_CLAIM, lambda: queue.plan_deliveries(clock.real_now())) as planning:
        end_waiting_session()
    with pytest.raises(OperationalError):
        planning.result()
    assert hooked.deliveries == []
    types = [one.event_type for one in hooked.plan()]
    assert types == ["supply_request.draft", "supply_request.edit", "supply_request.post"]


@pytest.mark.parametrize(("table", "state"), [(READ_BY_CLAIM, "planned"), (READ_BY_PREPARATION, "sending")])
def test_sender_that_loses_its_database_before_it_sends_says_so_and_the_next_sends(
    hooked: Hooked, table: str, state: str
):
    send_test(hooked)
    with while_locked(table, send) as running:
        end_waiting_session()
    with pytest.raises(OperationalError):
        running.result()
    assert (hooked.only.state, hooked.only.attempts) == (state, 0), "the event is not to blame"
    let_lease_run_out()
    assert send() == len(hooked.receiver.calls) == 1


def test_sender_leaves_the_events_to_the_next_round_while_their_table_is_locked(hooked: Hooked):
    send_test(hooked)
    with while_locked(READ_BY_CLAIM, send, SHORT) as running:
        assert running.result() == 0
    assert (hooked.only.state, hooked.receiver.calls) == ("planned", [])
    assert send() == 1


@pytest.mark.parametrize("moment", ["before the answer", "after the answer"])
def test_sender_that_loses_its_database_during_an_attempt_leaves_the_event_to_the_next(
    hooked: Hooked, settings, moment
):
    settings.OUTBOX_LEASE = 1
    send_test(hooked)

    def answer(handler: Handler) -> None:
        with locked_row(hooked):
            if moment == "after the answer":
                answer_with(204)(handler)
            end_waiting_session()
        if moment == "before the answer":
            answer_with(204)(handler)

    hooked.receiver.answers = [answer]
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(in_own_session, lambda: send(seconds=20), LONG)
    with pytest.raises(OperationalError):
        running.result()
    assert (hooked.only.state, hooked.only.attempts) == ("sending", 0)
    let_lease_run_out()
    assert send() == 1
    first, second = hooked.receiver.calls
    assert (first.number, first.body) == (second.number, second.body), (
        "the receiving system knows it by its number"
    )

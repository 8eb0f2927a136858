"""The metrics of the outbox, and the message to the worker that follows a commit (the wake-up)."""

import socket
import threading
import time
from datetime import timedelta

import pytest

from config.celery import app
from tests.workflow.conftest import AT
from workflow import worker_trigger
from workflow.clock import create_instance, record_tick
from workflow.installation_models import Instance
from workflow.outbox.metrics import outbox_metrics, tick_age
from workflow.outbox.models import Message
from workflow.worker_trigger import WorkerTrigger, publish_tick, trigger_worker


def figures_at(at) -> dict[tuple[str, ...], float]:
    """Return the figures by name and labels."""
    return {
        (one.name, *one.labels.values()): one.value
        for family in outbox_metrics(at, at)
        for one in family.samples
    }


@pytest.mark.django_db
class TestFigures:
    def test_outbox_metrics_are_zero_when_idle(self):
        figures = figures_at(AT)
        assert figures["twinlane_oldest_due_seconds",] == 0
        assert figures["twinlane_messages", "planned"] == 0
        assert ("twinlane_tick_age_seconds",) not in figures
        assert tick_age() is None

    def test_outbox_metrics_count_states_ages_and_lapsed_leases(self, plan):
        plan(next_try_at=AT - timedelta(minutes=20))
        plan(next_try_at=AT + timedelta(minutes=20))
        plan(state=Message.State.SENT, sent_at=AT)
        plan(state=Message.State.SENDING, claim="00000000-0000-0000-0000-000000000000", leased_until=AT)
        create_instance(Instance.Kind.REAL)
        record_tick()
        figures = figures_at(AT)
        assert figures["twinlane_messages", "planned"] == 2
        assert figures["twinlane_messages", "sent"] == 1
        assert figures["twinlane_oldest_due_seconds",] == 1200
        assert figures["twinlane_leases_lapsed",] == 1
        assert 0 <= figures["twinlane_tick_age_seconds",] < 60


@pytest.fixture
def hung_redis():
    """Yield the address of a server that accepts connections and never answers."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield f"redis://127.0.0.1:{listener.getsockname()[1]}/0"


class CeleryWithOtherBroker:
    """The Celery application with another broker, named by the dotted path of a setting."""

    url = ""

    def send_task(self, name, **options):
        with app.connection_for_write(self.url) as connection:
            return app.send_task(name, connection=connection, **options)


other_broker = CeleryWithOtherBroker()


class TestWakeUp:
    def test_worker_trigger_does_nothing_when_switched_off(self, settings):
        settings.NUDGE = ""
        before = threading.active_count()
        trigger_worker()
        assert threading.active_count() == before

    def test_unresponsive_redis_does_not_delay_requests_repeatedly(self, settings, hung_redis):
        settings.NUDGE = "tests.workflow.outbox.test_metrics.other_broker"
        other_broker.url = hung_redis
        began = time.monotonic()
        assert not publish_tick()  # gives up after its timeouts
        once = time.monotonic() - began
        began = time.monotonic()
        for _ in range(100):
            trigger_worker()
        assert time.monotonic() - began < once

    def test_publishing_periodic_job_puts_one_task_into_redis(self, settings):
        settings.NUDGE = "config.celery.app"
        assert publish_tick()
        with app.connection_for_read() as connection, connection.SimpleQueue("celery") as queue:
            assert queue.get(timeout=5).headers["task"] == worker_trigger.PERIODIC_TASK

    def test_many_commits_wake_worker_once(self):
        published = []
        nudger = WorkerTrigger(lambda: published.append(1) or True, batch_seconds=0.1)
        for _ in range(50):
            nudger.request_tick()
        time.sleep(0.3)
        assert len(published) == 1
        nudger.request_tick()
        time.sleep(0.3)
        assert len(published) == 2

    def test_failed_trigger_is_followed_by_a_pause(self):
        published = []
        nudger = WorkerTrigger(lambda: bool(published.append(1)), batch_seconds=0, pause_seconds=0.5)
        nudger.request_tick()
        time.sleep(0.1)
        nudger.request_tick()
        time.sleep(0.1)
        assert len(published) == 1
        time.sleep(0.6)
        assert len(published) == 2

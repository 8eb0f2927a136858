"""Trigger of the periodic job after a commit, so that its work does not wait for the next Celery beat.

A failure is only logged, because the beat starts the job anyway. Publishing runs in a thread of its own, so that
a Redis that does not respond delays no page.
"""

import logging
import threading
import time
from collections.abc import Callable

from django.conf import settings
from django.utils.module_loading import import_string

PERIODIC_TASK = "procurement.tasks.tick"
COMMIT_BATCH_SECONDS = 0.1  # seconds in which several commits become one wake-up
PAUSE_AFTER_FAILURE_SECONDS = 30.0  # seconds without another try after a failure
log = logging.getLogger(__name__)


def publish_tick() -> bool:
    """Put one wake-up into Redis, and return True if it worked.

    The broker's time-outs in config/settings.py limit its duration.
    """
    try:
        import_string(settings.NUDGE).send_task(
            PERIODIC_TASK, expires=settings.TICK_SECONDS, retry=False, ignore_result=True
        )
    except Exception as error:  # noqa: BLE001 - whatever is wrong with Redis: the beat does not need this
        log.info("no nudge: %s", error)
        return False
    return True


class WorkerTrigger:
    """Thread, one per process, that publishes a wake-up when asked.

    Several commits at once become one wake-up.
    """

    def __init__(
        self,
        publish: Callable[[], bool] = publish_tick,
        batch_seconds: float = COMMIT_BATCH_SECONDS,
        pause_seconds: float = PAUSE_AFTER_FAILURE_SECONDS,
    ) -> None:
        self._publish = publish
        self._batch_seconds = batch_seconds
        self._pause_seconds = pause_seconds
        self._asked = threading.Event()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def request_tick(self) -> None:
        """Ask for a wake-up and return at once."""
        self._asked.set()
        with self._lock:
            if (
                self._thread is None or not self._thread.is_alive()
            ):  # a forked process starts without its parent's thread
                self._thread = threading.Thread(target=self._publish_repeatedly, name="nudge", daemon=True)
                self._thread.start()

    def _publish_repeatedly(self) -> None:
        while True:
            self._asked.wait()
            time.sleep(self._batch_seconds)
            self._asked.clear()
            if not self._publish():
                time.sleep(self._pause_seconds)


_trigger = WorkerTrigger()


def trigger_worker() -> None:
    """Wake the periodic job soon, without waiting and without ever raising."""
    if settings.NUDGE:
        _trigger.request_tick()

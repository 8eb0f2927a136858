"""Waking the tick after a commit, so that nobody waits for the next beat. It may fail silently: the beat comes anyway.

Publishing runs in a thread of its own: a Redis that hangs holds up no page.
"""

import logging
import threading
import time
from collections.abc import Callable

from django.conf import settings
from django.utils.module_loading import import_string

TICK = "procurement.tasks.tick"
GATHER = 0.1  # seconds in which several commits become one wake-up
REST = 30.0  # seconds without another try after a failure
log = logging.getLogger(__name__)


def publish() -> bool:
    """Put one wake-up into Redis; whether it worked. Bounded by the broker's time-outs in config/settings.py."""
    try:
        import_string(settings.NUDGE).send_task(
            TICK, expires=settings.TICK_SECONDS, retry=False, ignore_result=True
        )
    except Exception as error:  # noqa: BLE001 - whatever is wrong with Redis: the beat does not need this
        log.info("no nudge: %s", error)
        return False
    return True


class Nudger:
    """One quiet thread per process that publishes a wake-up when asked: several commits at once become one."""

    def __init__(
        self, publish: Callable[[], bool] = publish, gather: float = GATHER, rest: float = REST
    ) -> None:
        self._publish = publish
        self._gather = gather
        self._rest = rest
        self._asked = threading.Event()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def ask(self) -> None:
        """Ask for a wake-up and return at once."""
        self._asked.set()
        with self._lock:
            if (
                self._thread is None or not self._thread.is_alive()
            ):  # a forked process starts without its parent's thread
                self._thread = threading.Thread(target=self._work, name="nudge", daemon=True)
                self._thread.start()

    def _work(self) -> None:
        while True:
            self._asked.wait()
            time.sleep(self._gather)
            self._asked.clear()
            if not self._publish():
                time.sleep(self._rest)


_nudger = Nudger()


def nudge() -> None:
    """Wake the tick soon. Never raises, never waits."""
    if settings.NUDGE:
        _nudger.ask()

"""Thread that sends webhooks beside the periodic job, so that no receiving system can delay mail or reminders.

It keeps no state: if its process is killed, the leases run out and another process sends what is left.
"""

import logging
import threading
from collections.abc import Callable

from django.db import Error, connection

log = logging.getLogger(__name__)


class WebhookSender:
    """Thread, at most one per process, that calls `send` when asked and ends when it is not asked again."""

    def __init__(self, send: Callable[[], object]) -> None:
        self._send = send
        self._lock = threading.Lock()
        self._is_asked = False
        self._thread: threading.Thread | None = None

    def request(self) -> None:
        """Have everything sent that is due, and return at once. A running thread looks once more before it ends."""
        with self._lock:
            self._is_asked = True
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run, name="webhooks", daemon=True)
                self._thread.start()

    def wait(self, seconds: float | None = None) -> None:
        """Wait until the thread has ended."""
        thread = self._thread
        if thread is not None:
            thread.join(seconds)

    def _run(self) -> None:
        try:
            while self._take_request():
                self._send()
        except Error as error:  # the database is away: the next tick asks again
            log.warning("webhooks were not sent: %s", error)
        except Exception:
            log.exception("webhooks were not sent")
        finally:
            connection.close()  # it belongs to this thread

    def _take_request(self) -> bool:
        """Return True if there is something to do; else end the thread, so that the next request starts another."""
        with self._lock:
            asked, self._is_asked = self._is_asked, False
            if not asked:
                self._thread = None
            return asked

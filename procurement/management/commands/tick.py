"""`manage.py tick [--loop]`: run the periodic job without Redis, once or in a loop.

A fallback beside worker and beat.
"""

import logging
import signal
import threading
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.db import Error, close_old_connections

from procurement.tasks import request_webhooks, run_tick, send_webhooks
from workflow import clock
from workflow.heartbeat import heartbeat

log = logging.getLogger(__name__)


class Command(BaseCommand):
    """Command that runs everything that is due. Several commands, workers and beats may run at once."""

    help = (
        "Run everything that is due: reminders, messages, expiries. With --loop, keep running, without Redis."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Add `--loop`, to run until a signal arrives."""
        parser.add_argument("--loop", action="store_true", help="keep running until SIGTERM or Ctrl-C")

    def handle(self, *_args: Any, loop: bool, **_options: Any) -> None:
        """Run the periodic job. With `--loop`, repeat every TICK_SECONDS, or at once while more is due.

        If the database cannot be reached, the loop waits for it.
        """
        if not loop:
            while run_tick(clock.now()):
                pass
            send_webhooks()
            return
        log.info("Twinlane %s starts", settings.VERSION)
        over = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_signal: over.set())
        while not over.is_set():
            over.wait(0 if self._run_once() else settings.TICK_SECONDS)

    @staticmethod
    def _run_once() -> bool:
        """Run the periodic job once. Return True if more is due at once."""
        close_old_connections()
        try:
            more = run_tick(clock.now())
            request_webhooks()
            heartbeat.send()
        except Error as error:
            log.warning("no tick: %s", error)
            return False
        return more

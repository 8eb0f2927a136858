"""`manage.py tick [--loop]`: the tick without Redis, once or for good. The safety net beside worker and beat."""

import logging
import signal
import threading
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.db import Error, close_old_connections

from procurement import tasks
from workflow import clock

log = logging.getLogger(__name__)


class Command(BaseCommand):
    """Runs everything that is due; several of these, workers and beats may run at once."""

    help = "Do what is due: reminders, messages, what expires. With --loop for good, without Redis."

    def add_arguments(self, parser: CommandParser) -> None:
        """Once, or until a signal."""
        parser.add_argument("--loop", action="store_true", help="go on until SIGTERM or Ctrl-C")

    def handle(self, *_args: Any, loop: bool, **_options: Any) -> None:
        """Tick; with --loop every TICK_SECONDS, or at once while there is more. A database that is away is waited for."""
        if not loop:
            while tasks.run(clock.now()):
                pass
            return
        over = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_signal: over.set())
        while not over.is_set():
            over.wait(0 if self._ticked() else settings.TICK_SECONDS)

    @staticmethod
    def _ticked() -> bool:
        """One tick; whether the next should follow at once."""
        close_old_connections()
        try:
            return tasks.run(clock.now())
        except Error as error:
            log.warning("no tick: %s", error)
            return False

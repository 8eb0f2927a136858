"""Make a practice instance ready: `make demo` runs it before the web, the worker and the beat start. Safe to run again."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import datetime
from io import StringIO
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import BaseCommand, CommandError, call_command
from django.db import connection, transaction

from procurement.management.scenario import script
from workflow import clock
from workflow.clock import create_instance, is_practice
from workflow.models.instance import Instance
from workflow.models.journal import Entry

# A Monday before the first day of the scenario: what ships with the program is in the register by then.
OPENS_AT = datetime(2020, 3, 23, 8, tzinfo=clock.PRACTICE_ZONE)
STEPS = (
    ("Loading the reference data", "load_reference_data"),
    ("Loading the register of twinnings", "load_register"),
    ("Playing the scenario of April 2020", "play_scenario"),
)

SHIPPED = ("partners", "procurement/catalogue")


class Command(BaseCommand):
    """One step after the other, each of which does nothing when it is done already."""

    help = "Migrate, load the reference data, the register and the practice scenario, and write the links of the roles."

    def handle(self, *args: Any, **options: Any) -> None:
        """Refuses outside a practice instance: nothing made up ever reaches a real one."""
        if not settings.PRACTICE:
            raise CommandError("This is not a practice instance: PRACTICE is not set.")
        self.say("Preparing the database ...")
        call_command("migrate", verbosity=0)
        self.fill()
        # Under another name until the instance answers: whoever waits for demo.json finds it ready (config/embedded).
        call_command("demo_links", output=str(settings.DATA_DIR / "demo.json.starting"), stdout=StringIO())
        self.collect_static()

    def fill(self) -> None:
        """Open the instance and load what belongs into it, all or nothing: a start that was cut off leaves no half story.

        The practice clock is among it. It runs on between two starts, and the story begins at its opening.
        """
        stamp = settings.DATA_DIR / "loaded.stamp"
        now = fingerprint([str(connection.settings_dict["NAME"]), *shipped_files()])
        with transaction.atomic():
            self.open_practice()
            if not (stamp.exists() and stamp.read_text() == now and script.played()):
                self.load()
        stamp.write_text(now)

    def say(self, words: str) -> None:
        """Tell the person who waits, if there is one: without a reader of its words the work goes on."""
        with suppress(BrokenPipeError):
            self.stdout.write(words)

    def open_practice(self) -> None:
        """Make the database a practice instance for good. Refuses one that holds a real instance's record."""
        if not is_practice() and Entry.objects.exists():
            raise CommandError("This database holds a real instance. Give the demo a database of its own.")
        create_instance(Instance.Kind.PRACTICE, starts_at=OPENS_AT)

    def load(self) -> None:
        """Load what ships with the program, and play the scenario unless it was played before."""
        for words, command in STEPS:
            self.say(f"{words} ...")
            call_command(command, verbosity=0, stdout=StringIO())

    def collect_static(self) -> None:
        """Collect and compress the static files, unless none has changed since the last time."""
        stamp = settings.DATA_DIR / "static.stamp"
        now = fingerprint(static_files())
        if stamp.exists() and stamp.read_text() == now:
            return
        self.say("Collecting the static files ...")
        call_command("collectstatic", interactive=False, clear=True, verbosity=0)
        stamp.write_text(now)


def fingerprint(facts: Iterable[Any]) -> str:
    """One word for many facts, to see whether any has changed."""
    return hashlib.sha256(json.dumps(sorted(facts, key=str)).encode()).hexdigest()


def shipped_files() -> Iterator[tuple[str, int, int]]:
    """Every file that the loaders read, and their own code, with its size and the time of its last change."""
    for room in SHIPPED:
        for path in (settings.BASE_DIR / room).rglob("*"):
            if path.suffix in (".py", ".csv", ".json"):
                facts = path.stat()
                yield str(path), facts.st_size, facts.st_mtime_ns


def static_files() -> Iterator[tuple[str, int, int]]:
    """Every static file with its size and the time of its last change."""
    for finder in get_finders():
        for path, storage in finder.list([]):
            facts = Path(storage.path(path)).stat()
            yield str(path), facts.st_size, facts.st_mtime_ns

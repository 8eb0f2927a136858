"""`manage.py demo_up`: prepare a practice site. Safe to run again.

`make demo` runs it before it starts web server, worker and beat.
"""

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

from procurement.management.scenario import timeline
from workflow import clock
from workflow.clock import create_instance, is_practice
from workflow.installation_models import Instance
from workflow.journal.models import Entry

# A Monday before the first scene, so that the shipped data is loaded when the scenario begins.
PRACTICE_OPENS_AT = datetime(2020, 3, 23, 8, tzinfo=clock.PRACTICE_TIME_ZONE)
SETUP_COMMANDS = (
    ("Loading the reference data", "load_reference_data"),
    ("Loading the city register", "load_register"),
    ("Playing the scenario of April 2020", "play_scenario"),
)

LOADER_FOLDERS = ("partners", "procurement/catalogue")


class Command(BaseCommand):
    """Command that runs the steps in order. A step that is done already does nothing."""

    help = "Migrate, load the reference data, the city register and the practice scenario, and write a link for each role."

    def handle(self, *args: Any, **options: Any) -> None:
        """Run all steps. Refuses outside a practice site, so that no invented data reaches a real one."""
        if not settings.PRACTICE:
            raise CommandError("This is not a practice site: PRACTICE is not set.")
        self.say("Preparing the database ...")
        call_command("migrate", verbosity=0)
        self.fill_practice_site()
        # Another name until the instance answers, because config/local_stack waits for demo.json.
        call_command("demo_links", output=str(settings.DATA_DIR / "demo.json.starting"), stdout=StringIO())
        self.collect_static()

    def fill_practice_site(self) -> None:
        """Create the practice site and load its data, all or nothing.

        An interrupted start leaves no partial data. The transaction includes the practice clock, since the
        scenario begins when that clock starts.
        """
        stamp = settings.DATA_DIR / "loaded.stamp"
        now = fingerprint([str(connection.settings_dict["NAME"]), *loader_files()])
        with transaction.atomic():
            self.create_practice_site()
            if not (stamp.exists() and stamp.read_text() == now and timeline.is_played()):
                self.load_data()
        stamp.write_text(now)

    def say(self, words: str) -> None:
        """Print a line. Continue without a reader of the output (broken pipe)."""
        with suppress(BrokenPipeError):
            self.stdout.write(words)

    def create_practice_site(self) -> None:
        """Make the database a practice site permanently. Refuses a database with records of a real site."""
        if not is_practice() and Entry.objects.exists():
            raise CommandError("This database belongs to a live site. Give the demo its own database.")
        create_instance(Instance.Kind.PRACTICE, starts_at=PRACTICE_OPENS_AT)

    def load_data(self) -> None:
        """Load the shipped data, and play the scenario unless it was played before."""
        for words, command in SETUP_COMMANDS:
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
    """Return one hash of many facts, to detect a change."""
    return hashlib.sha256(json.dumps(sorted(facts, key=str)).encode()).hexdigest()


def loader_files() -> Iterator[tuple[str, int, int]]:
    """Yield every file of the loaders, data and code, with its size and modification time."""
    for room in LOADER_FOLDERS:
        for path in (settings.BASE_DIR / room).rglob("*"):
            if path.suffix in (".py", ".csv", ".json"):
                facts = path.stat()
                yield str(path), facts.st_size, facts.st_mtime_ns


def static_files() -> Iterator[tuple[str, int, int]]:
    """Yield every static file with its size and modification time."""
    for finder in get_finders():
        for path, storage in finder.list([]):
            facts = Path(storage.path(path)).stat()
            yield str(path), facts.st_size, facts.st_mtime_ns

"""Load the catalogue from its files: `manage.py load_reference_data [--folder ...]`. Safe to run again."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError

from accounts.actors import CONSOLE
from procurement.catalogue import reference
from procurement.catalogue.actions import loading
from workflow import clock
from workflow.errors import Refused


class Command(BaseCommand):
    """One action, and what it did per file."""

    help = "Load products, standards, certificate kinds, notified bodies, customs rules and prices."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """`--folder` holds the same files, for an operator who keeps newer ones."""
        parser.add_argument("--folder", type=Path, default=reference.DATA)

    def handle(self, *args: Any, folder: Path, verbosity: int, **options: Any) -> None:
        """Refuses a faulty file, and says which row and column; then nothing is changed."""
        try:
            reports = loading.load(by=CONSOLE, at=clock.now(), folder=folder)
        except Refused as no:
            raise CommandError(str(no)) from no
        if verbosity > 0:
            for report in reports:
                self.stdout.write(
                    f"{report.file}: {report.created} created, {report.updated} updated, "
                    f"{report.unchanged} unchanged, {report.others} not in the file"
                    + (f", {report.kept} kept by hand though the file says otherwise" if report.kept else "")
                )

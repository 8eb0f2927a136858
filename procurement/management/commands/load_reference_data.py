"""`manage.py load_reference_data [--folder ...]`: load the catalogue from its files.

Safe to run again.
"""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError

from accounts.actors import CONSOLE_ACTOR
from procurement.catalogue import reference_data
from procurement.catalogue.actions import load_catalogue
from workflow import clock
from workflow.errors import Refused


class Command(BaseCommand):
    """Command that loads the catalogue and prints the changes per file."""

    help = "Load products, standards, certificate types, notified bodies, customs rules and prices."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add `--folder`, with newer versions of the same files."""
        parser.add_argument("--folder", type=Path, default=reference_data.DATA_FOLDER)

    def handle(self, *args: Any, folder: Path, verbosity: int, **options: Any) -> None:
        """Load the files. Refuses a faulty file with its row and column; then nothing changes."""
        try:
            reports = load_catalogue(by=CONSOLE_ACTOR, at=clock.now(), folder=folder)
        except Refused as no:
            raise CommandError(str(no)) from no
        if verbosity > 0:
            for report in reports:
                self.stdout.write(
                    f"{report.file}: {report.created} created, {report.updated} updated, "
                    f"{report.unchanged} unchanged, {report.rows_not_in_file} not in the file"
                    + (
                        f", {report.manually_kept} kept as edited manually, although the file differs"
                        if report.manually_kept
                        else ""
                    )
                )

"""`manage.py load_register`: load the register that ships with the program. It can run again safely."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from accounts.actors import CONSOLE_ACTOR
from partners.register_import.shipped_register import load_claims, load_register
from workflow import clock


class Command(BaseCommand):
    """Load cities, agreements, exchanges and claims from partners/data."""

    help = "Load the register of cities, agreements and exchanges that ships with the program. Safe to run again."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the option that lets the shipped files override the register."""
        parser.add_argument(
            "--correct", action="store_true", help="also reset values that differ from the shipped files"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Load the files and print what changed."""
        for name, outcome in load_register(
            by=CONSOLE_ACTOR, at=clock.now(), correct=options["correct"]
        ).items():
            self.stdout.write(
                f"{name}: {outcome.added} added, {outcome.changed} changed, {outcome.same} unchanged"
            )
        self.stdout.write(f"claims: {load_claims(by=CONSOLE_ACTOR, at=clock.now())} added")

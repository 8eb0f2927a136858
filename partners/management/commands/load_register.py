"""`manage.py load_register`: bring the register that ships with the program into the database. Safe to run again."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from accounts.actors import CONSOLE
from partners.exchange.claims import load_claims
from partners.exchange.shipped import load_register
from workflow import clock


class Command(BaseCommand):
    """Cities, agreements and exchanges from partners/data."""

    help = "Loads the register of cities, agreements and exchanges that ships with the program. Safe to run again."

    def add_arguments(self, parser: CommandParser) -> None:
        """One choice: whether the shipped files win over what the register has."""
        parser.add_argument(
            "--correct", action="store_true", help="also set back what differs from the shipped files"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Load, and say what changed."""
        for name, outcome in load_register(by=CONSOLE, at=clock.now(), correct=options["correct"]).items():
            self.stdout.write(
                f"{name}: {outcome.added} added, {outcome.changed} changed, {outcome.same} as they were"
            )
        self.stdout.write(f"claims: {load_claims(by=CONSOLE, at=clock.now())} added")

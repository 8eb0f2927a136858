"""`manage.py create_token`: create an API token and print it once.

Usage: `manage.py create_token --user EMAIL --scopes read,write [--days N] [--name NAME]`.
"""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.actions.tokens import issue_token
from accounts.actors import CONSOLE_ACTOR
from accounts.models import User
from workflow import clock
from workflow.clock import real_now
from workflow.errors import Refused


class Command(BaseCommand):
    """Command that creates an API token in a person's name."""

    help = "Create an API token in a person's name and print it; it cannot be shown again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the owner, the scopes, the days and the name of the token."""
        parser.add_argument("--user", required=True, help="email address of the person")
        parser.add_argument("--scopes", default="read", help="read, write or read,write")
        parser.add_argument("--days", type=int, default=90, help="days until it expires; a year at most")
        parser.add_argument("--name", default="command line", help="the API client it is for")

    def handle(self, *args: Any, **options: Any) -> None:
        """Create the token and print only its value, so that a script can read it."""
        user = User.objects.filter(email=options["user"].lower()).first()
        if user is None:
            raise CommandError(f"No one here has the address {options['user']}.")
        scopes = [scope.strip() for scope in options["scopes"].split(",")]
        at, real_at = clock.now(), real_now()
        facts = {"name": options["name"], "scopes": scopes, "days": options["days"]}
        try:
            issued = issue_token(user, **facts, by=CONSOLE_ACTOR, at=at, real_at=real_at)
        except Refused as refused:
            raise CommandError(str(refused)) from refused
        self.stdout.write(issued.value)

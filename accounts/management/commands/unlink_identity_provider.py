"""`manage.py unlink_identity_provider`: remove a person's link to their city's identity provider.

Usage: `manage.py unlink_identity_provider --user EMAIL`.
"""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.actions.identity_providers import unlink_identity_provider
from accounts.actors import CONSOLE_ACTOR
from accounts.models import User
from workflow import clock


class Command(BaseCommand):
    """Command for a person whom the provider now knows under another identifier."""

    help = (
        "Remove a person's link to their city's identity provider; their next sign-in there links them again."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the person."""
        parser.add_argument("--user", required=True, help="email address of the person")

    def handle(self, *args: Any, **options: Any) -> None:
        """Remove the links and print how many there were."""
        user = User.objects.filter(email=options["user"].lower()).first()
        if user is None:
            raise CommandError(f"No one here has the address {options['user']}.")
        number = unlink_identity_provider(user, by=CONSOLE_ACTOR, at=clock.now())
        self.stdout.write(f"Links removed: {number}.")

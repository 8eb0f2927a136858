"""Command `manage.py invite --email ... --role administrator --city burnaby-ca`.

It invites the first person of a city. This person can then invite the others.
"""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.actors import CONSOLE_ACTOR
from partners.cities.models import City
from partners.memberships.actions import invite_member
from partners.memberships.models import Membership
from workflow import clock
from workflow.clock import real_now
from workflow.errors import Refused


class Command(BaseCommand):
    """Send an invitation as the page does: by email, for one use, bound to the address."""

    help = "Invite a person to a role by email: a city’s first administrator, or a coordinator of the whole network."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the options for the person, the role and the city."""
        parser.add_argument("--email", required=True)
        parser.add_argument("--name", required=True)
        parser.add_argument("--role", choices=Membership.Role.values, default=Membership.Role.ADMINISTRATOR)
        parser.add_argument("--city", default="", help="the city's key in the register, such as burnaby-ca")
        parser.add_argument("--language", choices=["en", "fr-ca", "zh-hans"], default="")

    def handle(self, *_args: Any, city: str, **options: Any) -> None:
        """Create the invitation. Its email is sent with the next run of the worker or of `manage.py tick`."""
        place = City.objects.filter(slug=city).first()
        if city and place is None:
            raise CommandError(f"The register has no city {city}. Load it first: manage.py load_register")
        if place is None and options["role"] != Membership.Role.COORDINATOR:
            raise CommandError(
                "Only a coordinator can work for the whole network. Name the city with --city."
            )
        facts = {name: options[name] for name in ("email", "name", "role", "language")}
        try:
            created = invite_member(**facts, city=place, by=CONSOLE_ACTOR, at=clock.now(), real_at=real_now())
        except Refused as refused:
            raise CommandError(str(refused)) from refused
        self.stdout.write(
            f"{created.email} is invited as {created.role}; the link is sent by email and is valid for seven days."
        )

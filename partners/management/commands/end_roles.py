"""Command `manage.py end_roles --city burnaby-ca --left left.csv`: end the roles of people who have left a city.

`--staff staff.csv --domain burnaby.example` takes the list of those who are still there instead.
"""

import csv
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.actors import CONSOLE_ACTOR
from partners.cities.models import City
from partners.memberships.actions import end_access
from partners.memberships.queries import people_of_city
from partners.memberships.rules import has_left
from workflow import clock
from workflow.clock import real_now
from workflow.errors import Refused


class Command(BaseCommand):
    """End roles, invitations, sessions, tokens and calendar addresses as a city's own list says. Safe to repeat."""

    help = "End the roles, sessions and tokens of people who have left a city, from a list of addresses."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the city, the two kinds of list, and what limits the effect of a wrong list."""
        parser.add_argument(
            "--city", required=True, help="the city's key in the register, such as burnaby-ca"
        )
        lists = parser.add_mutually_exclusive_group(required=True)
        lists.add_argument(
            "--left", help="file with the addresses of people who have left; - for standard input"
        )
        lists.add_argument(
            "--staff", help="file with the addresses of all current staff; - for standard input"
        )
        parser.add_argument(
            "--domain", default="", help="with --staff: addresses outside this domain are left alone"
        )
        parser.add_argument("--at-most", type=int, default=10, help="end nothing if more people are affected")
        parser.add_argument(
            "--dry-run", action="store_true", help="only list the people whose roles would end"
        )

    def handle(self, *_args: Any, city: str, **options: Any) -> None:
        """End the access of each person who has left, and print a line for each. Raises CommandError if one stays."""
        place = City.objects.filter(slug=city).first()
        if place is None:
            raise CommandError(f"The register has no city {city}.")
        listed = _read_addresses(options["left"] or options["staff"])
        if options["staff"] and not options["domain"]:
            raise CommandError("With --staff, name the domain of the addresses in the list with --domain.")
        domain = options["domain"].lower() if options["staff"] else None
        leavers = [user for user in people_of_city(place) if has_left(user.email, listed, domain)]
        if len(leavers) > options["at_most"]:
            raise CommandError(
                f"{len(leavers)} people would lose their roles, more than {options['at_most']}. "
                f"Check the list, then run this again with --at-most {len(leavers)}."
            )
        kept = [user for user in leavers if not self._end(user, place, dry_run=options["dry_run"])]
        if kept:
            raise CommandError(
                f"{len(kept)} keep their role. Name another administrator, then run this again."
            )

    def _end(self, user: Any, place: City, *, dry_run: bool) -> bool:
        """End the access of one person. Return False if they keep a role."""
        if dry_run:
            self.stdout.write(f"{user.email}: would end")
            return True
        reason = "On the city's list of people who have left."
        try:
            end_access(user, place, by=CONSOLE_ACTOR, at=clock.now(), real_at=real_now(), reason=reason)
        except Refused as refused:
            self.stdout.write(f"{user.email}: {refused}")
            return False
        self.stdout.write(f"{user.email}: ended")
        return True


def _read_addresses(path: str) -> frozenset[str]:
    """Return the addresses of a file, in small letters: of its column `email`, or else of its first column."""
    try:
        with sys.stdin if path == "-" else open(path, encoding="utf-8-sig", newline="") as file:  # noqa: PTH123 - Path has no stdin
            rows = [row for row in csv.reader(file) if row]
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {error.strerror}") from error
    header = [cell.strip().lower() for cell in rows[0]] if rows else []
    column = header.index("email") if "email" in header else 0
    cells = (row[column].strip().lower() for row in rows if len(row) > column)
    addresses = frozenset(cell for cell in cells if "@" in cell)
    if not addresses:
        raise CommandError(f"{path} contains no address.")
    return addresses

"""`manage.py demo_links`: one signed-in link and one API token for each role of the practice instance, printed and kept in a file."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError

from procurement.management import passes
from workflow import clock


class Command(BaseCommand):
    """Links and tokens that still work are kept, so that what somebody noted down goes on working."""

    help = "Print one sign-in link per role of the practice instance, and write them to demo.json with API tokens."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """`--output` is the file; only its owner may read it."""
        parser.add_argument("--output", type=Path, default=settings.DATA_DIR / "demo.json")

    def handle(self, *args: Any, output: Path | str, **options: Any) -> None:
        """Refuses a real instance, where nobody comes in without a password."""
        if not clock.is_practice():
            raise CommandError("This is not a practice instance.")
        target = Path(output)
        known = passes.read(target)
        roles = [
            passes.keep(person, known) or passes.issue(person, at=clock.now(), real_at=clock.real_now())
            for person in passes.holders()
        ]
        passes.write(target, {"base_url": settings.BASE_URL, "roles": roles})
        for role in roles:
            self.stdout.write(f"{role['role']}, {role['city'] or 'network'}: {role['sign_in']}")

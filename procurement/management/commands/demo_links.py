"""`manage.py demo_links`: print a sign-in link per role of a practice site, and store all credentials."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError

from procurement.management import demo_access
from workflow import clock
from workflow.clock import is_practice, real_now


class Command(BaseCommand):
    """Command that prints and stores the credentials. Links and tokens that still work are reused."""

    help = "Print one sign-in link for each role of the practice site, and write them to demo.json with API tokens."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add `--output`, the file to write. Only its owner may read it."""
        parser.add_argument("--output", type=Path, default=settings.DATA_DIR / "demo.json")

    def handle(self, *args: Any, output: Path | str, **options: Any) -> None:
        """Write the credentials. Refuses a real site, where every sign-in needs a password."""
        if not is_practice():
            raise CommandError("This is not a practice site.")
        target = Path(output)
        known = demo_access.read_credentials(target)
        roles = [
            demo_access.reusable_credentials(person, known)
            or demo_access.issue_credentials(person, at=clock.now(), real_at=real_now())
            for person in demo_access.demo_accounts()
        ]
        demo_access.write_credentials(target, {"base_url": settings.BASE_URL, "roles": roles})
        for role in roles:
            self.stdout.write(f"{role['role']}, {role['city'] or 'network'}: {role['sign_in']}")

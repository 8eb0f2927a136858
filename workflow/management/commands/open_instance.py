"""`manage.py open_instance`: fix once that this is a real site.

Safe to run again.
"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from workflow.clock import create_instance
from workflow.errors import Refused
from workflow.installation_models import Instance


class Command(BaseCommand):
    """Command that creates a real site; `make demo` creates a practice site.

    The kind is fixed when the instance is created.
    """

    help = "Mark this as a live site that runs on real time. Refuses a practice site."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Create the real site; do nothing the second time."""
        try:
            create_instance(Instance.Kind.REAL)
        except Refused as refused:
            raise CommandError(str(refused)) from refused
        self.stdout.write("This is a live site.")

"""`manage.py open_instance`: say once that this is a real instance. Safe to run again."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from workflow.clock import create_instance
from workflow.errors import Refused
from workflow.models.instance import Instance


class Command(BaseCommand):
    """An instance is practice or real, fixed when it is created: this creates a real one, `make demo` a practice one."""

    help = "Fix that this is a real instance, run by the real clock. Refuses a practice instance."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Do nothing the second time."""
        try:
            create_instance(Instance.Kind.REAL)
        except Refused as refused:
            raise CommandError(str(refused)) from refused
        self.stdout.write("This is a real instance.")

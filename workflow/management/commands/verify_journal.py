"""`manage.py verify_journal [--head DIGEST]`: does the journal still say what it said when it was sealed?"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from workflow.journal import seals


class Command(BaseCommand):
    """Walks the hash chain, compares it with every sealed entry, and prints its head to be noted elsewhere."""

    help = "Verify the journal's hash chain, against a head noted before if one is given; exit 1 and name what does not fit."

    def add_arguments(self, parser: CommandParser) -> None:
        """The noted head is optional: without it a cut end cannot be seen."""
        parser.add_argument("--head", default="", help="a digest noted before, from a memo or an earlier run")

    def handle(self, *_args: Any, head: str, **_options: Any) -> None:
        """Print the head, or fail with the first thing that does not fit."""
        verdict = seals.verify(head)
        if verdict.problem:
            raise CommandError(f"The journal does not fit: {verdict.problem}.")
        self.stdout.write(
            f"{verdict.entries} entries under {verdict.seals} seals fit. Head: {verdict.head or 'none yet'}"
        )

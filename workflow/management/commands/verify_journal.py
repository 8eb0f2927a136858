"""`manage.py verify_journal [--head DIGEST]`: check that the sealed journal is unchanged."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from workflow.journal.hash_chain import verify_chain


class Command(BaseCommand):
    """Command that compares the hash chain with every sealed entry.

    It prints the head of the chain, to be noted elsewhere.
    """

    help = "Verify the journal's hash chain, against a recorded head if given; exit with status 1 and name the mismatch."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the optional noted head.

        Without it, a cut at the end of the chain cannot be seen.
        """
        parser.add_argument(
            "--head", default="", help="a digest recorded earlier, from a memo or an earlier run"
        )

    def handle(self, *_args: Any, head: str, **_options: Any) -> None:
        """Print the head, or fail with the first item that does not match."""
        verdict = verify_chain(head)
        if verdict.problem:
            raise CommandError(f"The journal does not match: {verdict.problem}.")
        self.stdout.write(
            f"{verdict.entry_count} entries under {verdict.seal_count} seals match. Head: {verdict.head_digest or 'none yet'}"
        )

"""`manage.py read_bounces`: record the bounces in a mail on standard input, or the new mails of a Maildir."""

import mailbox
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from procurement.tasks import ARRIVED, BAD_ADDRESS, FAILED, handle_mail_event
from workflow import clock
from workflow.outbox.bounces import DeliveryOutcome, read_delivery_report

MAIL_EVENT_BY_OUTCOME = {
    DeliveryOutcome.DELIVERED: ARRIVED,
    DeliveryOutcome.BAD_ADDRESS: BAD_ADDRESS,
    DeliveryOutcome.FAILED: FAILED,
}


class Command(BaseCommand):
    """Command that reads mail to MAIL_BOUNCES and marks addresses that take no mail."""

    help = "Record the bounce in the email on standard input, or the bounces in the new emails of a Maildir."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the folder of a Maildir."""
        parser.add_argument("--maildir", type=Path, default=None, help="Maildir whose new emails are read")

    def handle(self, *_args: Any, maildir: Path | None, **_options: Any) -> None:
        """Read one mail or a Maildir, whose read mails move to its folder cur. A mail that is no report changes nothing."""
        if maildir is None:
            recorded, read = int(self._record(sys.stdin.buffer.read())), 1
        else:
            recorded, read = self._read_maildir(maildir)
        self.stdout.write(f"{read} read, {recorded} recorded.")

    def _read_maildir(self, folder: Path) -> tuple[int, int]:
        if not (folder / "new").is_dir():
            raise CommandError(f"{folder} is not a Maildir: it has no folder “new”.")
        recorded = read = 0
        box = mailbox.Maildir(folder, create=False)
        for key, mail in list(box.iteritems()):
            if mail.get_subdir() != "new":
                continue
            recorded += self._record(box.get_bytes(key))
            read += 1
            mail.set_subdir("cur")
            mail.add_flag("S")
            box[key] = mail
        return recorded, read

    def _record(self, raw: bytes) -> bool:
        """Record the report in a mail; return True if it was news."""
        report = read_delivery_report(raw)
        if report is None:
            return False
        return handle_mail_event(
            report.message_id, MAIL_EVENT_BY_OUTCOME[report.outcome], report.reason, clock.now()
        )

"""`manage.py check_mail --to ADDRESS`: send a mail, and look up whether other servers will accept it."""

import uuid
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.management.base import BaseCommand, CommandError, CommandParser

from workflow.outbox.dns_records import check_records
from workflow.outbox.errors import DeliveryUncertain, PermanentFailure, TransientFailure
from workflow.outbox.senders import sender_domains, set_senders
from workflow.outbox.smtp import MailTransport


class Command(BaseCommand):
    """Command that sends a mail through the configured server, and checks SPF, DKIM, DMARC and MX."""

    help = "Send an email to an address, and look up the SPF, DKIM, DMARC and MX records of its sender."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the address and the DKIM selector."""
        parser.add_argument("--to", required=True, help="an address whose mailbox you can read")
        parser.add_argument(
            "--selector", default="", help="name of the DKIM key that the mail server signs with"
        )

    def handle(self, *_args: Any, to: str, selector: str, **_options: Any) -> None:
        """Send the mail, print a line for each record, and end with status 1 if something is missing."""
        sent = self._send(to)
        sender, envelope = sender_domains()
        findings = list(check_records(sender, envelope, selector))
        for finding in findings:
            mark = "ok" if finding.is_correct else "MISSING"
            self.stdout.write(f"{finding.kind} {finding.domain}: {mark}. {finding.advice}")
        missing = [finding.kind for finding in findings if not finding.is_correct]
        if missing or not sent:
            raise CommandError(
                f"Correct these first: {', '.join(missing if sent else ['the mail server', *missing])}."
            )

    def _send(self, to: str) -> bool:
        """Send the mail and return True if the server took it."""
        mail = EmailMessage(
            subject="Twinlane: mail server test",
            body=f"This email was sent by manage.py check_mail on {settings.BASE_URL}.\n",
            to=[to],
            headers={"Message-ID": f"<{uuid.uuid4()}@{settings.HOST}>", "Auto-Submitted": "auto-generated"},
        )
        set_senders(mail)
        try:
            with MailTransport() as transport:
                transport.send(mail, lambda: None)
        except (TransientFailure, PermanentFailure, DeliveryUncertain) as error:
            self.stdout.write(f"email to {to}: NOT SENT. {error}")
            return False
        self.stdout.write(f"email to {to}: sent. Look in its headers for spf=pass, dkim=pass and dmarc=pass.")
        return True

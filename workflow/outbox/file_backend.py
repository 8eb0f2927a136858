"""Mail folder of a practice site: one file per mail, and no mail leaves the machine.

The outbox page shows these files: every message as it was sent, its link included. A mail sent again with the
same Message-ID replaces the first.
"""

import email.policy
import hashlib
import os
from collections.abc import Sequence
from email.message import EmailMessage as Parsed
from email.parser import BytesParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.message import make_msgid

from workflow.outbox.models import Message
from workflow.outbox.queue import message_id


class FileEmailBackend(BaseEmailBackend):
    """Mail backend that puts each mail into `folder`, readable by this account alone."""

    def __init__(self, folder: str | Path, **options: Any) -> None:
        super().__init__(**options)
        self.folder = Path(folder)

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Write each mail to its file, whole or not at all."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for mail in email_messages:
            mail.extra_headers.setdefault("Message-ID", make_msgid())
            place = self.folder / _name(mail.extra_headers["Message-ID"])
            unfinished = place.with_suffix(f".{os.getpid()}")
            unfinished.write_bytes(mail.message(policy=email.policy.SMTP).as_bytes())
            unfinished.chmod(0o600)
            unfinished.replace(place)
        return len(email_messages)


def newest_mails(first: int, most: int) -> list[Parsed]:
    """Return at most `most` mails, newest first, from position `first` on; none without a folder."""
    files = sorted(
        Path(settings.MAIL_DIR).glob("*.eml"), key=lambda file: file.stat().st_mtime_ns, reverse=True
    )
    return [_read(file) for file in files[first : first + most]]


def mail_key(mail: Parsed) -> str:
    """Return the name of a mail in the folder."""
    return _name(str(mail["Message-ID"])).removesuffix(".eml")


def mail_source(key: str) -> bytes | None:
    """Return the bytes of a mail as it would have been sent, or None if no mail has that name."""
    place = Path(settings.MAIL_DIR) / f"{key}.eml"
    return place.read_bytes() if place.exists() else None


def sent_mail(message: Message) -> Parsed | None:
    """Return the mail of a message from the folder, or None if it is not there."""
    place = Path(settings.MAIL_DIR) / _name(message_id(message))
    if not place.exists():
        return None
    return _read(place)


def _read(place: Path) -> Parsed:
    return BytesParser(Parsed, policy=email.policy.default).parsebytes(place.read_bytes())


def _name(number: str) -> str:
    return hashlib.sha256(number.encode()).hexdigest()[:40] + ".eml"

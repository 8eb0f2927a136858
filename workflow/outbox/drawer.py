"""Where the mail of a practice instance goes: into a folder, one file per mail, and never outside.

The outbox page shows these files: every message as it was sent, its link included. A mail sent again with the same Message-ID
takes the place of the first.
"""

import email
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

from workflow.models.post import Message
from workflow.outbox.ledger import message_id


class Drawer(BaseEmailBackend):
    """A mail backend that puts each mail into `folder`, readable by this account alone."""

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


def newest(first: int, most: int) -> list[Parsed]:
    """So many mails of the drawer from the one at place `first` on, newest first; none where there is no drawer yet."""
    files = sorted(
        Path(settings.MAIL_DIR).glob("*.eml"), key=lambda file: file.stat().st_mtime_ns, reverse=True
    )
    return [_read(file) for file in files[first : first + most]]


def key_of(mail: Parsed) -> str:
    """What a mail is called in the drawer."""
    return _name(str(mail["Message-ID"])).removesuffix(".eml")


def source(key: str) -> bytes | None:
    """A mail byte by byte as it would have gone out, or None if there is none of that name."""
    place = Path(settings.MAIL_DIR) / f"{key}.eml"
    return place.read_bytes() if place.exists() else None


def as_sent(message: Message) -> Parsed | None:
    """The mail as it lies in the drawer, or None if it is not there."""
    place = Path(settings.MAIL_DIR) / _name(message_id(message))
    if not place.exists():
        return None
    return _read(place)


def _read(place: Path) -> Parsed:
    return BytesParser(Parsed, policy=email.policy.default).parsebytes(place.read_bytes())


def _name(number: str) -> str:
    return hashlib.sha256(number.encode()).hexdigest()[:40] + ".eml"

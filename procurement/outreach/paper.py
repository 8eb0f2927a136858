"""The question to a contact as a letter on paper: what was sent, for whoever files or forwards it. Reads only."""

from datetime import datetime

from django.utils import formats, translation
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from procurement.outreach.models import Inquiry
from workflow import papers


def letter(inquiry: Inquiry, *, at: datetime) -> papers.Paper:
    """The question in the contact's language, dated by the day it was sent (by `at` while it is still being written)."""
    with translation.override(inquiry.language):
        data = {
            "language": inquiry.language[:2],
            "sender": inquiry.city.name,
            "recipient": [inquiry.contact.organisation.name, str(inquiry.contact), inquiry.contact.city.name],
            "day": formats.date_format(localtime(inquiry.sent_at or at), "DATE_FORMAT"),
            "reference": inquiry.reference,
            "subject": inquiry.subject,
            "paragraphs": paragraphs(inquiry.body),
            "sender_lines": [inquiry.city.name],
            "note": _("Sent through Twinlane"),
        }
    return papers.make("letter", data, at=inquiry.sent_at or at)


def paragraphs(body: str) -> list[str]:
    """What blank lines part. A program may have sent a line's end as two signs."""
    return [part.strip() for part in body.replace("\r\n", "\n").split("\n\n") if part.strip()]

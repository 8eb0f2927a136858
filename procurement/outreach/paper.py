"""The question to a contact as a letter on paper: letterhead, number and QR, in the contact's language and the officer's. Reads only.

`words` is what the paper says; the actions freeze it when the question goes. `letter` prints it.
"""

import hashlib
import json
from datetime import date, datetime
from io import BytesIO
from typing import Any
from zoneinfo import ZoneInfo

import segno
from django.conf import settings
from django.urls import reverse
from django.utils import formats, translation
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from procurement.outreach.models import Inquiry, SentLetter
from procurement.requests.models import RequestLine
from workflow import papers
from workflow.tongues import in_three

type Words = dict[str, Any]


def words(inquiry: Inquiry, *, at: datetime, code: str = "") -> Words:
    """What the letter says: the number, what it is about in one line, and the same letter in each language. JSON throughout.

    `code` is what the QR leads to; a draft has none, and says in its place that it is a draft.
    """
    own = [(inquiry.language_own, inquiry.subject_own, inquiry.body_own)] if inquiry.body_own else []
    texts = [(inquiry.language, inquiry.subject, inquiry.body), *own]
    return {
        "reference": inquiry.reference,
        "from": in_three(lambda: _("City of %(city)s") % {"city": inquiry.city.name}),
        "on": _day(inquiry, at).isoformat(),
        "about": _about(inquiry),
        "url": settings.BASE_URL + reverse("letter_check", args=[code]) if code else "",
        "tongues": [_in(inquiry, *text, at=at) for text in texts],
    }


def letter(inquiry: Inquiry, *, at: datetime) -> papers.Paper:
    """The letter as PDF/A: what was frozen as it went, or a draft as of `at` while it has not gone."""
    sent = SentLetter.objects.filter(inquiry=inquiry).first()
    if sent is None:
        return papers.make("letter", {**words(inquiry, at=at), "qr": "", "fingerprint": ""}, at=at)
    data = {**sent.words, "qr": _picture(sent.words["url"]), "fingerprint": sent.fingerprint}
    return papers.make("letter", data, at=sent.sent_at)


def hashed(said: Words) -> str:
    """The SHA-256 of a letter's words, however the database orders them."""
    return hashlib.sha256(json.dumps(said, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def is_unchanged(sent: SentLetter) -> bool:
    """Whether a frozen letter still says what it said when it went."""
    return hashed(sent.words) == sent.sha256


def paragraphs(body: str) -> list[str]:
    """What blank lines part, each line from the margin on. A program may have sent a line's end as two signs."""
    parts = body.replace("\r\n", "\n").split("\n\n")
    return ["\n".join(line.strip() for line in part.strip().split("\n")) for part in parts if part.strip()]


def _about(inquiry: Inquiry) -> dict[str, str]:
    """The goods by their names in the catalogue: no word that somebody typed, for this is read by anybody."""
    lines = RequestLine.objects.filter(supply_request=inquiry.supply_request_id).select_related("product")
    goods = list({line.product_id: line.product for line in lines.order_by("position")}.values())
    return in_three(lambda: " · ".join(product.name for product in goods))


def _in(inquiry: Inquiry, language: str, subject: str, body: str, *, at: datetime) -> Words:
    """The letter in one language: everything but the text itself is in that language, too."""
    city, contact = inquiry.city, inquiry.contact
    with translation.override(language or "en"):
        place = [part for part in (city.subdivision_label, city.country_label) if part]
        return {
            "language": (language or "en")[:2],
            "sender": _("City of %(city)s") % {"city": city.name},
            "place": " · ".join(place),
            "recipient": [contact.organisation.name, _person(inquiry), contact.city.name],
            "day": formats.date_format(_day(inquiry, at), "DATE_FORMAT"),
            "number": _("No. %(number)s") % {"number": inquiry.reference},
            "subject": subject,
            "paragraphs": paragraphs(body),
            "scan": _("Scan this to see on our page that the letter is genuine."),
            "draft": _("Draft: not sent yet"),
            "note": _("Sent through Twinlane"),
        }


def _day(inquiry: Inquiry, at: datetime) -> date:
    """The day of the letter, where the city that writes it lies."""
    zone = ZoneInfo(inquiry.city.timezone or "UTC")
    return localtime(inquiry.sent_at or at, zone).date()


def _person(inquiry: Inquiry) -> str:
    contact = inquiry.contact
    return " · ".join(part for part in (contact.user.name, contact.title) if part)


def _picture(url: str) -> str:
    """The QR as SVG; of a quarter it may lose and still be read, as a letter is folded and copied."""
    picture = BytesIO()
    segno.make(url, error="q", micro=False).save(picture, kind="svg", xmldecl=False, border=0)
    return picture.getvalue().decode()

"""A letter on paper, a question or thanks: letterhead, number and QR, in the contact's language and the city's. Reads only.

`words` is what the paper of a question says; the actions freeze it when the question goes. `letter` and `printed` print it.
"""

import hashlib
import json
import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import formats, translation
from django.utils.translation import gettext as _

from partners.labels import town_label
from partners.models.cities import City
from partners.models.people import Contact
from procurement.outreach.models import Inquiry, SentLetter
from procurement.requests.models import RequestLine
from workflow.papers import codes, printing
from workflow.papers.printing import Paper
from workflow.tongues import in_three

type Words = dict[str, Any]
type Needed = Callable[[Inquiry], str]
CODE_BYTES = 12  # 96 bits: nobody finds a letter by trying


def unchanged(_inquiry: Inquiry) -> str:
    """What is needed now of a need that has not changed since its question was written: nothing else."""
    return ""


def words(inquiry: Inquiry, *, at: datetime, code: str = "", now: Needed = unchanged) -> Words:
    """What the letter says: the number, what it is about in one line, and the same letter in each language. JSON throughout.

    `code` is what the QR leads to; a draft has none, and says in its place that it is a draft. `now` tells what is needed by now,
    where the need has changed since the question was written (`gathering.changes`).
    """
    texts = [(inquiry.language, inquiry.subject, inquiry.body)]
    if inquiry.body_own:
        texts.append((inquiry.language_own, inquiry.subject_own, inquiry.body_own))
    up_to_date = [
        (language, subject, _with_changes(language, body, partial(now, inquiry)))
        for language, subject, body in texts
    ]
    head = Head(
        inquiry.reference, inquiry.city, inquiry.contact, inquiry.sent_at or at, inquiry.sent_at is not None
    )
    return head.words(up_to_date, _about(inquiry), code)


def letter(inquiry: Inquiry, *, at: datetime, now: Needed = unchanged) -> Paper:
    """The letter as PDF/A: what was frozen as it went, or a draft as of `at`, with what is needed `now`, while it has not gone.

    Of a question that went before letters were kept it is printed afterwards, and says so in the place of the QR.
    """
    sent = SentLetter.objects.filter(inquiry=inquiry).first()
    if sent is None:
        said = words(inquiry, at=at, now=now if inquiry.sent_at is None else unchanged)
        return printing.make("letter", {**said, "qr": "", "fingerprint": ""}, at=at)
    return printed(sent)


def printed(sent: SentLetter) -> Paper:
    """A frozen letter as PDF/A."""
    data = {**sent.words, "qr": codes.qr(sent.words["url"]), "fingerprint": sent.fingerprint}
    return printing.make("letter", data, at=sent.sent_at)


def frozen(said: Words, *, code: str, at: datetime, **of: Any) -> SentLetter:
    """What a letter says, ready to be kept: with its code and its hash. Not saved."""
    return SentLetter(code=code, words=said, sha256=hashed(said), sent_at=at, **of)


def new_code() -> str:
    """A code that nobody finds by trying, for a QR."""
    return secrets.token_hex(CODE_BYTES)


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


def _with_changes(language: str, body: str, now: Callable[[], str]) -> str:
    """The text, and below it what is needed by now where the need has changed since it was written."""
    with translation.override(language or "en"):
        needed = now()
        said = _("Changed since this was written. Needed now:")
    return "\n\n".join([body, said, needed]) if needed else body


def _about(inquiry: Inquiry) -> dict[str, str]:
    """The goods by their names in the catalogue: no word that somebody typed, for this is read by anybody."""
    lines = RequestLine.objects.filter(supply_request=inquiry.supply_request_id).select_related("product")
    goods = list({line.product_id: line.product for line in lines.order_by("position")}.values())
    return in_three(lambda: " · ".join(product.name for product in goods))


@dataclass(frozen=True)
class Head:
    """What stands at the head of a letter: its number, who writes to whom, and when. `went` is False for a draft."""

    reference: str
    city: City
    contact: Contact
    at: datetime
    went: bool = True

    @property
    def day(self) -> date:
        """The day of the letter, where the city that writes it lies."""
        return self.city.day_at(self.at)

    def words(self, texts: Iterable[tuple[str, str, str]], about: dict[str, str], code: str) -> Words:
        """The whole letter: language, subject and body of each text."""
        return {
            "reference": self.reference,
            "from": in_three(lambda: town_label(self.city.name)),
            "on": self.day.isoformat(),
            "about": about,
            "url": settings.BASE_URL + reverse("letter_check", args=[code]) if code else "",
            "tongues": [self._in(*text, proof=bool(code)) for text in texts],
        }

    def _in(self, language: str, subject: str, body: str, *, proof: bool) -> Words:
        """The letter in one language: everything but the text itself is in that language, too. Where no code proves it, it says why."""
        city, contact = self.city, self.contact
        with translation.override(language or "en"):
            place = [part for part in (city.subdivision_label, city.country_label) if part]
            person = " · ".join(part for part in (contact.user.name, contact.title) if part)
            unproven = _("Draft: not sent yet")
            if self.went:
                unproven = _(
                    "Printed afterwards. It was sent before letters were kept here, so no code proves it."
                )
            return {
                "language": (language or "en")[:2],
                "sender": town_label(city.name),
                "place": " · ".join(place),
                "recipient": [contact.organisation.name, person, contact.city.name],
                "day": formats.date_format(self.day, "DATE_FORMAT"),
                "number": _("No. %(number)s") % {"number": self.reference},
                "subject": subject,
                "paragraphs": paragraphs(body),
                "scan": _("Scan this to see on our page that the letter is genuine."),
                "draft": "" if proof else unproven,
                "note": _("Sent through Twinlane"),
            }

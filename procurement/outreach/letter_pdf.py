"""A letter as a PDF, for an inquiry or a thank-you. Reads only.

It is in the contact's and the city's language and has a letterhead, a number and a QR code.
`letter_content` returns the content of an inquiry's letter, which the actions store when it is sent.
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

from partners.cities.models import City
from partners.contacts.models import Contact
from partners.place_labels import letterhead_city_label
from procurement.outreach.letters import consent_sentence
from procurement.outreach.models.inquiries import Inquiry
from procurement.outreach.models.letters import SentLetter
from procurement.outreach.queries.letters import asked_products
from workflow.i18n import translate_all
from workflow.pdf import rendering
from workflow.pdf.rendering import RenderedPDF, qr_svg

type Content = dict[str, Any]
type NeedTextFunction = Callable[[Inquiry], str]
VERIFICATION_CODE_BYTES = 12  # 96 bits, so that a code cannot be guessed


def no_changed_need_text(_inquiry: Inquiry) -> str:
    """Return "", for an inquiry whose need has not changed since it was written."""
    return ""


def letter_content(
    inquiry: Inquiry, *, at: datetime, code: str = "", now: NeedTextFunction = no_changed_need_text
) -> Content:
    """Return the content of a letter as JSON: number, goods, address to verify it, and text by language.

    `code` is printed as a QR code. A draft has no code; it says instead that it is a draft. `now` is a function
    that returns what the need asks for now, if it changed since the inquiry was written.
    """
    texts = [(inquiry.language, inquiry.subject, inquiry.body)]
    if inquiry.body_own:
        texts.append((inquiry.language_own, inquiry.subject_own, inquiry.body_own))
    up_to_date = [
        (
            language,
            subject,
            _with_introduction(language, inquiry, _with_changes(language, body, partial(now, inquiry))),
        )
        for language, subject, body in texts
    ]
    head = LetterHead(
        inquiry.reference, inquiry.city, inquiry.contact, inquiry.sent_at or at, inquiry.sent_at is not None
    )
    return head.build_content(up_to_date, _goods_by_language(inquiry), code)


def render_letter(
    inquiry: Inquiry, *, at: datetime, now: NeedTextFunction = no_changed_need_text, form_url: str = ""
) -> RenderedPDF:
    """Return the letter as PDF/A: as it was sent, or, before that, a draft as of `at`.

    A draft includes what the need asks for `now`. An inquiry sent before letters were stored is printed
    afterwards, with a note in place of the QR code. `form_url` is the contact's own link to the answer form;
    it is printed beside a QR code of its own and is not part of the stored letter.
    """
    sent = SentLetter.objects.filter(inquiry=inquiry).first()
    if sent is None:
        content = letter_content(inquiry, at=at, now=now if inquiry.sent_at is None else no_changed_need_text)
        return rendering.render(
            "letter", {**content, "qr": "", "fingerprint": "", **_form_link(form_url)}, at=at
        )
    return render_sent_letter(sent, form_url=form_url)


def render_sent_letter(sent: SentLetter, *, form_url: str = "") -> RenderedPDF:
    """Return a stored letter as PDF/A."""
    data = {
        **sent.words,
        "qr": qr_svg(sent.words["url"]),
        "fingerprint": sent.fingerprint,
        **_form_link(form_url),
    }
    return rendering.render("letter", data, at=sent.sent_at)


def _form_link(url: str) -> dict[str, str]:
    """Return the link to the answer form with its QR code; both are empty without a link."""
    return {"form": url.removeprefix("https://"), "form_qr": qr_svg(url) if url else ""}


def new_sent_letter(content: Content, *, code: str, at: datetime, **of: Any) -> SentLetter:
    """Return an unsaved letter with its words, its code and its hash."""
    return SentLetter(code=code, words=content, sha256=content_hash(content), sent_at=at, **of)


def new_verification_code() -> str:
    """Return a random code, which cannot be guessed, for the QR code of a letter."""
    return secrets.token_hex(VERIFICATION_CODE_BYTES)


def content_hash(content: Content) -> str:
    """Return the SHA-256 of a letter's words. It does not depend on the order of the keys in the database."""
    return hashlib.sha256(json.dumps(content, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def is_letter_unchanged(sent: SentLetter) -> bool:
    """Return True if a stored letter still has the content it had when it was sent."""
    return content_hash(sent.words) == sent.sha256


def split_paragraphs(body: str) -> list[str]:
    """Return the paragraphs of a text, without the indentation of lines.

    Blank lines separate paragraphs. A program may have sent line ends as CR LF.
    """
    parts = body.replace("\r\n", "\n").split("\n\n")
    return ["\n".join(line.strip() for line in part.strip().split("\n")) for part in parts if part.strip()]


def _with_changes(language: str, body: str, now: Callable[[], str]) -> str:
    """Return the text, followed by what the need asks for now if it changed since."""
    with translation.override(language or "en"):
        needed = now()
        notice = _("The need has changed since this was written. Now needed:")
    return "\n\n".join([body, notice, needed]) if needed else body


def _with_introduction(language: str, inquiry: Inquiry, body: str) -> str:
    """Return the text, below the sentence on the earlier consent with which it is sent, if there is one."""
    with translation.override(language or "en"):
        introduced = consent_sentence(inquiry)
    return "\n\n".join(filter(None, [introduced, body]))


def _goods_by_language(inquiry: Inquiry) -> dict[str, str]:
    """Return the names of the goods in all languages, from the catalogue.

    Typed words are left out, because the public page shows this.
    """
    goods = asked_products(inquiry)
    return translate_all(lambda: " · ".join(product.name for product in goods))


@dataclass(frozen=True)
class LetterHead:
    """Head of a letter: its number, who writes to whom, and when. `was_sent` is False for a draft."""

    reference: str
    city: City
    contact: Contact
    written_at: datetime
    was_sent: bool = True

    @property
    def letter_date(self) -> date:
        """The date of the letter, in the city that writes it."""
        return self.city.day_at(self.written_at)

    def build_content(
        self, texts: Iterable[tuple[str, str, str]], about: dict[str, str], code: str
    ) -> Content:
        """Return the whole letter as JSON values.

        `texts` holds the language, subject and body of each text, `about` the goods by language. `code` is
        the code of the QR code, "" for a letter that cannot be verified.
        """
        return {
            "reference": self.reference,
            "from": translate_all(lambda: letterhead_city_label(self.city.name)),
            "on": self.letter_date.isoformat(),
            "about": about,
            "url": settings.BASE_URL + reverse("verify_letter", args=[code]) if code else "",
            "languages": [self._in_language(*text, proof=bool(code)) for text in texts],
        }

    def _in_language(self, language: str, subject: str, body: str, *, proof: bool) -> Content:
        """Return the letter in one language, with all standard texts in that language.

        Without a code, the letter includes the reason why it cannot be verified.
        """
        city, contact = self.city, self.contact
        with translation.override(language or "en"):
            place = [part for part in (city.subdivision_label, city.country_label) if part]
            person = " · ".join(part for part in (str(contact), contact.title_in(language or "en")) if part)
            unproven = _("Draft: not sent yet")
            if self.was_sent:
                unproven = _(
                    "Printed later. This letter was sent before Twinlane began keeping letters, so it has "
                    "no verification code."
                )
            return {
                "language": (language or "en")[:2],
                "sender": letterhead_city_label(city.name),
                "place": " · ".join(place),
                "recipient": [contact.organization.name, person, contact.city.name],
                "day": formats.date_format(self.letter_date, "DATE_FORMAT"),
                "number": _("No. %(number)s") % {"number": self.reference},
                "subject": subject,
                "paragraphs": split_paragraphs(body),
                "scan": _("Scan this code to confirm on our website that the letter is genuine."),
                "draft": "" if proof else unproven,
                "note": _("Sent through Twinlane"),
                "answer": _("Answer on your own page: scan this code or open the address below it."),
                "sign": _("Signature and date"),
                "seal": _("Official seal"),
            }

"""The words of a question to a contact, in their language and in the officer's. Pure: composes text, sends nothing."""

from dataclasses import dataclass
from datetime import date

from django.utils import formats, translation
from django.utils.translation import gettext as _

from partners.models import Contact
from partners.rules.names import addressed
from procurement.requests.models import RequestLine, SupplyRequest


@dataclass(frozen=True)
class Letter:
    """A subject and a body of plain text, in one language."""

    subject: str
    body: str


def compose(need: SupplyRequest, lines: list[RequestLine], contact: Contact, language: str) -> Letter:
    """The request for help as a first draft, which the officer may change before it goes."""
    with translation.override(language):
        asks = "\n".join(f"  – {_line(line)}" for line in lines)
        facts = {
            "city": need.city.name,
            "their_city": contact.city.name,
            "title": need.title,
            "greeting": _("Dear %(name)s") % {"name": addressed(contact, language)},
            "needed_by": _day(need.needed_by),
            "lines": asks,
            "office": contact.organisation.name,
        }
        subject = _("Can you help %(city)s find protective equipment?") % facts
        body = (
            _(
                "%(greeting)s,\n\n"
                "%(city)s and %(their_city)s are partner cities. We need the following by %(needed_by)s:\n\n"
                "%(lines)s\n\n"
                "Could you name a supplier whom you or your office know? Open the link below: the form takes about three minutes, "
                "needs no account and no password, and you may come back to it. If you cannot help, or if a colleague is the right "
                "person to ask, please say so there: it takes one tap.\n\n"
                "You introduce and tell us what you saw; you vouch for nothing. Thank you for your kindness.\n\n"
                "On behalf of %(city)s"
            )
            % facts
        )
    return Letter(subject, body)


def _line(line: RequestLine) -> str:
    facts = {
        "quantity": formats.number_format(line.quantity, use_l10n=True, force_grouping=True),
        "product": line.product.name,
    }
    words = _("%(quantity)s pieces: %(product)s") % facts
    standards = ", ".join(str(standard) for standard in line.standards.all())
    return f"{words} ({standards})" if standards else words


def _day(day: date | None) -> str:
    return formats.date_format(day, "DATE_FORMAT") if day else ""

"""Drafts of the thank-you message to one person, in that person's language. Nothing is sent here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils import formats, translation
from django.utils.translation import gettext as _

from partners.cities.models import City
from partners.contacts.models import Contact
from partners.contacts.salutations import salutation
from procurement.thanks.models import ThankYouMessage

ThankYouReason = ThankYouMessage.Reason


@dataclass(frozen=True)
class ArrivalSummary:
    """Facts about the goods for a letter: catalogue names, pieces received and pieces released."""

    city: City
    goods: Sequence[object]
    pieces_received: int
    pieces_released: int
    arrival_day: date | None


@dataclass(frozen=True)
class PortalPageContents:
    """What a person's page will show besides the location of the goods: True for a photo, True for a letter."""

    has_photo: bool
    has_letter: bool


@dataclass(frozen=True)
class ThankYouLetter:
    """Subject and body of a plain-text message."""

    subject: str
    body: str


def compose_thank_you(
    to: Contact, thanked_for: str, arrived: ArrivalSummary, shown: PortalPageContents, language: str
) -> ThankYouLetter:
    """Return the first draft of the thanks to one person. It names no other person.

    The officer may change the draft before it is sent.
    """
    with translation.override(language):
        facts = {
            "city": arrived.city.name,
            "their_city": to.city.name,
            "goods": _goods_sentence(arrived),
            "pieces": formats.number_format(arrived.pieces_received, use_l10n=True, force_grouping=True),
            "released": formats.number_format(arrived.pieces_released, use_l10n=True, force_grouping=True),
            "day": formats.date_format(arrived.arrival_day, "DATE_FORMAT") if arrived.arrival_day else "",
        }
        parts = [
            _("Dear %(name)s,") % {"name": salutation(to, language)},
            _("The following goods arrived in %(city)s on %(day)s: %(goods)s (%(pieces)s units).") % facts,
            _help_sentence(thanked_for) % facts,
            _state_sentence(arrived) % facts,
            _page_sentence(shown),
            _("On behalf of %(city)s") % facts,
        ]
        return ThankYouLetter(
            _("%(city)s thanks you: the goods have arrived (%(goods)s)") % facts, "\n\n".join(parts)
        )


def _goods_sentence(arrived: ArrivalSummary) -> str:
    return " · ".join(dict.fromkeys(str(getattr(one, "name", one)) for one in arrived.goods))


def _help_sentence(thanked_for: str) -> str:
    if thanked_for == ThankYouReason.CHECKED:
        return _(
            "You checked the goods for us before they left. We relied on your report, and we "
            "thank you for it."
        )
    if thanked_for == ThankYouReason.INTRODUCED:
        return _(
            "You introduced us to the person who told us about these goods. Thank you to you and your office."
        )
    if thanked_for == ThankYouReason.DONOR_STAFF:
        return _(
            "The goods were donated by %(their_city)s. Please pass on our thanks to everyone who "
            "played a part."
        )
    return _("You told us about these goods and their supplier. Thank you to you and your office.")


def _page_sentence(shown: PortalPageContents) -> str:
    if shown.has_photo and shown.has_letter:
        return _("On your page you can see the photo of the arrival, our letter and where the goods are now.")
    if shown.has_photo:
        return _("On your page you can see the photo of the arrival and where the goods are now.")
    if shown.has_letter:
        return _("On your page you can see our letter and where the goods are now.")
    return _("On your page you can see where the goods are now.")


def _state_sentence(arrived: ArrivalSummary) -> str:
    if arrived.pieces_released:
        return _("%(released)s units have passed inspection and are going where they are needed.")
    return _("The goods are now being counted and inspected, and will not be used until this is done.")

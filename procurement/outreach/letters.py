"""Text of an inquiry to a contact, in the contact's and the officer's language.

A text has merge fields in braces where it differs from contact to contact. Nothing is sent here.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import prefetch_related_objects
from django.utils import formats, translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from partners.agreements.models import TwinningAgreement
from partners.cities.models import City
from partners.contacts.models import Contact
from partners.contacts.salutations import salutation
from partners.partial_dates import Precision
from partners.place_labels import letterhead_city_label
from procurement.catalogue.models.reference_rows import AcquisitionType
from procurement.outreach.merge_fields import drop_empty_paragraphs, fill_merge_fields
from procurement.outreach.models.consents import IntroductionConsent
from procurement.outreach.models.inquiries import Inquiry
from procurement.requests.alternatives.queries import ACCEPTED_GOODS, accepted_standards_text
from procurement.requests.models import RequestLine, SupplyRequest
from procurement.requests.unwanted_goods.models import UnwantedGoods
from procurement.requests.unwanted_goods.queries import unwanted_goods_text
from procurement.requests.urgency import sort_by_urgency
from workflow.errors import LazyText
from workflow.i18n import join_sentences


@dataclass(frozen=True)
class InquiryLetter:
    """A subject and a body of plain text, in one language."""

    subject: str
    body: str


@dataclass(frozen=True, kw_only=True)
class Signatory:
    """The officer who signs a letter, with job title, office, phone and email.

    Unknown facts are empty.
    """

    name: str
    job_title: LazyText = ""
    office: str = ""
    phone: str = ""
    email: str = ""


def compose_letter(
    need: SupplyRequest,
    lines: list[RequestLine],
    contact: Contact,
    language: str,
    *,
    agreement: TwinningAgreement | None = None,
    signatory: Signatory | None = None,
    unwanted: Sequence[UnwantedGoods] = (),
    template: InquiryLetter | None = None,
) -> InquiryLetter:
    """Return the first draft of an inquiry to one contact. The officer may change it before it is sent.

    `agreement` is the agreement between the two cities, or None if they are linked through another city.
    `unwanted` is what the contact is asked not to send. `template` holds the city's own words, if it has any.
    """
    draft = compose_common_letter(
        need, lines, language, signatory=signatory, unwanted=unwanted, template=template
    )
    return fill_letter(draft, merge_field_values(need.city, contact, language, agreement))


def compose_common_letter(
    need: SupplyRequest,
    lines: list[RequestLine],
    language: str,
    *,
    signatory: Signatory | None = None,
    unwanted: Sequence[UnwantedGoods] = (),
    template: InquiryLetter | None = None,
) -> InquiryLetter:
    """Return the first draft of one inquiry to several contacts, with merge fields in braces."""
    words = template or default_letter(language)
    with translation.override(language):
        values = {
            "need": _need_paragraphs(need, lines, unwanted),
            "our_city": need.city.name,
            "signature": _signature(signatory, need.city) if signatory else "",
        }
    draft = fill_letter(words, values)
    return InquiryLetter(draft.subject, drop_empty_paragraphs(draft.body))


def default_letter(language: str) -> InquiryLetter:
    """Return the letter of a city that has no template of its own, in a language, with all its merge fields."""
    with translation.override(language):
        paragraphs = (
            _("Dear %(name)s,") % {"name": "{name}"},
            join_sentences("{tie}", "{need}"),
            _(
                "Do you or your office know a supplier who could help? The link in our email opens a short "
                "form, which takes about three minutes and needs no account or password. You can return to "
                "the form later. If you cannot help, or if a colleague is the right person to ask, please "
                "tell us on the same page."
            ),
            _(
                "We ask only for an introduction and for what you see for yourself. You do not guarantee "
                "anything. Thank you for your help."
            ),
            _("Twinlane is the website where partner cities ask each other for protective equipment."),
            _("On behalf of %(city)s") % {"city": "{our_city}"},
            "{signature}",
        )
        subject = _("Can you help %(city)s find protective equipment?") % {"city": "{our_city}"}
    return InquiryLetter(subject, "\n\n".join(paragraphs))


def _need_paragraphs(need: SupplyRequest, lines: list[RequestLine], unwanted: Sequence[UnwantedGoods]) -> str:
    """Return what a need asks for and by when, its terms and remarks, and what is not wanted; in the active language."""
    prefetch_related_objects(lines, *ACCEPTED_GOODS)
    paragraphs = (
        _("We need the following by %(needed_by)s:") % {"needed_by": _day(need.needed_by)},
        "\n".join(f"  – {_line(line, need)}" for line in sort_by_urgency(lines)),
        *_acquisition_sentences(need),
        need.notes.strip(),
        unwanted_goods_text(unwanted),
    )
    return "\n\n".join(filter(None, paragraphs))


def merge_field_values(
    city: City, contact: Contact, language: str, agreement: TwinningAgreement | None
) -> dict[str, str]:
    """Return the value of each merge field in a letter of this city to one contact, in a language."""
    with translation.override(language):
        return {
            "name": salutation(contact, language),
            "city": contact.city.name,
            "tie": agreement_sentence(city, contact.city, agreement),
        }


def fill_letter(letter: InquiryLetter, values: dict[str, str]) -> InquiryLetter:
    """Return the letter with its merge fields filled in. Other words in braces stay as they are."""
    return InquiryLetter(fill_merge_fields(letter.subject, values), fill_merge_fields(letter.body, values))


def consent_sentence(inquiry: Inquiry) -> str:
    """Return who introduces the sender to the contact by an earlier consent, in the active language; "" without one."""
    consent = inquiry.consent
    if consent is None:
        return ""
    words = _(
        "%(giver)s (%(their_city)s) agreed on %(day)s that %(city)s may ask you for help until %(until)s. "
        "They were not asked again about this inquiry."
    )
    return words % {
        "giver": consent.giver_name,
        "their_city": consent.through_city.name,
        "day": _day(consent.given_on),
        "city": inquiry.city.name,
        "until": _day(consent.ends_on),
    }


def consent_used_sentence(consent: IntroductionConsent) -> str:
    """Return for the requesting city which earlier consent was used, in the active language."""
    words = _(
        "Sent with the consent that %(giver)s (%(their_city)s) gave on %(day)s. They were not asked again."
    )
    return words % {
        "giver": consent.giver_name,
        "their_city": consent.through_city.name,
        "day": _day(consent.given_on),
    }


def agreement_sentence(city: City, other: City, agreement: TwinningAgreement | None) -> str:
    """Return the sentence on the agreement of two cities, by kind and year, in the active language.

    The year is left out if the source gives only the day from which the agreement is known.
    """
    names = {"city": city.name, "their_city": other.name}
    if agreement is None:
        return _("%(city)s and %(their_city)s are linked through their partner cities.") % names
    known = agreement.signed_on is not None and agreement.signed_precision != Precision.FROM_DATE
    if agreement.signed_on is None or not known:
        return {
            TwinningAgreement.Kind.SISTER: _("%(city)s and %(their_city)s are sister cities."),
            TwinningAgreement.Kind.FRIENDSHIP: _("%(city)s and %(their_city)s are friendship cities."),
        }.get(
            TwinningAgreement.Kind(agreement.kind), _("%(city)s and %(their_city)s are partner cities.")
        ) % names
    since = {
        TwinningAgreement.Kind.SISTER: _(
            "%(city)s and %(their_city)s have been sister cities since %(year)s."
        ),
        TwinningAgreement.Kind.FRIENDSHIP: _(
            "%(city)s and %(their_city)s have been friendship cities since %(year)s."
        ),
    }.get(
        TwinningAgreement.Kind(agreement.kind),
        _("%(city)s and %(their_city)s have been partner cities since %(year)s."),
    )
    return since % {**names, "year": agreement.signed_on.year}


def _signature(signatory: Signatory, city: City) -> str:
    """Return the signature block in the active language: the person, the office, the place, how to reply."""
    phone = _("Phone: %(phone)s") % {"phone": signatory.phone} if signatory.phone else ""
    lines = (_signatory_line(signatory), signatory.office, _place_line(city), phone, signatory.email)
    return "\n".join(filter(None, lines))


def _signatory_line(signatory: Signatory) -> str:
    """Return name and title in the order of the active language; the title comes first in Chinese."""
    if not signatory.job_title:
        return signatory.name
    names = {"name": signatory.name, "title": signatory.job_title}
    return pgettext("signature", "%(name)s, %(title)s") % names


def _place_line(city: City) -> str:
    """Return city, province and country in the order of the active language; the country comes first in Chinese."""
    label, province = letterhead_city_label(city.name), city.subdivision_label
    names = {"city": label, "province": province, "country": city.country_label}
    if not province:
        return pgettext("signature", "%(city)s, %(country)s") % names
    return pgettext("signature", "%(city)s, %(province)s, %(country)s") % names


def current_need_description(need: SupplyRequest, line_numbers: Collection[int] = ()) -> str:
    """Return what a need asks for now, in the active language, the most urgent line first.

    It includes the date and the terms. Words typed by the city are quoted as the city's. With `line_numbers`, only
    these lines are named.
    """
    lines = need.lines.numbered(line_numbers).select_related("product")
    rows = lines.prefetch_related(*ACCEPTED_GOODS).order_by("position")
    asks = "\n".join(f"  – {_line(line, need)}" for line in sort_by_urgency(rows))
    day = _("needed by %(day)s") % {"day": _day(need.needed_by)}
    notes = need.notes.strip()
    quote = _("%(city)s wrote: “%(words)s”") % {"city": need.city.name, "words": notes}
    return "\n\n".join([asks, day, *_acquisition_sentences(need), *([quote] if notes else [])])


def _line(line: RequestLine, need: SupplyRequest) -> str:
    facts = {
        "quantity": formats.number_format(line.quantity, use_l10n=True, force_grouping=True),
        "unit": line.product.unit_for_count(line.quantity),
        "product": line.product.name,
    }
    words = _("%(quantity)s %(unit)s: %(product)s") % facts
    more = [accepted_standards_text(line)]
    if line.priority != line.Priority.NORMAL:
        more.append(_("priority: %(priority)s") % {"priority": line.get_priority_display().lower()})
    if line.needed_by and line.needed_by != need.needed_by:
        more.append(_("needed by %(day)s") % {"day": _day(line.needed_by)})
    if instead := [one.label for one in line.alternatives.all()]:
        more.append(_("also accepted: %(goods)s") % {"goods": pgettext("goods", " or ").join(instead)})
    details = _("; ").join(one for one in more if one)
    return _("%(what)s (%(part)s)") % {"what": words, "part": details} if details else words


def _acquisition_sentences(need: SupplyRequest) -> list[str]:
    """Return a sentence on how goods may come (purchase, donation), in a list; empty if not stated."""
    buys, takes_gifts = (
        kind in need.accepts for kind in (AcquisitionType.PURCHASE, AcquisitionType.DONATION)
    )
    if buys and takes_gifts:
        return [_("We want to buy these goods. Donations are also welcome.")]
    if buys or takes_gifts:
        return [
            _("We want to buy these goods.") if buys else _("We are looking for a donation of these goods.")
        ]
    return []


def _day(day: date | None) -> str:
    return formats.date_format(day, "DATE_FORMAT") if day else ""

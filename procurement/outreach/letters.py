"""Text of an inquiry to a contact, in the contact's and the officer's language.

Pure: composes text, sends nothing.
"""

from dataclasses import dataclass
from datetime import date

from django.utils import formats, translation
from django.utils.translation import gettext as _

from partners.contacts.models import Contact
from partners.contacts.salutations import salutation
from procurement.catalogue.models.reference_rows import Dealing
from procurement.requests.models import RequestLine, SupplyRequest
from procurement.requests.queries import sort_by_urgency


@dataclass(frozen=True)
class InquiryLetter:
    """A subject and a body of plain text, in one language."""

    subject: str
    body: str


def compose_letter(
    need: SupplyRequest, lines: list[RequestLine], contact: Contact, language: str
) -> InquiryLetter:
    """Return the first draft of an inquiry. The officer may change it before it is sent."""
    with translation.override(language):
        asks = "\n".join(f"  – {_line(line, need)}" for line in sort_by_urgency(lines))
        facts = {
            "city": need.city.name,
            "their_city": contact.city.name,
            "title": need.title,
            "greeting": _("Dear %(name)s") % {"name": salutation(contact, language)},
            "needed_by": _day(need.needed_by),
            "lines": "\n\n".join(filter(None, [asks, *_ways(need), need.notes.strip()])),
            "office": contact.organization.name,
        }
        subject = _("Can you help %(city)s find protective equipment?") % facts
        body = (
            _(
                "%(greeting)s,\n\n%(city)s and %(their_city)s are partner cities. We need the "
                "following by %(needed_by)s:\n\n%(lines)s\n\nDo you or your office know a supplier "
                "who could help? The link in our email opens a short form. It takes about three "
                "minutes and needs no account or password. You can return to it later. If you "
                "cannot help, or if a colleague is the right person to ask, please tell us on the "
                "same page.\n\nWe ask only for an introduction and for what you see yourself. You "
                "do not vouch for anyone. Thank you for your kindness.\n\nOn behalf of %(city)s"
            )
            % facts
        )
    return InquiryLetter(subject, body)


def need_text(need: SupplyRequest) -> str:
    """Return what a need asks for now, in the active language, the most urgent line first.

    It includes the date and the terms. Words typed by the city are quoted as the city's.
    """
    rows = need.lines.select_related("product").prefetch_related("standards").order_by("position")
    asks = "\n".join(f"  – {_line(line, need)}" for line in sort_by_urgency(rows))
    day = _("needed by %(day)s") % {"day": _day(need.needed_by)}
    notes = need.notes.strip()
    said = _("%(city)s wrote: “%(words)s”") % {"city": need.city.name, "words": notes}
    return "\n\n".join([asks, day, *_ways(need), *([said] if notes else [])])


def _line(line: RequestLine, need: SupplyRequest) -> str:
    facts = {
        "quantity": formats.number_format(line.quantity, use_l10n=True, force_grouping=True),
        "unit": line.product.get_unit_display(),
        "product": line.product.name,
    }
    words = _("%(quantity)s %(unit)s: %(product)s") % facts
    more = [_(", ").join(str(standard) for standard in line.standards.all())]
    if line.priority != line.Priority.NORMAL:
        more.append(_("priority: %(priority)s") % {"priority": line.get_priority_display().lower()})
    if line.needed_by and line.needed_by != need.needed_by:
        more.append(_("needed by %(day)s") % {"day": _day(line.needed_by)})
    if line.alternatives_allowed:
        more.append(_("alternatives are also welcome"))
    said = _("; ").join(one for one in more if one)
    return _("%(what)s (%(part)s)") % {"what": words, "part": said} if said else words


def _ways(need: SupplyRequest) -> list[str]:
    """Return a sentence on how goods may come (purchase, donation), in a list; empty if not stated."""
    buys, takes_gifts = (kind in need.accepts for kind in (Dealing.PURCHASE, Dealing.DONATION))
    if buys and takes_gifts:
        return [_("We want to buy these goods. Donations are also welcome.")]
    if buys or takes_gifts:
        return [
            _("We want to buy these goods.") if buys else _("We are looking for a donation of these goods.")
        ]
    return []


def _day(day: date | None) -> str:
    return formats.date_format(day, "DATE_FORMAT") if day else ""

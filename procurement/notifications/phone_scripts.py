"""Scripts for the phone call after three reminders: caller, number, local time, what to say. Reads only.

The script is in the caller's language. The pronunciation of a Chinese name is the one that a person confirmed; none
is invented.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from partners.contacts.models import Contact
from partners.contacts.working_hours import next_working_time
from procurement.notifications import audiences
from procurement.notifications.audiences import responsible_officer_of_lead
from procurement.outreach.models.inquiries import Inquiry
from procurement.verification.models import VerificationTask
from workflow.days import reader_day
from workflow.errors import LazyText
from workflow.formatting import (
    bilingual_name,
    format_day,
    format_moment,
    local_moment,
    quote_typed,
    reader_language,
)
from workflow.person_names import HAN_PATTERN

PRACTICE_NAME_SUFFIX = "DEMO"  # suffix of the names of invented people on practice sites
NOON_HOUR = 12
EVENING_HOUR = 18


@dataclass(frozen=True)
class PhoneScript:
    """One phone call to make. `caller` is empty if the city has no one left to make it."""

    caller: str
    contact_name: str
    title: str
    phone: str
    pronunciation: LazyText  # pronunciation of the name
    local_time: str  # the contact's local time
    better_call_time: str  # better time in both time zones; empty if the present time is fine
    lines: list[str]
    next_step: str  # advice on the next step on the page


def phone_script(thing: Inquiry | VerificationTask, at: datetime) -> PhoneScript:
    """Return the call about an unanswered inquiry or check."""
    contact = thing.contact
    assert contact is not None  # three reminders were sent to this contact
    caller = next(iter(_people_who_call(thing)), "")
    zone = contact.user.time_zone
    good = next_working_time(contact, at)
    return PhoneScript(
        caller=str(caller),
        contact_name=str(contact),
        title=contact.title_in(reader_language()) or contact.title,
        phone=contact.phone or contact.organization.phone,
        pronunciation=name_pronunciation(contact),
        local_time=format_moment(at, zone, short=True),
        better_call_time="" if good == at else _both_local_times(good, zone),
        lines=_script_lines(thing, contact, str(caller), good),
        next_step=_what_to_do_after_call(thing),
    )


def name_pronunciation(contact: Contact) -> str:
    """Return the pronunciation of a contact's name, from the Latin letters that are stored.

    Mentions the family name if it is stored or comes first. Without Latin letters, advises the caller to ask.
    """
    latin = _latin_name_parts(contact)
    if not latin:
        return (
            _("The pronunciation of this name is not on record. Ask how to say it.")
            if contact.user.name
            else ""
        )
    if contact.name_order == Contact.NameOrder.FAMILY_FIRST and len(latin) > 1:
        params = {"name": " ".join(latin), "family": contact.user.family_name or latin[0]}
        return _("%(name)s (family name first: %(family)s)") % params
    return " ".join(latin)


def _latin_name_parts(contact: Contact) -> list[str]:
    """Return the parts of a contact's name in Latin letters, or an empty list if they are unknown."""
    name = contact.user.name_latin or contact.user.name
    return [part for part in name.split() if part != PRACTICE_NAME_SUFFIX and not HAN_PATTERN.search(part)]


def _people_who_call(thing: Any) -> list[Any]:
    return (
        audiences.responsible_officer(thing)
        if isinstance(thing, Inquiry)
        else responsible_officer_of_lead(thing)
    )


def _both_local_times(at: datetime, zone: str) -> str:
    return _("%(there)s; %(here)s your time") % {
        "there": format_moment(at, zone, short=True),
        "here": format_moment(at),
    }


def _script_lines(
    thing: Inquiry | VerificationTask, contact: Contact, caller: str, at: datetime
) -> list[str]:
    params = {
        "caller": caller or _("(your name)"),
        "city": bilingual_name(thing.city).text,
        "contact": _spoken_name(contact),
    }
    hour = local_moment(at, contact.user.time_zone).hour
    greeting = _("Good morning.") if hour < NOON_HOUR else _("Good afternoon.")
    if hour >= EVENING_HOUR:
        greeting = _("Good evening.")
    hello = (
        _("My name is %(caller)s, and I am calling on behalf of %(city)s. Am I speaking with %(contact)s?")
        % params
    )
    return [
        f"{greeting} {hello}",
        _reason_for_call(thing),
        _how_to_answer(thing),
        _("Thank you very much for your time."),
    ]


def _spoken_name(contact: Contact) -> str:
    """Return the name by which the caller asks for the contact: Ms Chen Xiaolan; 陈晓岚 in Chinese."""
    if reader_language() == "zh":
        return contact.user.name
    name = " ".join(_latin_name_parts(contact)) or contact.user.name
    known = contact.form_of_address and not HAN_PATTERN.search(name)
    return f"{contact.get_form_of_address_display()} {name}" if known else name


def _reason_for_call(thing: Inquiry | VerificationTask) -> str:
    if isinstance(thing, Inquiry):
        params = {"day": _day_text(thing.sent_at), "need": quote_typed(thing.supply_request.title)}
        return (
            _(
                "On %(day)s we wrote to ask whether you could help us with a request: %(need)s. "
                "Did you receive our letter?"
            )
            % params
        )
    if thing.requested_certificate_type is not None:
        params = {
            "day": _day_text(thing.offered_at),
            "supplier": thing.supplier.name,
            "certificate": thing.requested_certificate_type.name,
        }
        return (
            _(
                "On %(day)s we asked you for a document from %(supplier)s: %(certificate)s. Did you "
                "receive our letter?"
            )
            % params
        )
    params = {
        "day": _day_text(thing.offered_at),
        "supplier": thing.supplier.name,
        "check": thing.get_check_kind_display(),
    }
    return (
        _("On %(day)s we asked you to check %(supplier)s for us: %(check)s. Did you receive our letter?")
        % params
    )


def _day_text(at: datetime | None) -> str:
    return format_day(reader_day(at)) if at is not None else ""


def _how_to_answer(thing: Inquiry | VerificationTask) -> str:
    if isinstance(thing, Inquiry):
        return _(
            "If you cannot help, please tell us. A colleague’s name would also help. I can note your "
            "answer now or send you the link again."
        )
    if thing.requested_certificate_type is not None:
        return _(
            "A photo is enough. If you cannot get the document, please tell us. I can "
            "send you the link again."
        )
    return _(
        "If you cannot check something, you can say so in the report. A colleague can also do the "
        "check. I can send you the link again."
    )


def _what_to_do_after_call(thing: Inquiry | VerificationTask) -> str:
    if isinstance(thing, Inquiry):
        return _("Record the answer below. Any answer counts as a reply.")
    return _("If more time is needed, change the due date below. A new link will be sent.")

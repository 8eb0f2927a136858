"""The phone call after three reminders: who calls, which number, what their clock says, and what to say. Reads only.

What to say is in the caller's language. A name is given as it is kept: a reading of Chinese characters is never made up.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from partners.models.people import Contact
from partners.rules.hours import back_at_work
from procurement.notices import audiences
from procurement.notices.audiences import keeper_of_lead
from procurement.outreach.models import Inquiry
from procurement.verification.models.checks import VerificationTask
from workflow.days import reader_day
from workflow.doors.words import day, in_marks, localised, moment, name_of
from workflow.errors import Words

PRACTICE = "DEMO"  # ends the names of invented people, and is no name
HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
NOON = 12
EVENING = 18


@dataclass(frozen=True)
class Call:
    """One phone call to make. `caller` is empty where nobody of the city is left to make it."""

    caller: str
    whom: str
    title: str
    phone: str
    reading: Words  # how the name is said
    there: str  # the time on their clock
    better: str  # when to call instead, on their clock and the reader's; empty where now is good
    says: list[str]
    then: str  # what to do on the page afterwards


def of(thing: Inquiry | VerificationTask, at: datetime) -> Call:
    """The call about a question or a check that nobody answered."""
    contact = thing.contact
    assert contact is not None  # three reminders went to somebody
    caller = next(iter(_callers(thing)), "")
    zone = contact.user.time_zone
    good = back_at_work(contact, at)
    return Call(
        caller=str(caller),
        whom=contact.user.name,
        title=contact.title,
        phone=contact.phone or contact.organisation.phone,
        reading=reading(contact),
        there=moment(at, zone, short=True),
        better="" if good == at else _both(good, zone),
        says=_script(thing, contact, str(caller), good),
        then=_afterwards(thing),
    )


def reading(contact: Contact) -> str:
    """How the name is read aloud: the Latin letters that are kept, with the family name where it comes first; or that none are."""
    latin = _latin(contact.user.name)
    if not latin:
        return _("No reading of this name is kept. Ask how it is said.") if contact.user.name else ""
    if contact.name_order == Contact.NameOrder.FAMILY_FIRST and len(latin) > 1:
        told = {"name": " ".join(latin), "family": latin[0]}
        return _("%(name)s (the family name, %(family)s, is said first)") % told
    return " ".join(latin)


def _latin(name: str) -> list[str]:
    """The parts of a name that are kept in Latin letters; of a name in Chinese characters alone, none."""
    return [part for part in name.split() if part != PRACTICE and not HAN.search(part)]


def _callers(thing: Any) -> list[Any]:
    return audiences.keeper(thing) if isinstance(thing, Inquiry) else keeper_of_lead(thing)


def _both(at: datetime, zone: str) -> str:
    return _("%(there)s, here %(here)s") % {"there": moment(at, zone, short=True), "here": moment(at)}


def _script(thing: Inquiry | VerificationTask, contact: Contact, caller: str, at: datetime) -> list[str]:
    told = {
        "caller": caller or _("(your name)"),
        "city": name_of(thing.city).text,
        "contact": " ".join(_latin(contact.user.name)) or contact.user.name,
    }
    hour = localised(at, contact.user.time_zone).hour
    greeting = _("Good morning.") if hour < NOON else _("Good afternoon.")
    if hour >= EVENING:
        greeting = _("Good evening.")
    hello = _("My name is %(caller)s, and I am calling for %(city)s. Am I speaking with %(contact)s?") % told
    return [f"{greeting} {hello}", _what(thing), _easy(thing), _("Thank you very much for your time.")]


def _what(thing: Inquiry | VerificationTask) -> str:
    if isinstance(thing, Inquiry):
        told = {"day": _on(thing.sent_at), "need": in_marks(thing.supply_request.title)}
        return (
            _(
                "On %(day)s we wrote to ask whether you can help us with this: %(need)s. Did our letter reach you?"
            )
            % told
        )
    told = {
        "day": _on(thing.offered_at),
        "supplier": thing.supplier.name,
        "check": thing.get_check_kind_display(),
    }
    return (
        _("On %(day)s we asked you to look at %(supplier)s for us: %(check)s. Did our letter reach you?")
        % told
    )


def _on(at: datetime | None) -> str:
    return day(reader_day(at)) if at is not None else ""


def _easy(thing: Inquiry | VerificationTask) -> str:
    if isinstance(thing, Inquiry):
        return _(
            "A no helps us too, and so does the name of a colleague. I can note your answer now, or send you the link again."
        )
    return _(
        "“I could not check” is a good answer, and a colleague may do it. I can send you the link again."
    )


def _afterwards(thing: Inquiry | VerificationTask) -> str:
    if isinstance(thing, Inquiry):
        return _("Note the answer below. Whatever they say counts as an answer.")
    return _("If they need longer, give another day below: a new link goes to them with it.")

"""Looking the month over: from the mails that went out and the calendars written by hand, what was wrong."""

import itertools
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from partners.models.people import Contact, Membership
from procurement.outreach.models import Inquiry
from procurement.verification.models.checks import VerificationTask
from tests.faults.month_of_ticks.month import REDATED, SILENT, Month, Sent
from tests.faults.month_of_ticks.places import BY_CODE, OFFICES, Place
from workflow.models.journal import Entry
from workflow.models.post import Message

ASKS = {"inquiry", "check"}
REMINDERS = {"inquiry_reminder", "check_reminder"}
PHONE = "Please phone"
AT_ONCE = {"inquiry_thanks", "check_received"}  # answers to what their reader has just done
MOST = 3
APART = timedelta(hours=10)  # two reminders about one thing: never on one working day


@dataclass(frozen=True)
class Found:
    """What was wrong, by kind; every list is empty where all holds."""

    at_a_bad_hour: list[Sent]
    twice: list[object]
    lost: list[object]
    after_the_answer: list[Sent]
    too_many_reminders: list[object]
    reminders_too_close: list[object]
    not_seen_through: list[object]

    def __str__(self) -> str:
        return ", ".join(f"{name.replace('_', ' ')} {len(value)}" for name, value in vars(self).items())


def look_over(month: Month) -> Found:
    """Compare what went out with what had to."""
    about: defaultdict[object, list[Sent]] = defaultdict(list)
    for one in month.sent:
        about[one.thing].append(one)
    numbers = Counter(one.number for one in month.sent)
    effects = Counter((one.message.entry_id, one.message.recipient_id) for one in month.sent)
    reminders = {
        thing: [one.at for one in mails if one.message.template in REMINDERS]
        for thing, mails in about.items()
    }
    hours = Hours(month)
    return Found(
        at_a_bad_hour=[one for one in month.sent if not hours.suit(one)],
        twice=[key for counted in (numbers, effects) for key, times in counted.items() if times > 1],
        lost=_lost(numbers),
        after_the_answer=[
            one
            for thing, ended in month.ended.items()
            for one in about[thing]
            if one.at > ended and one.message.template != "staff"
        ],
        too_many_reminders=[thing for thing, times in reminders.items() if len(times) > MOST],
        reminders_too_close=[
            thing
            for thing, times in reminders.items()
            if any(later - before < APART for before, later in itertools.pairwise(times))
        ],
        not_seen_through=[
            thing for thing, fate in month.fates.items() if not _seen_through(fate, about[thing])
        ],
    )


def _lost(numbers: Counter[str]) -> list[object]:
    """Marked as sent and never seen, still waiting, dead or given up; entries nobody made mails of; reminders still to come."""
    rows = Message.objects.values_list("pk", "state")
    return [
        *(pk for pk, state in rows if state == "sent" and str(pk) not in numbers),
        *(pk for pk, state in rows if state not in ("sent", "cancelled")),
        *Entry.objects.filter(announced_at=None).values_list("pk", flat=True),
        *Inquiry.objects.exclude(chase_at=None).values_list("reference", flat=True),
        *VerificationTask.objects.exclude(chase_at=None).values_list("reference", flat=True),
    ]


def _seen_through(fate: str, mails: list[Sent]) -> bool:
    """What nobody answered: asked, reminded three times, then somebody of the city is told to phone, each once."""
    kinds = Counter(
        one.message.subject.rpartition(" · ")[2] if one.message.template == "staff" else one.message.template
        for one in mails
    )
    asked, reminded = sum(kinds[name] for name in ASKS), sum(kinds[name] for name in REMINDERS)
    if fate == SILENT:
        return (asked, reminded, kinds[PHONE]) == (1, MOST, 1)
    if fate == REDATED:
        return asked <= 1 and kinds["inquiry_redated"] + kinds["check_redated"] == 1 and kinds[PHONE] <= 1
    return (asked <= 1 and kinds[PHONE] == 0) or reminded == MOST


class Hours:
    """Whether a mail came while its reader was at work, by the calendars written by hand, and not away."""

    def __init__(self, month: Month) -> None:
        self.away_until = month.away_until
        self.contacts = {one.user_id: one for one in Contact.objects.select_related("city")}
        self.offices = {
            role.user_id: OFFICES[role.city.slug]
            for role in Membership.objects.filter(city__slug__in=OFFICES).select_related("city")
        }

    def suit(self, one: Sent) -> bool:
        contact = self.contacts.get(one.message.recipient_id)
        if one.message.template in AT_ONCE:
            return True
        if contact is None:
            return self.offices[one.message.recipient_id].works(one.at)
        place = BY_CODE[contact.city.subdivision]
        if one.message.template in REMINDERS and self._away(contact, place, one.at):
            return False
        opens, closes = contact.working_from or time(8), contact.working_until or time(20)
        return place.works(one.at, opens, closes)

    @staticmethod
    def _away(contact: Contact, place: Place, at: datetime) -> bool:
        return (
            contact.away_until is not None
            and at.astimezone(ZoneInfo(place.zone)).date() <= contact.away_until
        )

"""Checks of the mails sent in the simulated month, against calendars written by hand."""

import itertools
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from partners.contacts.models import Contact
from partners.memberships.models import Membership
from procurement.notifications.grouped_check_emails import GROUPED_CHECK_TEMPLATES
from procurement.outreach.models.inquiries import Inquiry
from procurement.verification.models import VerificationTask
from tests.faults.month_of_reminders.month import REDATED, SILENT, Month, SentMail
from tests.faults.month_of_reminders.working_hours import BY_CODE, OFFICES, Place
from workflow.journal.models import Entry
from workflow.outbox.models import Message

ASKS = {"inquiry", "check"}
REMINDERS = {"inquiry_reminder", "check_reminder"}
PHONE = "Phone call needed"
IMMEDIATE_TEMPLATES = {"inquiry_thanks", "check_received"}  # replies to an act of the reader
MAX_REMINDERS = 3
MIN_REMINDER_INTERVAL = timedelta(
    hours=10
)  # between two reminders about one object: never on one working day


@dataclass(frozen=True)
class MailFaults:
    """Faults by kind; all lists are empty if everything is right."""

    at_a_bad_hour: list[SentMail]
    twice: list[object]
    lost: list[object]
    after_the_answer: list[SentMail]
    too_many_reminders: list[object]
    reminders_too_close: list[object]
    not_seen_through: list[object]

    def __str__(self) -> str:
        return ", ".join(f"{name.replace('_', ' ')} {len(value)}" for name, value in vars(self).items())


def check_mails(month: Month) -> MailFaults:
    """Compare the mails that went out with those that were due."""
    about: defaultdict[object, list[SentMail]] = defaultdict(list)
    for one in month.sent:
        about[one.thing].append(one)
    for thing, one in _covered(month.sent):
        about[thing].append(one)
    numbers = Counter(one.number for one in month.sent)
    effects = Counter((one.message.entry_id, one.message.recipient_id) for one in month.sent)
    reminders = {
        thing: [one.at for one in mails if one.message.template in REMINDERS]
        for thing, mails in about.items()
    }
    hours = Hours(month)
    return MailFaults(
        at_a_bad_hour=[one for one in month.sent if not hours.allow(one)],
        twice=[key for counted in (numbers, effects) for key, times in counted.items() if times > 1],
        lost=_lost(numbers),
        after_the_answer=[
            one
            for thing, ended in month.ended.items()
            for one in about[thing]
            if one.at > ended and one.message.template != "staff"
        ],
        too_many_reminders=[thing for thing, times in reminders.items() if len(times) > MAX_REMINDERS],
        reminders_too_close=[
            thing
            for thing, times in reminders.items()
            if any(later - before < MIN_REMINDER_INTERVAL for before, later in itertools.pairwise(times))
        ],
        not_seen_through=[
            thing for thing, fate in month.fates.items() if not _seen_through(fate, about[thing])
        ],
    )


def _covered(sent: list[SentMail]) -> Iterator[tuple[object, SentMail]]:
    """Yield the mails that were not sent because that of another check listed theirs, each with that one."""
    listing = [one for one in sent if one.message.template in GROUPED_CHECK_TEMPLATES]
    unsent = Message.objects.filter(state="cancelled", template__in=GROUPED_CHECK_TEMPLATES).select_related(
        "entry"
    )
    references = dict(VerificationTask.objects.values_list("pk", "reference"))
    for message in unsent:
        for one in listing:
            same = (
                one.message.template == message.template and one.message.recipient_id == message.recipient_id
            )
            if (
                same
                and one.at >= message.entry.at
                and f"({references[message.thing_id]})" in one.message.body
            ):
                yield (message.thing_label, message.thing_id), one
                break


def _lost(numbers: Counter[str]) -> list[object]:
    """Return everything that is lost or unfinished.

    These are messages marked as sent that never arrived, messages in any other state except cancelled,
    journal entries without their messages, and inquiries and checks with a reminder still to come.
    """
    rows = Message.objects.values_list("pk", "state")
    return [
        *(pk for pk, state in rows if state == "sent" and str(pk) not in numbers),
        *(pk for pk, state in rows if state not in ("sent", "cancelled")),
        *Entry.objects.filter(announced_at=None).values_list("pk", flat=True),
        *Inquiry.objects.exclude(next_reminder_at=None).values_list("reference", flat=True),
        *VerificationTask.objects.exclude(next_reminder_at=None).values_list("reference", flat=True),
    ]


def _seen_through(fate: str, mails: list[SentMail]) -> bool:
    """Return True if an inquiry or check got the right number of mails for its fate.

    Without an answer it is asked once and reminded three times; then the city is asked once to phone.
    """
    kinds = Counter(
        one.message.subject.rpartition(" · ")[2] if one.message.template == "staff" else one.message.template
        for one in mails
    )
    asked, reminded = sum(kinds[name] for name in ASKS), sum(kinds[name] for name in REMINDERS)
    if fate == SILENT:
        return (asked, reminded, kinds[PHONE]) == (1, MAX_REMINDERS, 1)
    if fate == REDATED:
        return (
            asked <= 1
            and kinds["inquiry_due_time_changed"] + kinds["check_due_time_changed"] == 1
            and kinds[PHONE] <= 1
        )
    return (asked <= 1 and kinds[PHONE] == 0) or reminded == MAX_REMINDERS


class Hours:
    """Working hours and absences of the readers, by the hand-written calendars."""

    def __init__(self, month: Month) -> None:
        self.away_until = month.away_until
        self.contacts = {one.user_id: one for one in Contact.objects.select_related("city")}
        self.offices = {
            role.user_id: OFFICES[role.city.slug]
            for role in Membership.objects.filter(city__slug__in=OFFICES).select_related("city")
        }

    def allow(self, one: SentMail) -> bool:
        contact = self.contacts.get(one.message.recipient_id)
        if one.message.template in IMMEDIATE_TEMPLATES:
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

"""Simulation of five weeks of reminders through the real actions, periodic job and database.

Some contacts answer, some forward the inquiry, some get a later date, most do not answer. The periodic job runs as
Celery's beat starts it, except for a night and a day in which the machine is down.
"""

import itertools
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from django.core import mail
from django.db.models import Min

from partners.contacts.models import Contact
from partners.permissions.permissions import permissions_by_link
from procurement.outreach.actions import reminders
from procurement.outreach.actions.inquiries import forward_inquiry, send_inquiry
from procurement.outreach.actions.replies import decline_inquiry
from procurement.outreach.models.inquiries import Inquiry
from procurement.tasks import run_tick
from procurement.verification.actions.assignment import (
    change_due_time,
    decline_check,
    forward_check,
    request_check,
)
from procurement.verification.models import VerificationTask
from tests.faults.month_of_reminders.players import CHECK, QUESTION, Thing, create_cast, unsent_requests
from workflow.errors import Refused
from workflow.outbox.models import Message

MODEL = {QUESTION: Inquiry, CHECK: VerificationTask}
REDATE = {QUESTION: reminders.change_due_time, CHECK: change_due_time}
DECLINE = {QUESTION: decline_inquiry, CHECK: decline_check}
FORWARD = {QUESTION: forward_inquiry, CHECK: forward_check}
SILENT, DECLINES, PASSES_ON, REDATED = "silent", "declines", "passes on", "redated"
FATES = [SILENT] * 6 + [DECLINES] * 2 + [PASSES_ON, REDATED]
DAY = 86_400
ASKED_FOR_DAYS = 17 * DAY  # objects are asked in these days, at any hour
ENOUGH_ROUNDS = 500
TICK_INTERVAL = timedelta(seconds=30)


@dataclass(frozen=True)
class Span:
    """Days to simulate, the interval between runs of the periodic job, and the outage of the machine."""

    begins: date
    days: int
    tick: timedelta
    outage: tuple[datetime, datetime]
    every_tick: bool  # also those with nothing due

    def moments(self) -> list[datetime]:
        start = datetime.combine(self.begins, time(), UTC)
        ticks = int(timedelta(days=self.days) / self.tick)
        moments = [start + number * self.tick for number in range(ticks)]
        return [at for at in moments if not self.outage[0] <= at < self.outage[1]]


@dataclass(frozen=True)
class SentMail:
    """One mail as it went out."""

    at: datetime
    number: str
    message: Message

    @property
    def thing(self) -> Thing:
        return self.message.thing_label, self.message.thing_id


@dataclass
class Month:
    """Inquiries and checks of the month, the fate of each, and every mail that went out."""

    span: Span
    count: int
    sent: list[SentMail] = field(default_factory=list)
    fates: dict[Thing, str] = field(default_factory=dict)
    ended: dict[Thing, datetime] = field(default_factory=dict)
    ticks: int = 0

    def __post_init__(self) -> None:
        start = datetime.combine(self.span.begins, time(), UTC)
        self.away_until = start + timedelta(days=10)
        self.cast = create_cast(self.count, self.away_until)
        self.asked: dict[Thing, Contact] = unsent_requests(self.cast, self.count, start)
        self.by = self.cast.story.officer.by
        self.plan = sorted(self._planned(start), key=lambda one: one[0])

    def _planned(self, start: datetime) -> Iterator[tuple[datetime, Thing, str]]:
        """Yield the acts of people: each object is asked once, and most others follow within four days."""
        dice = random.Random(f"{self.span.begins} {self.count}")
        for thing in self.asked:
            asked = start + timedelta(seconds=dice.randrange(ASKED_FOR_DAYS))
            self.fates[thing] = dice.choice(FATES)
            yield asked, thing, "ask"
            if self.fates[thing] != SILENT:
                yield asked + timedelta(seconds=dice.randrange(3600, 4 * DAY)), thing, self.fates[thing]

    def play(self) -> None:
        """Run the whole simulation."""
        waiting = list(reversed(self.plan))
        due: datetime | None = None
        moments = self.span.moments()
        for at in moments:
            happened = at == moments[-1]  # the last mails left entries for the next tick
            while waiting and waiting[-1][0] <= at:
                _when, thing, what = waiting.pop()
                self._meet(thing, what, at)
                happened = True
            if happened or self.span.every_tick or (due is not None and due <= at):
                self._tick(at)
                due = _next_due()

    def _tick(self, at: datetime) -> None:
        """Run the periodic job until nothing is due, half a minute later while a message waits."""
        for _round in range(ENOUGH_ROUNDS):
            self.ticks += 1
            more = run_tick(at)
            self._collect(at)
            if Message.objects.filter(state="planned", next_try_at__lte=at).exists():
                at += TICK_INTERVAL
            elif not more:
                return
        raise AssertionError(f"the tick of {at} does not come to an end")

    def _meet(self, thing: Thing, what: str, at: datetime) -> None:
        label, pk = thing
        row = MODEL[label].objects.get(pk=pk)
        if what == "ask":
            if label == QUESTION:
                send_inquiry(row, by=self.by, at=at)
            else:
                request_check(row, self.asked[thing], by=self.by, at=at)
            return
        link = permissions_by_link(row.contact.user, row.contact, thing)
        if what == REDATED:
            REDATE[label](row, due_at=at + timedelta(days=4), by=self.by, at=at)
        elif what == DECLINES or not self._passed_on(label, row, link, at):
            DECLINE[label](row, remark="Not here.", by=link, at=at)
        if what != REDATED:
            self.ended[thing] = at

    def _passed_on(self, label: str, row: object, link: object, at: datetime) -> bool:
        colleague = self.cast.colleagues[row.contact.city.subdivision]
        try:
            onward = FORWARD[label](row, to=colleague, by=link, at=at)
        except Refused:  # the colleague was already asked about this need
            return False
        thing = (onward._meta.label_lower, onward.pk)
        self.fates[thing] = SILENT
        self.asked[thing] = colleague
        return True

    def _collect(self, at: datetime) -> None:
        """Collect the mails that have just gone out, as the mail server got them."""
        numbers = [one.extra_headers["Message-ID"].strip("<").partition("@")[0] for one in mail.outbox]
        mail.outbox.clear()
        found = Message.objects.select_related("recipient").defer("body").in_bulk(set(numbers))
        known = {str(pk): message for pk, message in found.items()}
        self.sent.extend(SentMail(at, number, known[number]) for number in numbers)


def _next_due() -> datetime | None:
    """Return the next moment at which the periodic job has work."""
    waiting = [
        Inquiry.objects.aggregate(at=Min("next_reminder_at"))["at"],
        VerificationTask.objects.aggregate(at=Min("next_reminder_at"))["at"],
        Message.objects.filter(state="planned").aggregate(at=Min("next_try_at"))["at"],
    ]
    return min(itertools.chain(at for at in waiting if at is not None), default=None)

"""Reminders in steps about items that wait: on the first, second and fourth working day, then no more."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any, NamedTuple

from django.db import models

from workflow.actors import SYSTEM
from workflow.due_rows import process_due
from workflow.moves import Move
from workflow.outbox.models import Message, Notification
from workflow.outbox.quiet_hours import is_working_day

DAY = timedelta(days=1)
WORKING_DAYS_UNTIL_REMINDER = (1, 2, 4)  # after the day from which an item waits; our own choice
MAX_REMINDERS = len(WORKING_DAYS_UNTIL_REMINDER)  # number of the reminder that also goes to those who phone
MAX_REMINDED_NAMES = 50  # readers of reminders that one page names


class RemindedModel(models.Model):
    """Fields of an item about which people are reminded while it waits. It has a `city`."""

    reminders = models.PositiveSmallIntegerField(default=0, editable=False)

    class Meta:
        abstract = True

    @property
    def waits_since(self) -> date | None:
        """Day of the city from which the item waits, or None while it waits for nothing."""
        raise NotImplementedError  # each model states its own; a model class cannot be an ABC as well


class LastReminder(NamedTuple):
    """When people were last reminded of an item, and whom."""

    sent_at: datetime
    recipients: list[Any]


def reminder_days_after(since: date, calendar: str) -> list[date]:
    """Return the days of the reminders for what waits since a day: working days of a country or subdivision."""
    ahead = list(islice(_working_days_after(since, calendar), max(WORKING_DAYS_UNTIL_REMINDER)))
    return [ahead[number - 1] for number in WORKING_DAYS_UNTIL_REMINDER]


def reminders_due(item: Any, at: datetime) -> int:
    """Return how many reminders about an item are due at a moment, with those that were sent."""
    since, city = item.waits_since, item.city
    if since is None:
        return 0
    today = city.day_at(at)
    return sum(day <= today for day in reminder_days_after(since, city.subdivision or city.country))


def send_reminders_of(waiting: "models.QuerySet[Any]", move: Move[Any], at: datetime) -> int:
    """Remind people of the waiting items whose next reminder is due. Return the number of items.

    An item is reminded of once a day at most, however many days were missed.
    """
    rows = waiting.filter(reminders__lt=MAX_REMINDERS)
    near = [row.pk for row in rows.select_related("city") if reminders_due(row, at) > row.reminders]

    def remind(item: Any) -> None:
        with move.apply_to(item, by=SYSTEM, at=at) as row:
            row.reminders = reminders_due(row, at)

    return process_due(rows.filter(pk__in=near).order_by("pk"), remind)


def last_reminders(items: Sequence[Any]) -> dict[int, LastReminder]:
    """Return the last reminder sent about each item of one kind, by its id. Two queries, none if none was due.

    A contact is reminded by email alone, a signed-in user on the page and perhaps by email.
    """
    reminded = [item.pk for item in items if item.reminders]
    if not reminded:
        return {}
    of_items = {"thing_label": items[0]._meta.label_lower, "thing_id__in": reminded, "entry__verb": "remind"}
    rows: list[Message | Notification] = []
    for sent in (Notification.objects.all(), Message.objects.filter(state=Message.State.SENT)):
        found = sent.filter(**of_items).select_related("recipient", "entry")
        rows += found.order_by("-entry_id", "pk")[:MAX_REMINDED_NAMES]
    newest = {row.thing_id: row.entry for row in sorted(rows, key=lambda row: row.entry_id)}
    return {
        pk: LastReminder(
            entry.at, list(dict.fromkeys(row.recipient for row in rows if row.entry_id == entry.pk))
        )
        for pk, entry in newest.items()
    }


def last_reminder(item: Any) -> LastReminder | None:
    """Return the last reminder sent about an item, or None. Two queries, none if no reminder was due."""
    return last_reminders([item]).get(item.pk)


def attach_last_reminders(items: Sequence[Any]) -> None:
    """Attach to each item of one kind its last reminder, or None, as `reminded`. Two queries at most."""
    reminders = last_reminders(items)
    for item in items:
        item.reminded = reminders.get(item.pk)


def _working_days_after(since: date, calendar: str) -> Iterator[date]:
    """Yield the working days after a day."""
    day = since
    while True:
        day += DAY
        if is_working_day(day, calendar):
            yield day

"""From an entry of the journal to the messages it causes, in each reader's language and at a polite hour. Writes nothing."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.apps import apps
from django.db.models import Model
from django.utils import timezone, translation

from accounts.models import User
from partners.rules.hours import decent_hour
from procurement.notices import words
from procurement.notices.notice import Notice
from procurement.notices.table import NOTICES
from workflow.models import Entry, Message

ANY = "*"


def plan(entry: Entry, at: datetime) -> list[Message]:
    """The messages an entry causes: one for each person, in the order of the table, none for whoever did it themselves."""
    notices = for_entry(entry)
    thing = load(entry.thing_label, entry.thing_id) if notices else None
    planned: dict[int, Message] = {}
    for notice in notices:
        if thing is None or not notice.holds(thing, entry):
            continue
        for person in _readers(notice, thing, entry):
            planned.setdefault(person.pk, _message(notice, thing, entry, person, at))
    return list(planned.values())


def for_entry(entry: Entry) -> tuple[Notice, ...]:
    """The rows of the table for what happened, or for that happening to anything."""
    return NOTICES.get((entry.thing_label, entry.verb)) or NOTICES.get((ANY, entry.verb), ())


def load(label: str, pk: int) -> Any | None:
    """The thing an entry or a message speaks of."""
    model: type[Model] = apps.get_model(label)
    return model._base_manager.filter(pk=pk).first()


def relevant(message: Message) -> bool:
    """Whether a planned message is still worth sending.

    Its reader takes mail, the thing stands where it mattered, and no later reminder of the same waits for the same morning.
    """
    notice = _notice_of(message)
    if notice is None or not _takes(notice, message.recipient):
        return False
    if not notice.while_at:
        return True
    thing = load(message.entry.thing_label, message.entry.thing_id)
    if thing is None or thing.status not in notice.while_at or not notice.still(thing):
        return False
    return not _overtaken(message)


def polite(message: Message, at: datetime) -> datetime:
    """The first moment from `at` on at which it may go: a receipt at once, all else in its reader's hours as they are now."""
    notice = _notice_of(message)
    return at if notice is None or notice.receipt else decent_hour(message.recipient, at)


def _notice_of(message: Message) -> Notice | None:
    return next((one for one in for_entry(message.entry) if one.template == message.template), None)


def _overtaken(message: Message) -> bool:
    """A weekend may make two reminders wait for one hour: the last of them says it all."""
    if message.entry.verb != "remind":
        return False
    same = Message.objects.filter(
        recipient=message.recipient_id, thing_label=message.thing_label, thing_id=message.thing_id
    )
    return same.filter(
        template=message.template, state=Message.State.PLANNED, entry__gt=message.entry_id
    ).exists()


def _readers(notice: Notice, thing: Any, entry: Entry) -> Iterator[User]:
    for person in notice.audience(thing):
        if _takes(notice, person) and (notice.receipt or person.pk != entry.by_id):
            yield person


def _takes(notice: Notice, person: User) -> bool:
    """A receipt or a code was asked for, so it goes to who stopped other mail, too."""
    return person.is_active if notice.receipt else person.may_be_written_to


def _message(notice: Notice, thing: Any, entry: Entry, person: User, at: datetime) -> Message:
    with translation.override(person.language), timezone.override(ZoneInfo(person.time_zone)):
        written = words.write(notice.template, words.facts(notice, thing, entry, person))
    next_try = at if notice.receipt else decent_hour(person, at)
    return Message(
        entry=entry,
        recipient=person,
        address=person.email,
        language=person.language,
        template=notice.template,
        subject=written.subject,
        body=written.body,
        link=notice.link(thing),
        thing_label=entry.thing_label,
        thing_id=entry.thing_id,
        city_id=entry.city_id,
        next_try_at=next_try,
        expires_at=next_try + notice.lasts,
    )

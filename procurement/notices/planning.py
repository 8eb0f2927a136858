"""From an entry of the journal to the messages it causes, in each reader's language and at a polite hour. Writes nothing."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.utils import timezone, translation

from accounts.actions.choices import ways_of
from accounts.models import User
from partners.models.people import Contact
from partners.rules.hours import decent_hour, next_morning
from partners.rules.powers import powers_of
from procurement.notices import audiences, digest, words
from procurement.notices.entries import for_entry, load, told_by
from procurement.notices.kinds import kind_of
from procurement.notices.notice import STAFF, Notice
from procurement.notices.thanks import THANKS, letter_of
from procurement.notices.words import Written, place_of
from procurement.outreach.models import SentLetter
from workflow.models.bell import InAppNotice, Way
from workflow.models.journal import Entry
from workflow.models.post import Message


class Planned(NamedTuple):
    """What an entry is told by: mail, what stands under the bell of whoever signs in, and the paper of what is thanked for."""

    messages: list[Message]
    notices: list[InAppNotice]
    letters: list[SentLetter]


def plan(entry: Entry, at: datetime) -> list[Message]:
    """The mail an entry causes."""
    return tell(entry, at).messages


def tell(entry: Entry, at: datetime) -> Planned:
    """What an entry causes: one notice or message for each person, in the order of the table, none for whoever did it themselves.

    Who signs in is told under the bell, whatever they chose, and by mail as they chose: at once, with the daily mail, or not.
    """
    rows = for_entry(entry)
    thing = load(entry.thing_label, entry.thing_id) if rows else None
    readers: dict[int, tuple[Notice, User]] = {}
    for row in rows:
        if thing is not None and row.holds(thing, entry):
            for person in _readers(row, thing, entry):
                readers.setdefault(person.pk, (row, person))
    told = Planned([], [], [])
    for row, person in readers.values():
        way: str = Way.AT_ONCE
        if row.template == STAFF:
            notice = _notice(row, entry, person, at)
            told.notices.append(notice)
            way = _way(notice, person)
            notice.digest_at = next_morning(person, at) if way == Way.DIGEST else None
        if way == Way.AT_ONCE and _is_mailed(row, thing, entry) and not _is_empty(row, entry, person):
            message = _message(row, thing, entry, person, at)
            told.messages.append(message)
            if row.template in THANKS:
                facts = words.facts(row, thing, entry, person)
                told.letters.append(letter_of(message, thing, entry, facts, at))
    return told


def _notice(row: Notice, entry: Entry, person: User, at: datetime) -> InAppNotice:
    return InAppNotice(
        entry=entry,
        recipient=person,
        kind=kind_of(entry.thing_label, entry.verb, row),
        thing_label=entry.thing_label,
        thing_id=entry.thing_id,
        at=at,
    )


def _way(notice: InAppNotice, person: User) -> str:
    """As chosen; no mail for who stopped all of it, or whose address does not work."""
    return ways_of(person)[notice.kind] if person.may_be_written_to else Way.OFF


def _is_mailed(row: Notice, thing: Any, entry: Entry) -> bool:
    """Whether it is true now, and no other mail of the same moment says it, too."""
    return row.is_true(thing, entry) and row.mailed(thing, entry)


def _is_empty(row: Notice, entry: Entry, person: User) -> bool:
    """Whether it is a daily mail with nothing in it: all of it has settled itself."""
    return row.template == digest.DIGEST and not digest.groups(entry, person)


def relevant(message: Message) -> bool:
    """Whether a planned message is still worth sending.

    Its reader takes mail and is still among those it is for, what it says is true of the thing as it is now, and no later reminder
    of the same waits for the same morning.
    """
    notice = _notice_of(message)
    if notice is None or not _takes(notice, message.recipient, message.entry):
        return False
    thing = load(message.entry.thing_label, message.entry.thing_id)
    if _asked_to_stop(notice, thing, message.recipient, message.entry):
        return False
    if thing is not None and not _is_still_theirs(notice, thing, message.recipient):
        return False
    if _is_empty(notice, message.entry, message.recipient):
        return False
    return notice.is_true(thing, message.entry) and not _overtaken(message)


def polite(message: Message, at: datetime) -> datetime:
    """The first moment from `at` on at which it may go: a receipt at once, all else in its reader's hours as they are now."""
    notice = _notice_of(message)
    reader = message.recipient
    return at if notice is None or notice.is_receipt(message.entry, reader) else decent_hour(reader, at)


def _notice_of(message: Message) -> Notice | None:
    alike = [one for one in for_entry(message.entry) if one.template == message.template]
    return told_by(alike, message.entry, message.recipient_id)


def _overtaken(message: Message) -> bool:
    """A weekend may make two reminders wait for one hour: the last of them says it all."""
    if message.entry.verb != "remind":
        return False
    same = Message.objects.filter(
        recipient=message.recipient_id, thing_label=message.thing_label, thing_id=message.thing_id
    )
    return same.filter(
        template=message.template,
        state=Message.State.PLANNED,
        entry__gt=message.entry_id,
        entry__verb="remind",  # all mails to staff share one template
    ).exists()


def _readers(notice: Notice, thing: Any, entry: Entry) -> Iterator[User]:
    for person in notice.audience(thing):
        takes = person.is_active if notice.template == STAFF else _takes(notice, person, entry)
        takes = takes and not _asked_to_stop(notice, thing, person, entry)
        if takes and (notice.receipt or person.pk != entry.by_id):
            yield person


def _takes(notice: Notice, person: User, entry: Entry) -> bool:
    """A receipt or a code was asked for, so it goes to who stopped other mail, too."""
    return person.is_active if notice.is_receipt(entry, person) else person.may_be_written_to


def _asked_to_stop(notice: Notice, thing: Any, person: User, entry: Entry) -> bool:
    """Whether this would be a letter to a contact who asked us, in that place of theirs, to write no more."""
    if notice.is_receipt(entry, person) or notice.template == STAFF:
        return False
    place = place_of(thing, person)
    return place is not None and place.status == Contact.Status.STOPPED


def _is_still_theirs(notice: Notice, thing: Any, person: User) -> bool:
    """Whether somebody who signs in is still among those it is for: a role may have ended since, and a leave to approve."""
    if notice.template != STAFF:
        return True
    return audiences.includes(notice.audience, thing, powers_of(person, via="clock"))


def write_again(message: Message, at: datetime) -> Written | None:
    """The words of a planned mail, of the thing as it is now. None for thanks, which are kept as a letter in the words planned."""
    notice = _notice_of(message)
    thing = load(message.entry.thing_label, message.entry.thing_id)
    if notice is None or thing is None or message.template in THANKS:
        return None
    return _write(notice, thing, message.entry, message.recipient, message.language, at)


def _write(notice: Notice, thing: Any, entry: Entry, person: User, language: str, at: datetime) -> Written:
    with translation.override(language), timezone.override(ZoneInfo(person.time_zone)):
        facts = words.facts(notice, thing, entry, person, at)
        if notice.template == digest.DIGEST:
            facts["groups"] = digest.groups(entry, person)
            facts["total"] = sum(len(group.lines) for group in facts["groups"])
        return words.write(notice.template, facts)


def _message(notice: Notice, thing: Any, entry: Entry, person: User, at: datetime) -> Message:
    written = _write(notice, thing, entry, person, person.language, at)
    next_try = at if notice.is_receipt(entry, person) else decent_hour(person, at)
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

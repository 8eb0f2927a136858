"""What is told inside the product, and the daily mail: the only writer of InAppNotice.

A notice is owed by mail in one of two ways, never both: by a message of its own (`outbox`), or by the daily mail of its reader
(`digest_at`). Each step is one transaction, safe to run twice and at the same time as itself. That somebody has read something
is their own bookmark and changes nothing: it is not journaled (docs/adr/0065).
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Model, QuerySet
from django.utils.translation import gettext_lazy as _

from workflow.actors import CLOCK, Actor
from workflow.errors import NOT_ALLOWED, Refused
from workflow.journal import entries
from workflow.models.bell import InAppNotice, InAppNoticeQuerySet, Way
from workflow.models.journal import Entry
from workflow.models.post import Message
from workflow.outbox.courtesy import day_began

GATHER = "digest"  # the verb of the entry that a daily mail is announced by
# Told whatever becomes of the thing: what somebody said, and whom a mail did not reach.
STAYS = ("comment", "undelivered")


@dataclass(frozen=True)
class Readers:
    """What the rooms above know of a reader.

    `ways`: how each kind reaches them. `polite`: the first moment from one on at which they may be written to. `morning`: when
    their next working day begins.
    """

    ways: Callable[[Any], Mapping[str, str]]
    polite: Callable[[Any, datetime], datetime]
    morning: Callable[[Any, datetime], datetime]


def ring(notices: Iterable[InAppNotice]) -> None:
    """Tell people of an entry; in the caller's transaction, which holds the entry. What is told already stays as it is."""
    InAppNotice.objects.bulk_create(notices, ignore_conflicts=True)


def settle(notices: Iterable[InAppNotice]) -> None:
    """Keep which entry settled each of them, or that it waits again; in the caller's transaction."""
    InAppNotice.objects.bulk_update(notices, ["settled_by"])


# --- read and unread ---
def read(notice: InAppNotice, *, by: Actor, at: datetime) -> None:
    """Put one's own notice aside; again changes nothing. Refuses somebody else's."""
    _own(notice, by).filter(read_at=None).update(read_at=at)


def unread(notice: InAppNotice, *, by: Actor, at: datetime) -> None:
    """Take one's own notice up again. Refuses somebody else's."""
    _own(notice, by).update(read_at=None)


def read_all(*, by: Actor, at: datetime, newest: int) -> int:
    """Put aside all of one's own up to the newest one that was seen. Says how many, all with this moment, by which they come back."""
    mine = InAppNotice.objects.filter(recipient=by.user_id, pk__lte=newest)
    return mine.filter(read_at=None).update(read_at=at)


def unread_since(moment: datetime, *, by: Actor) -> int:
    """Take up again what was put aside at one moment, all at once. Says how many."""
    return InAppNotice.objects.filter(recipient=by.user_id, read_at=moment).update(read_at=None)


def _own(notice: InAppNotice, by: Actor) -> InAppNoticeQuerySet:
    if notice.recipient_id != by.user_id:
        raise Refused(NOT_ALLOWED, _("You may put aside your own notices only."))
    return InAppNotice.objects.filter(pk=notice.pk)


# --- the daily mail ---
def rearrange(person_id: int, kind: str, way: str, *, at: datetime, morning: datetime) -> None:
    """Let what is owed already follow a new choice; in the caller's transaction, which holds the person.

    To the daily mail goes what is planned and not on its way. From it, all goes at the next decent moment, or by no mail.
    """
    mine = InAppNotice.objects.filter(recipient=person_id, kind=kind, digest=None)
    if way != Way.DIGEST:
        mine.waiting().update(digest_at=at if way == Way.AT_ONCE else None)
        return
    planned = Message.objects.filter(
        recipient=person_id, state=Message.State.PLANNED, entry__in=mine.values("entry")
    )
    taken = dict(planned.select_for_update(of=("self",)).order_by("pk").values_list("pk", "entry"))
    planned.filter(pk__in=taken).update(state=Message.State.CANCELLED, result="waits for the daily mail")
    mine.filter(entry__in=taken.values()).update(digest_at=morning)


def wait(message: Message, until: datetime) -> None:
    """Let a message's notice wait for the daily mail, if no such mail has it yet. Its sender drops the message."""
    told = InAppNotice.objects.filter(entry=message.entry_id, recipient=message.recipient_id, digest=None)
    told.filter(digest_at=None).update(digest_at=until)


def take_back(thing: Model) -> None:
    """What waited to be told of this thing has settled itself: no daily mail names it any more, and under the bell it stays."""
    waiting = InAppNotice.objects.about(thing).waiting().exclude(entry__in=said_of(thing))
    waiting.update(digest_at=None)


def said_of(thing: Model) -> QuerySet[Entry]:
    """What is told whatever becomes of a thing."""
    return Entry.objects.about(thing).filter(verb__in=STAYS)


def gather(at: datetime, readers: Readers, limit: int) -> int:
    """For each person whose daily mail is due write the entry it is announced by. Says with how many people it dealt."""
    due = InAppNotice.objects.waiting().filter(digest_at__lte=at).order_by("recipient")
    people = list(due.values_list("recipient", flat=True).distinct()[:limit])
    for person in people:
        with transaction.atomic():
            _gather_for(person, at, readers)
    return len(people)


def _gather_for(pk: int, at: datetime, readers: Readers) -> None:
    """One person's: under their lock, so that nothing goes twice and a choice made meanwhile counts."""
    rows = get_user_model()._base_manager.select_for_update(no_key=True, skip_locked=True)
    person = rows.filter(pk=pk).first()
    if person is None:
        return
    due = InAppNotice.objects.waiting().filter(recipient=pk, digest_at__lte=at).order_by("pk")
    ways = readers.ways(person)
    wanted = [notice for notice in due if ways.get(notice.kind, Way.AT_ONCE) != Way.OFF]
    due.exclude(pk__in=[notice.pk for notice in wanted]).update(digest_at=None)
    polite = readers.polite(person, at)
    if polite > at:
        due.update(digest_at=polite)
        return
    if _had_one(person, at):  # one a day; but what is now wanted at once waits no longer
        wanted = [notice for notice in wanted if ways.get(notice.kind, Way.AT_ONCE) == Way.AT_ONCE]
        due.exclude(pk__in=[notice.pk for notice in wanted]).update(digest_at=readers.morning(person, at))
    if wanted:
        entry = entries.record(person, GATHER, by=CLOCK, at=at, notices=len(wanted))
        going = InAppNotice.objects.filter(pk__in=[notice.pk for notice in wanted])
        going.update(digest_at=None, digest=entry)


def _had_one(person: Any, at: datetime) -> bool:
    today = Entry.objects.about(person).filter(verb=GATHER, at__gte=day_began(at, person.time_zone))
    return today.exists()

"""Putting messages into the ledger and taking them out; claiming them under a lease, and marking what became of them.

Every step of a sender is fenced by its claim: whoever lost it can neither send nor mark. Leases run on the database's clock,
because the senders' own clocks may differ.
"""

import secrets
import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, Model, OuterRef, Q, QuerySet
from django.db.models.functions import Now

from workflow.models.journal import Entry
from workflow.models.post import Message
from workflow.outbox.bell import said_of, take_back

LINK = "{{ link }}"  # stands in a stored body where the link goes: its token is made when the mail is sent, and kept nowhere
FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=4)
_random = secrets.SystemRandom()


def message_id(message: Message) -> str:
    """The Message-ID of a mail: the same however often it is sent, so that a reader's program shows it once."""
    return f"<{message.pk}@{urlsplit(settings.BASE_URL).hostname}>"


def queue(messages: Iterable[Message]) -> None:
    """Plan messages. One that is planned already (same entry, recipient and channel) stays as it is."""
    Message.objects.bulk_create(messages, ignore_conflicts=True)


def announce(entry: Entry, messages: Iterable[Message], at: datetime) -> None:
    """Plan what an entry is told by, and note that it has been announced; in the caller's transaction, which holds the entry."""
    queue(messages)
    Entry.objects.filter(pk=entry.pk).update(announced_at=at)


def pass_over(entries: Iterable[Entry], at: datetime) -> None:
    """Note of entries that nobody is told of that they have been dealt with; an import leaves thousands of them.

    Those that another runner holds are left to it, so that two never wait for each other.
    """
    silent = Entry.objects.filter(pk__in=[entry.pk for entry in entries], announced_at=None)
    with transaction.atomic():
        free = list(silent.select_for_update(skip_locked=True).order_by("pk").values_list("pk", flat=True))
        Entry.objects.filter(pk__in=free).update(announced_at=at)


def cancel(thing: Model) -> int:
    """Take back every message about this thing that is not on its way yet, and every line of a daily mail that waits, in the caller's
    transaction. Says how many messages.

    One whose content was already handed over is left alone: it may have arrived, and the ledger does not lie. So is what somebody
    said about the thing (`bell.said_of`), which is worth reading whatever became of it.
    """
    take_back(thing)
    about = Message.objects.about(thing).exclude(entry__in=said_of(thing))
    waiting = about.filter(Q(state=Message.State.PLANNED) | Q(state=Message.State.CLAIMED, doubts=0))
    return waiting.update(state=Message.State.CANCELLED, claim=None, leased_until=None, result="taken back")


def waiting(most: int) -> list[Message]:
    """What is planned and not sent yet, the soonest first."""
    planned = Message.objects.filter(state=Message.State.PLANNED).select_related("recipient")
    return list(planned.order_by("next_try_at", "id")[:most])


def hurry(message_id: uuid.UUID, at: datetime) -> bool:
    """Send a planned message without waiting for a polite hour; False where it is not planned any more. For practice only."""
    return (
        Message.objects.filter(pk=message_id, state=Message.State.PLANNED).update(
            next_try_at=at, hurried=True
        )
        == 1
    )


def lease() -> timedelta:
    """How long a sender may hold a message: far longer than sending one takes."""
    return timedelta(seconds=settings.OUTBOX_LEASE)


def claim(limit: int, at: datetime, pace: timedelta) -> list[Message]:
    """Take up to `limit` due messages for this sender, with a lease, in a short transaction of its own.

    First what a dead sender left behind, then what is due, oldest first: at most one message for a person at a time, and none for
    somebody who was sent one less than `pace` ago.
    """
    token = uuid.uuid4()
    with transaction.atomic():
        unlocked = Message.objects.select_for_update(skip_locked=True, of=("self",))
        lapsed = unlocked.filter(state=Message.State.CLAIMED, leased_until__lt=Now()).order_by(
            "leased_until", "id"
        )
        due = unlocked.filter(state=Message.State.PLANNED, next_try_at__lte=at).order_by("next_try_at", "id")
        ids = list(lapsed.values_list("pk", flat=True)[:limit])
        ids += _one_each(due, at - pace).values_list("pk", flat=True)[: limit - len(ids)]
        mine = Message.objects.filter(pk__in=ids)
        mine.update(state=Message.State.CLAIMED, claim=token, leased_until=Now() + lease())
    return list(mine.filter(claim=token).select_related("recipient", "entry").order_by("next_try_at", "id"))


def _one_each(due: QuerySet[Message], served_since: datetime) -> QuerySet[Message]:
    """Of each person's due messages the first, and none while another one is on its way or has just been sent."""
    same = Message.objects.filter(recipient=OuterRef("recipient"))
    before_this = Q(next_try_at__lt=OuterRef("next_try_at")) | Q(
        next_try_at=OuterRef("next_try_at"), id__lt=OuterRef("id")
    )
    earlier = same.filter(before_this, state=Message.State.PLANNED)
    on_its_way = same.filter(state=Message.State.CLAIMED, leased_until__gte=Now())
    just_sent = same.filter(state=Message.State.SENT, sent_at__gt=served_since)
    return due.filter(~Exists(earlier), ~Exists(on_its_way), ~Exists(just_sent))


def renew(message: Message) -> bool:
    """Start the lease anew; False if the claim was lost."""
    return _held(message).update(leased_until=Now() + lease()) == 1


def rewrite(message: Message, subject: str, body: str) -> None:
    """Set the words of a claimed message; those that may have gone out before stay."""
    if message.doubts or (subject, body) == (message.subject, message.body):
        return
    message.subject, message.body = subject, body
    _held(message).update(subject=subject, body=body)


def begin(message: Message) -> bool:
    """Note that the content goes out now; False if the claim was lost or has lapsed. From here on a silent end is a doubt."""
    going = _held(message).filter(leased_until__gt=Now())
    return going.update(doubts=F("doubts") + 1, leased_until=Now() + lease()) == 1


def mark(message: Message, state: str, result: str, **facts: Any) -> bool:
    """Write down what became of it and let it go; False, and nothing written, if the claim was lost meanwhile."""
    return _held(message).update(state=state, result=result, claim=None, leased_until=None, **facts) == 1


def put_back(messages: Iterable[Message]) -> None:
    """Let go of claimed messages that were not tried."""
    for message in messages:
        mark(message, Message.State.PLANNED, message.result)


def next_try(attempts: int, at: datetime) -> datetime:
    """When to try again after so many attempts: one minute, two, four ... up to four hours, each by a third earlier or later."""
    doubled: int = 2 ** min(attempts - 1, 20)
    wait = min(FIRST_WAIT * doubled, LONGEST_WAIT)
    return at + wait * _random.uniform(2 / 3, 4 / 3)


def _held(message: Message) -> QuerySet[Message]:
    return Message.objects.filter(pk=message.pk, state=Message.State.CLAIMED, claim=message.claim)

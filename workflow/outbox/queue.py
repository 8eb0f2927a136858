"""Queue of messages: planning and cancelling, claiming under a lease, and marking results.

The claim protects every step of a sender: a sender that lost its claim can neither send nor mark. Leases
run in the database's time, because the senders' own times may differ.
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

from workflow.journal.models import Entry
from workflow.outbox.in_app_notifications import always_notified_entries_about, remove_from_digests
from workflow.outbox.models import Message

# Marks in a stored body where the link goes. Its token is created when the mail is sent and is not stored.
LINK_PLACEHOLDER = "{{ link }}"
FIRST_RETRY_DELAY = timedelta(minutes=1)
MAX_RETRY_DELAY = timedelta(hours=4)
_random = secrets.SystemRandom()


def message_id(message: Message) -> str:
    """Return the Message-ID of a mail.

    It is the same each time the mail is sent, so that a reader's program shows the mail once.
    """
    return f"<{message.pk}@{urlsplit(settings.BASE_URL).hostname}>"


def enqueue(messages: Iterable[Message]) -> None:
    """Plan messages; one that is planned already (same entry, recipient and channel) stays as it is."""
    Message.objects.bulk_create(messages, ignore_conflicts=True)


def enqueue_for_entry(entry: Entry, messages: Iterable[Message], at: datetime) -> None:
    """Plan the messages about an entry, and record that it has been announced.

    Runs in the caller's transaction, which holds the entry.
    """
    enqueue(messages)
    Entry.objects.filter(pk=entry.pk).update(announced_at=at)


def mark_announced(entries: Iterable[Entry], at: datetime) -> None:
    """Mark entries without messages as announced; an import leaves thousands.

    Entries that another runner holds are left to it, so that two never wait for each other.
    """
    silent = Entry.objects.filter(pk__in=[entry.pk for entry in entries], announced_at=None)
    with transaction.atomic():
        free = list(silent.select_for_update(skip_locked=True).order_by("pk").values_list("pk", flat=True))
        Entry.objects.filter(pk__in=free).update(announced_at=at)


def cancel_messages_about(thing: Model) -> int:
    """Cancel every waiting message about this object, and return how many.

    A message waits while it is not on its way. Waiting lines of daily summaries are removed too. Runs in the
    caller's transaction.

    A message whose content was already handed over is left alone: it may have arrived, and its record must stay
    correct. Messages about comments and undelivered mail (`always_notified_entries_about`) also stay, because they are worth
    reading in any case.
    """
    remove_from_digests(thing)
    about = Message.objects.about(thing).exclude(entry__in=always_notified_entries_about(thing))
    waiting = about.filter(Q(state=Message.State.PLANNED) | Q(state=Message.State.SENDING, doubts=0))
    return waiting.update(state=Message.State.CANCELLED, claim=None, leased_until=None, result="taken back")


def planned_messages(most: int) -> list[Message]:
    """Return the planned messages, the soonest first."""
    planned = Message.objects.filter(state=Message.State.PLANNED).select_related("recipient")
    return list(planned.order_by("next_try_at", "id")[:most])


def send_now(message_id: uuid.UUID, at: datetime) -> bool:
    """Send a planned message without waiting for a polite hour.

    For practice only. Returns False if the message is not planned any more.
    """
    return (
        Message.objects.filter(pk=message_id, state=Message.State.PLANNED).update(
            next_try_at=at, hurried=True
        )
        == 1
    )


def lease_duration() -> timedelta:
    """Return the time for which a sender may hold a message: far longer than sending one takes."""
    return timedelta(seconds=settings.OUTBOX_LEASE)


def claim_due_messages(limit: int, at: datetime, pace: timedelta) -> list[Message]:
    """Claim up to `limit` due messages for this sender, with a lease, in a short transaction.

    First come messages that a dead sender left behind, then due messages, oldest first. A person gets at most
    one message at a time, and none less than `pace` after the last.
    """
    token = uuid.uuid4()
    with transaction.atomic():
        unlocked = Message.objects.select_for_update(skip_locked=True, of=("self",))
        lapsed = unlocked.filter(state=Message.State.SENDING, leased_until__lt=Now()).order_by(
            "leased_until", "id"
        )
        due = unlocked.filter(state=Message.State.PLANNED, next_try_at__lte=at).order_by("next_try_at", "id")
        ids = list(lapsed.values_list("pk", flat=True)[:limit])
        ids += _first_message_per_person(due, at - pace).values_list("pk", flat=True)[: limit - len(ids)]
        claimed = Message.objects.filter(pk__in=ids)
        claimed.update(state=Message.State.SENDING, claim=token, leased_until=Now() + lease_duration())
    return list(
        claimed.filter(claim=token).select_related("recipient", "entry").order_by("next_try_at", "id")
    )


def _first_message_per_person(due: QuerySet[Message], served_since: datetime) -> QuerySet[Message]:
    """Return the first due message of each person.

    None for a person with a message on its way or just sent.
    """
    same = Message.objects.filter(recipient=OuterRef("recipient"))
    before_this = Q(next_try_at__lt=OuterRef("next_try_at")) | Q(
        next_try_at=OuterRef("next_try_at"), id__lt=OuterRef("id")
    )
    earlier = same.filter(before_this, state=Message.State.PLANNED)
    on_its_way = same.filter(state=Message.State.SENDING, leased_until__gte=Now())
    just_sent = same.filter(state=Message.State.SENT, sent_at__gt=served_since)
    return due.filter(~Exists(earlier), ~Exists(on_its_way), ~Exists(just_sent))


def renew_lease(message: Message) -> bool:
    """Start the lease again.

    Returns False if the claim was lost.
    """
    return _leased(message).update(leased_until=Now() + lease_duration()) == 1


def set_message_text(message: Message, subject: str, body: str) -> None:
    """Set the words of a claimed message, unless they may already have been sent."""
    if message.doubts or (subject, body) == (message.subject, message.body):
        return
    message.subject, message.body = subject, body
    _leased(message).update(subject=subject, body=body)


def mark_sending(message: Message) -> bool:
    """Record that the content is sent now; return False if the claim was lost or has expired.

    If the sender dies after this call, it is uncertain whether the mail was sent.
    """
    leased = _leased(message).filter(leased_until__gt=Now())
    return leased.update(doubts=F("doubts") + 1, leased_until=Now() + lease_duration()) == 1


def record_result(message: Message, state: str, result: str, **facts: Any) -> bool:
    """Record the result of a message and end this sender's claim on it.

    Returns False, and writes nothing, if the claim was lost meanwhile.
    """
    return _leased(message).update(state=state, result=result, claim=None, leased_until=None, **facts) == 1


def requeue(messages: Iterable[Message]) -> None:
    """Give up the claims on messages that were not tried, so that another sender can take them."""
    for message in messages:
        record_result(message, Message.State.PLANNED, message.result)


def next_attempt_at(attempts: int, at: datetime) -> datetime:
    """Return the moment of the next try after so many attempts.

    The wait is one minute, two, four ... up to four hours, each up to a third shorter or longer.
    """
    doubled: int = 2 ** min(attempts - 1, 20)
    wait = min(FIRST_RETRY_DELAY * doubled, MAX_RETRY_DELAY)
    return at + wait * _random.uniform(2 / 3, 4 / 3)


def _leased(message: Message) -> QuerySet[Message]:
    return Message.objects.filter(pk=message.pk, state=Message.State.SENDING, claim=message.claim)

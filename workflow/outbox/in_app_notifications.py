"""Notifications inside the product, and the daily summary by mail: the only writer of Notification.

A notification is mailed in one of two ways, never both: by a message of its own (`outbox`), or in its
reader's daily summary (`digest_at`). Each step is one transaction, safe to run twice and at the same time as
itself. Reading a notification sets the person's own bookmark and changes nothing else, so it is not journaled
(docs/adr/0005).
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from workflow.actors import SYSTEM, Actor
from workflow.errors import NOT_ALLOWED, Refused
from workflow.journal import entries
from workflow.journal.models import Entry
from workflow.outbox.models import DeliveryPreference, Message, Notification, NotificationQuerySet
from workflow.outbox.quiet_hours import start_of_day

DIGEST_VERB = "digest"  # the verb of the entry that announces a daily summary
# Verbs of entries that readers get in any case: comments, and mail that did not arrive.
ALWAYS_NOTIFIED_VERBS = ("comment", "undelivered")


@dataclass(frozen=True)
class ReaderHooks:
    """Functions that the apps above provide about the reader of a daily summary.

    `preferences` returns the delivery of each kind of notification. `next_polite_time` returns the first moment,
    from a given one on, at which the reader may be written to. `next_morning` returns the start of the reader's next
    working day.
    """

    preferences: Callable[[Any], Mapping[str, str]]
    next_polite_time: Callable[[Any, datetime], datetime]
    next_morning: Callable[[Any, datetime], datetime]


def create_notifications(notices: Iterable[Notification]) -> None:
    """Store the notifications of a journal entry; those that exist already stay as they are.

    Runs in the caller's transaction, which holds the entry.
    """
    Notification.objects.bulk_create(notices, ignore_conflicts=True)


def record_settling_entries(notices: Iterable[Notification]) -> None:
    """Store the journal entry that settled each notification (`settled_by`), or None if it is open again.

    Runs in the caller's transaction.
    """
    Notification.objects.bulk_update(notices, ["settled_by"])


# --- read and unread ---
def mark_read(notice: Notification, *, by: Actor, at: datetime) -> None:
    """Mark one's own notification as read.

    Doing it again changes nothing. Refuses another person's notification.
    """
    _own_notifications(notice, by).filter(read_at=None).update(read_at=at)


def mark_unread(notice: Notification, *, by: Actor, at: datetime) -> None:
    """Mark one's own notification as unread again.

    Refuses another person's.
    """
    _own_notifications(notice, by).update(read_at=None)


def mark_read_about(about: Q, *, by: Actor, at: datetime) -> int:
    """Mark as read one's own notifications that match a condition, such as those about one object; return how many."""
    unread = Notification.objects.filter(recipient=by.user_id, read_at=None)
    return unread.filter(about).update(read_at=at)


def mark_all_read(*, by: Actor, at: datetime, newest: int) -> int:
    """Mark as read all of one's own notifications up to the id `newest`, and return how many.

    All get this moment, by which `undo_mark_all_read` finds them again.
    """
    notifications = Notification.objects.filter(recipient=by.user_id, pk__lte=newest)
    return notifications.filter(read_at=None).update(read_at=at)


def undo_mark_all_read(moment: datetime, *, by: Actor) -> int:
    """Mark as unread all notifications that were marked as read at one moment, and return how many."""
    return Notification.objects.filter(recipient=by.user_id, read_at=moment).update(read_at=None)


def _own_notifications(notice: Notification, by: Actor) -> NotificationQuerySet:
    if notice.recipient_id != by.user_id:
        raise Refused(NOT_ALLOWED, _("You can mark only your own notifications as read."))
    return Notification.objects.filter(pk=notice.pk)


# --- the daily summary ---
def reschedule_notifications(
    person_id: int, kind: str, delivery: str, *, at: datetime, morning: datetime
) -> None:
    """Apply a person's new choice of mail to notifications that are still to be mailed.

    - Daily summary: planned messages that are not being sent yet are cancelled, and their notifications go out in
      the summary of `morning`.
    - At once: notifications that wait for a summary go out in one at the next polite moment after `at`.
    - Off: notifications that wait for a summary are not mailed.

    Runs in the caller's transaction, which holds the person.
    """
    notifications = Notification.objects.filter(recipient=person_id, kind=kind, digest=None)
    if delivery != DeliveryPreference.DIGEST:
        notifications.waiting_for_digest().update(
            digest_at=at if delivery == DeliveryPreference.AT_ONCE else None
        )
        return
    planned = Message.objects.filter(
        recipient=person_id, state=Message.State.PLANNED, entry__in=notifications.values("entry")
    )
    cancelled_entries = dict(
        planned.select_for_update(of=("self",)).order_by("pk").values_list("pk", "entry")
    )
    planned.filter(pk__in=cancelled_entries).update(
        state=Message.State.CANCELLED, result="waits for the daily mail"
    )
    notifications.filter(entry__in=cancelled_entries.values()).update(digest_at=morning)


def hold_for_digest(message: Message, until: datetime) -> None:
    """Move a message's notification to the daily summary, unless it is in one already.

    The caller, which is sending messages, then drops this one.
    """
    notifications = Notification.objects.filter(
        entry=message.entry_id, recipient=message.recipient_id, digest=None
    )
    notifications.filter(digest_at=None).update(digest_at=until)


def remove_from_digests(thing: Model) -> None:
    """Remove the waiting notifications of a settled object from the daily summary.

    They stay in the product. Entries that readers get in any case (`always_notified_entries_about`) stay in the summary.
    """
    waiting = (
        Notification.objects.about(thing)
        .waiting_for_digest()
        .exclude(entry__in=always_notified_entries_about(thing))
    )
    waiting.update(digest_at=None)


def always_notified_entries_about(thing: Model) -> QuerySet[Entry]:
    """Return the entries about an object that readers get even if the object is settled."""
    return Entry.objects.about(thing).filter(verb__in=ALWAYS_NOTIFIED_VERBS)


def build_digests(at: datetime, readers: ReaderHooks, limit: int) -> int:
    """Write, for each person whose daily summary is due, the entry that announces it.

    Returns the number of people handled.
    """
    due = Notification.objects.waiting_for_digest().filter(digest_at__lte=at).order_by("recipient")
    people = list(due.values_list("recipient", flat=True).distinct()[:limit])
    for person in people:
        with transaction.atomic():
            _build_digest_for(person, at, readers)
    return len(people)


def _build_digest_for(pk: int, at: datetime, readers: ReaderHooks) -> None:
    """Gather one person's notifications under the person's lock.

    So nothing is sent twice, and a choice made meanwhile counts.
    """
    rows = get_user_model()._base_manager.select_for_update(no_key=True, skip_locked=True)
    person = rows.filter(pk=pk).first()
    if person is None:
        return
    due = Notification.objects.waiting_for_digest().filter(recipient=pk, digest_at__lte=at).order_by("pk")
    preferences = readers.preferences(person)
    included_notices = [
        notice
        for notice in due
        if preferences.get(notice.kind, DeliveryPreference.AT_ONCE) != DeliveryPreference.OFF
    ]
    due.exclude(pk__in=[notice.pk for notice in included_notices]).update(digest_at=None)
    polite_at = readers.next_polite_time(person, at)
    if polite_at > at:
        due.update(digest_at=polite_at)
        return
    if _had_digest_today(
        person, at
    ):  # one a day, but notifications that are now wanted at once wait no longer
        included_notices = [
            notice
            for notice in included_notices
            if preferences.get(notice.kind, DeliveryPreference.AT_ONCE) == DeliveryPreference.AT_ONCE
        ]
        due.exclude(pk__in=[notice.pk for notice in included_notices]).update(
            digest_at=readers.next_morning(person, at)
        )
    if included_notices:
        entry = entries.record(person, DIGEST_VERB, by=SYSTEM, at=at, notices=len(included_notices))
        included = Notification.objects.filter(pk__in=[notice.pk for notice in included_notices])
        included.update(digest_at=None, digest=entry)


def _had_digest_today(person: Any, at: datetime) -> bool:
    today = Entry.objects.about(person).filter(verb=DIGEST_VERB, at__gte=start_of_day(at, person.time_zone))
    return today.exists()

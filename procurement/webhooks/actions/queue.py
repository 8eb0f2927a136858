"""Queue of events: planning from the feed, claiming under a lease, and recording results.

The protocol is that of the queue of messages (`workflow/outbox/queue.py`): a sender that lost its claim can neither send nor
record. Leases run in the database's time. Each webhook has at most one event on its way, and the webhook whose
turn was longest ago comes first, so that slow receiving systems hold up only their own events.

Rows are locked in the order webhook, deliveries, cursor. Planning locks without waiting.
"""

import logging
import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, OperationalError, transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Now

from procurement.webhooks.events import EVENT_OBJECTS, event_type
from procurement.webhooks.models import WebhookCursor, WebhookDelivery, WebhookEndpoint
from procurement.webhooks.queries import feed_end
from workflow.errors import database_is_busy, database_is_unavailable
from workflow.journal.entries import history_of
from workflow.journal.models import Entry, FeedPosition
from workflow.outbox.queue import lease_duration

ENTRIES_PER_RUN = 500  # events of one webhook that are planned in one transaction
State = WebhookDelivery.State
Result = WebhookDelivery.Result
log = logging.getLogger(__name__)


def plan_deliveries(real_at: datetime) -> bool:
    """Plan the events of all active webhooks up to the end of the feed. Return True if more are left.

    A webhook's events and its place in the feed are written in one transaction: a process killed half-way neither loses
    an event nor plans it twice. A fault of one webhook is logged and does not stop the others.
    """
    end = feed_end()
    behind = WebhookCursor.objects.filter(
        endpoint__status=WebhookEndpoint.Status.ACTIVE, position__lt=end
    ).order_by("pk")
    are_left = [_plan_or_log(pk, end, real_at) for pk in behind.values_list("pk", flat=True)]
    return any(are_left)


def _plan_or_log(pk: int, end: int, real_at: datetime) -> bool:
    try:
        return _plan(pk, end, real_at)
    except Exception as error:
        if database_is_unavailable(error):
            raise
        log.exception("the events of webhook %s were not planned", pk)
        return False


def _plan(pk: int, end: int, real_at: datetime) -> bool:
    """Plan the events of one webhook. Return True if more are left.

    A webhook that another worker plans, or a person is changing, is left to the next run. Its row stays locked, so
    that disabling it also cancels what is planned here.
    """
    with transaction.atomic():
        cursor = (
            WebhookCursor.objects.select_for_update(skip_locked=True, no_key=True, of=("self", "endpoint"))
            .select_related("endpoint")
            .filter(pk=pk, endpoint__status=WebhookEndpoint.Status.ACTIVE)
            .first()
        )
        if cursor is None:
            return False
        endpoint = cursor.endpoint
        labels = [EVENT_OBJECTS[kind].label for kind in endpoint.event_kinds]
        places = FeedPosition.objects.filter(
            pk__gt=cursor.position,
            pk__lte=end,
            entry__city_id=endpoint.city_id,
            entry__thing_label__in=labels,
        )
        found = list(places.select_related("entry").order_by("pk")[:ENTRIES_PER_RUN])
        _plan_entries(endpoint, [place.entry for place in found], real_at)
        is_full = len(found) == ENTRIES_PER_RUN
        cursor.position = found[-1].pk if is_full else end
        cursor.save(update_fields=["position"])
    return is_full


def plan_test(endpoint: WebhookEndpoint, real_at: datetime) -> None:
    """Plan the event of the entry that was just written about the webhook itself. Runs in the caller's transaction."""
    _plan_entries(endpoint, history_of(endpoint)[:1], real_at)


def _plan_entries(endpoint: WebhookEndpoint, entries: Iterable[Entry], real_at: datetime) -> None:
    planned = [
        WebhookDelivery(
            endpoint=endpoint,
            entry=entry,
            event_type=kind,
            thing_label=entry.thing_label,
            thing_id=entry.thing_id,
            next_try_at=real_at,
            created_at=real_at,
        )
        for entry in entries
        if (kind := event_type(entry)) is not None
    ]
    WebhookDelivery.objects.bulk_create(planned, ignore_conflicts=True)


def claim_due(limit: int, real_at: datetime) -> list[WebhookDelivery]:
    """Claim up to `limit` due events, at most one of each webhook, with a lease, in a short transaction.

    First come events that a dead sender left behind.
    """
    if limit <= 0:
        return []
    token = uuid.uuid4()
    try:
        ids = _claim(limit, real_at, token)
    except IntegrityError:  # another sender has just claimed a different event of the same webhook
        return []
    except OperationalError as error:
        if not database_is_busy(error):
            raise
        return []
    if not ids:
        return []
    claimed = WebhookDelivery.objects.filter(pk__in=ids, claim=token)
    return list(claimed.select_related("endpoint__owner", "endpoint__city", "entry").order_by("pk"))


def _claim(limit: int, real_at: datetime, token: uuid.UUID) -> list[int]:
    """Claim events and return their ids. Their webhooks go to the end of the line."""
    with transaction.atomic():
        unlocked = WebhookDelivery.objects.select_for_update(skip_locked=True, of=("self",))
        lapsed = unlocked.filter(state=State.SENDING, leased_until__lt=Now()).order_by("leased_until", "pk")
        ids = list(lapsed.values_list("pk", flat=True)[:limit])
        chosen = list(_first_due_events(real_at)[: limit - len(ids)])
        if chosen:
            ids += unlocked.filter(pk__in=chosen, state=State.PLANNED).values_list("pk", flat=True)
        if ids:
            claimed = WebhookDelivery.objects.filter(pk__in=ids)
            claimed.update(state=State.SENDING, claim=token, leased_until=Now() + lease_duration())
            WebhookCursor.objects.filter(endpoint__deliveries__in=ids).update(claimed_at=Now())
    return ids


def _first_due_events(real_at: datetime) -> QuerySet[WebhookCursor, int]:
    """Return the ids of events that can be sent now: the first of each webhook, in the order of the webhooks' turns.

    An event waits for the earlier events of the same object, and for the event of its webhook that is being sent.
    """
    of_webhook = WebhookDelivery.objects.filter(endpoint=OuterRef("endpoint"))
    earlier = of_webhook.unsettled().filter(
        thing_label=OuterRef("thing_label"), thing_id=OuterRef("thing_id"), entry__lt=OuterRef("entry")
    )
    due = of_webhook.filter(~Exists(earlier), state=State.PLANNED, next_try_at__lte=real_at)
    free = WebhookCursor.objects.filter(
        ~Exists(of_webhook.filter(state=State.SENDING)),
        Q(paused_until=None) | Q(paused_until__lte=real_at),
        endpoint__status=WebhookEndpoint.Status.ACTIVE,
    )
    first_due = Subquery(due.order_by("entry").values("pk")[:1])
    waiting = free.annotate(first_due=first_due).filter(first_due__isnull=False)
    in_turn = waiting.order_by(F("claimed_at").asc(nulls_first=True), "pk")
    return in_turn.values_list("first_due", flat=True)


def has_work(real_at: datetime) -> bool:
    """Return True if an event can be sent now, or a dead sender left one behind."""
    lapsed = WebhookDelivery.objects.filter(state=State.SENDING, leased_until__lt=Now())
    return lapsed.exists() or _first_due_events(real_at).exists()


def renew_lease(delivery: WebhookDelivery) -> bool:
    """Start the lease again. Returns False if the claim was lost or has expired: the event must not be sent here."""
    leased = _leased(delivery).filter(leased_until__gt=Now())
    return leased.update(leased_until=Now() + lease_duration()) == 1


def record_result(delivery: WebhookDelivery, state: str, **facts: Any) -> bool:
    """Record the result of an event and end this sender's claim on it.

    Returns False, and writes nothing, if the claim was lost meanwhile.
    """
    return _leased(delivery).update(state=state, claim=None, leased_until=None, **facts) == 1


def _leased(delivery: WebhookDelivery) -> QuerySet[WebhookDelivery]:
    return WebhookDelivery.objects.filter(pk=delivery.pk, state=State.SENDING, claim=delivery.claim)


def clear_failures(endpoint: WebhookEndpoint) -> None:
    """Clear the failures and the pause, because the receiving system accepts events or has a new address."""
    WebhookCursor.objects.filter(endpoint=endpoint).exclude(failing_since=None, paused_until=None).update(
        failing_since=None, paused_until=None
    )


def record_failure(endpoint: WebhookEndpoint, real_at: datetime, pause: timedelta | None) -> datetime:
    """Record a failed attempt and the pause that the receiving system asks for; return since when all attempts failed."""
    rows = WebhookCursor.objects.filter(endpoint=endpoint)
    rows.filter(failing_since=None).update(failing_since=real_at)
    if pause is not None:
        rows.update(paused_until=real_at + pause)
    since: datetime = rows.values_list("failing_since", flat=True).get() or real_at
    return since


def clear_moot_failures(endpoint: WebhookEndpoint) -> None:
    """Clear the failures if every event that failed since they began was cancelled."""
    failed = WebhookDelivery.objects.filter(
        endpoint=OuterRef("endpoint"),
        state__in=[State.PLANNED, State.SENDING, State.FAILED],
        attempts__gt=0,
        tried_at__gte=OuterRef("failing_since"),
    )
    rows = WebhookCursor.objects.filter(~Exists(failed), endpoint=endpoint, failing_since__isnull=False)
    rows.update(failing_since=None)


def cancel_deliveries(endpoint: WebhookEndpoint) -> int:
    """Cancel every event that waits or is being sent, and return how many.

    Runs in the caller's transaction, which holds the webhook, so that no more are planned meanwhile.
    """
    return endpoint.deliveries.unsettled().update(
        state=State.CANCELLED, result=Result.DISABLED, claim=None, leased_until=None
    )


def resend_deliveries(deliveries: QuerySet[WebhookDelivery], real_at: datetime) -> int:
    """Plan events again, at once and with the whole schedule, and return how many. One that is being sent is not."""
    return deliveries.exclude(state=State.SENDING).update(
        state=State.PLANNED, next_try_at=real_at, attempts=0
    )


def hurry_deliveries(endpoint: WebhookEndpoint, real_at: datetime) -> None:
    """Let the events that wait be sent at once. Their attempts count."""
    endpoint.deliveries.filter(state=State.PLANNED).update(next_try_at=real_at)


def delete_old_deliveries(before: datetime, limit: int = 1000) -> int:
    """Delete settled events that were planned before a moment (real time), and return how many."""
    settled = WebhookDelivery.objects.exclude(state__in=[State.PLANNED, State.SENDING])
    ids = settled.filter(created_at__lt=before).order_by("created_at").values_list("pk", flat=True)[:limit]
    deleted, _per_model = WebhookDelivery.objects.filter(pk__in=list(ids)).delete()
    return deleted

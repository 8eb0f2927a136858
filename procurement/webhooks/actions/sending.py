"""Sending of due events: claim, check the owner's rights, send, record the result.

The requests run in threads, one for each webhook; the database is used by the caller's thread only.
"""

import logging
import time
from collections.abc import Callable, Iterable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import SystemRandom

from cryptography.fernet import InvalidToken
from django.conf import settings
from django.db import Error, InterfaceError, OperationalError, transaction

from procurement.webhooks import rules
from procurement.webhooks.actions import queue
from procurement.webhooks.actions.endpoints import suspend_webhook
from procurement.webhooks.events import event_body
from procurement.webhooks.http_sender import ATTEMPT_SECONDS, AttemptResult, post
from procurement.webhooks.models import WebhookDelivery, WebhookEndpoint
from procurement.webhooks.queries import may_read_object, owner_manages, owner_permissions, status_after
from procurement.webhooks.signing import signed_headers, signing_secrets, webhook_id
from workflow.clock import is_practice
from workflow.errors import Refused, database_is_busy, database_is_unavailable
from workflow.moves import lock_row
from workflow.outbox.queue import lease_duration

MAX_PARALLEL = 8  # receiving systems to which one process sends at the same time
MAX_ROUND = timedelta(seconds=120)
POLL_SECONDS = 1.0  # between two looks for due events while an attempt runs
State = WebhookDelivery.State
Result = WebhookDelivery.Result
_random = SystemRandom()
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Request:
    """One prepared request: address, body and signed headers.

    `only_listed` allows only hosts that WEBHOOK_INTERNAL_HOSTS names.
    """

    url: str
    body: bytes
    headers: dict[str, str]
    only_listed: bool

    def send(self, real_at: datetime, seconds: float) -> AttemptResult:
        """Send it and return the result."""
        return post(self.url, self.body, self.headers, real_at, seconds, only_listed=self.only_listed)


def send_due_events(
    clock: Callable[[], datetime],
    real_clock: Callable[[], datetime],
    *,
    seconds: float = ATTEMPT_SECONDS,
    max_round: timedelta = MAX_ROUND,
) -> int:
    """Send due events until none is due, for at most `max_round`, and return how many were delivered.

    `clock` returns the site's time and `real_clock` the real time. `seconds` limits each attempt. Safe to run any number
    of times at once.
    """
    until = real_clock() + max_round
    delivered = 0
    renewed_at = time.monotonic()
    running: dict[Future[AttemptResult], WebhookDelivery] = {}
    with ThreadPoolExecutor(MAX_PARALLEL, thread_name_prefix="webhook") as pool:
        while True:
            claimed: list[WebhookDelivery] = []
            if real_clock() < until:
                claimed = queue.claim_due(MAX_PARALLEL - len(running), real_clock())
            for delivery in claimed:
                request = _prepare_or_settle(delivery, clock(), real_clock())
                if request is not None:
                    running[pool.submit(request.send, real_clock(), seconds)] = delivery
            if not running:
                if not claimed:
                    return delivered
                continue
            renew_every = lease_duration().total_seconds() / 3
            done, _rest = wait(running, timeout=min(POLL_SECONDS, renew_every), return_when=FIRST_COMPLETED)
            results = [(running.pop(future), _result_of(future)) for future in done]
            delivered += _record_all(results, clock(), real_clock())
            if time.monotonic() - renewed_at >= renew_every:
                renewed_at = time.monotonic()
                _renew_leases(running.values())


def _result_of(future: Future[AttemptResult]) -> AttemptResult:
    """Return the result of an attempt. An unforeseen error is logged."""
    try:
        return future.result()
    except Exception:
        log.exception("a webhook could not be sent")
        return AttemptResult(Result.INTERNAL_ERROR)


def _renew_leases(deliveries: Iterable[WebhookDelivery]) -> None:
    """Renew the leases of running attempts, since an attempt may take longer than a short lease."""
    for delivery in deliveries:
        try:
            queue.renew_lease(delivery)
        except OperationalError as error:
            if not database_is_busy(error):
                raise
            log.warning("the lease of webhook event %s was not renewed: %s", delivery.message_id, error)


def _record_all(
    results: Iterable[tuple[WebhookDelivery, AttemptResult]], at: datetime, real_at: datetime
) -> int:
    """Record the results of attempts, each for itself, and return how many events were delivered.

    Raises the error if the database cannot be reached, after all of them.
    """
    delivered = 0
    away: Error | None = None
    for delivery, attempt in results:
        try:
            delivered += _record_or_log(delivery, attempt, at, real_at)
        except (OperationalError, InterfaceError) as error:
            away = error
    if away is not None:
        raise away
    return delivered


def _record_or_log(
    delivery: WebhookDelivery, attempt: AttemptResult, at: datetime, real_at: datetime
) -> bool:
    """Record an attempt; return True if the event was delivered. Raises only if the database cannot be reached.

    An event whose result was not recorded is sent again when its lease has run out.
    """
    for is_last in (False, True):
        try:
            return record_attempt(delivery, attempt, at, real_at)
        except Exception as error:  # the results of the other webhooks must be recorded
            if database_is_unavailable(error):
                raise
            if is_last or not database_is_busy(error):
                log.exception("the result of webhook event %s was not recorded", delivery.message_id)
                break
    return False


def _prepare_or_settle(delivery: WebhookDelivery, at: datetime, real_at: datetime) -> Request | None:
    """Return the request of a claimed event, or None if it is not sent: settled, postponed, or the claim is lost."""
    try:
        return _prepare(delivery, at, real_at)
    except Exception as error:  # one faulty event must not hold up the others; it is tried again
        if database_is_unavailable(error):
            raise
        log.exception("webhook event %s could not be prepared", delivery.message_id)
        _record_or_log(delivery, AttemptResult(Result.INTERNAL_ERROR), at, real_at)
        return None


def _prepare(delivery: WebhookDelivery, at: datetime, real_at: datetime) -> Request | None:
    """Return the request of an event whose owner may read its object at this moment."""
    endpoint = delivery.endpoint
    if endpoint.status != WebhookEndpoint.Status.ACTIVE:
        queue.record_result(delivery, State.CANCELLED, result=Result.DISABLED)
        return None
    permissions = owner_permissions(endpoint.owner)
    if not owner_manages(endpoint, permissions):
        _suspend(endpoint, WebhookEndpoint.DisabledReason.OWNER_LEFT, at)
        return None
    if not may_read_object(delivery, permissions):
        with transaction.atomic():
            queue.record_result(delivery, State.CANCELLED, result=Result.NO_RIGHTS)
            queue.clear_moot_failures(endpoint)
        return None
    try:
        valid = signing_secrets(endpoint, real_at)
    except InvalidToken:
        log.exception(
            "webhook %s: neither SECRET_KEY nor SECRET_KEY_FALLBACKS can read its secret", endpoint.pk
        )
        record_attempt(delivery, AttemptResult(Result.INTERNAL_ERROR), at, real_at)
        return None
    if not queue.renew_lease(delivery):
        return None
    body = event_body(delivery.entry, status_after(delivery.entry), endpoint.city.slug)
    headers = {
        "Content-Type": "application/json",
        "User-Agent": f"Twinlane/{settings.VERSION}",
        "Connection": "close",
        **signed_headers(webhook_id(delivery.message_id), body, valid, real_at),
    }
    return Request(endpoint.url, body.encode(), headers, only_listed=is_practice())


def record_attempt(
    delivery: WebhookDelivery, attempt: AttemptResult, at: datetime, real_at: datetime
) -> bool:
    """Record an attempt, and disable the webhook if its system is gone or has failed too long.

    Returns True if the event was delivered. A lost claim records nothing.
    """
    endpoint = delivery.endpoint
    if attempt.is_delivered:
        with transaction.atomic():
            if not queue.record_result(delivery, State.DELIVERED, **_facts(delivery, attempt, real_at)):
                return False
            queue.clear_failures(endpoint)
        return True
    with transaction.atomic():
        lock_row(endpoint)  # first, as everyone who disables or edits it does
        if _retry_or_give_up(delivery, attempt, real_at):
            since = queue.record_failure(endpoint, real_at, attempt.retry_after)
            if attempt.is_gone:
                _suspend(endpoint, WebhookEndpoint.DisabledReason.GONE, at)
            elif rules.has_failed_too_long(since, real_at):
                _suspend(endpoint, WebhookEndpoint.DisabledReason.FAILING, at)
    return False


def _retry_or_give_up(delivery: WebhookDelivery, attempt: AttemptResult, real_at: datetime) -> bool:
    """Plan the next attempt of the schedule, or give the event up. Returns False if the claim was lost."""
    facts = _facts(delivery, attempt, real_at)
    next_try_at = rules.next_attempt_at(delivery.attempts + 1, real_at, _random)
    if attempt.is_gone or next_try_at is None:
        return queue.record_result(delivery, State.FAILED, **facts)
    pause = attempt.retry_after
    later = next_try_at if pause is None else max(next_try_at, real_at + pause)
    return queue.record_result(delivery, State.PLANNED, next_try_at=later, **facts)


def _facts(delivery: WebhookDelivery, attempt: AttemptResult, real_at: datetime) -> dict[str, object]:
    return {
        "attempts": delivery.attempts + 1,
        "tried_at": real_at,
        "result": attempt.result,
        "response_status": attempt.status,
        "response_ms": attempt.milliseconds,
    }


def _suspend(endpoint: WebhookEndpoint, reason: str, at: datetime) -> None:
    """Disable the webhook. A person who disabled it meanwhile was first."""
    try:
        suspend_webhook(endpoint, reason, at=at)
    except Refused as refused:
        log.info("webhook %s was not disabled: %s", endpoint.pk, refused.code)

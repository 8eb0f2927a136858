"""Actions that people take on webhooks: add, edit, show and rotate the secret, test, disable, enable, send again."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from cryptography.fernet import InvalidToken
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.authenticator_secrets import RotationResult
from accounts.models import ActingUser
from partners.cities.models import City
from procurement.webhooks import rules
from procurement.webhooks.actions.queue import (
    cancel_deliveries,
    clear_failures,
    hurry_deliveries,
    plan_test,
    resend_deliveries,
)
from procurement.webhooks.addresses import parse_target
from procurement.webhooks.models import EventKind, WebhookCursor, WebhookDelivery, WebhookEndpoint
from procurement.webhooks.queries import feed_end
from procurement.webhooks.signing import (
    PURPOSE,
    decrypt_secret,
    encrypt_secret,
    is_previous_valid,
    new_secret,
)
from workflow.actors import SYSTEM, Actor
from workflow.edits import UNSET, Edit, Unset
from workflow.errors import Refused, raise_refusal
from workflow.moves import register_action
from workflow.secret_encryption import is_current, reencrypt

SECRET_COLUMNS = ("secret", "previous_secret")


@dataclass(frozen=True, kw_only=True)
class WebhookEdit(Edit):
    """Facts of a webhook to change."""

    description: str | Unset = UNSET
    url: str | Unset = UNSET
    event_kinds: Sequence[str] | Unset = UNSET


@register_action(rules.ADD_WEBHOOK)
def add_webhook(
    city: City,
    *,
    description: str,
    url: str,
    event_kinds: Sequence[str],
    author: ActingUser,
    by: Actor,
    at: datetime,
) -> WebhookEndpoint:
    """Add a webhook of a city. It gets the events from now on, with the rights of the author.

    Refuses an address that may not be reached, and an empty or unknown kind of event. The secret is created here and
    shown by `reveal_secret`. The journal names the host, which holds no key, but not the rest of the address.
    """
    fresh = WebhookEndpoint(city=city, owner=author, secret=encrypt_secret(new_secret()))
    # First the right: the check of the address asks the name server, and its answer tells about the internal network.
    raise_refusal(rules.ADD_WEBHOOK.refusal(by, fresh, at))
    fresh.description, fresh.event_kinds = _stripped(description), _checked_kinds(event_kinds)
    fresh.url = _checked_url(url)
    with transaction.atomic():
        endpoint = rules.ADD_WEBHOOK.create(fresh, by=by, at=at, host=parse_target(fresh.url).host)
        WebhookCursor.objects.create(endpoint=endpoint, position=feed_end())
    return endpoint


@register_action(rules.EDIT_WEBHOOK)
def edit_webhook(
    endpoint: WebhookEndpoint,
    *,
    edit: WebhookEdit,
    author: ActingUser,
    by: Actor,
    at: datetime,
    real_at: datetime,
) -> WebhookEndpoint:
    """Change the description, address or kinds of events. From now on the events are sent with the author's rights.

    A new address begins without the pause and the failures of the old one: what waits is sent at once.
    """
    raise_refusal(rules.EDIT_WEBHOOK.refusal(by, endpoint, at))
    url = edit.changes().get("url", endpoint.url).strip()
    facts = {}
    if url != endpoint.url:
        facts["host"] = parse_target(_checked_url(url)).host
    with rules.EDIT_WEBHOOK.apply_to(endpoint, by=by, at=at, **facts) as row:
        edit.apply_to(row)
        row.description = _stripped(row.description)
        row.url = url
        row.event_kinds = _checked_kinds(row.event_kinds)
        row.owner = author
        if facts:
            hurry_deliveries(row, real_at)
            clear_failures(row)
    return endpoint


@register_action(rules.REVEAL_SECRET)
def reveal_secret(endpoint: WebhookEndpoint, *, by: Actor, at: datetime, real_at: datetime) -> str:
    """Return the secret, once. A second call is refused until the secret is rotated."""
    with rules.REVEAL_SECRET.apply_to(endpoint, by=by, at=at) as row:
        row.secret_shown_at = real_at
    return decrypt_secret(endpoint.secret)


@register_action(rules.ROTATE_SECRET)
def rotate_secret(
    endpoint: WebhookEndpoint, *, by: Actor, at: datetime, real_at: datetime, keep_previous: bool = True
) -> WebhookEndpoint:
    """Create a new secret. With `keep_previous`, events are signed with both secrets for 24 hours.

    A current secret that was never shown is replaced, and the previous one, which the receiving system knows,
    keeps its term.
    """
    with rules.ROTATE_SECRET.apply_to(endpoint, by=by, at=at) as row:
        is_known = row.secret_shown_at is not None or not is_previous_valid(row, real_at)
        if not keep_previous:
            row.previous_secret, row.previous_secret_until = "", None
        elif is_known:
            row.previous_secret, row.previous_secret_until = row.secret, real_at + rules.SECRET_OVERLAP
        row.secret, row.secret_shown_at = encrypt_secret(new_secret()), None
    return endpoint


@register_action(rules.TEST_WEBHOOK)
def send_test_event(
    endpoint: WebhookEndpoint, *, by: Actor, at: datetime, real_at: datetime
) -> WebhookEndpoint:
    """Send an event about the webhook itself, so that its receiving system can be tried."""
    with transaction.atomic():
        with rules.TEST_WEBHOOK.apply_to(endpoint, by=by, at=at):
            pass
        plan_test(endpoint, real_at)
    return endpoint


@register_action(rules.DISABLE_WEBHOOK)
def disable_webhook(endpoint: WebhookEndpoint, *, by: Actor, at: datetime) -> WebhookEndpoint:
    """Send nothing more. What waits is cancelled and can be sent again later."""
    with rules.DISABLE_WEBHOOK.apply_to(endpoint, by=by, at=at) as row:
        row.disabled_reason = WebhookEndpoint.DisabledReason.BY_PERSON
        cancel_deliveries(row)
    return endpoint


def suspend_webhook(endpoint: WebhookEndpoint, reason: str, *, at: datetime) -> WebhookEndpoint:
    """Disable a webhook whose events cannot be delivered. Its administrators are notified."""
    with rules.SUSPEND_WEBHOOK.apply_to(endpoint, by=SYSTEM, at=at) as row:
        row.disabled_reason = reason
        cancel_deliveries(row)
    return endpoint


@register_action(rules.ENABLE_WEBHOOK)
def enable_webhook(
    endpoint: WebhookEndpoint, *, author: ActingUser, by: Actor, at: datetime
) -> WebhookEndpoint:
    """Send the events from now on, with the rights of the author. Those that happened meanwhile are in the feed."""
    with rules.ENABLE_WEBHOOK.apply_to(endpoint, by=by, at=at) as row:
        row.disabled_reason = ""
        row.owner = author
        clear_failures(row)
        WebhookCursor.objects.filter(endpoint=row).update(position=feed_end())
    return endpoint


@register_action(rules.RESEND_EVENT)
def resend_event(
    endpoint: WebhookEndpoint, *, delivery: WebhookDelivery, by: Actor, at: datetime, real_at: datetime
) -> WebhookEndpoint:
    """Send one event again, with the same `webhook-id`; one that waits is sent at once.

    Refuses one that is being sent or belongs to another webhook.
    """
    with rules.RESEND_EVENT.apply_to(endpoint, by=by, at=at, delivery=delivery.pk) as row:
        if resend_deliveries(row.deliveries.filter(pk=delivery.pk), real_at) == 0:
            raise Refused("not_settled", _("This event is being sent."), field="delivery")
    return endpoint


@register_action(rules.RESEND_FAILED_EVENTS)
def resend_failed_events(
    endpoint: WebhookEndpoint, *, since: datetime, by: Actor, at: datetime, real_at: datetime
) -> WebhookEndpoint:
    """Send all failed and cancelled events again that were planned since a moment (real time), in their order."""
    failed = [WebhookDelivery.State.FAILED, WebhookDelivery.State.CANCELLED]
    facts = {"since": since.isoformat()}
    with rules.RESEND_FAILED_EVENTS.apply_to(endpoint, by=by, at=at, **facts) as row:
        resend_deliveries(row.deliveries.filter(state__in=failed, created_at__gte=since), real_at)
    return endpoint


def rotate_webhook_secrets() -> RotationResult:
    """Re-encrypt the secrets of all webhooks under SECRET_KEY, row by row. Safe to run again."""
    counts = {"reencrypted": 0, "already_current": 0, "unreadable": 0}
    for pk in WebhookEndpoint.objects.order_by("pk").values_list("pk", flat=True):
        with transaction.atomic():
            row = WebhookEndpoint.objects.select_for_update().get(pk=pk)
            counts[_reencrypt(row)] += 1
    return RotationResult(**counts)


def clear_expired_secrets(real_at: datetime) -> int:
    """Delete the previous secrets whose term has ended, and return how many."""
    expired = WebhookEndpoint.objects.filter(previous_secret_until__lte=real_at)
    return expired.update(previous_secret="", previous_secret_until=None)


def _reencrypt(row: WebhookEndpoint) -> str:
    """Re-encrypt the secrets of one webhook and return the field of `RotationResult` that counts it.

    Each secret is re-encrypted even if the other one cannot be read.
    """
    stored = {name: value for name in SECRET_COLUMNS if (value := getattr(row, name))}
    old = {name: value for name, value in stored.items() if not is_current(PURPOSE, value)}
    fresh = {}
    for name, value in old.items():
        with suppress(InvalidToken):
            fresh[name] = reencrypt(PURPOSE, value)
    WebhookEndpoint.objects.filter(pk=row.pk).update(**fresh)
    if fresh.keys() != old.keys():
        return "unreadable"
    return "reencrypted" if old else "already_current"


def _stripped(description: str) -> str:
    text = description.strip()
    if not text:
        raise Refused("text_missing", _("Enter what the webhook is for."), field="description")
    return text


def _checked_url(url: str) -> str:
    raise_refusal(rules.address_refusal(url.strip()))
    return url.strip()


def _checked_kinds(kinds: Sequence[str]) -> list[str]:
    """Return the kinds of events in the order of their list, each once."""
    known = [kind.value for kind in EventKind if kind in kinds]
    if not known or set(kinds) - set(known):
        raise Refused("no_such_event", _("Choose at least one kind of event."), field="event_kinds")
    return known

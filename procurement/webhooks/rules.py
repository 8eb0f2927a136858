"""Rules of webhooks: who manages them, which addresses are refused, when an attempt is repeated, and the moves."""

from datetime import datetime, timedelta
from random import Random

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from partners.powers import Power
from procurement.webhooks.addresses import AddressError, parse_target, resolve
from procurement.webhooks.models import WebhookEndpoint
from workflow.actors import Actor
from workflow.errors import LazyText, Refused
from workflow.moves import Move, Moves, not_ready_refusal, one_of, system_only

Status = WebhookEndpoint.Status

# The schedule that the Standard Webhooks specification recommends: the waits after each failed attempt, 75 hours in all,
# and a little more with the jitter.
RETRY_DELAYS = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
MAX_JITTER = 0.1  # each wait is up to a tenth longer, so that many events do not return at the same moment
# Of failures without one success: longer than the whole schedule, so that an event that happens in the first day
# of an outage has all its attempts.
DISABLE_AFTER = timedelta(days=5)
# For a form: shorter than the time for which another transaction waits for the row that is being changed.
LOOKUP_SECONDS = 2.0
SECRET_OVERLAP = timedelta(hours=24)  # for which both secrets sign, after a rotation
DELIVERY_RETENTION = timedelta(days=90)

_REFUSAL_BY_CODE: dict[str, LazyText] = {
    "invalid_url": _(
        "Enter a complete address, such as https://erp.city.example/twinlane, without a user name."
    ),
    "https_required": _("The address must begin with https://."),
    "port_refused": _("Only ports 443 and 8443 are allowed."),
    "unknown_host": _("This host name was not found. Check the address."),
    "address_refused": _(
        "This address points to an internal network. Ask the people who run this site to allow the host."
    ),
}


def address_refusal(url: str) -> Refused | None:
    """Return the refusal of an address to which no event may be sent, or None.

    Looks up the host name, for two seconds at most. The sender checks the address again before each attempt; on a
    practice site, it then sends only to hosts that WEBHOOK_INTERNAL_HOSTS names.
    """
    try:
        resolve(parse_target(url), seconds=LOOKUP_SECONDS, only_listed=False)
    except AddressError as error:
        return Refused(error.code, _REFUSAL_BY_CODE[error.code], field="url")
    return None


def next_attempt_at(attempts: int, real_at: datetime, random: Random) -> datetime | None:
    """Return the real time of the next attempt after so many failed ones; None after the last one."""
    if attempts > len(RETRY_DELAYS):
        return None
    return real_at + RETRY_DELAYS[attempts - 1] * (1 + random.uniform(0, MAX_JITTER))


def has_failed_too_long(failing_since: datetime, real_at: datetime) -> bool:
    """Return True if every attempt since `failing_since` failed, and that for five days."""
    return real_at - failing_since >= DISABLE_AFTER


def may_manage_webhooks(by: Actor, endpoint: WebhookEndpoint) -> bool:
    """Return True for those who manage the people and settings of the city."""
    return by.may(Power.MANAGE_PEOPLE, endpoint)


def secret_shown_refusal(endpoint: WebhookEndpoint) -> Refused | None:
    """Refuse to show a secret a second time."""
    if endpoint.secret_shown_at is None:
        return None
    return not_ready_refusal(_("The secret has already been shown. Rotate it to get a new one."))


ADD_WEBHOOK = Move[WebhookEndpoint](
    verb="add",
    label=_("Add webhook"),
    past_tense=_("added the webhook"),
    target=Status.ACTIVE,
    allowed=may_manage_webhooks,
)
REVEAL_SECRET = Move[WebhookEndpoint](
    verb="reveal",
    label=_("Show secret once"),
    past_tense=_("displayed the secret"),
    source=one_of(Status.ACTIVE),
    allowed=may_manage_webhooks,
    ready=secret_shown_refusal,
)
TEST_WEBHOOK = Move[WebhookEndpoint](
    verb="test",
    label=_("Send test event"),
    past_tense=_("sent a test event"),
    source=one_of(Status.ACTIVE),
    allowed=may_manage_webhooks,
)
EDIT_WEBHOOK = Move[WebhookEndpoint](
    verb="edit",
    label=_("Edit webhook"),
    past_tense=_("edited the webhook"),
    source=Status.settled,
    allowed=may_manage_webhooks,
)
ROTATE_SECRET = Move[WebhookEndpoint](
    verb="rotate",
    label=_("Rotate secret"),
    past_tense=_("rotated the secret"),
    source=one_of(Status.ACTIVE),
    allowed=may_manage_webhooks,
)
RESEND_EVENT = Move[WebhookEndpoint](
    verb="resend",
    label=pgettext_lazy("webhook", "Send again"),
    past_tense=_("sent an event again"),
    source=one_of(Status.ACTIVE),
    allowed=may_manage_webhooks,
)
RESEND_FAILED_EVENTS = Move[WebhookEndpoint](
    verb="resend_failed",
    label=_("Send failed events again"),
    past_tense=_("sent the failed events again"),
    source=one_of(Status.ACTIVE),
    allowed=may_manage_webhooks,
)
DISABLE_WEBHOOK = Move[WebhookEndpoint](
    verb="disable",
    label=_("Disable webhook"),
    past_tense=_("disabled the webhook"),
    source=one_of(Status.ACTIVE),
    target=Status.DISABLED,
    allowed=may_manage_webhooks,
    undo_verb="enable",
)
SUSPEND_WEBHOOK = Move[WebhookEndpoint](
    verb="suspend",
    label=_("Disable webhook after failures"),
    past_tense=_("disabled the webhook, because events could not be delivered"),
    source=one_of(Status.ACTIVE),
    target=Status.DISABLED,
    allowed=system_only,
    allowed_for_system=True,
)
ENABLE_WEBHOOK = Move[WebhookEndpoint](
    verb="enable",
    label=_("Enable webhook"),
    past_tense=_("enabled the webhook"),
    source=one_of(Status.DISABLED),
    target=Status.ACTIVE,
    allowed=may_manage_webhooks,
    undo_verb="disable",
)

WEBHOOK_MOVES = Moves(
    WebhookEndpoint,
    ADD_WEBHOOK,
    REVEAL_SECRET,
    TEST_WEBHOOK,
    EDIT_WEBHOOK,
    ROTATE_SECRET,
    RESEND_EVENT,
    RESEND_FAILED_EVENTS,
    DISABLE_WEBHOOK,
    SUSPEND_WEBHOOK,
    ENABLE_WEBHOOK,
    ends={Status.DISABLED: "sends nothing and is kept for the record; it can be enabled again"},
)

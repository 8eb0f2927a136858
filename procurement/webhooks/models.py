"""Webhooks: the addresses to which a city has its events sent, the place of each in the feed, and the deliveries."""

import uuid
from typing import TYPE_CHECKING, ClassVar, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from partners.cities.models import City
from workflow.base_models import JournaledModel
from workflow.journal.models import Entry
from workflow.statuses import StatusChoices, StatusGroup

if TYPE_CHECKING:
    from partners.permissions.permissions import Permissions

MAX_URL_LENGTH = 500
TEST_KIND = "webhook_endpoint"  # the kind of the events that test a webhook


class EventKind(models.TextChoices):
    """Kind of object whose events can be sent, as its model is called. No kind describes people."""

    SUPPLY_REQUEST = "supply_request", _("Needs")
    INQUIRY = "inquiry", _("Inquiries")
    SUPPLIER_LEAD = "supplier_lead", _("Offers")
    VERIFICATION_TASK = "verification_task", _("Checks")
    ALLOCATION = "allocation", _("Allocations")
    ORDER = "order", _("Orders")
    PAYMENT = "payment", _("Payments")
    SHIPMENT = "shipment", _("Shipments")
    CUSTOMS_CLEARANCE = "customs_clearance", _("Customs clearances")
    CUSTOMS_HOLD = "customs_hold", _("Customs holds")
    CUSTOMS_DOCUMENT = "customs_document", _("Customs documents")
    GOODS_RECEIPT = "goods_receipt", _("Goods receipts")
    DISCREPANCY = "discrepancy", _("Discrepancies")
    LOT = "lot", _("Lots")
    DISTRIBUTION = "distribution", _("Distributions")


class WebhookEndpointQuerySet(models.QuerySet["WebhookEndpoint"]):
    def visible_to(self, permissions: "Permissions") -> Self:
        """Return the webhooks of the cities whose people and settings the reader manages."""
        return self.filter(city__in=permissions.managed_city_ids)

    def search(self, text: str) -> Self:
        """Return the webhooks whose description contains the text."""
        return self.filter(description__icontains=text)


class WebhookEndpoint(JournaledModel):
    """HTTPS address to which events of a city are sent, with the rights of its owner.

    The secrets are encrypted (`signing.py`). The address may hold a key of the receiving system, so the journal
    masks it like the secrets.
    """

    URL_NAME = "webhook"
    SECRET_FIELDS: ClassVar[frozenset[str]] = frozenset({"url", "secret", "previous_secret"})

    class Status(StatusChoices):
        ACTIVE = "active", StatusGroup.DONE, pgettext_lazy("webhook", "Active")
        DISABLED = "disabled", StatusGroup.VOID, pgettext_lazy("webhook", "Disabled")

    class DisabledReason(models.TextChoices):
        BY_PERSON = "by_person", _("An administrator disabled the webhook.")
        GONE = "gone", _("The receiving system answered 410: it no longer accepts events.")
        FAILING = "failing", _("Every attempt failed for five days.")
        OWNER_LEFT = (
            "owner_left",
            _("The person who last saved the webhook no longer manages the city’s settings."),
        )

    city = models.ForeignKey(City, models.PROTECT, related_name="+", verbose_name=_("city"))
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        help_text="Who last saved or enabled it; only events of objects that this person may read are sent.",
    )
    description = models.CharField(_("description"), max_length=120)
    url = models.CharField(_("address"), max_length=MAX_URL_LENGTH)
    event_kinds = ArrayField(models.CharField(max_length=30, choices=EventKind), verbose_name=_("events"))
    secret = models.TextField(help_text="Encrypted.")
    secret_shown_at = models.DateTimeField(null=True, blank=True)
    previous_secret = models.TextField(blank=True, help_text="Encrypted; empty for none.")
    previous_secret_until = models.DateTimeField(
        null=True,
        blank=True,
        help_text="Until when events are also signed with the previous secret; real time.",
    )
    disabled_reason = models.CharField(max_length=12, choices=DisabledReason, blank=True)

    objects = WebhookEndpointQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(event_kinds=[]), name="webhook_has_event_kinds"),
            models.CheckConstraint(
                condition=Q(status="disabled") & ~Q(disabled_reason="")
                | ~Q(status="disabled") & Q(disabled_reason=""),
                name="webhook_disabled_has_reason",
            ),
            models.CheckConstraint(
                condition=Q(previous_secret="", previous_secret_until=None)
                | ~Q(previous_secret="") & Q(previous_secret_until__isnull=False),
                name="webhook_previous_secret_expires",
            ),
        ]
        indexes = [models.Index("city", F("id").desc(), name="webhooks_of_city")]

    def __str__(self) -> str:
        return self.description


class WebhookCursor(models.Model):
    """Place of a webhook in the feed of journal entries, and the state of its receiving system.

    `failing_since` and `paused_until` are real time. The row belongs to the sender and is not journaled.
    """

    endpoint = models.OneToOneField(WebhookEndpoint, models.CASCADE, primary_key=True, related_name="cursor")
    position = models.BigIntegerField(help_text="The last position of the feed that has been processed.")
    failing_since = models.DateTimeField(
        null=True, help_text="When the first attempt failed after the last success; None if none did."
    )
    paused_until = models.DateTimeField(
        null=True, help_text="Until when the receiving system asked for no further attempt (Retry-After)."
    )
    claimed_at = models.DateTimeField(
        null=True,
        help_text="When an event was last claimed, by the database’s clock: each webhook has its turn.",
    )

    def __str__(self) -> str:
        return f"{self.endpoint_id} at {self.position}"


class WebhookDeliveryQuerySet(models.QuerySet["WebhookDelivery"]):
    def visible_to(self, permissions: "Permissions") -> Self:
        """Return the deliveries of the webhooks that the reader manages."""
        return self.filter(endpoint__city__in=permissions.managed_city_ids)

    def search(self, text: str) -> Self:
        """Return the deliveries of events whose type begins with the text."""
        return self.filter(event_type__startswith=text.lower())

    def unsettled(self) -> Self:
        """Return the deliveries that wait or are on their way."""
        return self.filter(state__in=[WebhookDelivery.State.PLANNED, WebhookDelivery.State.SENDING])


class WebhookDelivery(models.Model):
    """One journal entry for one webhook: planned, then delivered or given up. Times are real time.

    There is one row per effect, so that a repetition carries the same `message_id`. The events of one object come in
    the order of their entries.
    """

    class State(models.TextChoices):
        PLANNED = "planned", _("Planned")
        SENDING = "sending", _("Being sent")
        DELIVERED = "delivered", pgettext_lazy("webhook", "Delivered")
        FAILED = "failed", pgettext_lazy("webhook", "Failed")
        CANCELLED = "cancelled", pgettext_lazy("a message", "Cancelled")

    class Result(models.TextChoices):
        OK = "ok", _("Accepted")
        REFUSED = "refused", _("The receiving system answered with an error.")
        REDIRECTED = "redirected", _("The receiving system answered with a redirect, which is not followed.")
        TIMED_OUT = "timed_out", _("No answer within 15 seconds.")
        NOT_REACHED = "not_reached", _("No connection.")
        TLS_FAILED = "tls_failed", _("The certificate of the receiving system is not valid.")
        ADDRESS_REFUSED = "address_refused", _("The address is not allowed.")
        INTERNAL_ERROR = (
            "internal_error",
            _("Twinlane could not prepare the event. Contact the people who run this site."),
        )
        NO_RIGHTS = "no_rights", _("The owner is no longer allowed to view the record.")
        DISABLED = "disabled", _("The webhook was disabled.")

    endpoint = models.ForeignKey(WebhookEndpoint, models.CASCADE, related_name="deliveries")
    entry = models.ForeignKey(Entry, models.PROTECT, related_name="+")
    message_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    event_type = models.CharField(max_length=60)
    thing_label = models.CharField(max_length=60)
    thing_id = models.BigIntegerField()
    state = models.CharField(_("status"), max_length=10, choices=State, default=State.PLANNED)
    next_try_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(
        default=0, help_text="Since it was planned or last sent again by a person."
    )
    claim = models.UUIDField(null=True)
    leased_until = models.DateTimeField(null=True, help_text="By the database’s clock.")
    tried_at = models.DateTimeField(null=True)
    result = models.CharField(max_length=16, choices=Result, blank=True)
    response_status = models.PositiveSmallIntegerField(
        null=True, help_text="The HTTP status of the last answer."
    )
    response_ms = models.PositiveIntegerField(null=True, help_text="Milliseconds of the last attempt.")
    created_at = models.DateTimeField(_("created"))

    objects = WebhookDeliveryQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["endpoint", "entry"], name="webhook_delivery_once_per_effect"),
            # A slow receiving system holds one sender at most.
            models.UniqueConstraint(
                fields=["endpoint"], condition=Q(state="sending"), name="webhook_delivery_one_on_its_way"
            ),
            models.CheckConstraint(
                condition=Q(state="sending", claim__isnull=False, leased_until__isnull=False)
                | ~Q(state="sending") & Q(claim=None, leased_until=None),
                name="webhook_delivery_sending_has_lease",
            ),
        ]
        indexes = [
            models.Index("endpoint", F("id").desc(), name="webhook_deliveries"),
            models.Index(
                "endpoint",
                "thing_label",
                "thing_id",
                "entry",
                name="webhook_unsettled",
                condition=Q(state__in=["planned", "sending"]),
            ),
            models.Index("endpoint", "entry", name="webhook_planned", condition=Q(state="planned")),
            models.Index("created_at", name="webhook_delivery_age"),
        ]

    def __str__(self) -> str:
        return f"{self.event_type} {self.message_id}"

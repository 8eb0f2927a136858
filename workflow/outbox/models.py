"""Queued messages, one row per recipient, and in-app notifications."""

import uuid
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from workflow.base_models import ObjectReferenceQuerySet
from workflow.journal.models import Entry
from workflow.search import normalize_reference

if TYPE_CHECKING:
    from workflow.actors import Reader


class MessageQuerySet(ObjectReferenceQuerySet["Message"]):
    def visible_to(self, permissions: "Reader") -> Self:
        """Return the messages of the reader's cities, and those to the reader."""
        return self.filter(Q(city_id__in=permissions.visible_cities) | Q(recipient=permissions.user_id))

    def handed_over(self) -> Self:
        """Return the messages that were sent, or that the mail server may have taken."""
        taken = Q(state__in=(Message.State.SENT, Message.State.UNCERTAIN))
        return self.filter(taken | Q(doubts__gt=0))


class Message(models.Model):
    """Message to one recipient about one journal entry: planned, then sent or given up."""

    class Channel(models.TextChoices):
        EMAIL = "email", _("Email")

    class State(models.TextChoices):
        PLANNED = "planned", _("Planned")
        SENDING = "sending", _("Being sent")
        SENT = "sent", _("Sent")
        CANCELLED = "cancelled", pgettext_lazy("a message", "Cancelled")
        FAILED = "failed", _("Could not be sent")
        UNCERTAIN = "uncertain", _("Possibly sent")
        EXPIRED = "expired", _("Expired before sending")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    entry = models.ForeignKey(Entry, models.PROTECT, related_name="messages")
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="messages")
    channel = models.CharField(max_length=10, choices=Channel, default=Channel.EMAIL)
    address = models.CharField(max_length=254)
    language = models.CharField(max_length=10)
    template = models.CharField(max_length=60)
    subject = models.CharField(max_length=300)
    body = models.TextField(help_text="The text as sent, with a placeholder for the link.")
    link = models.JSONField(
        default=dict, help_text="Purpose and object of the link to make when it is sent; empty for none."
    )
    thing_label = models.CharField(max_length=60)
    thing_id = models.BigIntegerField()
    city_id = models.BigIntegerField(null=True)
    state = models.CharField(max_length=10, choices=State, default=State.PLANNED)
    next_try_at = models.DateTimeField(help_text="In the site's time.")
    expires_at = models.DateTimeField()
    hurried = models.BooleanField(
        default=False, help_text="Sent at once on request, outside polite hours. Practice only."
    )
    attempts = models.PositiveSmallIntegerField(default=0)
    doubts = models.PositiveSmallIntegerField(
        default=0,
        help_text="How often its content was handed over with an unknown result; at most twice.",
    )
    claim = models.UUIDField(null=True)
    leased_until = models.DateTimeField(null=True, help_text="By the database's clock.")
    sent_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(
        null=True, help_text="When the reader's server accepted it, as the mail provider reports."
    )
    bounced_at = models.DateTimeField(
        null=True, help_text="When it became known that the address accepts no mail."
    )
    result = models.TextField(blank=True)
    created_at = models.DateTimeField(db_default=Now())

    objects = MessageQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["entry", "recipient", "channel"], name="message_once_per_effect"),
            models.CheckConstraint(
                condition=Q(state="sent", sent_at__isnull=False) | (~Q(state="sent") & Q(sent_at=None)),
                name="message_sent_has_a_time",
            ),
            models.CheckConstraint(
                condition=Q(state="sending", claim__isnull=False, leased_until__isnull=False)
                | (~Q(state="sending") & Q(claim=None, leased_until=None)),
                name="message_sending_has_a_lease",
            ),
        ]
        indexes = [
            models.Index("next_try_at", "id", name="message_planned", condition=Q(state="planned")),
            models.Index("leased_until", "id", name="message_sending", condition=Q(state="sending")),
            models.Index(
                "recipient", "next_try_at", "id", name="message_waiting_for", condition=Q(state="planned")
            ),
            models.Index("recipient", "sent_at", name="message_sent_to", condition=Q(state="sent")),
            models.Index("thing_label", "thing_id", name="message_of_thing"),
        ]

    def __str__(self) -> str:
        return self.subject


class DeliveryPreference(models.TextChoices):
    """Delivery by mail of one kind of notification, as a person chose it.

    Inside the product, the person finds the notification in any case.
    """

    AT_ONCE = "at_once", _("Immediately")
    DIGEST = "digest", _("Once a day")
    OFF = "off", _("No email")


class NotificationQuerySet(ObjectReferenceQuerySet["Notification"]):
    def visible_to(self, permissions: "Reader") -> Self:
        """Return the reader's own notifications.

        The code that shows their words checks whether the object may still be read.
        """
        return self.filter(recipient=permissions.user_id)

    def unread(self) -> Self:
        """Return the notifications that the reader has not put aside and that are not settled."""
        return self.filter(read_at=None, settled_by=None)

    def search(self, text: str) -> Self:
        """Return the notifications about the object with this reference."""
        return self.filter(entry__reference=normalize_reference(text)).exclude(entry__reference="")

    def waiting_for_digest(self) -> Self:
        """Return the notifications that wait for a daily summary."""
        return self.filter(digest_at__isnull=False)


class Notification(models.Model):
    """Notification of one person about one journal entry.

    It holds no words: they are written when shown, for the present state of the object.
    """

    entry = models.ForeignKey(Entry, models.PROTECT, related_name="+")
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="notifications")
    kind = models.CharField(max_length=20)
    thing_label = models.CharField(max_length=60)
    thing_id = models.BigIntegerField()
    at = models.DateTimeField(help_text="When the event was reported, by the site's clock.")
    read_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(
        Entry,
        models.PROTECT,
        null=True,
        related_name="+",
        help_text="The entry that did what the notification asks for.",
    )
    digest_at = models.DateTimeField(
        null=True, help_text="When the daily summary that will contain it is due; None if it waits for none."
    )
    digest = models.ForeignKey(
        Entry, models.PROTECT, null=True, related_name="+", help_text="The daily summary that contained it."
    )

    objects = NotificationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["entry", "recipient"], name="notification_once"),
            models.CheckConstraint(
                condition=Q(digest_at=None) | Q(digest=None), name="notification_waits_or_went"
            ),
        ]
        indexes = [
            models.Index("recipient", F("id").desc(), name="notification_of"),
            models.Index("recipient", name="notification_unread", condition=Q(read_at=None, settled_by=None)),
            models.Index(
                "digest_at", "recipient", name="notification_waiting", condition=Q(digest_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.thing_label} {self.thing_id}"

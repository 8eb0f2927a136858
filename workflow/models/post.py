"""The due ledger: one row per intended effect on one recipient."""

import uuid
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from workflow.models.journal import Entry
from workflow.models.tracked import AboutQuerySet

if TYPE_CHECKING:
    from workflow.actors import Reads


class MessageQuerySet(AboutQuerySet["Message"]):
    def visible_to(self, powers: "Reads") -> Self:
        """The post of the cities one reads, and one's own."""
        return self.filter(Q(city_id__in=powers.sees) | Q(recipient=powers.user_id))


class Message(models.Model):
    """One intended effect on one recipient."""

    class Channel(models.TextChoices):
        EMAIL = "email", _("E-mail")

    class State(models.TextChoices):
        PLANNED = "planned", _("Planned")
        CLAIMED = "claimed", _("Being sent")
        SENT = "sent", _("Sent")
        CANCELLED = "cancelled", pgettext_lazy("a message", "Cancelled")
        DEAD = "dead", _("Could not be sent")
        UNCERTAIN = "uncertain", _("Perhaps sent")
        EXPIRED = "expired", _("Too late to send")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    entry = models.ForeignKey(Entry, models.PROTECT, related_name="messages")
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="messages")
    channel = models.CharField(max_length=10, choices=Channel, default=Channel.EMAIL)
    address = models.CharField(max_length=254)
    language = models.CharField(max_length=10)
    template = models.CharField(max_length=60)
    subject = models.CharField(max_length=300)
    body = models.TextField(help_text="As the reader gets it, with a placeholder where the link goes.")
    link = models.JSONField(
        default=dict, help_text="Purpose and object of the link to make when it is sent; empty for none."
    )
    thing_label = models.CharField(max_length=60)
    thing_id = models.BigIntegerField()
    city_id = models.BigIntegerField(null=True)
    state = models.CharField(max_length=10, choices=State, default=State.PLANNED)
    next_try_at = models.DateTimeField(help_text="By the story's clock.")
    expires_at = models.DateTimeField()
    hurried = models.BooleanField(
        default=False, help_text="Sent without waiting for a polite hour, as somebody wished. Practice only."
    )
    attempts = models.PositiveSmallIntegerField(default=0)
    doubts = models.PositiveSmallIntegerField(
        default=0,
        help_text="How often its content was handed over and nobody knows with what result; at most twice.",
    )
    claim = models.UUIDField(null=True)
    leased_until = models.DateTimeField(null=True, help_text="By the database's clock.")
    sent_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(
        null=True, help_text="When a mail provider said that the reader's own server took it."
    )
    bounced_at = models.DateTimeField(
        null=True, help_text="When it was known that its address takes no mail."
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
                condition=Q(state="claimed", claim__isnull=False, leased_until__isnull=False)
                | (~Q(state="claimed") & Q(claim=None, leased_until=None)),
                name="message_claimed_has_a_lease",
            ),
        ]
        indexes = [
            models.Index("next_try_at", "id", name="message_planned", condition=Q(state="planned")),
            models.Index("leased_until", "id", name="message_claimed", condition=Q(state="claimed")),
            models.Index(
                "recipient", "next_try_at", "id", name="message_waiting_for", condition=Q(state="planned")
            ),
            models.Index("recipient", "sent_at", name="message_sent_to", condition=Q(state="sent")),
            models.Index("thing_label", "thing_id", name="message_of_thing"),
        ]

    def __str__(self) -> str:
        return self.subject

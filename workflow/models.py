"""The rows of the machinery: journal, seals, messages, idempotency keys, comments, files, numbers, and what this instance is.

Only `actions`, `journal`, `numbering`, `outbox`, `clock`, `documents` and `doors/idempotency` write them.
"""

import uuid
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, ClassVar, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from workflow.actors import Reads


class Tracked(models.Model):
    """A thing with a life cycle. Its model nests `Status`, says `REFERENCE_PREFIX` if people quote it, and has a `city_id`."""

    REFERENCE_PREFIX: ClassVar[str] = ""
    SECRET_FIELDS: ClassVar[frozenset[str]] = frozenset()

    status = models.CharField(_("status"), max_length=20)
    created_at = models.DateTimeField(_("created"))

    class Meta:
        abstract = True

    @property
    def reference_prefix(self) -> str:
        """The kind of reference this thing gets; empty for none."""
        return self.REFERENCE_PREFIX

    def get_status_display(self) -> str:
        """The label of the status, translated."""
        statuses: type[models.TextChoices] = self.Status  # type: ignore[attr-defined]  # every Tracked model nests one
        return str(statuses(self.status).label)


class AboutQuerySet[M: models.Model](models.QuerySet[M]):
    """Rows that speak of a thing by its label and id."""

    def about(self, thing: models.Model) -> Self:
        """Those that speak of this thing."""
        return self.filter(thing_label=thing._meta.label_lower, thing_id=thing.pk)


class Instance(models.Model):
    """What this installation is: practice or real, fixed when it is created. One row."""

    class Kind(models.TextChoices):
        PRACTICE = "practice", _("Practice")
        REAL = "real", _("Real")

    kind = models.CharField(max_length=10, choices=Kind)
    offset = models.DurationField(
        default=timedelta, help_text="Practice time minus real time; zero on a real instance."
    )
    created_at = models.DateTimeField(db_default=Now())
    ticked_at = models.DateTimeField(
        null=True, help_text="When the tick last ended, by the database's clock."
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(models.Value(1), name="instance_is_one"),
            models.CheckConstraint(
                condition=Q(kind="practice") | Q(offset=timedelta(0)), name="instance_real_has_no_offset"
            ),
        ]

    def __str__(self) -> str:
        return str(self.Kind(self.kind).label)


class Counter(models.Model):
    """The last number given of one kind of reference in one year."""

    prefix = models.CharField(max_length=4)
    year = models.SmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["prefix", "year"], name="counter_once_a_year")]

    def __str__(self) -> str:
        return f"{self.prefix}-{self.year}-{self.last:04d}"


class EntryQuerySet(AboutQuerySet["Entry"]):
    def visible_to(self, powers: "Reads") -> Self:
        """What happened in the cities one reads, in the shared register, and what one did oneself."""
        register = Q(city_id=None, thing_label__startswith="partners.")
        return self.filter(register | Q(city_id__in=powers.sees) | Q(by=powers.user_id))


class Entry(models.Model):
    """One thing that happened. Append-only: a trigger refuses UPDATE (but for `announced_at` from null) and DELETE."""

    thing_label = models.CharField(max_length=60)
    thing_id = models.BigIntegerField()
    reference = models.CharField(max_length=40, blank=True)
    city_id = models.BigIntegerField(
        null=True, help_text="The city whose business it was; none for the shared register."
    )
    verb = models.CharField(max_length=30)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    by_label = models.CharField(max_length=200, help_text="The actor's name as it was then.")
    via = models.CharField(max_length=10)
    at = models.DateTimeField(help_text="When it happened, by the story's clock.")
    recorded_at = models.DateTimeField(
        db_default=Now(), help_text="When it was written, by the database's clock."
    )
    reason = models.TextField(blank=True)
    before = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    after = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    facts = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    announced_at = models.DateTimeField(null=True)

    objects = EntryQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(F("thing_label"), F("thing_id"), F("id").desc(), name="entry_history"),
            models.Index("city_id", F("id").desc(), name="entry_of_city"),
            models.Index("id", name="entry_not_announced", condition=Q(announced_at=None)),
        ]

    def __str__(self) -> str:
        return f"{self.reference or self.thing_label} {self.verb}"


class Unsealed(models.Model):
    """An entry that no seal covers yet. A trigger writes the row with its entry, sealing takes it away."""

    entry = models.OneToOneField(Entry, models.DO_NOTHING, primary_key=True, related_name="+")

    def __str__(self) -> str:
        return f"entry {self.pk}"


class Seal(models.Model):
    """One link of the hash chain: the entries it covers with their digests, and the digest of the link before. Append-only."""

    entry_ids = ArrayField(models.BigIntegerField())
    entry_digests = ArrayField(
        models.CharField(max_length=64), help_text="Of each entry, so that one that changed can be named."
    )
    previous = models.CharField(max_length=64, blank=True)
    digest = models.CharField(max_length=64)
    sealed_at = models.DateTimeField(help_text="By the database's clock.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["previous"], name="seal_follows_one"),
            models.UniqueConstraint(fields=["digest"], name="seal_digest_once"),
        ]

    def __str__(self) -> str:
        return self.digest


class MessageQuerySet(AboutQuerySet["Message"]):
    def visible_to(self, powers: "Reads") -> Self:
        """The post of the cities one reads, and one's own."""
        return self.filter(Q(city_id__in=powers.sees) | Q(recipient=powers.user_id))

    def troubled(self) -> Self:
        """What did not arrive, or perhaps did not: a person should look."""
        return self.filter(state__in=(Message.State.DEAD, Message.State.UNCERTAIN, Message.State.EXPIRED))


class Message(models.Model):
    """One intended effect on one recipient: the due ledger (reliability.md, section 1)."""

    class Channel(models.TextChoices):
        EMAIL = "email", _("E-mail")

    class State(models.TextChoices):
        PLANNED = "planned", _("Planned")
        CLAIMED = "claimed", _("Being sent")
        SENT = "sent", _("Sent")
        CANCELLED = "cancelled", _("Cancelled")
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
    attempts = models.PositiveSmallIntegerField(default=0)
    doubts = models.PositiveSmallIntegerField(
        default=0,
        help_text="How often its content was handed over and nobody knows with what result; at most twice.",
    )
    claim = models.UUIDField(null=True)
    leased_until = models.DateTimeField(null=True, help_text="By the database's clock.")
    sent_at = models.DateTimeField(null=True)
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


class IdempotencyKey(models.Model):
    """A stored answer to a POST, or a form's nonce: the same request again gets the same answer."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+")
    key = models.CharField(max_length=100)
    fingerprint = models.CharField(max_length=64)
    answer_status = models.PositiveSmallIntegerField(null=True)
    answer_headers = models.JSONField(default=dict)
    answer_body = models.TextField(blank=True)
    made_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "key"], name="idempotency_key_once", nulls_distinct=False)
        ]

    def __str__(self) -> str:
        return self.key


class CommentQuerySet(AboutQuerySet["Comment"]):
    def visible_to(self, powers: "Reads") -> Self:
        """What was written in the cities one reads, and one's own words."""
        return self.filter(Q(city_id__in=powers.sees) | Q(by=powers.user_id))


class Comment(models.Model):
    """What somebody wrote about a thing, in their own words and language."""

    thing_label = models.CharField(max_length=60)
    thing_id = models.BigIntegerField()
    city_id = models.BigIntegerField(null=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    text = models.TextField()
    language = models.CharField(max_length=10)
    at = models.DateTimeField()

    objects = CommentQuerySet.as_manager()

    class Meta:
        indexes = [models.Index("thing_label", "thing_id", "id", name="comment_of_thing")]

    def __str__(self) -> str:
        return self.text[:60]


class FileQuerySet(AboutQuerySet["File"]):
    def visible_to(self, powers: "Reads") -> Self:
        """The clean files of the cities one reads, and what one brought oneself, whatever became of it."""
        return self.filter(Q(city_id__in=powers.sees, status=File.Status.CLEAN) | Q(by=powers.user_id))

    def unfinished(self, before: datetime) -> Self:
        """Files received before a moment whose check was never ended, because a process died or the scanner was away."""
        unfinished = (File.Status.RECEIVED, File.Status.CHECKING, File.Status.UNSCANNED)
        return self.filter(status__in=unfinished, created_at__lt=before)


class File(Tracked):
    """A file somebody brought, checked before others may see it (reliability.md, section 5)."""

    class Status(models.TextChoices):
        RECEIVED = "received", _("Received")  # lies apart, nobody opened it yet
        CHECKING = "checking", _("Being checked")  # is being opened in a process of its own
        CLEAN = "clean", _("Clean")  # its cleaned copy may be shown
        REJECTED = "rejected", _("Refused")  # hostile or broken; its bytes are gone, their hash stays
        UNSCANNED = (
            "unscanned",
            _("Not checked"),
        )  # opened well, but the virus scanner did not answer; tried again

    thing_label = models.CharField(max_length=60)
    thing_id = models.BigIntegerField()
    city_id = models.BigIntegerField(null=True)
    kind = models.CharField(
        max_length=30, blank=True, help_text="What it is evidence of: licence, certificate, photo ..."
    )
    name = models.CharField(max_length=200)
    content_type = models.CharField(max_length=60)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64, help_text="Of the bytes as they came.")
    stored = models.CharField(
        max_length=100, help_text="Where the cleaned copy lies under MEDIA_ROOT; a random name."
    )
    refusal = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects = FileQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index("thing_label", "thing_id", "id", name="file_of_thing"),
            models.Index("sha256", name="file_by_hash"),
        ]

    def __str__(self) -> str:
        return self.name

"""Append-only journal, and the seals over it."""

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext

from workflow.base_models import ObjectReferenceQuerySet
from workflow.person_names import recorded_name
from workflow.search import normalize_reference

if TYPE_CHECKING:
    from workflow.actors import Reader


class EntryQuerySet(ObjectReferenceQuerySet["Entry"]):
    def visible_to(self, permissions: "Reader") -> Self:
        """Return the entries of the reader's cities, of the shared register, and of the reader's own actions.

        The entries of an import into the register are only for its author, because they show its name and
        reason; the rows that it changed have entries of their own.
        """
        register = Q(city_id=None, thing_label__startswith="partners.") & ~Q(thing_label="partners.import")
        return self.filter(register | Q(city_id__in=permissions.visible_cities) | Q(by=permissions.user_id))

    def search(self, text: str) -> Self:
        """Return the entries of the object with this reference, or those whose verb begins with the text.

        The text is a reference if it contains a figure.
        """
        quoted = normalize_reference(text)
        if any(char.isdigit() for char in quoted):
            return self.filter(~Q(reference=""), reference=quoted)
        return self.filter(verb__startswith=quoted.lower().replace("-", "_"))


class Entry(models.Model):
    """Journal entry: one event, by one actor.

    Entries are append-only: a trigger refuses DELETE and UPDATE, except setting `announced_at` from null.
    """

    thing_label = models.CharField(max_length=60)
    thing_id = models.BigIntegerField()
    reference = models.CharField(max_length=40, blank=True)
    city_id = models.BigIntegerField(null=True, help_text="The city concerned; None for the shared register.")
    verb = models.CharField(max_length=30)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    by_label = models.CharField(max_length=200, help_text="The actor's name at that time.")
    via = models.CharField(max_length=10)
    at = models.DateTimeField(help_text="When it happened, in the site's time.")
    recorded_at = models.DateTimeField(
        db_default=Now(), help_text="When it was written, in the database's time."
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
            models.Index("reference", F("id").desc(), name="entry_quoted", condition=~Q(reference="")),
            models.Index(
                fields=["verb", "-id"], name="entry_of_verb", opclasses=["varchar_pattern_ops", "int8_ops"]
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reference or self.thing_label} {self.verb}"

    @property
    def actor_name(self) -> str:
        """The actor's name in the reader's script."""
        return recorded_name(self.by_label)

    @property
    def localized_reason(self) -> str:
        """Reason as its author typed it; that of the periodic job is in the active language."""
        return gettext(self.reason) if self.reason and self.via == "clock" else self.reason


class UnsealedEntry(models.Model):
    """Mark of an entry that no seal covers yet.

    A trigger writes the row with its entry, and sealing deletes it.
    """

    entry = models.OneToOneField(Entry, models.DO_NOTHING, primary_key=True, related_name="+")

    def __str__(self) -> str:
        return f"entry {self.pk}"


class FeedPosition(models.Model):
    """Position of a sealed entry in the feed of changes.

    It is given when the entry is sealed, by one sealer at a time, so no lower position comes later.
    """

    id = models.BigAutoField(primary_key=True)
    entry = models.OneToOneField(Entry, models.DO_NOTHING, related_name="place")

    def __str__(self) -> str:
        return f"entry {self.entry_id} at {self.pk}"


class Seal(models.Model):
    """One link of the hash chain, append-only.

    It holds the ids and digests of the entries that it covers, and the digest of the link before.
    """

    entry_ids = ArrayField(models.BigIntegerField())
    entry_digests = ArrayField(
        models.CharField(max_length=64),
        help_text="The digest of each entry, so that a changed entry can be named.",
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

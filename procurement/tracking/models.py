"""Tracking events of a shipment, and the batches in which they arrived."""

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from procurement.shipments.models import EventTimeClassifier, Shipment, Step
from procurement.shipments.reference_tables import find_code, locode_of_typed_place, place_name, time_zone_of
from workflow.errors import LazyText
from workflow.search import GramsField, contains_each_word, is_reference_start, normalize_reference

if TYPE_CHECKING:
    from partners.permissions.permissions import Permissions


EVENT_PROBLEM_LABELS: dict[str, LazyText] = {
    "held": _("Held"),
    "discrepancy": _("Discrepancy"),
    "lost": _("Lost"),
}


class TrackingEventQuerySet(models.QuerySet["TrackingEvent"]):
    def visible_to(self, permissions: "Permissions") -> Self:
        """Return the tracking events of the shipments the reader may see."""
        return self.filter(shipment__in=Shipment.objects.visible_to(permissions))

    def in_effect(self) -> Self:
        """Return the events that are not marked as wrong."""
        return self.filter(wrong_at=None)

    def search(self, text: str) -> Self:
        """Return the events that match the text.

        A text that begins like a shipment reference matches the start of the shipment's reference.
        Otherwise, each word of the text must occur in the event's code, place or remark.
        """
        if is_reference_start(text, Shipment.REFERENCE_PREFIX):
            return self.filter(shipment__reference__startswith=normalize_reference(text))
        return self.filter(contains_each_word(text, "code", "place", "remark"))


class TrackingBatchQuerySet(models.QuerySet["TrackingBatch"]):
    def visible_to(self, permissions: "Permissions") -> Self:
        """Return the batches that the reader sent. A batch may concern shipments of several cities."""
        return self.filter(by=permissions.user_id) if permissions.user_id else self.none()

    def search(self, text: str) -> Self:
        """Return the batches whose source begins with the text."""
        return self.filter(source__istartswith=text.strip())


class TrackingEvent(models.Model):
    """Tracking event as received. Receiving the same event again changes nothing."""

    class CodeSystem(models.TextChoices):
        OWN = "own", _("Twinlane")
        DCSA = "dcsa", "DCSA"
        IATA = "iata", "IATA Cargo-IMP"
        IFTSTA = "iftsta", "IFTSTA"

    OTHER_CODE = "other"  # our own code for an event that is none of the steps; the remark describes it

    shipment = models.ForeignKey(Shipment, models.PROTECT, related_name="events")
    code_system = models.CharField(max_length=8, choices=CodeSystem, default=CodeSystem.OWN)
    code = models.CharField(_("code"), max_length=20)
    step = models.CharField(
        _("milestone"),
        max_length=16,
        choices=Step,
        blank=True,
        help_text="What the code means here, if anything.",
    )
    classifier = models.CharField(
        _("actual or planned"), max_length=3, choices=EventTimeClassifier, default=EventTimeClassifier.ACTUAL
    )
    about = models.CharField(
        _("milestone concerned"),
        max_length=16,
        choices=Step,
        blank=True,
        help_text="Of what did not happen yet: the step whose moment is planned, estimated or asked for.",
    )
    place = models.CharField(_("place"), max_length=100, blank=True)
    pieces = models.PositiveIntegerField(_("pieces"), null=True, blank=True)
    occurred_at = models.DateTimeField(_("occurred on"))
    recorded_at = models.DateTimeField(pgettext_lazy("a tracking update", "received on"))
    source = models.CharField(
        _("source"), max_length=60, blank=True, help_text="Who sent it; ids are one sender's own."
    )
    external_id = models.CharField(
        max_length=120, help_text="The sender's own id, or one made of the event's facts."
    )
    times = models.PositiveIntegerField(default=1, help_text="How often the same event was reported.")
    last_reported_at = models.DateTimeField(null=True, help_text="When it was reported again, if it was.")
    wrong_at = models.DateTimeField(_("marked as incorrect"), null=True)
    wrong_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    wrong_why = models.TextField(_("why it is incorrect"), blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    remark = models.TextField(_("remark"), blank=True)
    search = GramsField(of=("code", "place", "remark"))

    objects = TrackingEventQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["shipment", "code_system", "source", "external_id"], name="event_recorded_once"
            ),
        ]
        indexes = [
            models.Index("shipment", F("occurred_at").desc(), name="event_of_shipment"),
            models.Index("occurred_at", "id", name="event_in_order"),
            GinIndex(fields=["search"], name="event_search"),
        ]

    def __str__(self) -> str:
        return f"{self.shipment}: {self.code}"

    @property
    def place_time_zone(self) -> str:
        """Time zone of its place; "" if the place is not known."""
        return time_zone_of(locode_of_typed_place(self.place))

    @property
    def localized_place(self) -> str:
        """Name of its place in the reader's language; as received if the place is not known."""
        known = locode_of_typed_place(self.place)
        return place_name(known) if known else self.place

    @property
    def is_actual(self) -> bool:
        """True if the event reports a fact, not a plan, an estimate or a request."""
        return self.classifier == EventTimeClassifier.ACTUAL

    @property
    def has_known_code(self) -> bool:
        """True if the event's code exists in its code system."""
        if self.code_system == self.CodeSystem.OWN:
            return self.code == self.OTHER_CODE or self.code in Step.values
        return find_code(self.code_system, self.code) is not None

    @property
    def problem_label(self) -> LazyText:
        """Problem that the code reports (held, discrepancy or lost), in one word; "" if it reports none."""
        meant = find_code(self.code_system, self.code)
        return EVENT_PROBLEM_LABELS.get(meant.shipment_problem, "") if meant else ""

    @property
    def heading(self) -> LazyText:
        """Subject of the event for display: the step, else the meaning of its code, else the code."""
        if self.step or self.about:
            return self.get_step_display() if self.step else self.get_about_display()
        if self.code_system == self.CodeSystem.OWN:
            return _("Other event") if self.code == self.OTHER_CODE else self.code
        meant = find_code(self.code_system, self.code)
        return meant.name if meant else self.code


class TrackingBatch(models.Model):
    """Events received together, from a program or in a file, with counts.

    The counts are the new events, the repeated events and the events in unknown codes.
    """

    source = models.CharField(_("source"), max_length=60, blank=True)
    file_name = models.CharField(_("file"), max_length=200, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField(pgettext_lazy("a tracking update", "received on"))
    events = models.PositiveIntegerField(_("updates"))
    fresh = models.PositiveIntegerField(_("new"))
    repeated = models.PositiveIntegerField(_("already received"))
    unknown = models.PositiveIntegerField(_("with unknown codes"))

    objects = TrackingBatchQuerySet.as_manager()

    class Meta:
        indexes = [models.Index("by", F("id").desc(), name="batch_of_sender")]

    def __str__(self) -> str:
        return f"{self.source or self.file_name or '–'} {self.recorded_at:%Y-%m-%d %H:%M}"

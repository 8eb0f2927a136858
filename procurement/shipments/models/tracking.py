"""Where a shipment is: its steps as planned, estimated and actual, and what was heard of it."""

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from procurement.shipments.models.shipment import Shipment
from workflow.errors import Words
from workflow.queries import by_moment
from workflow.search import GramsField, as_quoted, holding, quotes

if TYPE_CHECKING:
    from partners.rules import Powers


class Step(models.TextChoices):
    """The steps of a journey, in order. DCSA, IATA and IFTSTA codes are mapped to these."""

    READY = "ready", _("Goods ready")
    PICKED_UP = "picked_up", _("Picked up")
    EXPORT_CLEARED = "export_cleared", _("Export cleared")
    DEPARTED = "departed", _("Departed")
    ARRIVED = "arrived", _("Arrived in the country")
    IMPORT_CLEARED = "import_cleared", _("Import cleared")
    DELIVERED = "delivered", _("Delivered")
    INSPECTED = "inspected", _("Inspected and released")


class MilestoneQuerySet(models.QuerySet["Milestone"]):
    def visible_to(self, powers: "Powers") -> Self:
        """Whoever sees the shipment."""
        return self.filter(shipment__in=Shipment.objects.visible_to(powers))

    def search(self, text: str) -> Self:
        """The steps whose code begins with the text; else those of shipments whose reference does."""
        code = text.strip().lower().replace(" ", "_")
        steps = [step for step in Step.values if step.startswith(code)]
        if steps:
            return self.filter(step__in=steps)
        return self.filter(shipment__reference__startswith=as_quoted(text))


class Milestone(models.Model):
    """A step as planned, as estimated (by whom, when), and as it was."""

    shipment = models.ForeignKey(Shipment, models.PROTECT, related_name="milestones")
    step = models.CharField(_("step"), max_length=16, choices=Step)
    position = models.PositiveSmallIntegerField()
    place = models.CharField(_("place"), max_length=100, blank=True)
    timezone = models.CharField(max_length=40, blank=True)
    planned_at = models.DateTimeField(_("planned"), null=True, blank=True)
    estimated_at = models.DateTimeField(_("estimated"), null=True, blank=True)
    estimated_by = models.CharField(max_length=100, blank=True)
    actual_at = models.DateTimeField(_("actual"), null=True, blank=True)

    objects = MilestoneQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["shipment", "step"], name="milestone_once_a_step")]
        indexes = [
            models.Index(by_moment("planned_at"), "id", name="milestone_by_plan"),
            models.Index(by_moment("actual_at"), "id", name="milestone_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.shipment}: {self.get_step_display()}"


class TrackingEventQuerySet(models.QuerySet["TrackingEvent"]):
    def visible_to(self, powers: "Powers") -> Self:
        """Whoever sees the shipment."""
        return self.filter(shipment__in=Shipment.objects.visible_to(powers))

    def search(self, text: str) -> Self:
        """What was heard of shipments whose reference begins with the text; else where code, place and remark hold all of it."""
        if quotes(text, Shipment.REFERENCE_PREFIX):
            return self.filter(shipment__reference__startswith=as_quoted(text))
        return self.filter(holding(text, "code", "place", "remark"))


class TrackingEvent(models.Model):
    """Something heard of a shipment, kept as received. Heard twice, it changes nothing twice."""

    class CodeSystem(models.TextChoices):
        OWN = "own", _("Twinlane")
        DCSA = "dcsa", "DCSA"
        IATA = "iata", "IATA Cargo-IMP"
        IFTSTA = "iftsta", "IFTSTA"

    OTHER = "other"  # our own code for what is none of the steps; the remark says what

    shipment = models.ForeignKey(Shipment, models.PROTECT, related_name="events")
    code_system = models.CharField(max_length=8, choices=CodeSystem, default=CodeSystem.OWN)
    code = models.CharField(_("code"), max_length=20)
    step = models.CharField(
        _("step"), max_length=16, choices=Step, blank=True, help_text="What the code means here, if anything."
    )
    place = models.CharField(_("place"), max_length=100, blank=True)
    pieces = models.PositiveIntegerField(_("pieces"), null=True, blank=True)
    occurred_at = models.DateTimeField(_("happened"))
    recorded_at = models.DateTimeField(_("heard"))
    external_id = models.CharField(
        max_length=100, help_text="The sender's own id, or one made of the event's facts."
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    remark = models.TextField(_("remark"), blank=True)
    search = GramsField(of=("code", "place", "remark"))

    objects = TrackingEventQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["shipment", "code_system", "external_id"], name="event_heard_once"
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
    def heading(self) -> Words:
        """What it is about, for people: the step, or the code as it came."""
        if self.step:
            return self.get_step_display()
        own = self.code_system == self.CodeSystem.OWN
        return _("Something else") if own and self.code == self.OTHER else self.code

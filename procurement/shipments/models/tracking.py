"""Where a shipment is: its steps as planned, estimated and actual, and what was heard of it."""

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from procurement.shipments.models.shipment import Shipment
from procurement.shipments.words import code_of
from workflow.errors import Words
from workflow.queries import by_moment
from workflow.search import GramsField, as_quoted, holding, quotes

if TYPE_CHECKING:
    from partners.rules.powers import Powers


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


class Classifier(models.TextChoices):
    """What a word says of its moment, as DCSA tells them apart: only what really happened moves a step."""

    ACTUAL = "ACT", pgettext_lazy("of a moment", "Happened")
    PLANNED = "PLN", pgettext_lazy("of a moment", "Planned")
    ESTIMATED = "EST", pgettext_lazy("of a moment", "Estimated")
    REQUESTED = "REQ", pgettext_lazy("of a moment", "Requested")


TROUBLES: dict[str, Words] = {"held": _("Held"), "discrepancy": _("Discrepancy"), "lost": _("Lost")}


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


class Slip(models.Model):
    """A day that somebody named for a step, kept when another is named: how a plan or an estimate moved, and who moved it.

    `event` is the word it came with; marked as wrong, that word's day counts no more. Nobody says (`said_by` is empty) what was planned
    before anybody named another day.
    """

    KINDS = ((Classifier.PLANNED.value, _("planned")), (Classifier.ESTIMATED.value, _("expected")))

    milestone = models.ForeignKey(Milestone, models.PROTECT, related_name="slips")
    kind = models.CharField(_("kind"), max_length=3, choices=KINDS, default=Classifier.ESTIMATED)
    event = models.ForeignKey(
        "procurement.TrackingEvent", models.PROTECT, null=True, related_name="slips", editable=False
    )
    expected_at = models.DateTimeField(_("expected"))
    said_by = models.CharField(_("who says so"), max_length=100, blank=True)
    said_at = models.DateTimeField(_("said"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes = [models.Index("milestone", "id", name="slip_of_milestone")]

    def __str__(self) -> str:
        return f"{self.milestone}: {self.expected_at:%Y-%m-%d}"


class TrackingEventQuerySet(models.QuerySet["TrackingEvent"]):
    def visible_to(self, powers: "Powers") -> Self:
        """Whoever sees the shipment."""
        return self.filter(shipment__in=Shipment.objects.visible_to(powers))

    def standing(self) -> Self:
        """What nobody marked as wrong."""
        return self.filter(wrong_at=None)

    def search(self, text: str) -> Self:
        """What was heard of shipments whose reference begins with the text; else where code, place and remark hold all of it."""
        if quotes(text, Shipment.REFERENCE_PREFIX):
            return self.filter(shipment__reference__startswith=as_quoted(text))
        return self.filter(holding(text, "code", "place", "remark"))


class BatchQuerySet(models.QuerySet["Batch"]):
    def visible_to(self, powers: "Powers") -> Self:
        """Whoever sent it: it may be about shipments of several cities."""
        return self.filter(by=powers.user_id) if powers.user_id else self.none()

    def search(self, text: str) -> Self:
        """Those of senders whose name begins with the text."""
        return self.filter(source__istartswith=text.strip())


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
    classifier = models.CharField(
        _("says that it"), max_length=3, choices=Classifier, default=Classifier.ACTUAL
    )
    about = models.CharField(
        _("step named"),
        max_length=16,
        choices=Step,
        blank=True,
        help_text="Of what did not happen yet: the step whose moment is planned, estimated or asked for.",
    )
    place = models.CharField(_("place"), max_length=100, blank=True)
    pieces = models.PositiveIntegerField(_("pieces"), null=True, blank=True)
    occurred_at = models.DateTimeField(_("happened"))
    recorded_at = models.DateTimeField(_("heard"))
    source = models.CharField(
        _("source"), max_length=60, blank=True, help_text="Who sent it; ids are one sender's own."
    )
    external_id = models.CharField(
        max_length=120, help_text="The sender's own id, or one made of the event's facts."
    )
    times = models.PositiveIntegerField(default=1, help_text="How often the same was heard.")
    last_heard_at = models.DateTimeField(null=True, help_text="When it was heard again, if it was.")
    wrong_at = models.DateTimeField(_("marked as wrong"), null=True)
    wrong_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    wrong_why = models.TextField(_("why it is wrong"), blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    remark = models.TextField(_("remark"), blank=True)
    search = GramsField(of=("code", "place", "remark"))

    objects = TrackingEventQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["shipment", "code_system", "source", "external_id"], name="event_heard_once"
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
    def happened(self) -> bool:
        """Whether it tells what happened, and not what somebody plans, expects or asks for."""
        return self.classifier == Classifier.ACTUAL

    @property
    def known(self) -> bool:
        """Whether its code is one that its system has."""
        if self.code_system == self.CodeSystem.OWN:
            return self.code == self.OTHER or self.code in Step.values
        return code_of(self.code_system, self.code) is not None

    @property
    def trouble(self) -> Words:
        """What its code says is wrong with the goods, in a word; "" where it says nothing of the kind."""
        meant = code_of(self.code_system, self.code)
        return TROUBLES.get(meant.state, "") if meant else ""

    @property
    def heading(self) -> Words:
        """What it is about, for people: the step, what its code means, or the code as it came."""
        if self.step or self.about:
            return self.get_step_display() if self.step else self.get_about_display()
        if self.code_system == self.CodeSystem.OWN:
            return _("Something else") if self.code == self.OTHER else self.code
        meant = code_of(self.code_system, self.code)
        return meant.name if meant else self.code


class Batch(models.Model):
    """What came in one go, from a program or as a file: how much of it was new, heard before, or in codes that nobody knows."""

    source = models.CharField(_("source"), max_length=60, blank=True)
    file_name = models.CharField(_("file"), max_length=200, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField(_("heard"))
    events = models.PositiveIntegerField(_("events"))
    fresh = models.PositiveIntegerField(_("new"))
    repeated = models.PositiveIntegerField(_("heard before"))
    unknown = models.PositiveIntegerField(_("in unknown codes"))

    objects = BatchQuerySet.as_manager()

    class Meta:
        indexes = [models.Index("by", F("id").desc(), name="batch_of_sender")]

    def __str__(self) -> str:
        return f"{self.source or self.file_name or '–'} {self.recorded_at:%Y-%m-%d %H:%M}"


class BoardView(models.Model):
    """A way one reader looks at the board, under a name of their own."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    name = models.CharField(_("name"), max_length=40)
    query = models.CharField(max_length=400, help_text="The filter, as it stands in the address.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "name"], name="view_named_once")]

    def __str__(self) -> str:
        return self.name

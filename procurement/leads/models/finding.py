"""What screening found about an offer: it explains itself, decides nothing, and is answered in writing."""

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from partners.models.cities import City
from procurement.leads.models.offer import SupplierLead
from workflow.models.tracked import Tracked
from workflow.queries import by_moment

if TYPE_CHECKING:
    from partners.rules.powers import Powers


class FindingQuerySet(models.QuerySet["Finding"]):
    def visible_to(self, powers: "Powers") -> Self:
        """The city whose lead it is about."""
        return self.filter(city__in=powers.sees)

    def standing(self) -> Self:
        """Findings that still hold: open, or upheld by a person."""
        return self.filter(status__in=(Finding.Status.OPEN, Finding.Status.UPHELD))

    def overruled(self) -> Self:
        """Findings that blocked, and that a person answered: they block no more."""
        return self.filter(severity=Finding.Severity.BLOCK, status=Finding.Status.ANSWERED)


class Finding(Tracked):
    """Something a machine noticed about a lead. It explains itself and decides nothing: a person answers it in writing."""

    REFERENCE_PREFIX = "FI"
    PAGE = "finding"

    class Status(models.TextChoices):
        OPEN = "open", _("Open")
        ANSWERED = "answered", _("Answered")  # somebody explained in writing why it is no obstacle
        UPHELD = "upheld", _("Upheld")  # somebody judged that it stands
        GONE = "gone", _("No longer so")  # the facts changed and the rule is silent now

    class Severity(models.TextChoices):
        BLOCK = "block", _("Blocks")
        WARN = "warn", _("Warns")
        NOTE = "note", _("Note")

    reference = models.CharField(_("reference"), max_length=20, unique=True, editable=False)
    city = models.ForeignKey(City, models.PROTECT, related_name="+")
    lead = models.ForeignKey(SupplierLead, models.PROTECT, related_name="findings")
    code = models.CharField(max_length=40)
    subject = models.CharField(
        max_length=60, blank=True, help_text="Which fact, where a code can be found of several."
    )
    severity = models.CharField(_("severity"), max_length=6, choices=Severity)
    figures = models.JSONField(default=dict, help_text="The numbers its sentence is filled with.")
    source = models.CharField(_("source"), max_length=600, blank=True)
    unsure = models.CharField(
        max_length=20, blank=True, help_text="Why it only warns, where a firm source would let it block."
    )
    answer = models.TextField(_("answer"), blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)

    objects = FindingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["lead", "code", "subject"], name="finding_once_a_fact"),
            models.CheckConstraint(
                condition=~Q(status__in=("answered", "upheld"))
                | (Q(answered_by__isnull=False, answered_at__isnull=False) & ~Q(answer="")),
                name="finding_answered_in_writing",
            ),
        ]
        indexes = [models.Index("city", by_moment("answered_at"), "id", name="finding_by_answer")]

    def __str__(self) -> str:
        return self.reference

    @property
    def together(self) -> "models.QuerySet[Finding]":
        """What blocks the same offer since the same moment and waits for an answer, itself among it."""
        same = Finding.objects.filter(lead=self.lead_id, created_at=self.created_at)
        return same.filter(severity=self.severity, status=Finding.Status.OPEN).order_by("pk")

    @property
    def blocks(self) -> bool:
        """Whether it stands in the way: it blocks, and nobody has explained why it is no obstacle."""
        standing = (Finding.Status.OPEN, Finding.Status.UPHELD)
        return self.severity == Finding.Severity.BLOCK and self.status in standing

    @property
    def overruled(self) -> bool:
        """Whether it blocked, and a person answered why it is no obstacle."""
        return self.severity == Finding.Severity.BLOCK and self.status == Finding.Status.ANSWERED

    @property
    def weighs(self) -> str:
        """What it means now, by its name in the table of marks: “Blocks” only while it blocks."""
        if self.overruled:
            return "overruled"
        return "gone" if self.status == Finding.Status.GONE else self.severity

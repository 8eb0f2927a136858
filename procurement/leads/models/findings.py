"""Findings of screening about an offer. They decide nothing; a person answers them in writing."""

from datetime import date
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, Func, OuterRef, Q, Value
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from partners.cities.models import City
from procurement.leads.models.leads import SupplierLead
from workflow.base_models import JournaledModel
from workflow.query_expressions import order_by_moment
from workflow.reminders import RemindedModel
from workflow.statuses import StatusChoices, StatusGroup

if TYPE_CHECKING:
    from partners.permissions.permissions import Permissions


class FindingQuerySet(models.QuerySet["Finding"]):
    def visible_to(self, permissions: "Permissions") -> Self:
        """Return the findings about offers to cities the person may see."""
        return self.filter(city__in=permissions.visible_cities)

    def in_effect(self) -> Self:
        """Return the findings that still hold: open or upheld ones."""
        return self.filter(status__in=(Finding.Status.OPEN, Finding.Status.UPHELD))

    def missing_certificates(self) -> Self:
        """Return the findings that name a certificate type the law requires, in effect or answered.

        Annotates `kind`, the code of the type.
        """
        kind = Func(
            F("subject"), Value("/"), Value(2), function="split_part", output_field=models.CharField()
        )
        missing = self.filter(code=Finding.CERTIFICATE_REQUIRED_CODE).exclude(status=Finding.Status.RESOLVED)
        return missing.annotate(kind=kind)

    def waiting(self) -> Self:
        """Return the findings of which people are reminded: of each live offer, the first open one that blocks.

        A certificate that was not shown is left out: it is requested from the contact.
        """
        blocking = Finding.objects.filter(status=Finding.Status.OPEN, severity=Finding.Severity.BLOCK)
        blocking = blocking.exclude(code=Finding.CERTIFICATE_REQUIRED_CODE)
        earlier = blocking.filter(lead=OuterRef("lead"), pk__lt=OuterRef("pk"))
        own = blocking.filter(pk=OuterRef("pk"))
        return self.filter(Exists(own), ~Exists(earlier), lead__status__in=SupplierLead.LIVE_STATUSES)

    def overruled(self) -> Self:
        """Return the findings that would block but were answered, so they block no longer."""
        return self.filter(severity=Finding.Severity.BLOCK, status=Finding.Status.EXPLAINED)


class Finding(RemindedModel, JournaledModel):
    """Problem that screening found in an offer. It decides nothing: a person answers it in writing."""

    REFERENCE_PREFIX = "FI"
    URL_NAME = "finding"
    CERTIFICATE_REQUIRED_CODE = "certificate_required"  # its subject is "<market>/<certificate type>"

    class Status(StatusChoices):
        OPEN = "open", StatusGroup.OPEN, pgettext_lazy("a finding", "Open")
        # a person explained in writing why it is no obstacle
        EXPLAINED = "explained", StatusGroup.DONE, _("Response given")
        UPHELD = "upheld", StatusGroup.DONE, _("Upheld")  # a person confirmed it in writing
        # the facts changed, so the rule no longer applies
        RESOLVED = "resolved", StatusGroup.VOID, pgettext_lazy("a finding", "No longer applies")

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
    raised_again_at = models.DateTimeField(null=True, editable=False)

    objects = FindingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["lead", "code", "subject"], name="finding_once_a_fact"),
            models.CheckConstraint(
                condition=~Q(status__in=("explained", "upheld"))
                | (Q(answered_by__isnull=False, answered_at__isnull=False) & ~Q(answer="")),
                name="finding_explained_in_writing",
            ),
        ]
        indexes = [models.Index("city", order_by_moment("answered_at"), "id", name="finding_by_answer")]

    def __str__(self) -> str:
        return self.reference

    @property
    def waits_since(self) -> date | None:
        """Day on which the finding was raised, or raised again."""
        return self.city.day_at(self.raised_again_at or self.created_at)

    @property
    def missing_certificate_code(self) -> str:
        """Code of the certificate type that the offer lacks, or "" for any other finding."""
        return self.subject.partition("/")[2] if self.code == self.CERTIFICATE_REQUIRED_CODE else ""

    @property
    def open_sibling_findings(self) -> "models.QuerySet[Finding]":
        """Open findings of the same offer, severity and moment, including this one."""
        same = Finding.objects.filter(lead=self.lead_id, created_at=self.created_at)
        return same.filter(severity=self.severity, status=Finding.Status.OPEN).order_by("pk")

    @property
    def blocks(self) -> bool:
        """True while the finding blocks the offer: its severity is "block" and it is open or upheld."""
        standing = (Finding.Status.OPEN, Finding.Status.UPHELD)
        return self.severity == Finding.Severity.BLOCK and self.status in standing

    @property
    def overruled(self) -> bool:
        """True if the finding would block, but a person explained in writing why it is no obstacle."""
        return self.severity == Finding.Severity.BLOCK and self.status == Finding.Status.EXPLAINED

    @property
    def badge_key(self) -> str:
        """Key of the finding's mark on pages: "overruled", "gone" or its severity."""
        if self.overruled:
            return "overruled"
        return "gone" if self.status == Finding.Status.RESOLVED else self.severity

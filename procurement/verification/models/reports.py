"""Check reports, as contacts submitted them."""

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from procurement.verification.models.tasks import VerificationTask
from workflow.search import GramsField, as_quoted, holding, quotes

if TYPE_CHECKING:
    from partners.permissions.permissions import Permissions


class CheckReportQuerySet(models.QuerySet["CheckReport"]):
    def visible_to(self, powers: "Permissions") -> Self:
        """Return the reports visible to the users who see the check, except coordinators.

        Coordinators only follow the progress.
        """
        return self.filter(Q(task__city__in=powers.sees) | Q(task__contact__in=powers.contacts))

    def search(self, text: str) -> Self:
        """Return the reports that match the text.

        A text in the form of a reference matches checks whose reference begins with it; any other text matches the
        summary and the place.
        """
        if quotes(text, VerificationTask.REFERENCE_PREFIX):
            return self.filter(task__reference__startswith=as_quoted(text))
        return self.filter(holding(text, "summary", "place"))


class CheckReport(models.Model):
    """Report of a contact on a check, as submitted.

    Each submission is a new row; rows are never changed.
    """

    class Method(models.TextChoices):
        VISIT = "visit", _("In person")
        CALL = "call", _("By phone")
        REGISTER = "register", _("In a public register")
        DOCUMENT = "document", _("From a document")

    class Confidence(models.IntegerChoices):
        LOW = 1, _("Unsure")
        MEDIUM = 2, _("Fairly sure")
        HIGH = 3, _("Sure")

    task = models.ForeignKey(VerificationTask, models.PROTECT, related_name="reports")
    question_version = models.PositiveSmallIntegerField(
        default=1, help_text="The version of the check's questions it answers: it is read by these."
    )
    question_family = models.CharField(
        max_length=20, blank=True, help_text="The family of goods those questions were about."
    )
    answers = models.JSONField(
        help_text="Per question code: answer (yes, no, could_not_check) and what was seen."
    )
    method = models.CharField(_("how"), max_length=10, choices=Method)
    place = models.CharField(_("where"), max_length=200, blank=True)
    seen_on = models.DateField(_("when"))
    seen_at = models.TimeField(
        _("at what time"), null=True, blank=True, help_text="By the clock of the place."
    )
    confidence = models.PositiveSmallIntegerField(_("how sure"), choices=Confidence)
    summary = models.TextField(_("in their words"), blank=True)
    language = models.CharField(max_length=10)
    file_ids = ArrayField(models.BigIntegerField(), default=list)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    by_copied_link = models.BooleanField(default=False)
    at = models.DateTimeField(_("sent"))
    search = GramsField(of=("summary", "place"))

    objects = CheckReportQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index("task", F("id").desc(), name="report_of_check"),
            models.Index("seen_on", "id", name="report_in_order"),
            GinIndex(fields=["search"], name="report_search"),
        ]

    def __str__(self) -> str:
        return f"{self.task} {self.at:%Y-%m-%d}"

"""What an inspection measured and saw: a row per point of its checklist, with the limit as it stood on that day."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from procurement.catalogue.models.points import BOUNDS, InspectionPoint
from procurement.shipments.models.arrival import Inspection
from workflow.errors import Words
from workflow.tongues import in_unit


class MeasuredPoint(models.Model):
    """One point of an inspection. The limit is copied: a later edition of the table changes no inspection."""

    class Outcome(models.TextChoices):
        WITHIN = "within", pgettext_lazy("a measured value", "Within the limit")
        OUTSIDE = "outside", pgettext_lazy("a measured value", "Outside the limit")
        NOT_MEASURED = "not_measured", _("Not measured")

    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="points")
    point = models.ForeignKey(InspectionPoint, models.PROTECT, related_name="+")
    value = models.DecimalField(_("value"), max_digits=10, decimal_places=3, null=True, blank=True)
    seen = models.BooleanField(_("seen"), null=True, blank=True)
    bound = models.CharField(_("bound"), max_length=10, choices=InspectionPoint.Bound)
    limit = models.DecimalField(_("limit"), max_digits=10, decimal_places=3, null=True, blank=True)
    strict = models.BooleanField(_("strict"), default=False)
    firm = models.BooleanField(_("firm"), help_text="Whether its limit had a firm source, and so blocked.")
    outcome = models.CharField(_("outcome"), max_length=12, choices=Outcome)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["inspection", "point"], name="point_once_an_inspection"),
            models.CheckConstraint(
                condition=Q(outcome="not_measured", value=None, seen=None)
                | (~Q(outcome="not_measured") & (Q(value__isnull=False) | Q(seen__isnull=False))),
                name="point_measured_or_not",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.inspection_id}/{self.point_id}"

    @property
    def limited(self) -> str:
        """The limit with its unit, as the reader's language writes it; "" where it is only seen."""
        return "" if self.limit is None else in_unit(self.limit, self.point.unit)

    @property
    def reached(self) -> str:
        """The value with its unit, as the reader's language writes it; "" where none was measured."""
        return "" if self.value is None else in_unit(self.value, self.point.unit)

    @property
    def bound_words(self) -> Words:
        """The words before its limit: "at least", "less than"."""
        return BOUNDS[self.bound, self.strict]

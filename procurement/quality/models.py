"""Lots in quarantine, inspections, and the measured points of an inspection."""

from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from partners.contacts.models import Contact
from procurement.catalogue.models.inspection_points import LIMIT_PHRASES, InspectionPoint
from procurement.shipments.models import Shipment, ShipmentLine
from workflow.base_models import JournaledModel
from workflow.errors import LazyText
from workflow.i18n import LocalizedMeasure, format_with_unit
from workflow.search import is_reference_start, normalize_reference
from workflow.statuses import StatusChoices, StatusGroup


class Verdict(models.TextChoices):
    """Verdict of an inspection on a lot."""

    PASSED = "passed", _("Passed")
    CONDITIONAL = "conditional", _("Passed with conditions")
    FAILED = "failed", _("Failed")


class CityRecordsQuerySet[M: models.Model](models.QuerySet[M]):
    def visible_to(self, permissions: Any) -> Any:
        """Return the rows of the cities whose records the reader sees."""
        return self.filter(city__in=permissions.visible_cities)


class InspectionQuerySet(CityRecordsQuerySet["Inspection"]):
    def search(self, text: str) -> Any:
        """Return the inspections of lots that match the text.

        The lot's or the shipment's reference must begin with the text.
        """
        of = "lot__shipment" if is_reference_start(text, Shipment.REFERENCE_PREFIX) else "lot"
        return self.filter(**{f"{of}__reference__startswith": normalize_reference(text)})


class LotQuerySet(CityRecordsQuerySet["Lot"]):
    def search(self, text: str) -> Any:
        """Return the lots whose number contains the text, or whose reference begins with it."""
        return self.filter(
            Q(number__icontains=text.strip()) | Q(reference__startswith=normalize_reference(text))
        )

    def counterpart_of(self, lot: "Lot") -> Any:
        """Return the other lot of the same number and line: the surplus lot, or the ordered one."""
        rows = self.filter(line=lot.line_id, number__iexact=lot.number, quantity__gt=0)
        return rows.exclude(pk=lot.pk)

    def same_number_elsewhere(self, lot: "Lot") -> Any:
        """Return the lots of the same number and company on other shipment lines, in any city.

        The company counts whether it offered the goods or made them.
        """
        lead = lot.line.order_line.allocation.lead
        companies = [one for one in (lead.supplier_id, lead.maker_id) if one is not None]
        of = "line__order_line__allocation__lead"
        by_them = Q(**{f"{of}__supplier__in": companies}) | Q(**{f"{of}__maker__in": companies})
        rows = self.filter(by_them, number__iexact=lot.number, quantity__gt=0)
        return rows.exclude(line=lot.line_id)


class Lot(JournaledModel):
    """Goods of one lot number. They stay in quarantine until inspected; none is used before its release."""

    REFERENCE_PREFIX = "LT"
    URL_NAME = "lot"

    class Status(StatusChoices):
        QUARANTINED = "quarantined", StatusGroup.OPEN, _("In quarantine")
        RELEASED = "released", StatusGroup.DONE, pgettext_lazy("a lot", "Released")
        # in use, within its conditions
        RELEASED_CONDITIONALLY = "released_conditionally", StatusGroup.DONE, _("Released with conditions")
        REJECTED = "rejected", StatusGroup.VOID, pgettext_lazy("a lot", "Rejected")
        RECALLED = "recalled", StatusGroup.VOID, _("Recalled")

    reference = models.CharField(_("reference"), max_length=20, unique=True, editable=False)
    shipment = models.ForeignKey(Shipment, models.PROTECT, related_name="lots")
    line = models.ForeignKey(ShipmentLine, models.PROTECT, related_name="lots")
    city = models.ForeignKey("partners.City", models.PROTECT, related_name="+")
    number = models.CharField(_("lot number"), max_length=60)
    expires_on = models.DateField(_("expiry date"), null=True, blank=True)
    quantity = models.PositiveBigIntegerField(_("quantity"))
    surplus = models.BooleanField(
        _("surplus"),
        default=False,
        editable=False,
        help_text="Pieces that came beyond what was shipped and were accepted: no order and no need counts them.",
    )
    condition = models.TextField(_("condition"), blank=True)
    override_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    override_reason = models.TextField(_("reason for release without inspection"), blank=True)
    inspected_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
        help_text="Who made the last inspection.",
    )
    inspectors = ArrayField(
        models.BigIntegerField(),
        default=list,
        blank=True,
        editable=False,
        help_text="The people who made an inspection of it and so measured its values.",
    )
    values_failed = models.PositiveSmallIntegerField(
        default=0, editable=False, help_text="Firm limits that its inspections found not kept."
    )
    unmeasured = models.PositiveSmallIntegerField(
        default=0,
        editable=False,
        help_text="Firm limits its last inspection neither measured nor covered by a report.",
    )
    released_at = models.DateTimeField(_("released"), null=True, blank=True)
    warned_at = models.DateTimeField(
        _("recall warning sent"),
        null=True,
        blank=True,
        editable=False,
        help_text="When the same lot was recalled elsewhere.",
    )
    verdict = models.CharField(_("last verdict"), max_length=12, choices=Verdict, blank=True, editable=False)

    objects = LotQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["line", "number", "surplus"], name="lot_once_a_line"),
            models.CheckConstraint(
                condition=~Q(status="released") | Q(verdict="passed") | ~Q(override_reason=""),
                name="lot_released_was_inspected",
            ),
            models.CheckConstraint(
                condition=~Q(status="released_conditionally")
                | (~Q(verdict="", override_reason="") & ~Q(condition="")),
                name="lot_conditional_says_on_what",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=("released", "released_conditionally"))
                | Q(released_at__isnull=False),
                name="lot_released_has_a_time",
            ),
            models.CheckConstraint(
                condition=Q(override_by=None, override_reason="")
                | (Q(override_by__isnull=False) & ~Q(override_reason="")),
                name="lot_override_has_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(override_by=None) | ~Q(inspectors__contains=[F("override_by")]),
                name="lot_override_by_no_inspector",
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def contact(self) -> Contact | None:
        """Contact who helped to find these goods."""
        return self.shipment.contact


class Inspection(models.Model):
    """Inspection of a sample of a lot: sample size, defective pieces and verdict. Never changed."""

    lot = models.ForeignKey(Lot, models.PROTECT, related_name="inspections")
    city = models.ForeignKey("partners.City", models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("inspected on"))
    level = models.CharField(_("inspection level"), max_length=4, default="II")
    aql = models.DecimalField(_("AQL"), max_digits=5, decimal_places=3, default=0)
    sampled = models.PositiveIntegerField(_("sampled"))
    defects = models.PositiveIntegerField(_("defective"), default=0)
    acceptance_number = models.PositiveIntegerField(_("acceptance number"))
    verdict = models.CharField(_("verdict"), max_length=12, choices=Verdict)
    measured = models.TextField(_("other measurements"), blank=True)
    justification = models.TextField(
        _("reason for passing the lot"), blank=True, help_text="Where something warned."
    )
    report = models.ForeignKey(
        "workflow.File",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("laboratory report"),
    )
    covers = ArrayField(
        models.CharField(max_length=20),
        default=list,
        blank=True,
        verbose_name=_("checklist items covered by the report"),
        help_text="Their keys.",
    )

    objects = InspectionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(defects__lte=F("sampled")), name="inspection_defects_were_sampled"
            )
        ]
        indexes = [models.Index("city", "at", "id", name="inspection_in_order")]

    def __str__(self) -> str:
        return f"{self.lot}: {self.get_verdict_display()}"

    @property
    def plan_text(self) -> str:
        """Sampling plan, such as "II, AQL 1.5"."""
        return str(_("%(level)s, AQL %(aql)s") % {"level": self.level, "aql": LocalizedMeasure(self.aql)})


class MeasuredPoint(models.Model):
    """Result for one point of an inspection.

    The limit is copied, so a later edition of the table changes no inspection.
    """

    class Outcome(models.TextChoices):
        WITHIN_LIMIT = "within", pgettext_lazy("a measured value", "Within the limit")
        OUTSIDE_LIMIT = "outside", pgettext_lazy("a measured value", "Outside the limit")
        NOT_MEASURED = "not_measured", _("Not measured")

    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="points")
    point = models.ForeignKey(InspectionPoint, models.PROTECT, related_name="+")
    value = models.DecimalField(
        pgettext_lazy("measured", "value"), max_digits=10, decimal_places=3, null=True, blank=True
    )
    seen = models.BooleanField(_("met"), null=True, blank=True)
    bound = models.CharField(_("type of limit"), max_length=10, choices=InspectionPoint.LimitType)
    limit = models.DecimalField(_("limit"), max_digits=10, decimal_places=3, null=True, blank=True)
    strict = models.BooleanField(_("limit excluded"), default=False)
    firm = models.BooleanField(_("binding"), help_text="Whether its limit had a firm source, and so blocked.")
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
    def limit_text(self) -> str:
        """Limit with its unit in the reader's format; "" for a point that is only looked at."""
        return "" if self.limit is None else format_with_unit(self.limit, self.point.unit)

    @property
    def value_text(self) -> str:
        """Value with its unit in the reader's format; "" if nothing was measured."""
        return "" if self.value is None else format_with_unit(self.value, self.point.unit)

    @property
    def bound_text(self) -> LazyText:
        """Words before the limit, such as "at least" or "less than"."""
        return LIMIT_PHRASES[self.bound, self.strict]

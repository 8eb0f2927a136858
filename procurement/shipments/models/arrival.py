"""At the door and in quarantine: what was counted, in which lots, and whether they passed inspection."""

from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from partners.models.people import Contact
from procurement.shipments.models.shipment import Shipment, ShipmentLine
from workflow.models.tracked import Tracked
from workflow.search import as_quoted, quotes
from workflow.tongues import Measure


class Verdict(models.TextChoices):
    """What an inspection says of a lot."""

    PASSED = "passed", _("Passed")
    CONDITIONAL = "conditional", _("Passed with conditions")
    FAILED = "failed", _("Failed")


class ArrivalQuerySet[M: models.Model](models.QuerySet[M]):
    def visible_to(self, powers: Any) -> Any:
        """The receiving city."""
        return self.filter(city__in=powers.sees)


class ReceiptQuerySet(ArrivalQuerySet["Receipt"]):
    def search(self, text: str) -> Any:
        """The countings of shipments whose reference begins with the text."""
        return self.filter(shipment__reference__startswith=as_quoted(text))


class InspectionQuerySet(ArrivalQuerySet["Inspection"]):
    def search(self, text: str) -> Any:
        """The inspections of lots whose reference, or whose shipment's, begins with the text."""
        of = "lot__shipment" if quotes(text, Shipment.REFERENCE_PREFIX) else "lot"
        return self.filter(**{f"{of}__reference__startswith": as_quoted(text)})


class Receipt(Tracked):
    """One counting at the door. It can be repeated, and taken back while nothing was released from it."""

    PAGE = "receipt"

    class Status(models.TextChoices):
        RECORDED = "recorded", _("Recorded")
        TAKEN_BACK = "taken_back", _("Taken back")

    shipment = models.ForeignKey(Shipment, models.PROTECT, related_name="receipts")
    city = models.ForeignKey("partners.City", models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    received_at = models.DateTimeField(_("received"))
    cartons = models.PositiveIntegerField(_("cartons"), default=0)
    remark = models.TextField(_("remark"), blank=True)

    objects = ReceiptQuerySet.as_manager()

    class Meta:
        indexes = [models.Index("city", "received_at", "id", name="receipt_in_order")]

    def __str__(self) -> str:
        return f"{self.shipment} {self.received_at:%Y-%m-%d}"

    @property
    def contact(self) -> Contact | None:
        """The contact who helped to find these goods."""
        return self.shipment.contact


class LotQuerySet(ArrivalQuerySet["Lot"]):
    def search(self, text: str) -> Any:
        """The lots whose number holds the text, or whose reference begins with it."""
        return self.filter(Q(number__icontains=text.strip()) | Q(reference__startswith=as_quoted(text)))

    def beside(self, lot: "Lot") -> Any:
        """The lot of the same number and line: of its surplus, or of what was ordered."""
        rows = self.filter(line=lot.line_id, number__iexact=lot.number, quantity__gt=0)
        return rows.exclude(pk=lot.pk)

    def like(self, lot: "Lot") -> Any:
        """Every lot of the same number by the same company on another line: whoever offered or made it, in whichever city it is."""
        lead = lot.line.order_line.allocation.lead
        companies = [one for one in (lead.supplier_id, lead.maker_id) if one is not None]
        of = "line__order_line__allocation__lead"
        by_them = Q(**{f"{of}__supplier__in": companies}) | Q(**{f"{of}__maker__in": companies})
        rows = self.filter(by_them, number__iexact=lot.number, quantity__gt=0)
        return rows.exclude(line=lot.line_id)


class Lot(Tracked):
    """Goods of one lot number, kept apart until they are inspected; nothing is used before it is released."""

    REFERENCE_PREFIX = "LT"
    PAGE = "lot"

    class Status(models.TextChoices):
        QUARANTINED = "quarantined", _("In quarantine")
        RELEASED = "released", _("Released")
        CONDITIONAL = "conditional", _("Released with conditions")
        REFUSED = "refused", pgettext_lazy("a lot", "Refused")
        RECALLED = "recalled", _("Recalled")

    reference = models.CharField(_("reference"), max_length=20, unique=True, editable=False)
    shipment = models.ForeignKey(Shipment, models.PROTECT, related_name="lots")
    line = models.ForeignKey(ShipmentLine, models.PROTECT, related_name="lots")
    city = models.ForeignKey("partners.City", models.PROTECT, related_name="+")
    number = models.CharField(_("lot number"), max_length=60)
    expires_on = models.DateField(_("expires"), null=True, blank=True)
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
    override_reason = models.TextField(_("why released without inspection"), blank=True)
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
        help_text="Whoever made any inspection of it, and so measured its values.",
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
        _("warned"),
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
                condition=~Q(status="conditional") | (~Q(verdict="", override_reason="") & ~Q(condition="")),
                name="lot_conditional_says_on_what",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=("released", "conditional")) | Q(released_at__isnull=False),
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
        """The contact who helped to find these goods."""
        return self.shipment.contact


class ReceiptLine(models.Model):
    """What was counted of one line: accepted + rejected + missing = what was expected of it; surplus apart."""

    receipt = models.ForeignKey(Receipt, models.PROTECT, related_name="lines")
    line = models.ForeignKey(ShipmentLine, models.PROTECT, related_name="receipt_lines")
    lot = models.ForeignKey(Lot, models.PROTECT, null=True, blank=True, related_name="receipt_lines")
    accepted = models.PositiveBigIntegerField(_("accepted"), default=0)
    rejected = models.PositiveBigIntegerField(_("rejected"), default=0)
    missing = models.PositiveBigIntegerField(_("missing"), default=0)
    surplus = models.PositiveBigIntegerField(_("surplus"), default=0)
    reason = models.TextField(_("reason for the difference"), blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(rejected=0, missing=0, surplus=0) | ~Q(reason=""),
                name="receipt_difference_has_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.receipt}/{self.pk}"


class Inspection(models.Model):
    """A look at a sample of a lot: how many were drawn, how many failed, and the verdict. None is changed."""

    lot = models.ForeignKey(Lot, models.PROTECT, related_name="inspections")
    city = models.ForeignKey("partners.City", models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("inspected"))
    level = models.CharField(_("inspection level"), max_length=4, default="II")
    aql = models.DecimalField(_("AQL"), max_digits=5, decimal_places=3, default=0)
    sampled = models.PositiveIntegerField(_("sampled"))
    defects = models.PositiveIntegerField(_("defective"), default=0)
    accept_at_most = models.PositiveIntegerField(_("accepted up to"))
    verdict = models.CharField(_("verdict"), max_length=12, choices=Verdict)
    measured = models.TextField(_("what was measured"), blank=True)
    word = models.TextField(_("why it may pass"), blank=True, help_text="Where something warned.")
    report = models.ForeignKey(
        "workflow.File",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("laboratory’s report"),
    )
    covers = ArrayField(
        models.CharField(max_length=20),
        default=list,
        blank=True,
        verbose_name=_("points the report covers"),
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
    def plan_words(self) -> str:
        """By which plan the sample was drawn: "II, AQL 1.5"."""
        return str(_("%(level)s, AQL %(aql)s") % {"level": self.level, "aql": Measure(self.aql)})

"""Goods receipts, cartons counted one by one, discrepancies, returned lines and destructions.

Counted cartons join a goods receipt when the count is finished, and can be counted again if that receipt is
reversed.
"""

from datetime import date
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy, pgettext_lazy

from partners.contacts.models import Contact
from procurement.catalogue.models.reference_rows import AcquisitionType
from procurement.quality.models import CityRecordsQuerySet, Lot
from procurement.shipments.models import Carton, Shipment, ShipmentLine
from workflow.base_models import JournaledModel
from workflow.errors import LazyText
from workflow.i18n import LocalizedCount
from workflow.reminders import RemindedModel
from workflow.search import is_reference_start, normalize_reference
from workflow.statuses import StatusChoices, StatusGroup

if TYPE_CHECKING:
    from partners.permissions.permissions import Permissions


class CartonReceiptQuerySet(models.QuerySet["CartonReceipt"]):
    def not_undone(self) -> Self:
        """Return the rows that were not undone."""
        return self.filter(undone_at=None)

    def not_in_receipt(self) -> Self:
        """Return the rows that were not undone and belong to no goods receipt yet."""
        return self.not_undone().filter(receipt=None)


class GoodsReceiptQuerySet(CityRecordsQuerySet["GoodsReceipt"]):
    def search(self, text: str) -> Any:
        """Return the goods receipts of shipments whose reference begins with the text."""
        return self.filter(shipment__reference__startswith=normalize_reference(text))


class GoodsReceipt(JournaledModel):
    """Goods receipt: one count of delivered goods.

    A shipment may have several. A receipt can be reversed as long as no later decision is based on it.
    """

    URL_NAME = "goods_receipt"

    class Status(StatusChoices):
        RECORDED = "recorded", StatusGroup.DONE, _("Recorded")
        REVERSED = "reversed", StatusGroup.VOID, _("Undone")

    shipment = models.ForeignKey(Shipment, models.PROTECT, related_name="goods_receipts")
    city = models.ForeignKey("partners.City", models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    received_at = models.DateTimeField(_("received on"))
    cartons = models.PositiveIntegerField(_("cartons"), default=0)
    remark = models.TextField(_("remark"), blank=True)

    objects = GoodsReceiptQuerySet.as_manager()

    class Meta:
        indexes = [models.Index("city", "received_at", "id", name="receipt_in_order")]

    def __str__(self) -> str:
        return f"{self.shipment} {self.received_at:%Y-%m-%d}"

    @property
    def contact(self) -> Contact | None:
        """Contact who helped to find these goods."""
        return self.shipment.contact


class CartonReceipt(models.Model):
    """Carton as one person found it at receiving: its state and its contents.

    A row is never changed. A wrong row is undone and the carton is counted again.
    """

    class State(models.TextChoices):
        INTACT = "intact", pgettext_lazy("a carton", "Intact")
        DAMAGED = "damaged", pgettext_lazy("a carton", "Damaged")
        MISSING = "missing", pgettext_lazy("a carton", "Missing")

    carton = models.ForeignKey(Carton, models.PROTECT, related_name="receipts")
    shipment = models.ForeignKey(Shipment, models.PROTECT, related_name="carton_receipts")
    state = models.CharField(_("state"), max_length=8, choices=State)
    pieces = models.PositiveIntegerField(_("units inside"))
    unusable = models.PositiveIntegerField(_("unusable units"), default=0)
    lot_number = models.CharField(_("lot"), max_length=60, blank=True)
    expires_on = models.DateField(_("expiry date"), null=True, blank=True)
    remark = models.CharField(_("remark"), max_length=300, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("counted on"))
    receipt = models.ForeignKey(
        GoodsReceipt,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="carton_receipts",
        help_text="The counting it is part of; none until that is finished.",
    )
    undone_at = models.DateTimeField(_("undone"), null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = CartonReceiptQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["carton"], condition=Q(undone_at=None), name="carton_receipt_once"
            ),
            models.CheckConstraint(
                condition=~Q(state="missing") | Q(pieces=0), name="carton_receipt_missing_holds_nothing"
            ),
            models.CheckConstraint(
                condition=Q(unusable=0) | Q(state="damaged", unusable__lte=F("pieces")),
                name="carton_receipt_unusable_was_inside",
            ),
            models.CheckConstraint(
                condition=Q(undone_at=None, undone_by=None)
                | Q(undone_at__isnull=False, undone_by__isnull=False, receipt=None),
                name="carton_receipt_undone_is_in_no_counting",
            ),
        ]
        indexes = [models.Index("shipment", F("id").desc(), name="carton_receipt_of_shipment")]

    def __str__(self) -> str:
        return f"{self.carton}: {self.get_state_display()}"


DISCREPANCY_SUMMARIES: dict[str, LazyText] = {
    "missing": ngettext_lazy(
        "%(goods)s: %(pieces)s unit missing", "%(goods)s: %(pieces)s units missing", "pieces"
    ),
    "rejected": ngettext_lazy(
        "%(goods)s: %(pieces)s unit rejected", "%(goods)s: %(pieces)s units rejected", "pieces"
    ),
    "surplus": ngettext_lazy(
        "%(goods)s: %(pieces)s surplus unit", "%(goods)s: %(pieces)s surplus units", "pieces"
    ),
}


class DiscrepancyQuerySet(models.QuerySet["Discrepancy"]):
    def visible_to(self, permissions: "Permissions") -> Self:
        """Return the discrepancies of the cities whose records the reader sees.

        The sender answers by link.
        """
        return self.filter(city__in=permissions.visible_cities)

    def unsettled(self) -> Self:
        """Return the discrepancies that still have to be settled."""
        return self.filter(status__in=Discrepancy.Status.open)

    def waiting(self) -> Self:
        """Return the discrepancies of which people are reminded: the answered ones, and the first open one of each message.

        Open ones that share a goods receipt, a contact and a kind of order are reported in one message.
        """
        kind = "line__order_line__order__kind"
        same = {name: OuterRef(name) for name in ("receipt", "contact", kind)}
        earlier = Discrepancy.objects.filter(**same, status=Discrepancy.Status.OPEN, pk__lt=OuterRef("pk"))
        return self.filter(
            Q(status=Discrepancy.Status.ANSWERED) | (Q(status=Discrepancy.Status.OPEN) & ~Exists(earlier))
        )

    def search(self, text: str) -> Self:
        """Return the discrepancies whose reference, or whose shipment's reference, begins with the text."""
        if is_reference_start(text, Discrepancy.REFERENCE_PREFIX):
            return self.filter(reference__startswith=normalize_reference(text))
        return self.filter(shipment__reference__startswith=normalize_reference(text))


class Discrepancy(RemindedModel, JournaledModel):
    """Missing, rejected or surplus pieces of one line in one goods receipt.

    Reversing the receipt discards the discrepancy.
    """

    REFERENCE_PREFIX = "DC"
    URL_NAME = "discrepancy"

    class Status(StatusChoices):
        OPEN = "open", StatusGroup.OPEN, pgettext_lazy("a case", "Open")
        ANSWERED = "answered", StatusGroup.OPEN, pgettext_lazy("a case", "Answered")
        SETTLED = "settled", StatusGroup.DONE, pgettext_lazy("a case", "Settled")
        DISCARDED = "discarded", StatusGroup.VOID, pgettext_lazy("a case", "Dismissed")

    class Kind(models.TextChoices):
        MISSING = "missing", pgettext_lazy("pieces", "Missing")
        REJECTED = "rejected", pgettext_lazy("pieces", "Rejected")
        SURPLUS = "surplus", pgettext_lazy("pieces", "Surplus")

    class Outcome(models.TextChoices):
        CREDITED = "credited", _("Credited")
        REPLACED = "replaced", _("Replaced")
        ACCEPTED = "accepted", _("Accepted as is")

    reference = models.CharField(_("reference"), max_length=20, unique=True, editable=False)
    shipment = models.ForeignKey(Shipment, models.PROTECT, related_name="discrepancies")
    line = models.ForeignKey(ShipmentLine, models.PROTECT, related_name="discrepancies")
    receipt = models.ForeignKey(GoodsReceipt, models.PROTECT, related_name="discrepancies")
    city = models.ForeignKey("partners.City", models.PROTECT, related_name="+")
    contact = models.ForeignKey(
        Contact,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="discrepancies",
        help_text="Who brought the offer and is notified; empty if no one did.",
    )
    kind = models.CharField(_("discrepancy"), max_length=8, choices=Kind)
    pieces = models.PositiveBigIntegerField(_("pieces"))
    reason = models.TextField(_("reason"), help_text="As it was given at the door.")
    answer = models.TextField(_("sender’s answer"), blank=True)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    outcome = models.CharField(
        pgettext_lazy("a discrepancy", "outcome"), max_length=8, choices=Outcome, blank=True
    )
    amount = models.DecimalField(_("amount"), max_digits=16, decimal_places=2, null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3, blank=True)
    words = models.TextField(_("details"), blank=True)
    settled_at = models.DateTimeField(_("settled"), null=True, blank=True)

    objects = DiscrepancyQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["receipt", "line", "kind"], name="discrepancy_once_a_line_and_kind"
            ),
            models.CheckConstraint(condition=Q(pieces__gt=0), name="discrepancy_of_something"),
            models.CheckConstraint(
                condition=~Q(status="answered") | (~Q(answer="") & Q(answered_at__isnull=False)),
                name="discrepancy_answered_has_words",
            ),
            models.CheckConstraint(
                condition=~Q(status="settled") | (~Q(outcome="") & Q(settled_at__isnull=False)),
                name="discrepancy_settled_says_how",
            ),
            models.CheckConstraint(
                condition=Q(amount=None, currency="") | (Q(amount__gt=0) & ~Q(currency="")),
                name="discrepancy_amount_has_a_currency",
            ),
        ]
        indexes = [
            models.Index("city", F("id").desc(), name="discrepancy_of_city"),
            models.Index(
                "city",
                "created_at",
                name="discrepancy_unsettled",
                condition=Q(status__in=("open", "answered")),
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def waits_since(self) -> date | None:
        """Day on which the discrepancy was found, or answered."""
        return self.city.day_at(self.answered_at or self.created_at)

    @property
    def lead(self) -> Any:
        """Offer that the goods came from. The person responsible for it handles the discrepancy."""
        return self.line.order_line.allocation.lead

    @property
    def summary(self) -> LazyText:
        """One-line summary: the goods, the number of pieces, and the problem."""
        return DISCREPANCY_SUMMARIES[self.kind] % {
            "goods": self.lead.product.name,
            "pieces": LocalizedCount(self.pieces),
        }

    @property
    def is_of_donation(self) -> bool:
        """True if the goods are a donation; then the donor is asked for nothing."""
        return bool(self.line.order_line.order.kind == AcquisitionType.DONATION)

    @property
    def reported_together(self) -> list["Discrepancy"]:
        """Discrepancies reported and answered together with this one, itself included.

        They come from the same goods receipt, contact and kind of order. Discarded ones are left out.
        """
        rows = self.same_receipt_discrepancies.exclude(status=self.Status.DISCARDED).order_by("pk")
        return list(rows.select_related("line__order_line__allocation__lead__product", "shipment", "city"))

    @property
    def link_target(self) -> tuple[str, int]:
        """Model label and key of the first discrepancy reported with this one, for which the sender's link is made."""
        first: int = self.same_receipt_discrepancies.order_by("pk").values_list("pk", flat=True)[:1].get()
        return (self._meta.label_lower, first)

    @property
    def same_receipt_discrepancies(self) -> "DiscrepancyQuerySet":
        """Discrepancies of the same goods receipt, contact and kind of order, with discarded ones."""
        acquisition_type = self.line.order_line.order.kind
        return Discrepancy.objects.filter(
            receipt=self.receipt_id, contact=self.contact_id, line__order_line__order__kind=acquisition_type
        )


class ReturnLine(models.Model):
    """Rejected pieces of a line that are sent back, of a rejected lot or rejected at receiving.

    The pieces remain in the counts of their original line, so the coverage of the need does not change.
    """

    shipment = models.ForeignKey(Shipment, models.PROTECT, related_name="return_lines")
    line = models.ForeignKey(ShipmentLine, models.PROTECT, related_name="return_lines")
    lot = models.ForeignKey(Lot, models.PROTECT, null=True, related_name="return_lines")
    quantity = models.PositiveBigIntegerField(_("quantity"))

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["shipment", "line", "lot"], nulls_distinct=False, name="return_line_once"
            ),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="return_line_of_something"),
        ]

    def __str__(self) -> str:
        return f"{self.shipment}/{self.pk}"


class DestructionQuerySet(models.QuerySet["Destruction"]):
    def visible_to(self, permissions: "Permissions") -> Self:
        """Return the destructions of the cities whose records the reader sees."""
        return self.filter(city__in=permissions.visible_cities)

    def search(self, text: str) -> Self:
        """Return the destructions of goods from shipments whose reference begins with the text."""
        return self.filter(shipment__reference__startswith=normalize_reference(text))

    def not_discarded(self) -> Self:
        """Return the destructions that were not discarded."""
        return self.exclude(status=Destruction.Status.DISCARDED)


class Destruction(JournaledModel):
    """Destruction of rejected goods on the spot. One person records it and another confirms it."""

    URL_NAME = "destruction"

    class Status(StatusChoices):
        REPORTED = "reported", StatusGroup.OPEN, _("Recorded, awaiting confirmation")
        CONFIRMED = "confirmed", StatusGroup.DONE, _("Destroyed")
        DISCARDED = "discarded", StatusGroup.VOID, pgettext_lazy("a note", "Discarded")

    shipment = models.ForeignKey(Shipment, models.PROTECT, related_name="destructions")
    city = models.ForeignKey("partners.City", models.PROTECT, related_name="+")
    line = models.ForeignKey(ShipmentLine, models.PROTECT, related_name="destructions")
    lot = models.ForeignKey(Lot, models.PROTECT, null=True, blank=True, related_name="destructions")
    quantity = models.PositiveBigIntegerField(_("pieces"))
    destroyed_on = models.DateField(_("destroyed on"))
    words = models.TextField(_("how, where and why"))
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True, editable=False)

    objects = DestructionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gt=0), name="destruction_of_something"),
            models.CheckConstraint(condition=~Q(words=""), name="destruction_in_words"),
            models.CheckConstraint(
                condition=(
                    Q(status="confirmed", confirmed_by__isnull=False, confirmed_at__isnull=False)
                    & ~Q(confirmed_by=F("author"))
                )
                | (~Q(status="confirmed") & Q(confirmed_by=None, confirmed_at=None)),
                name="destruction_by_two_persons",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.lot or self.shipment}: {self.quantity}"


class GoodsReceiptLine(models.Model):
    """Pieces of one shipment line and lot in a goods receipt.

    Accepted, rejected and missing pieces account for the shipped ones. Surplus is counted separately.
    """

    receipt = models.ForeignKey(GoodsReceipt, models.PROTECT, related_name="lines")
    line = models.ForeignKey(ShipmentLine, models.PROTECT, related_name="receipt_lines")
    lot = models.ForeignKey(Lot, models.PROTECT, null=True, blank=True, related_name="receipt_lines")
    accepted = models.PositiveBigIntegerField(_("accepted"), default=0)
    rejected = models.PositiveBigIntegerField(_("rejected"), default=0)
    missing = models.PositiveBigIntegerField(_("missing"), default=0)
    surplus = models.PositiveBigIntegerField(_("surplus"), default=0)
    reason = models.TextField(_("reason for the discrepancy"), blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(rejected=0, missing=0, surplus=0) | ~Q(reason=""),
                name="receipt_difference_has_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.receipt}/{self.pk}"

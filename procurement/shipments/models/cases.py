"""What becomes of a difference: a case for each line and kind, told to who sent the goods, until it is settled."""

from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy, pgettext_lazy

from partners.models.people import Contact
from procurement.catalogue.models.facts import Dealing
from procurement.shipments.models.arrival import Receipt
from procurement.shipments.models.shipment import Shipment, ShipmentLine
from workflow.errors import Words
from workflow.models.tracked import Tracked
from workflow.search import as_quoted, quotes
from workflow.tongues import Figure

if TYPE_CHECKING:
    from partners.rules.powers import Powers


SAID: dict[str, Words] = {
    "missing": ngettext_lazy(
        "%(goods)s: %(pieces)s piece missing", "%(goods)s: %(pieces)s pieces missing", "pieces"
    ),
    "rejected": ngettext_lazy(
        "%(goods)s: %(pieces)s piece rejected", "%(goods)s: %(pieces)s pieces rejected", "pieces"
    ),
    "surplus": ngettext_lazy(
        "%(goods)s: %(pieces)s piece too many", "%(goods)s: %(pieces)s pieces too many", "pieces"
    ),
}


class DifferenceCaseQuerySet(models.QuerySet["DifferenceCase"]):
    def visible_to(self, powers: "Powers") -> Self:
        """The receiving city. Who sent the goods answers by a link."""
        return self.filter(city__in=powers.sees)

    def unsettled(self) -> Self:
        """Those that somebody still has to settle."""
        return self.filter(status__in=DifferenceCase.UNSETTLED)

    def search(self, text: str) -> Self:
        """Cases whose reference begins with the text; else those of shipments whose reference does."""
        if quotes(text, DifferenceCase.REFERENCE_PREFIX):
            return self.filter(reference__startswith=as_quoted(text))
        return self.filter(shipment__reference__startswith=as_quoted(text))


class DifferenceCase(Tracked):
    """What was missing, rejected or too many of one line, as one counting found it. Taken back with it."""

    REFERENCE_PREFIX = "DC"
    PAGE = "difference_case"

    class Status(models.TextChoices):
        OPEN = "open", pgettext_lazy("a case", "Open")
        ANSWERED = "answered", pgettext_lazy("a case", "Answered")
        SETTLED = "settled", pgettext_lazy("a case", "Settled")
        DROPPED = "dropped", pgettext_lazy("a case", "Dropped")

    class Kind(models.TextChoices):
        MISSING = "missing", pgettext_lazy("pieces", "Missing")
        REJECTED = "rejected", pgettext_lazy("pieces", "Rejected")
        SURPLUS = "surplus", pgettext_lazy("pieces", "Too many")

    class Outcome(models.TextChoices):
        CREDITED = "credited", _("Credited")
        REPLACED = "replaced", _("Replaced")
        ACCEPTED = "accepted", _("Accepted as it is")

    UNSETTLED = (Status.OPEN, Status.ANSWERED)

    reference = models.CharField(_("reference"), max_length=20, unique=True, editable=False)
    shipment = models.ForeignKey(Shipment, models.PROTECT, related_name="cases")
    line = models.ForeignKey(ShipmentLine, models.PROTECT, related_name="cases")
    receipt = models.ForeignKey(Receipt, models.PROTECT, related_name="cases")
    city = models.ForeignKey("partners.City", models.PROTECT, related_name="+")
    contact = models.ForeignKey(
        Contact,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="cases",
        help_text="Who brought the offer and is told; none where nobody did.",
    )
    kind = models.CharField(_("difference"), max_length=8, choices=Kind)
    pieces = models.PositiveBigIntegerField(_("pieces"))
    reason = models.TextField(_("reason"), help_text="As it was given at the door.")
    answer = models.TextField(_("what the sender says"), blank=True)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    outcome = models.CharField(_("how it was settled"), max_length=8, choices=Outcome, blank=True)
    amount = models.DecimalField(_("amount"), max_digits=16, decimal_places=2, null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3, blank=True)
    words = models.TextField(_("in words"), blank=True)
    settled_at = models.DateTimeField(_("settled"), null=True, blank=True)

    objects = DifferenceCaseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["receipt", "line", "kind"], name="case_once_a_line_and_kind"),
            models.CheckConstraint(condition=Q(pieces__gt=0), name="case_of_something"),
            models.CheckConstraint(
                condition=~Q(status="answered") | (~Q(answer="") & Q(answered_at__isnull=False)),
                name="case_answered_has_words",
            ),
            models.CheckConstraint(
                condition=~Q(status="settled") | (~Q(outcome="") & Q(settled_at__isnull=False)),
                name="case_settled_says_how",
            ),
            models.CheckConstraint(
                condition=Q(amount=None, currency="") | (Q(amount__gt=0) & ~Q(currency="")),
                name="case_amount_has_a_currency",
            ),
        ]
        indexes = [
            models.Index("city", F("id").desc(), name="case_of_city"),
            models.Index(
                "city", "created_at", name="case_unsettled", condition=Q(status__in=("open", "answered"))
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def lead(self) -> Any:
        """The offer the goods came from: whoever keeps it looks after the case."""
        return self.line.order_line.allocation.lead

    @property
    def said(self) -> Words:
        """In one line: of which goods, how many pieces, and what is wrong with them."""
        return SAID[self.kind] % {"goods": self.lead.product.name, "pieces": Figure(self.pieces)}

    @property
    def is_of_gift(self) -> bool:
        """Whether the goods were given: then nothing is asked of the giver."""
        return bool(self.line.order_line.order.kind == Dealing.DONATION)

    @property
    def together(self) -> list["DifferenceCase"]:
        """What the same counting found of the same contact's goods, itself among it, as far as it stands: told and answered at once."""
        rows = self.same.exclude(status=self.Status.DROPPED).order_by("pk")
        return list(rows.select_related("line__order_line__allocation__lead__product", "shipment", "city"))

    @property
    def within(self) -> tuple[str, int]:
        """The case whose letter told of this one, too: its link opens both."""
        first: int = self.same.order_by("pk").values_list("pk", flat=True)[:1].get()
        return (self._meta.label_lower, first)

    @property
    def same(self) -> "DifferenceCaseQuerySet":
        """All that the same counting found of the same contact's goods, dropped or not."""
        dealing = self.line.order_line.order.kind
        return DifferenceCase.objects.filter(
            receipt=self.receipt_id, contact=self.contact_id, line__order_line__order__kind=dealing
        )

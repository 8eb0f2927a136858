"""Relief claims: duty reliefs claimed on declared lines.

A row holds the amount saved, the condition of the relief, and whether the end use was shown.
"""

from typing import TYPE_CHECKING, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from partners.cities.models import City
from procurement.catalogue.models.customs import DutyRelief, UnmetCondition
from procurement.catalogue.models.reference_rows import Validity
from procurement.customs.models import Declaration
from procurement.shipments.models import Shipment, ShipmentLine
from workflow.base_models import JournaledModel
from workflow.search import is_reference_start, normalize_reference
from workflow.statuses import StatusChoices, StatusGroup

if TYPE_CHECKING:
    from partners.permissions.permissions import Permissions


class ReliefClaimQuerySet(models.QuerySet["ReliefClaim"]):
    def visible_to(self, permissions: "Permissions") -> Self:
        """Return the claims of the cities whose records the reader sees.

        The city, not the broker, answers for the condition of a relief.
        """
        return self.filter(city__in=permissions.visible_cities)

    def search(self, text: str) -> Self:
        """Return the claims that match the text.

        A text that begins like a reference matches the start of the claim's or the shipment's reference.
        Any other text is searched in the number of the decision.
        """
        if is_reference_start(text, ReliefClaim.REFERENCE_PREFIX):
            return self.filter(reference__startswith=normalize_reference(text))
        if is_reference_start(text, Shipment.REFERENCE_PREFIX):
            return self.filter(shipment__reference__startswith=normalize_reference(text))
        return self.filter(number__icontains=text.strip())

    def awaiting_proof(self) -> Self:
        """Return the claims whose end use still has to be shown."""
        return self.filter(status=ReliefClaim.Status.PROOF_DUE)


class ReliefClaim(JournaledModel):
    """Declaration line that claims a relief. One row per line.

    A calculated amount keeps its rates and their sources. `value` and `saved` are in `currency`;
    `saved_here` is in the city's currency, converted at `rate` of the day `rate_on`. None means
    unknown, never zero. `held` says whether the relief was in force on the day of the claim; `unmet` lists its
    conditions that are not met.
    """

    REFERENCE_PREFIX = "RC"
    URL_NAME = "relief_claim"

    class Status(StatusChoices):
        PROOF_DUE = "proof_due", StatusGroup.OPEN, pgettext_lazy("a relief", "Proof of end use due")
        NO_PROOF_NEEDED = "no_proof_needed", StatusGroup.DONE, pgettext_lazy("a relief", "No proof required")
        PROVEN = "proven", StatusGroup.DONE, pgettext_lazy("a relief", "End use proven")
        # the duty is still to be repaid
        UNPROVEN = "unproven", StatusGroup.OPEN, pgettext_lazy("a relief", "End use not proven")
        REPAID = "repaid", StatusGroup.DONE, pgettext_lazy("a relief", "Repaid")

    reference = models.CharField(_("reference"), max_length=20, unique=True, editable=False)
    city = models.ForeignKey(City, models.PROTECT, related_name="+")
    shipment = models.ForeignKey(Shipment, models.PROTECT, related_name="relief_claims")
    declaration = models.ForeignKey(Declaration, models.PROTECT, related_name="relief_claims")
    position = models.PositiveSmallIntegerField(
        _("declaration line"), help_text="From 1, as the declaration has them."
    )
    line = models.ForeignKey(
        ShipmentLine,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="relief_claims",
        verbose_name=_("goods"),
        help_text="Of the shipment; None where the declared code names none, or several.",
    )
    pieces = models.PositiveBigIntegerField(_("units covered by the relief"), null=True, blank=True)
    relief = models.ForeignKey(DutyRelief, models.PROTECT, related_name="claims", verbose_name=_("basis"))
    claimed_on = models.DateField(_("claimed on"), help_text="On the city's calendar.")
    held = models.CharField(
        _("relief in force on that date"),
        max_length=7,
        choices=Validity,
        help_text="By its row then; not, where a condition of it is not met.",
    )
    unmet = ArrayField(
        models.CharField(max_length=12, choices=UnmetCondition),
        default=list,
        blank=True,
        verbose_name=_("conditions not met"),
        editable=False,
    )
    hs_code = models.CharField(_("declared customs code"), max_length=10, editable=False)
    number = models.CharField(_("decision number"), max_length=80, blank=True)
    value = models.DecimalField(_("declared value"), max_digits=20, decimal_places=4)
    currency = models.CharField(_("currency"), max_length=3)
    duty_percent = models.DecimalField(
        _("duty rate without relief (percent)"), max_digits=5, decimal_places=2, null=True, blank=True
    )
    duty_source = models.CharField(_("source of the duty rate"), max_length=600, blank=True)
    tax_percent = models.DecimalField(
        _("tax rate without relief (percent)"), max_digits=5, decimal_places=2, null=True, blank=True
    )
    tax_source = models.CharField(_("source of the tax rate"), max_length=600, blank=True)
    saved = models.DecimalField(_("amount saved"), max_digits=22, decimal_places=4, null=True, blank=True)
    saved_source = models.CharField(
        _("source of the amount"),
        max_length=600,
        blank=True,
        help_text="Empty: reckoned from the two rates.",
    )
    saved_here = models.DecimalField(
        _("amount saved, in the city’s currency"), max_digits=26, decimal_places=4, null=True, blank=True
    )
    currency_here = models.CharField(_("the city’s currency"), max_length=3)
    rate = models.DecimalField(_("exchange rate"), max_digits=18, decimal_places=8, null=True, blank=True)
    rate_on = models.DateField(_("date of the rate"), null=True, blank=True)
    places = ArrayField(
        models.CharField(max_length=30),
        default=list,
        blank=True,
        verbose_name=_("places that meet the condition"),
        help_text="Kinds of organisation; empty: any place of the city.",
    )
    prove_by = models.DateField(_("proof of end use due by"), null=True, blank=True)
    reminded = models.PositiveSmallIntegerField(default=0, editable=False)
    shown = models.PositiveBigIntegerField(
        _("units with proven end use"),
        null=True,
        blank=True,
        editable=False,
        help_text="Counted as the end use was shown.",
    )
    explanation = models.TextField(_("how the end use was proven"), blank=True)
    settled_on = models.DateField(_("settled on"), null=True, blank=True)
    repaid = models.DecimalField(_("amount repaid"), max_digits=22, decimal_places=4, null=True, blank=True)

    objects = ReliefClaimQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["declaration", "position"], name="relief_claimed_once_a_line"),
            models.CheckConstraint(condition=Q(value__gt=0), name="relief_claim_of_some_value"),
            models.CheckConstraint(
                condition=Q(saved=None) | Q(saved__gte=0), name="relief_claim_saves_or_is_unknown"
            ),
            models.CheckConstraint(
                condition=(Q(duty_percent=None) | ~Q(duty_source=""))
                & (Q(tax_percent=None) | ~Q(tax_source="")),
                name="relief_claim_rates_have_sources",
            ),
            models.CheckConstraint(
                condition=Q(saved_here=None) | Q(rate__isnull=False, rate_on__isnull=False),
                name="relief_claim_converted_at_a_rate",
            ),
            models.CheckConstraint(
                condition=~Q(status="proven") | (Q(shown__isnull=False, settled_on__isnull=False)),
                name="relief_proven_says_by_what",
            ),
            models.CheckConstraint(
                condition=~Q(status="repaid") | Q(repaid__isnull=False, settled_on__isnull=False),
                name="relief_repaid_says_how_much",
            ),
        ]
        indexes = [
            models.Index("city", F("id").desc(), name="relief_claim_of_city"),
            models.Index("city", "claimed_on", "id", name="relief_claim_in_order"),
            models.Index(
                "prove_by",
                "id",
                name="relief_claim_to_prove",
                condition=Q(status="proof_due", prove_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def unmet_conditions_text(self) -> str:
        """Conditions that are not met, as text; "" if none is known."""
        return "; ".join(str(UnmetCondition(one).label) for one in self.unmet)

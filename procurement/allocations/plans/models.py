"""Allocation plans: quantities that a rule proposes for need lines and offers, and people's changes to them."""

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from partners.cities.models import City
from procurement.allocations.models import Allocation
from procurement.leads.models.leads import SupplierLead
from procurement.requests.models import MAX_QUANTITY, RequestLine
from workflow.base_models import JournaledModel
from workflow.statuses import StatusChoices, StatusGroup

if TYPE_CHECKING:
    from partners.permissions.permissions import Permissions


class AllocationPlanQuerySet(models.QuerySet["AllocationPlan"]):
    def visible_to(self, permissions: "Permissions") -> Self:
        """Return the plans all of whose cities are the user's (docs/rules/plans.md)."""
        return self.filter(city_ids__contained_by=sorted(permissions.visible_cities))

    def due(self) -> Self:
        """Return the plans that wait to be calculated, oldest first."""
        return self.filter(status=AllocationPlan.Status.PENDING).order_by("pk")


class AllocationPlan(JournaledModel):
    """Proposal of a sharing rule: who gets how much of scarce goods. Nothing is allocated until rows are accepted.

    `lines` and `leads` are the need lines and offers that were chosen. `city_ids` are the cities of the lines;
    `city` is None if there are several, so that no city alone reads the journal of the plan. `digest` is the same
    for the same input and rule.
    """

    REFERENCE_PREFIX = "AP"

    class Status(StatusChoices):
        PENDING = "pending", StatusGroup.OPEN, pgettext_lazy("a plan", "Being calculated")
        READY = "ready", StatusGroup.DONE, pgettext_lazy("a plan", "Ready")
        FAILED = "failed", StatusGroup.VOID, pgettext_lazy("a plan", "Failed")
        CANCELLED = "cancelled", StatusGroup.VOID, pgettext_lazy("a plan", "Cancelled")

    class Rule(models.TextChoices):
        FAIR = "fair", _("Fair shares: the line with the fewest days of supply comes first")
        PROPORTIONAL = "proportional", _("Proportional: each need gets the same share")
        FIRST_COME = "first_come", _("First come, first served: the oldest need comes first")

    reference = models.CharField(_("reference"), max_length=20, unique=True, editable=False)
    city = models.ForeignKey(City, models.PROTECT, null=True, related_name="+", verbose_name=_("city"))
    city_ids = ArrayField(models.BigIntegerField(), help_text="The cities of the lines, by id.")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    rule = models.CharField(_("rule"), max_length=20, choices=Rule, default=Rule.FAIR)
    rule_date = models.DateField(_("rule in force since"), help_text="The day from which the rule applies.")
    unverified = models.BooleanField(_("offers not verified yet"), default=False)
    lines = models.ManyToManyField(RequestLine, related_name="+")
    leads = models.ManyToManyField(SupplierLead, related_name="+")
    ready_at = models.DateTimeField(_("ready"), null=True, blank=True)
    digest = models.CharField(max_length=64, blank=True, editable=False)

    objects = AllocationPlanQuerySet.as_manager()

    class Meta:
        indexes = [
            GinIndex(fields=["city_ids"], name="plan_of_cities"),
            models.Index("id", name="plan_waiting", condition=Q(status="pending")),
        ]

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        """Return the address of the plan's page.

        The page has no comments and files, because these belong to a single city.
        """
        return reverse("allocation_plan", args=[self.reference])


class PlanLine(models.Model):
    """Need line in a plan: its supply before the plan, and why it gets as much as it does."""

    plan = models.ForeignKey(AllocationPlan, models.CASCADE, related_name="plan_lines")
    line = models.ForeignKey(RequestLine, models.PROTECT, related_name="+")
    needed = models.PositiveBigIntegerField(help_text="Pieces that the line still needed before the plan.")
    days_before = models.FloatField(help_text="Days of supply without the plan.")
    use_per_day = models.FloatField(help_text="Pieces a day.")
    use_assumed = models.BooleanField(default=False)
    reason = models.CharField(max_length=20)
    lot = models.PositiveBigIntegerField(
        default=0, help_text="The smallest minimum order or pack that was too large for the line; 0 for none."
    )
    kept_away = models.JSONField(
        default=dict, help_text="The number of offers that cannot serve the line, by obstacle."
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["plan", "line"], name="plan_line_once")]

    def __str__(self) -> str:
        return f"{self.plan_id}/{self.line_id}"


class PlanRow(models.Model):
    """Pieces of an offer for a need line in a plan. `proposed` is the rule's quantity, `quantity` the present one."""

    plan = models.ForeignKey(AllocationPlan, models.CASCADE, related_name="rows")
    line = models.ForeignKey(RequestLine, models.PROTECT, related_name="+")
    lead = models.ForeignKey(SupplierLead, models.PROTECT, related_name="+")
    proposed = models.PositiveBigIntegerField(_("proposed quantity"))
    quantity = models.PositiveBigIntegerField(_("quantity"))
    cost = models.DecimalField(_("landed cost per unit"), max_digits=14, decimal_places=4)
    mode = models.CharField(max_length=5)
    arrives_on = models.DateField(_("arrives on"))
    reason = models.CharField(max_length=20)
    change_reason = models.TextField(_("reason for the change"), blank=True)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    allocation = models.OneToOneField(Allocation, models.PROTECT, null=True, related_name="plan_row")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["plan", "line", "lead"], name="plan_row_once"),
            models.CheckConstraint(
                condition=Q(proposed__lte=MAX_QUANTITY, quantity__lte=MAX_QUANTITY),
                name="plan_row_quantity_is_sane",
            ),
            models.CheckConstraint(
                condition=Q(quantity=F("proposed")) | ~Q(change_reason=""),
                name="plan_row_change_has_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.plan_id}/{self.line_id}/{self.lead_id}"

"""Allocations of offers to need lines, and the criteria for judging offers.

An allocation never exceeds the free quantity of the offer or the uncovered quantity of the line.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from partners.cities.models import City
from procurement.leads.models.leads import SupplierLead
from procurement.requests.alternatives.models import GoodsMatchLevel
from procurement.requests.models import MAX_QUANTITY, RequestLine, SupplyRequest
from workflow.base_models import JournaledModel
from workflow.statuses import StatusChoices, StatusGroup

if TYPE_CHECKING:
    from partners.permissions.permissions import Permissions


class AllocationQuerySet(models.QuerySet["Allocation"]):
    def visible_to(self, permissions: "Permissions") -> Self:
        """Return the allocations of the user's cities, which need the goods."""
        return self.filter(city__in=permissions.visible_cities)

    def counted_against_offer(self) -> Self:
        """Return the allocations that count against their offer and line."""
        return self.filter(status__in=Allocation.COUNTED_STATUSES)

    def in_orders(self) -> Self:
        """Return the allocations that are part of an order, those that have arrived included."""
        return self.filter(status__in=Allocation.ORDERED_STATUSES)

    def for_withdrawn_needs(self) -> Self:
        """Return the allocations to withdrawn needs that are confirmed and not ordered yet."""
        withdrawn = SupplyRequest.Status.WITHDRAWN
        return self.filter(status=Allocation.Status.CONFIRMED, line__supply_request__status=withdrawn)


class Allocation(JournaledModel):
    """Quantity of an offer that is allocated to a need line.

    A partial release lowers `quantity` and keeps the status.
    """

    REFERENCE_PREFIX = "AL"
    URL_NAME = "allocation"

    class Status(StatusChoices):
        PROPOSED = "proposed", StatusGroup.OPEN, pgettext_lazy("an allocation", "Proposed")
        # counts against the lead and the line
        CONFIRMED = "confirmed", StatusGroup.OPEN, pgettext_lazy("an allocation", "Confirmed")
        DISCARDED = "discarded", StatusGroup.VOID, pgettext_lazy("an allocation", "Discarded")
        ORDERED = "ordered", StatusGroup.OPEN, pgettext_lazy("an allocation", "Ordered")
        FULFILLED = "fulfilled", StatusGroup.DONE, pgettext_lazy("an allocation", "Fulfilled")
        UNDONE = "undone", StatusGroup.VOID, pgettext_lazy("an allocation", "Undone")  # given back

    COUNTED_STATUSES = (Status.CONFIRMED, Status.ORDERED, Status.FULFILLED)
    ORDERED_STATUSES = (Status.ORDERED, Status.FULFILLED)

    reference = models.CharField(_("reference"), max_length=20, unique=True, editable=False)
    city = models.ForeignKey(City, models.PROTECT, related_name="allocations", verbose_name=_("city"))
    lead = models.ForeignKey(SupplierLead, models.PROTECT, related_name="allocations")
    line = models.ForeignKey(RequestLine, models.PROTECT, related_name="allocations")
    quantity = models.PositiveBigIntegerField(_("quantity"))
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)
    override_reason = models.TextField(_("reason for overriding a warning"), blank=True)
    goods_match = models.CharField(
        _("match with the need line"),
        max_length=10,
        choices=GoodsMatchLevel,
        default=GoodsMatchLevel.EQUAL,
        editable=False,
        help_text="When it was proposed or, later, confirmed.",
    )
    compared_goods = models.CharField(
        max_length=200,
        blank=True,
        editable=False,
        help_text="Codes of the product and the standard that were compared (`goods_code`).",
    )
    evidence = models.TextField(
        _("evidence seen"),
        blank=True,
        help_text="What shows that goods that do not meet the standard will do.",
    )
    substitution_accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        help_text="Who confirmed goods other than those that the line asks for first.",
    )

    objects = AllocationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(quantity__range=(1, MAX_QUANTITY)), name="allocation_quantity_is_sane"
            ),
            models.CheckConstraint(
                condition=~Q(status__in=("confirmed", "ordered", "fulfilled"))
                | Q(confirmed_at__isnull=False),
                name="allocation_confirmed_has_a_time",
            ),
        ]
        indexes = [
            models.Index("city", F("id").desc(), name="allocation_of_city"),
            models.Index("city", "quantity", "id", name="allocation_by_quantity"),
            models.Index("city", "id", name="allocation_to_order", condition=Q(status="confirmed")),
            models.Index("lead", "status", name="allocation_of_lead"),
            models.Index("line", "status", name="allocation_of_line"),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def is_substitution(self) -> bool:
        """True if the allocated goods are not what the line asks for first."""
        return self.goods_match != GoodsMatchLevel.EQUAL


class AllocationCriteriaQuerySet(models.QuerySet["AllocationCriteria"]):
    def visible_to(self, permissions: "Permissions") -> Self:
        """Return the criteria of the user's cities."""
        return self.filter(city__in=permissions.visible_cities)

    def in_effect(self) -> Self:
        """Return the current criteria, without replaced ones."""
        return self.filter(replaced=False)

    def for_lines(self, lines: Iterable[RequestLine | int | None]) -> Self:
        """Return the current criteria of each of these lines, with the author."""
        named = self.select_related("author", "line__product", "line__supply_request")
        return (
            named.in_effect().filter(line__in=[line for line in lines if line is not None]).order_by("line")
        )


class AllocationCriteria(models.Model):
    """Criteria for judging the offers for one line, with author and time. Never edited, only replaced.

    `offers_in` is the number of offers received, and `promised` the number of pieces allocated, when the criteria
    were set. From the second offer on, offers can be compared, so criteria set later need a reason.
    """

    city = models.ForeignKey(City, models.PROTECT, related_name="+")
    line = models.ForeignKey(RequestLine, models.PROTECT, related_name="criteria")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    fixed_at = models.DateTimeField(_("set on"))
    points = models.JSONField(
        _("criteria"), help_text="Text and weight of each criterion. A criterion without a weight must hold."
    )
    reason = models.TextField(_("reason"), blank=True)
    offers_in = models.PositiveIntegerField(_("offers received by that date"))
    promised = models.PositiveBigIntegerField(_("units allocated by that date"))
    replaced = models.BooleanField(default=False, editable=False)

    objects = AllocationCriteriaQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["line"], name="criteria_once_a_line", condition=Q(replaced=False)
            ),
            models.CheckConstraint(
                condition=Q(offers_in__lt=2, promised=0) | ~Q(reason=""), name="criteria_late_have_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.line_id}/{self.pk}"

    def get_absolute_url(self) -> str:
        """Return the address of the line's criteria page."""
        return reverse("criteria", args=[self.line.supply_request.reference, self.line_id])

    @property
    def is_late(self) -> bool:
        """True if the criteria were set after offers could be compared or pieces were allocated."""
        return self.offers_in > 1 or self.promised > 0

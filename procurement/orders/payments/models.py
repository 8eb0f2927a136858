"""Payments of an order by milestone, each proposed by one person and paid by a second."""

from datetime import date
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from partners.cities.models import City
from procurement.orders.models import Order, OrderLine
from workflow.base_models import JournaledModel
from workflow.query_expressions import order_by_day
from workflow.reminders import DAY, RemindedModel
from workflow.search import normalize_reference
from workflow.statuses import StatusChoices, StatusGroup

if TYPE_CHECKING:
    from partners.permissions.permissions import Permissions


class PaymentQuerySet(models.QuerySet["Payment"]):
    def visible_to(self, permissions: "Permissions") -> Self:
        """Return the payments of the cities the person may see."""
        return self.filter(city__in=permissions.visible_cities)

    def unpaid(self) -> Self:
        """Return the payments that are planned or proposed."""
        return self.filter(status__in=Payment.Status.open)

    def due(self) -> Self:
        """Return planned payments with a due day, and proposed ones that wait for their second person."""
        return self.filter(
            Q(status=Payment.Status.PROPOSED) | Q(status=Payment.Status.PLANNED, due_on__isnull=False)
        )

    def lacking_due_date(self) -> Self:
        """Return planned payments of placed orders that reached their milestone but have no due day yet.

        A deposit is reached at once, the other milestones when all goods have left or are released.
        """
        lines = OrderLine.objects.filter(order=OuterRef("order"))
        left = lines.filter(quantity__gt=F("departed"))
        inside = lines.filter(quantity__gt=F("released") + F("failed"))
        happened = (
            Q(milestone=Payment.Milestone.DEPOSIT)
            | (Q(milestone=Payment.Milestone.AGAINST_DOCUMENTS) & ~Exists(left))
            | (Q(milestone=Payment.Milestone.AFTER_INSPECTION) & ~Exists(inside))
        )
        placed = (
            Order.Status.PLACED,
            Order.Status.CONFIRMED,
            Order.Status.READY_TO_SHIP,
            Order.Status.COMPLETED,
        )
        return self.filter(happened, status=Payment.Status.PLANNED, due_on=None, order__status__in=placed)

    def waiting(self) -> Self:
        """Return the payments of which people are reminded: those that are due, of orders that are not on hold."""
        return self.due().filter(order__held_since=None)

    def to_company_of(self, order: Order) -> Self:
        """Return the city's payments to the order's company, for all orders, including merged companies."""
        return self.filter(city=order.city_id, order__supplier__in=order.supplier.current_row.row_ids)

    def search(self, text: str) -> Self:
        """Return the payments of orders whose reference starts with the text."""
        return self.filter(order__reference__startswith=normalize_reference(text))


class Payment(RemindedModel, JournaledModel):
    """Payment at a milestone: planned with the order, proposed by one person, paid by a second."""

    URL_NAME = "payment"

    class Status(StatusChoices):
        PLANNED = "planned", StatusGroup.OPEN, _("Planned")
        PROPOSED = "proposed", StatusGroup.OPEN, _("Proposed")
        PAID = "paid", StatusGroup.DONE, _("Paid")
        CANCELLED = "cancelled", StatusGroup.VOID, pgettext_lazy("a payment", "Cancelled")

    class Milestone(models.TextChoices):
        DEPOSIT = "deposit", _("Deposit")
        AGAINST_DOCUMENTS = "against_documents", _("Against shipping documents")
        AFTER_INSPECTION = "after_inspection", _("After inspection")

    order = models.ForeignKey(Order, models.PROTECT, related_name="payments")
    city = models.ForeignKey(City, models.PROTECT, related_name="+")
    milestone = models.CharField(_("payment milestone"), max_length=20, choices=Milestone)
    percent = models.PositiveSmallIntegerField(_("percent"))
    amount = models.DecimalField(_("amount"), max_digits=18, decimal_places=2)
    currency = models.CharField(_("currency"), max_length=3)
    due_on = models.DateField(
        _("due"), null=True, blank=True, help_text="Empty until what it waits for has happened."
    )
    due_reason = models.TextField(_("reason for another date"), blank=True)
    asked_at = models.DateTimeField(
        null=True,
        editable=False,
        help_text="When it was last requested: by the city, or early by the supplier.",
    )
    urgent_request_at = models.DateTimeField(
        null=True,
        editable=False,
        help_text="When it was requested urgently: soon after another one, before its goods had moved.",
    )
    paid_on = models.DateField(_("paid on"), null=True, blank=True)
    transfer = models.CharField(_("transfer reference"), max_length=60, blank=True)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    paid_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = PaymentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["order", "milestone"],
                condition=~Q(status="cancelled"),
                name="payment_once_a_milestone",
            ),
            models.CheckConstraint(condition=Q(percent__range=(1, 100)), name="payment_is_a_share"),
            models.CheckConstraint(
                condition=~Q(status="paid")
                | (
                    Q(paid_on__isnull=False, proposed_by__isnull=False, paid_by__isnull=False)
                    & ~Q(paid_by=F("proposed_by"))
                ),
                name="payment_made_by_two_people",
            ),
            models.CheckConstraint(condition=Q(amount__gte=0), name="payment_is_not_negative"),
        ]
        indexes = [
            models.Index("city", "amount", "id", name="payment_by_amount"),
            models.Index("city", order_by_day("paid_on"), "id", name="payment_by_day"),
            models.Index("city", order_by_day("due_on"), "id", name="payment_by_due_day"),
        ]

    def __str__(self) -> str:
        return f"{self.order}: {self.get_milestone_display()}"

    @property
    def waits_since(self) -> date | None:
        """Day before a planned payment is due, or day on which it was proposed to a second person."""
        if self.status == self.Status.PROPOSED and self.asked_at is not None:
            return self.city.day_at(self.asked_at)
        return self.due_on - DAY if self.due_on is not None else None

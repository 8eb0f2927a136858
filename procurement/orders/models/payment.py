"""What is paid for an order, and when: milestones, each proposed by one person and paid by a second."""

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from partners.models import City
from procurement.orders.models.order import Order
from workflow.models import Tracked
from workflow.queries import by_day
from workflow.search import as_quoted

if TYPE_CHECKING:
    from partners.rules import Powers


class PaymentQuerySet(models.QuerySet["Payment"]):
    def visible_to(self, powers: "Powers") -> Self:
        """The city that pays."""
        return self.filter(city__in=powers.sees)

    def search(self, text: str) -> Self:
        """The payments of orders whose reference begins with the text."""
        return self.filter(order__reference__startswith=as_quoted(text))


class Payment(Tracked):
    """A payment milestone: planned with the order, proposed by one person, paid by a second."""

    PAGE = "payment"

    class Status(models.TextChoices):
        PLANNED = "planned", _("Planned")
        PROPOSED = "proposed", _("Proposed")
        PAID = "paid", _("Paid")
        CANCELLED = "cancelled", pgettext_lazy("a payment", "Cancelled")

    class Milestone(models.TextChoices):
        DEPOSIT = "deposit", _("Deposit")
        ON_PAPERS = "on_papers", _("Against shipping papers")
        AFTER_INSPECTION = "after_inspection", _("After inspection")

    order = models.ForeignKey(Order, models.PROTECT, related_name="payments")
    city = models.ForeignKey(City, models.PROTECT, related_name="+")
    milestone = models.CharField(_("milestone"), max_length=20, choices=Milestone)
    percent = models.PositiveSmallIntegerField(_("percent"))
    amount = models.DecimalField(_("amount"), max_digits=18, decimal_places=2)
    currency = models.CharField(_("currency"), max_length=3)
    paid_on = models.DateField(_("paid"), null=True, blank=True)
    transfer = models.CharField(_("reference of the transfer"), max_length=60, blank=True)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    paid_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = PaymentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["order", "milestone"], name="payment_once_a_milestone"),
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
            models.Index("city", by_day("paid_on"), "id", name="payment_by_day"),
        ]

    def __str__(self) -> str:
        return f"{self.order}: {self.get_milestone_display()}"

"""What is paid for an order, and when: milestones, each proposed by one person and paid by a second."""

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from partners.models.cities import City
from procurement.orders.models.order import Order, OrderLine
from workflow.models.tracked import Tracked
from workflow.queries import by_day
from workflow.search import as_quoted

if TYPE_CHECKING:
    from partners.rules.powers import Powers


class PaymentQuerySet(models.QuerySet["Payment"]):
    def visible_to(self, powers: "Powers") -> Self:
        """The city that pays."""
        return self.filter(city__in=powers.sees)

    def unpaid(self) -> Self:
        """Those that money may still go out for."""
        return self.filter(status__in=(Payment.Status.PLANNED, Payment.Status.PROPOSED))

    def due(self) -> Self:
        """Those whose day is known and that nobody has proposed yet, and those that wait for their second person."""
        return self.filter(
            Q(status=Payment.Status.PROPOSED) | Q(status=Payment.Status.PLANNED, due_on__isnull=False)
        )

    def reached(self) -> Self:
        """Planned ones of placed orders with no due day yet, although what they wait for has happened: goods that left, or are here."""
        lines = OrderLine.objects.filter(order=OuterRef("order"))
        left = lines.filter(quantity__gt=F("departed"))
        inside = lines.filter(quantity__gt=F("released") + F("failed"))
        happened = (
            Q(milestone=Payment.Milestone.DEPOSIT)
            | (Q(milestone=Payment.Milestone.ON_PAPERS) & ~Exists(left))
            | (Q(milestone=Payment.Milestone.AFTER_INSPECTION) & ~Exists(inside))
        )
        placed = ("placed", "confirmed", "ready", "completed")
        return self.filter(happened, status=Payment.Status.PLANNED, due_on=None, order__status__in=placed)

    def of_company(self, order: Order) -> Self:
        """Payments of the same city to the same company, under whichever of its rows, of any of its orders."""
        return self.filter(city=order.city_id, order__supplier__in=order.supplier.current.rows)

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
    due_on = models.DateField(
        _("due"), null=True, blank=True, help_text="Empty until what it waits for has happened."
    )
    due_reason = models.TextField(_("why on another day"), blank=True)
    asked_at = models.DateTimeField(
        null=True, editable=False, help_text="When it was last asked for: proposed, or pressed for."
    )
    urged_at = models.DateTimeField(
        null=True,
        editable=False,
        help_text="When it was asked for in a hurry, hard upon another one before its goods had moved.",
    )
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
            models.Index("city", by_day("paid_on"), "id", name="payment_by_day"),
            models.Index("city", by_day("due_on"), "id", name="payment_by_due_day"),
        ]

    def __str__(self) -> str:
        return f"{self.order}: {self.get_milestone_display()}"

"""payments: what is paid when, each proposed by one person and paid by a second."""

from typing import Any

from django.db.models import QuerySet
from django_filters import CharFilter, ChoiceFilter, DateFilter
from rest_framework import serializers

from procurement.orders.actions import payments
from procurement.orders.actions.payments import set_due, take_back
from procurement.orders.models.payment import Payment
from workflow.doors.api.collections import Collection, Verb
from workflow.doors.api.fields import reason, words
from workflow.doors.api.filters import Searched, search_in
from workflow.doors.api.reading import Named, Row
from workflow.queries import by_day


class PaymentRow(Row):
    """A payment: planned with its order, proposed by one person, paid by a second."""

    order = Named()
    proposed_by = Named("name", allow_null=True)
    paid_by = Named("name", allow_null=True)

    class Meta:
        model = Payment
        fields = (
            *("id", "status", "order", "milestone", "percent", "amount", "currency", "due_on", "due_reason"),
            *("paid_on", "transfer", "proposed_by", "paid_by", "created_at"),
        )


class PaymentFilter(Searched):
    """Which payments."""

    search = search_in("The order's reference, or how it begins: PO-2020.")
    status = ChoiceFilter(choices=Payment.Status.choices)
    order = CharFilter("order__reference")
    city = CharFilter("city__slug")
    supplier = CharFilter("order__supplier__reference")
    milestone = ChoiceFilter(choices=Payment.Milestone.choices)
    due_before = DateFilter("due_on", "lte", help_text="Due on this day or before it.")


class Payments(Collection):
    """Payments of one's own city's purchases, each by two people."""

    model = Payment
    path = "payments"
    key = "id"
    row = PaymentRow
    filterset_class = PaymentFilter
    orders = {"amount": "amount", "due_on": by_day("due_on"), "paid_on": by_day("paid_on")}
    verbs = {
        "propose": Verb(
            payments.propose,
            amount=serializers.DecimalField(
                18, 2, min_value=0, required=False, help_text="Less than planned, with a reason."
            ),
            reason=words(),
        ),
        "set-due": Verb(set_due, due_on=serializers.DateField(), reason=reason()),
        "urge": Verb(payments.urge, reason=reason()),
        "take-back": Verb(take_back, reason=reason()),
        "pay": Verb(
            payments.pay, paid_on=serializers.DateField(), transfer=serializers.CharField(max_length=60)
        ),
    }

    def for_detail(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """With the company, whose new account would stop it."""
        return super().for_detail(rows).select_related("order__supplier", "order__bank_account__phone")

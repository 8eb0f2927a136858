"""API collection payments: each is proposed by one person and paid by a second."""

from typing import Any

from django.db.models import QuerySet
from django_filters import CharFilter, ChoiceFilter, DateFilter
from rest_framework import serializers

from procurement.orders.payments.models import Payment
from procurement.orders.payments.rules.payments import (
    PROPOSE_PAYMENT,
    RECORD_EARLY_REQUEST,
    RECORD_PAYMENT,
    SET_DUE_DATE,
    WITHDRAW_PROPOSAL,
)
from workflow.api.fast_serializers import NamedReferenceField, RowSerializer
from workflow.api.filters import SearchFilterSet, search_filter
from workflow.api.viewsets import CollectionViewSet, MoveOperation, move_operations
from workflow.query_expressions import order_by_day


class PaymentRowSerializer(RowSerializer):
    """Payment: planned with its order, proposed by one person, paid by a second."""

    order = NamedReferenceField()
    proposed_by = NamedReferenceField("name", allow_null=True)
    paid_by = NamedReferenceField("name", allow_null=True)

    class Meta:
        model = Payment
        fields = (
            *("id", "status", "order", "milestone", "percent", "amount", "currency", "due_on", "due_reason"),
            *("paid_on", "transfer", "proposed_by", "paid_by", "created_at"),
        )


class PaymentFilter(SearchFilterSet):
    """Filters for payments."""

    search = search_filter("The order's reference, or how it begins: PO-2020.")
    status = ChoiceFilter(choices=Payment.Status.choices)
    order = CharFilter("order__reference")
    city = CharFilter("city__slug")
    supplier = CharFilter("order__supplier__reference")
    milestone = ChoiceFilter(choices=Payment.Milestone.choices)
    due_before = DateFilter("due_on", "lte", help_text="Due on this day or before it.")


class PaymentViewSet(CollectionViewSet):
    """Payments of the purchases of your cities, each made by two people."""

    model = Payment
    path = "payments"
    lookup_field = "id"
    list_serializer = PaymentRowSerializer
    filterset_class = PaymentFilter
    ordering_fields = {
        "amount": "amount",
        "due_on": order_by_day("due_on"),
        "paid_on": order_by_day("paid_on"),
    }
    move_actions = move_operations(
        MoveOperation(
            PROPOSE_PAYMENT,
            amount=serializers.DecimalField(
                18, 2, min_value=0, required=False, help_text="Less than planned, with a reason."
            ),
        ),
        SET_DUE_DATE,
        RECORD_EARLY_REQUEST,
        WITHDRAW_PROPOSAL,
        RECORD_PAYMENT,
    )

    def detail_queryset(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Return the rows with the company and its bank account, which decide whether a payment is held."""
        return super().detail_queryset(rows).select_related("order__supplier", "order__bank_account__phone")

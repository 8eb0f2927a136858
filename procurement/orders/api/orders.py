"""API collection orders: purchases and donations, with their moves."""

from datetime import date
from typing import Any

from django.db.models import Prefetch, QuerySet
from django_filters import BooleanFilter, CharFilter, ChoiceFilter, DateFilter, IsoDateTimeFilter
from rest_framework import serializers

from procurement.catalogue.models.reference_rows import AcquisitionType
from procurement.orders.api.create import (
    TERM_FIELDS,
    NewOrderSerializer,
    OrderEditSerializer,
    PaymentShareBodySerializer,
    create_from_allocations,
    edit_order_values,
)
from procurement.orders.models import Order, OrderLine
from procurement.orders.payments.api import PaymentRowSerializer
from procurement.orders.payments.models import Payment
from procurement.orders.rules.blockers import orders_counted_with, total_of_counted_orders
from procurement.orders.rules.orders import (
    ACCEPT_DONATION,
    APPROVE_ORDER,
    CANCEL_ORDER,
    CHOOSE_ACCOUNT,
    COMPLETE_ORDER,
    CORRECT_CONFIRMATION,
    DECLINE_DONATION,
    EDIT_ORDER,
    HOLD_ORDER,
    MARK_READY,
    OVERRIDE_BLOCKERS,
    PLACE_ORDER,
    RECORD_CONFIRMATION,
    REDUCE_QUANTITY,
    RESUME_ORDER,
    RETURN_TO_AUTHOR,
    SET_PAYMENT_SHARES,
    SUBMIT_ORDER,
    THANK_DONOR,
    WRITE_OFF_ORDER,
)
from procurement.requests.models import MAX_QUANTITY
from procurement.suppliers.models.bank_accounts import BankAccount
from workflow.api.fast_serializers import DECIMAL_SCHEMA, ComputedField, NamedReferenceField, RowSerializer
from workflow.api.fields import ChildReferenceField, EditSerializer, VisiblePrimaryKeyField
from workflow.api.filters import SearchFilterSet, search_filter
from workflow.api.viewsets import CollectionViewSet, MoveOperation, move_operations
from workflow.query_expressions import order_by_day

REFERENCES_SCHEMA = {"type": "array", "items": {"type": "string"}}


def order_total(goods: Any, extra: Any, taxes: Any) -> str:
    """Return the sum of goods, extra costs and taxes, in the order's currency."""
    return format(goods + extra + taxes, "f")


class OrderLineRowSerializer(RowSerializer):
    """Ordered pieces of one allocation and their progress. A line is named by its allocation."""

    allocation = NamedReferenceField()

    class Meta:
        model = OrderLine
        fields = ("allocation", "quantity", "unit_price", "shipped", "departed", "released", "failed")


class OrderRowSerializer(RowSerializer):
    """Purchase or donation in a list."""

    city = NamedReferenceField("slug")
    supplier = NamedReferenceField()
    donor_city = NamedReferenceField("slug", allow_null=True)
    total = ComputedField("goods_total", "extra_costs", "taxes", by=order_total, kind=DECIMAL_SCHEMA)

    class Meta:
        model = Order
        fields = (
            *("reference", "status", "kind", "city", "supplier", "donor_city", "currency", "total"),
            *(
                "total_in_city_currency",
                "promised_on",
                "placed_at",
                "confirmed_at",
                "completed_at",
                "created_at",
            ),
            *("waiting_since", "held_since", "held_until"),
        )


class OrderDetailSerializer(OrderRowSerializer):
    """Complete order, with its lines and payments.

    `counted_with` are the orders that count with it against the approval limit; `counted_total` is their total with it.
    """

    author = NamedReferenceField("name")
    approved_by = NamedReferenceField("name", allow_null=True)
    override_by = NamedReferenceField("name", allow_null=True)
    held_by = NamedReferenceField("name", allow_null=True)
    bank_account = serializers.IntegerField(source="bank_account_id", allow_null=True)
    lines = OrderLineRowSerializer(many=True)
    payments = PaymentRowSerializer(many=True)
    # `represent` fills them in, because other orders decide on them.
    counted_with = ComputedField("id", by=lambda pk: pk, kind=REFERENCES_SCHEMA)
    counted_total = ComputedField("id", by=lambda pk: pk, kind={**DECIMAL_SCHEMA, "type": ["string", "null"]})

    @classmethod
    def represent(cls, thing: Any) -> dict[str, Any]:
        """Return the data of one order, with the orders that count with it against the approval limit."""
        others = orders_counted_with(thing)
        total = total_of_counted_orders(thing, others)
        references = [other.reference for other in others]
        return {
            **super().represent(thing),
            "counted_with": references,
            "counted_total": None if total is None else format(total, "f"),
        }

    class Meta:
        model = Order
        fields = (
            *OrderRowSerializer.Meta.fields,
            *(
                "goods_total",
                *TERM_FIELDS[:-1],
                "rate_on",
                "deposit_reason",
                "bank_account",
                "author",
                "override_by",
            ),
            *("override_reason", "approved_by", "approved_at", "thanked_at", "lines", "payments"),
            *("held_by", "hold_reason"),
            *("supplier_reference", "confirmation_method", "confirmed_by_name"),
            *("counted_with", "counted_total"),
        )


class ConfirmationEditSerializer(EditSerializer):
    """Facts of the supplier's confirmation to complete or correct."""

    class Meta:
        model = Order
        fields = ("promised_on", "supplier_reference", "confirmation_method", "confirmed_by_name")


class OrderFilter(SearchFilterSet):
    """Filters for orders."""

    search = search_filter(
        "The reference, or how it begins (PO-2020); else words in the supplier's names, in any script."
    )
    status = ChoiceFilter(choices=Order.Status.choices)
    kind = ChoiceFilter(choices=AcquisitionType.choices)
    city = CharFilter("city__slug")
    supplier = CharFilter("supplier__reference")
    supply_request = CharFilter(method="filter_by_need", help_text="The need that something of it is for.")
    unconfirmed = BooleanFilter(
        method="filter_unconfirmed", help_text="Placed, and not confirmed by the supplier."
    )
    late_on = DateFilter(
        method="filter_late", help_text="Its promised day is before that day, and some goods have not left."
    )
    waiting_before = IsoDateTimeFilter(
        "waiting_since", "lt", help_text="Waiting for a decision or the supplier since before that moment."
    )
    held = BooleanFilter("held_since", "isnull", exclude=True, help_text="On hold.")
    held_until_before = DateFilter("held_until", "lte", help_text="On hold until that day or an earlier one.")
    promised_before = DateFilter("promised_on", "lte", help_text="That day included.")

    def filter_unconfirmed(self, rows: QuerySet[Any], name: str, wanted: bool) -> QuerySet[Any]:
        """Return the orders that the supplier has not confirmed, or all others."""
        return rows.filter(status=Order.Status.PLACED) if wanted else rows.exclude(status=Order.Status.PLACED)

    def filter_late(self, rows: QuerySet[Any], name: str, day: date) -> QuerySet[Any]:
        """Return the orders that are late on a day."""
        return rows.filter(pk__in=Order.objects.late(day).values("pk"))

    def filter_by_need(self, rows: QuerySet[Any], name: str, reference: str) -> QuerySet[Any]:
        """Return the orders with a line for a need."""
        lines = OrderLine.objects.filter(allocation__line__supply_request__reference=reference)
        return rows.filter(pk__in=lines.values("order"))


class OrderViewSet(CollectionViewSet):
    """Purchases and donations of your cities."""

    model = Order
    path = "orders"
    list_serializer = OrderRowSerializer
    detail_serializer = OrderDetailSerializer
    filterset_class = OrderFilter
    ordering_fields = {"promised_on": order_by_day("promised_on")}
    create_action = MoveOperation(action=create_from_allocations, body=NewOrderSerializer)
    move_actions = move_operations(
        MoveOperation(EDIT_ORDER, action=edit_order_values, body=OrderEditSerializer),
        MoveOperation(
            SET_PAYMENT_SHARES,
            shares=PaymentShareBodySerializer(
                many=True, help_text="What is paid when, together 100 percent."
            ),
        ),
        MoveOperation(CHOOSE_ACCOUNT, account=VisiblePrimaryKeyField(BankAccount)),
        SUBMIT_ORDER,
        RETURN_TO_AUTHOR,
        OVERRIDE_BLOCKERS,
        APPROVE_ORDER,
        PLACE_ORDER,
        MoveOperation(
            RECORD_CONFIRMATION,
            ready=serializers.BooleanField(
                required=False, help_text="The goods are ready to be packed already."
            ),
            supplier_reference=serializers.CharField(
                max_length=60, required=False, allow_blank=True, help_text="The supplier's own order number."
            ),
            confirmation_method=serializers.ChoiceField(
                choices=[(one.value, one.label) for one in Order.RECORDED_METHODS],
                required=False,
                allow_blank=True,
            ),
            confirmed_by_name=serializers.CharField(
                max_length=150, required=False, allow_blank=True, help_text="Who at the supplier confirmed."
            ),
        ),
        MoveOperation(CORRECT_CONFIRMATION, body=ConfirmationEditSerializer),
        ACCEPT_DONATION,
        DECLINE_DONATION,
        MoveOperation(
            REDUCE_QUANTITY,
            line=ChildReferenceField(
                OrderLine, "lines", "allocation__reference", help_text="By its allocation."
            ),
            by_pieces=serializers.IntegerField(min_value=1, max_value=MAX_QUANTITY),
            says={"quantity": "by_pieces"},
        ),
        MARK_READY,
        COMPLETE_ORDER,
        THANK_DONOR,
        MoveOperation(
            HOLD_ORDER,
            held_until=serializers.DateField(
                required=False,
                allow_null=True,
                help_text="The last day. Without one, the hold lasts until the order is resumed.",
            ),
            tell_contact=serializers.BooleanField(
                required=False,
                help_text="The contact who found the supplier gets a mail, without the reason.",
            ),
        ),
        RESUME_ORDER,
        CANCEL_ORDER,
        WRITE_OFF_ORDER,
    )

    def detail_queryset(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Return the rows with their lines and payments."""
        lines = OrderLine.objects.select_related("allocation").order_by("pk")
        payments = Payment.objects.select_related("order", "proposed_by", "paid_by").order_by("pk")
        return (
            super()
            .detail_queryset(rows)
            .prefetch_related(Prefetch("lines", lines), Prefetch("payments", payments))
        )

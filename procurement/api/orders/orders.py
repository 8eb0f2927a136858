"""orders: bought or given. What a list and a page of them tell, and the moves."""

from typing import Any

from django.db.models import Prefetch, QuerySet
from django_filters import CharFilter, ChoiceFilter, DateFilter
from rest_framework import serializers

from procurement.api.orders.payments import PaymentRow
from procurement.api.orders.writing import TERMS, NewOrder, OrderEdit, ShareBody, edit, write
from procurement.catalogue.models.facts import Dealing
from procurement.orders.actions import deciding, ending, payments
from procurement.orders.actions.deciding import send_back
from procurement.orders.actions.making import use_account
from procurement.orders.models.order import Order, OrderLine
from procurement.orders.models.payment import Payment
from procurement.requests.models import MOST
from procurement.suppliers.models.account import BankAccount
from workflow.doors.api.collections import Collection, Verb
from workflow.doors.api.fields import Numbered, PartOf, reason, words
from workflow.doors.api.filters import Searched, search_in
from workflow.doors.api.reading import DECIMAL, Made, Named, Row
from workflow.queries import by_day


def total(goods: Any, extra: Any, taxes: Any) -> str:
    """Goods, extra costs and taxes, in the order's currency."""
    return format(goods + extra + taxes, "f")


class OrderLineRow(Row):
    """One allocation as it was ordered, and what became of it; a line is named by its allocation."""

    allocation = Named()

    class Meta:
        model = OrderLine
        fields = ("allocation", "quantity", "unit_price", "shipped", "departed", "released", "failed")


class OrderRow(Row):
    """A purchase or a gift, as a list tells it."""

    city = Named("slug")
    supplier = Named()
    donor_city = Named("slug", allow_null=True)
    total = Made("goods_total", "extra_costs", "taxes", by=total, kind=DECIMAL)

    class Meta:
        model = Order
        fields = (
            *("reference", "status", "kind", "city", "supplier", "donor_city", "currency", "total"),
            *("total_here", "promised_on", "placed_at", "confirmed_at", "completed_at", "created_at"),
        )


class OrderDetail(OrderRow):
    """An order, whole, with its lines and payments."""

    author = Named("name")
    approved_by = Named("name", allow_null=True)
    override_by = Named("name", allow_null=True)
    bank_account = serializers.IntegerField(source="bank_account_id", allow_null=True)
    lines = OrderLineRow(many=True)
    payments = PaymentRow(many=True)

    class Meta:
        model = Order
        fields = (
            *OrderRow.Meta.fields,
            *(
                "goods_total",
                *TERMS[:-1],
                "rate_on",
                "deposit_reason",
                "bank_account",
                "author",
                "override_by",
            ),
            *("override_reason", "approved_by", "approved_at", "thanked_at", "lines", "payments"),
        )


class OrderFilter(Searched):
    """Which orders."""

    search = search_in(
        "The reference, or how it begins (PO-2020); else words in the supplier's names, in any script."
    )
    status = ChoiceFilter(choices=Order.Status.choices)
    kind = ChoiceFilter(choices=Dealing.choices)
    city = CharFilter("city__slug")
    supplier = CharFilter("supplier__reference")
    supply_request = CharFilter(method="for_need", help_text="The need that something of it is for.")
    promised_before = DateFilter("promised_on", "lte", help_text="That day included.")

    def for_need(self, rows: QuerySet[Any], name: str, reference: str) -> QuerySet[Any]:
        """The orders with a line for a need."""
        lines = OrderLine.objects.filter(allocation__line__supply_request__reference=reference)
        return rows.filter(pk__in=lines.values("order"))


class Orders(Collection):
    """Purchases and gifts of one's own city."""

    model = Order
    path = "orders"
    row = OrderRow
    whole = OrderDetail
    filterset_class = OrderFilter
    orders = {"promised_on": by_day("promised_on")}
    begin = Verb(write, body=NewOrder, me="author")
    verbs = {
        "edit": Verb(edit, body=OrderEdit),
        "share": Verb(
            payments.share,
            shares=ShareBody(many=True, help_text="What is paid when, together 100 percent."),
            deposit_reason=words(),
        ),
        "use-account": Verb(use_account, account=Numbered(BankAccount), reason=reason()),
        "submit": Verb(deciding.submit),
        "return": Verb(send_back, reason=reason()),
        "override": Verb(deciding.override, reason=reason()),
        "approve": Verb(deciding.approve),
        "place": Verb(deciding.place),
        "confirm": Verb(deciding.confirm, promised_on=serializers.DateField(required=False)),
        "accept": Verb(deciding.accept),
        "decline": Verb(ending.decline, reason=reason()),
        "shorten": Verb(
            ending.shorten,
            line=PartOf(OrderLine, "lines", "allocation__reference", help_text="By its allocation."),
            by_pieces=serializers.IntegerField(min_value=1, max_value=MOST),
            reason=reason(),
            says={"quantity": "by_pieces"},
        ),
        "ready": Verb(deciding.ready),
        "complete": Verb(ending.complete),
        "thank": Verb(ending.thank),
        "cancel": Verb(ending.cancel, reason=reason()),
        "lose": Verb(ending.lose, reason=reason()),
    }

    def for_detail(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """With its lines and payments."""
        lines = OrderLine.objects.select_related("allocation").order_by("pk")
        payments = Payment.objects.select_related("order", "proposed_by", "paid_by").order_by("pk")
        return (
            super()
            .for_detail(rows)
            .prefetch_related(Prefetch("lines", lines), Prefetch("payments", payments))
        )

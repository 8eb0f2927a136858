"""orders and payments: bought or given, and what is paid when."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters import CharFilter, ChoiceFilter, DateFilter
from rest_framework import serializers

from partners.models import City
from procurement.allocations.models import Allocation
from procurement.catalogue.models import Dealing
from procurement.orders import actions
from procurement.orders.models import Order, OrderLine, Payment
from procurement.orders.rules.payments import Share
from procurement.requests.models import MOST
from procurement.suppliers.models import BankAccount
from workflow.actors import Actor
from workflow.doors.api.collections import Collection, Verb
from workflow.doors.api.fields import Edit, Facts, New, Numbered, PartOf, Ref, reason, words
from workflow.doors.api.filters import Searched, search_in
from workflow.doors.api.reading import DECIMAL, Made, Named, Row
from workflow.doors.api.strict import Strict
from workflow.errors import Refused
from workflow.queries import by_day

TERMS = (
    *("extra_costs", "taxes", "incoterm", "incoterm_place", "authority", "authority_reference"),
    *("budget_line", "offers_sought", "few_offers_reason", "promised_on"),
)


def total(goods: Any, extra: Any, taxes: Any) -> str:
    """Goods, extra costs and taxes, in the order's currency."""
    return format(goods + extra + taxes, "f")


class OrderLineRow(Row):
    """One allocation as it was ordered, and what became of it; a line is named by its allocation."""

    allocation = Named()

    class Meta:
        model = OrderLine
        fields = ("allocation", "quantity", "unit_price", "shipped", "departed", "released", "failed")


class PaymentRow(Row):
    """A payment: planned with its order, proposed by one person, paid by a second."""

    order = Named()
    proposed_by = Named("name", allow_null=True)
    paid_by = Named("name", allow_null=True)

    class Meta:
        model = Payment
        fields = (
            *("id", "status", "order", "milestone", "percent", "amount", "currency", "paid_on"),
            *("transfer", "proposed_by", "paid_by", "created_at"),
        )


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


class ShareBody(Facts):
    """So many percent of the total at a milestone."""

    milestone = serializers.ChoiceField(Payment.Milestone.choices)
    percent = serializers.IntegerField(min_value=1, max_value=100)

    class Meta:
        makes = Share


class ValueBody(Strict):
    """What a piece of one allocation is worth."""

    allocation = Ref(Allocation)
    unit_value = serializers.DecimalField(14, 4, min_value=0, max_value=actions.MOST_PRICE)


def cost() -> serializers.DecimalField:
    """A cost beside the goods, in the order's currency."""
    return serializers.DecimalField(18, 2, min_value=0, max_value=actions.MOST_COST, required=False)


class NewOrder(New):
    """An order to write, or a gift to enter, from confirmed allocations of one supplier."""

    extra_costs, taxes = cost(), cost()

    kind = serializers.ChoiceField(Dealing.choices)
    city = Ref(City, "slug")
    allocations = Ref(Allocation, many=True)
    shares = ShareBody(many=True, required=False, help_text="Of a purchase: what is paid when.")
    bank_account = Numbered(BankAccount, required=False, allow_null=True, help_text="Of a purchase.")
    donor_city = Ref(City, "slug", required=False, allow_null=True, help_text="Of a gift: who gives.")
    unit_values = ValueBody(many=True, required=False, help_text="Of a gift: its true value, for customs.")

    class Meta:
        model = Order
        fields = (
            "kind",
            "city",
            "allocations",
            "shares",
            "deposit_reason",
            "bank_account",
            "donor_city",
            "unit_values",
            *TERMS,
        )


class OrderEdit(Edit):
    """Costs and terms to change, and the value of a gift."""

    extra_costs, taxes = cost(), cost()
    unit_values = ValueBody(many=True)
    reason = reason(allow_blank=True)

    class Meta:
        model = Order
        fields = (*TERMS, "unit_values", "reason")


def write(
    *,
    kind: str,
    city: City,
    allocations: Sequence[Allocation],
    unit_values: Sequence[dict[str, Any]] = (),
    by: Actor,
    at: datetime,
    **facts: Any,
) -> Order:
    """Write an order to one supplier from confirmed allocations (`kind` purchase), or enter a gift (`kind` donation).

    A purchase is written at the offers' prices, with what is paid when; a gift at its value. Refuses allocations of several cities,
    suppliers or currencies, offers without a price, and payments that do not add up to 100 percent.
    """
    if kind == Dealing.PURCHASE:
        _only_for("donation", facts, "donor_city")
        return actions.draft(city, allocations, by=by, at=at, **facts)
    _only_for("purchase", facts, "shares", "deposit_reason", "bank_account")
    values = {one["allocation"].pk: one["unit_value"] for one in unit_values}
    return actions.offer(city, allocations, unit_values=values, by=by, at=at, **facts)


def _only_for(kind: str, facts: dict[str, Any], *names: str) -> None:
    """Refuse what belongs to the other kind; what was sent empty is left out."""
    for name in names:
        if facts.pop(name, None):
            told = _("This belongs to another kind of order.")
            raise Refused("wrong_kind", told, field=name)


def edit(order: Order, *, unit_values: Sequence[dict[str, Any]] = (), **facts: Any) -> Order:
    """Change an order before it is handed in, or a gift before it is ready: costs, terms, authority, days, the value of a gift.

    Totals and planned payments follow. Refuses facts that come from the offers.
    """
    lines = dict(order.lines.values_list("allocation_id", "pk"))
    values = {
        lines[one["allocation"].pk]: one["unit_value"] for one in unit_values if one["allocation"].pk in lines
    }
    return actions.edit(order, unit_values=values or None, **facts)


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
        "use-account": Verb(actions.use_account, account=Numbered(BankAccount), reason=reason()),
        "submit": Verb(actions.submit),
        "return": Verb(actions.send_back, reason=reason()),
        "override": Verb(actions.override, reason=reason()),
        "approve": Verb(actions.approve),
        "place": Verb(actions.place),
        "confirm": Verb(actions.confirm, promised_on=serializers.DateField(required=False)),
        "accept": Verb(actions.accept),
        "decline": Verb(actions.decline, reason=reason()),
        "shorten": Verb(
            actions.shorten,
            line=PartOf(OrderLine, "lines", "allocation__reference", help_text="By its allocation."),
            by_pieces=serializers.IntegerField(min_value=1, max_value=MOST),
            reason=reason(),
            says={"quantity": "by_pieces"},
        ),
        "ready": Verb(actions.ready),
        "complete": Verb(actions.complete),
        "thank": Verb(actions.thank),
        "cancel": Verb(actions.cancel, reason=reason()),
        "lose": Verb(actions.lose, reason=reason()),
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


class PaymentFilter(Searched):
    """Which payments."""

    search = search_in("The order's reference, or how it begins: PO-2020.")
    status = ChoiceFilter(choices=Payment.Status.choices)
    order = CharFilter("order__reference")
    city = CharFilter("city__slug")
    supplier = CharFilter("order__supplier__reference")
    milestone = ChoiceFilter(choices=Payment.Milestone.choices)


class Payments(Collection):
    """Payments of one's own city's purchases, each by two people."""

    model = Payment
    path = "payments"
    key = "id"
    row = PaymentRow
    filterset_class = PaymentFilter
    orders = {"amount": "amount", "paid_on": by_day("paid_on")}
    verbs = {
        "propose": Verb(
            actions.propose,
            amount=serializers.DecimalField(
                18, 2, min_value=0, required=False, help_text="Less than planned, with a reason."
            ),
            reason=words(),
        ),
        "take-back": Verb(actions.take_back, reason=reason()),
        "pay": Verb(
            actions.pay, paid_on=serializers.DateField(), transfer=serializers.CharField(max_length=60)
        ),
    }

    def for_detail(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """With the company, whose new account would stop it."""
        return super().for_detail(rows).select_related("order__supplier")

"""Writing an order or entering a gift, and changing it: what the body holds, and the action it comes to."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from partners.models.cities import City
from procurement.allocations.models import Allocation
from procurement.catalogue.models.facts import Dealing
from procurement.orders.actions import making
from procurement.orders.models.order import Order
from procurement.orders.models.payment import Payment
from procurement.orders.rules.payments import Share
from procurement.suppliers.models.account import BankAccount
from workflow.actors import Actor
from workflow.doors.api import fields
from workflow.doors.api.fields import Edit, Facts, New, Numbered, Ref
from workflow.doors.api.strict import Strict
from workflow.doors.bounds import MOST_OFFERS
from workflow.errors import Refused

TERMS = (
    *("extra_costs", "taxes", "incoterm", "incoterm_place", "authority", "authority_reference"),
    *("budget_line", "offers_sought", "few_offers_reason", "promised_on"),
)
SOUGHT = {"offers_sought": {"min_value": 1, "max_value": MOST_OFFERS}}


class ShareBody(Facts):
    """So many percent of the total at a milestone."""

    milestone = serializers.ChoiceField(Payment.Milestone.choices)
    percent = serializers.IntegerField(min_value=1, max_value=100)

    class Meta:
        makes = Share


class ValueBody(Strict):
    """What a piece of one allocation is worth."""

    allocation = Ref(Allocation)
    unit_value = serializers.DecimalField(14, 4, min_value=0, max_value=making.MOST_PRICE)


def cost() -> serializers.DecimalField:
    """A cost beside the goods, in the order's currency."""
    return serializers.DecimalField(18, 2, min_value=0, max_value=making.MOST_COST, required=False)


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
        extra_kwargs = SOUGHT


class OrderEdit(Edit):
    """Costs and terms to change, and the value of a gift."""

    extra_costs, taxes = cost(), cost()
    unit_values = ValueBody(many=True)
    reason = fields.reason(allow_blank=True)

    class Meta:
        model = Order
        fields = (*TERMS, "unit_values", "reason")
        extra_kwargs = SOUGHT


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
        return making.draft(city, allocations, by=by, at=at, **facts)
    _only_for("purchase", facts, "shares", "deposit_reason", "bank_account")
    values = {one["allocation"].pk: one["unit_value"] for one in unit_values}
    return making.offer(city, allocations, unit_values=values, by=by, at=at, **facts)


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
    return making.edit(order, unit_values=values or None, **facts)

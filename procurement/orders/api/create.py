"""Request bodies and actions to write an order, enter a donation, and change either."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Unpack

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from accounts.models import ActingUser
from partners.cities.models import City
from procurement.allocations.models import Allocation
from procurement.catalogue.models.reference_rows import AcquisitionType
from procurement.orders.actions import create
from procurement.orders.actions.create import OrderTerms, create_donation, create_order, edit_order
from procurement.orders.models import Order
from procurement.orders.payments.models import Payment
from procurement.orders.payments.rules.payments import DEFAULT_SHARES, PaymentShare
from procurement.suppliers.models.bank_accounts import BankAccount
from workflow.actors import Actor
from workflow.api.fields import (
    CreateSerializer,
    EditSerializer,
    FactsSerializer,
    VisiblePrimaryKeyField,
    VisibleReferenceField,
    reason_field,
)
from workflow.api.serializers import StrictSerializer
from workflow.errors import Refused
from workflow.input_limits import MAX_OFFERS_PER_ORDER

TERM_FIELDS = (
    *("extra_costs", "taxes", "incoterm", "incoterm_place", "authority", "authority_reference"),
    *("budget_line", "offers_sought", "offers_sought_reason", "few_offers_reason", "promised_on"),
)
OFFERS_SOUGHT_KWARGS = {"offers_sought": {"min_value": 1, "max_value": MAX_OFFERS_PER_ORDER}}


class PaymentShareBodySerializer(FactsSerializer):
    """Percentage of the total due at a milestone."""

    milestone = serializers.ChoiceField(Payment.Milestone.choices)
    percent = serializers.IntegerField(min_value=1, max_value=100)

    class Meta:
        makes = PaymentShare


class UnitValueBodySerializer(StrictSerializer):
    """Value of one piece of an allocation."""

    allocation = VisibleReferenceField(Allocation)
    unit_value = serializers.DecimalField(14, 4, min_value=0, max_value=create.MAX_PRICE)


def cost_field() -> serializers.DecimalField:
    """Return the field for an extra cost, in the order's currency."""
    return serializers.DecimalField(18, 2, min_value=0, max_value=create.MAX_COST, required=False)


class NewOrderSerializer(CreateSerializer):
    """Order to write, or donation to enter, from confirmed allocations of one supplier."""

    extra_costs, taxes = cost_field(), cost_field()

    kind = serializers.ChoiceField(AcquisitionType.choices)
    city = VisibleReferenceField(City, "slug")
    allocations = VisibleReferenceField(Allocation, many=True)
    shares = PaymentShareBodySerializer(
        many=True, required=False, help_text="Of a purchase: what is paid when."
    )
    bank_account = VisiblePrimaryKeyField(
        BankAccount, required=False, allow_null=True, help_text="Of a purchase."
    )
    donor_city = VisibleReferenceField(
        City, "slug", required=False, allow_null=True, help_text="Of a gift: who gives."
    )
    unit_values = UnitValueBodySerializer(
        many=True, required=False, help_text="Of a gift: its true value, for customs."
    )

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
            *TERM_FIELDS,
        )
        extra_kwargs = OFFERS_SOUGHT_KWARGS


class OrderEditSerializer(EditSerializer):
    """Costs and terms to change, and the value of a donation."""

    extra_costs, taxes = cost_field(), cost_field()
    unit_values = UnitValueBodySerializer(many=True)
    reason = reason_field(allow_blank=True)

    class Meta:
        model = Order
        fields = (*TERM_FIELDS, "unit_values", "reason")
        extra_kwargs = OFFERS_SOUGHT_KWARGS


def create_from_allocations(
    *,
    kind: str,
    city: City,
    allocations: Sequence[Allocation],
    shares: Sequence[PaymentShare] | None = None,
    deposit_reason: str = "",
    bank_account: BankAccount | None = None,
    donor_city: City | None = None,
    unit_values: Sequence[dict[str, Any]] = (),
    author: ActingUser,
    by: Actor,
    at: datetime,
    **facts: Unpack[OrderTerms],
) -> Order:
    """Write an order to one supplier from confirmed allocations, or enter a donation, by `kind`.

    A purchase is written at the offers' prices, with a plan of its payments; a donation at its value.
    Refuses allocations of several cities, suppliers or currencies, offers without a price, and payments
    that do not add up to 100 per cent.
    """
    who: dict[str, Any] = {"author": author, "by": by, "at": at}
    if kind == AcquisitionType.PURCHASE:
        _refuse_other_kind(donor_city=donor_city)
        return create_order(
            city,
            allocations,
            shares=DEFAULT_SHARES if shares is None else shares,
            deposit_reason=deposit_reason,
            bank_account=bank_account,
            **who,
            **facts,
        )
    _refuse_other_kind(shares=shares, deposit_reason=deposit_reason, bank_account=bank_account)
    values = {one["allocation"].pk: one["unit_value"] for one in unit_values}
    return create_donation(city, allocations, donor_city=donor_city, unit_values=values, **who, **facts)


def _refuse_other_kind(**given: object) -> None:
    """Refuse facts of the other kind of order. Empty ones do not count."""
    for name, value in given.items():
        if value:
            raise Refused("wrong_kind", _("This field does not apply to this type of order."), field=name)


def edit_order_values(
    order: Order,
    edit: create.OrderEdit,
    *,
    unit_values: Sequence[dict[str, Any]] = (),
    by: Actor,
    at: datetime,
    reason: str = "",
) -> Order:
    """Change an order before it is submitted, or a donation before it is ready.

    Costs, terms, authority, days and the value of a donation may change; totals and planned payments
    follow. Refuses facts that come from the offers.
    """
    lines = dict(order.lines.values_list("allocation_id", "pk"))
    values = {
        lines[one["allocation"].pk]: one["unit_value"] for one in unit_values if one["allocation"].pk in lines
    }
    return edit_order(order, edit, unit_values=values or None, by=by, at=at, reason=reason)

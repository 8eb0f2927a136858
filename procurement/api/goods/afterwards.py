"""relief-claims, thanks-packs: what is still owed once goods are here. The proof of an end use, and thanks to whoever helped."""

from django_filters import CharFilter, ChoiceFilter, NumberFilter
from rest_framework import serializers

from procurement.shipments.actions.after.packs import leave_pack, take_pack_up
from procurement.shipments.actions.after.reliefs import (
    correct_claim,
    fail_claim,
    prove_claim,
    reopen_claim,
    repay_claim,
)
from procurement.shipments.models.reliefs import ReliefClaim
from procurement.shipments.models.thanks import ThanksPack
from workflow.doors.api import fields
from workflow.doors.api.collections import Collection, Verb
from workflow.doors.api.fields import New, words
from workflow.doors.api.filters import Searched, search_in
from workflow.doors.api.reading import Named, Row


class ReliefClaimRow(Row):
    """A declared line that claims a relief: what it saves and by which rates, on which condition, until when it is to be shown.

    Amounts are in `currency`; `saved_here` in the city's own at `rate` of `rate_on`. Null: not known, never nothing.
    """

    city = Named("slug")
    shipment = Named()
    declaration = Named("id")
    relief = Named("code")

    class Meta:
        model = ReliefClaim
        fields = (
            *("reference", "status", "city", "shipment", "declaration", "position", "pieces", "relief"),
            *(
                "claimed_on",
                "held",
                "unmet",
                "hs_code",
                "number",
                "value",
                "currency",
                "duty_percent",
                "duty_source",
            ),
            *("tax_percent", "tax_source", "saved", "saved_source", "saved_here", "currency_here", "rate"),
            *("rate_on", "places", "prove_by", "shown", "word", "settled_on", "repaid", "created_at"),
        )


class ReliefClaimFilter(Searched):
    """Which claims."""

    search = search_in(
        "The reference of the claim or its shipment, or how it begins (RC-2020, SH-2020); else its number."
    )
    status = ChoiceFilter(choices=ReliefClaim.Status.choices)
    city = CharFilter("city__slug")
    shipment = CharFilter("shipment__reference")
    relief = CharFilter("relief__code")
    year = NumberFilter("claimed_on__year", min_value=1, max_value=9999)  # the years a calendar has


class CorrectClaim(New):
    """Values of a claim to put right: only those that are given. Each rate goes with its source, as does an amount."""

    reason = fields.reason("Why it is corrected.")

    class Meta:
        model = ReliefClaim
        fields = (
            *("number", "pieces", "value", "duty_percent", "duty_source", "tax_percent", "tax_source"),
            *("saved", "saved_source", "prove_by", "reason"),
        )
        extra_kwargs = {"value": {"required": False}, "pieces": {"min_value": 1}}


class RepayClaim(New):
    """What was paid back to customs, in the currency of the claim."""

    repaid = serializers.DecimalField(max_digits=14, decimal_places=4, min_value=0)
    repaid_on = serializers.DateField()
    word = words(200, "The number of the receipt.")

    class Meta:
        model = ReliefClaim
        fields = ("repaid", "repaid_on", "word")


class ReliefClaims(Collection):
    """The ledger of duty reliefs of one's own cities."""

    model = ReliefClaim
    path = "relief-claims"
    row = ReliefClaimRow
    filterset_class = ReliefClaimFilter
    orders = {"claimed_on": "claimed_on"}
    verbs = {
        "correct": Verb(correct_claim, body=CorrectClaim),
        "prove": Verb(prove_claim, word=words()),
        "not-proven": Verb(fail_claim, reason=fields.reason("Why it cannot be shown.")),
        "repay": Verb(repay_claim, body=RepayClaim),
        "reopen": Verb(reopen_claim, reason=fields.reason()),
    }


class ThanksPackRow(Row):
    """The thanks for one order, ready as its goods are delivered. What is said to whom is looked at and sent on its page."""

    city = Named("slug")
    order = Named()
    shipment = Named()
    letter = Named(allow_null=True)
    certificate = Named(allow_null=True)

    class Meta:
        model = ThanksPack
        fields = (
            *("reference", "status", "city", "order", "shipment", "letter", "certificate", "nobody_seen"),
            *("sent_at", "created_at"),
        )


class ThanksPackFilter(Searched):
    """Which packs."""

    search = search_in("The reference of the pack or its order, or how it begins: TP-2020, DN-2020.")
    status = ChoiceFilter(choices=ThanksPack.Status.choices)
    city = CharFilter("city__slug")
    order = CharFilter("order__reference")


class ThanksPacks(Collection):
    """The thanks of one's own cities to whoever helped."""

    model = ThanksPack
    path = "thanks-packs"
    row = ThanksPackRow
    filterset_class = ThanksPackFilter
    orders = {"created_at": "created_at"}
    verbs = {
        "leave": Verb(leave_pack, reason=fields.reason("Why nobody is thanked.")),
        "take-up": Verb(take_pack_up),
    }

"""API collection relief-claims: duty reliefs claimed, and the proof of end use."""

from django_filters import CharFilter, ChoiceFilter, NumberFilter
from rest_framework import serializers

from procurement.customs.duty_relief.models import ReliefClaim
from procurement.customs.duty_relief.rules import CORRECT_CLAIM, MARK_UNPROVEN, PROVE, REOPEN, REPAY
from workflow.api.fast_serializers import NamedReferenceField, RowSerializer
from workflow.api.fields import CreateSerializer, reason_field, text_field
from workflow.api.filters import SearchFilterSet, search_filter
from workflow.api.viewsets import CollectionViewSet, MoveOperation, move_operations


class ReliefClaimRowSerializer(RowSerializer):
    """Declared line that claims a relief: the amount saved, the rates, the condition and the deadline.

    Amounts are in `currency`; `saved_here` is in the city's currency, at `rate` of the day `rate_on`.
    Null means unknown, never zero.
    """

    city = NamedReferenceField("slug")
    shipment = NamedReferenceField()
    declaration = NamedReferenceField("id")
    relief = NamedReferenceField("code")

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
            *("rate_on", "places", "prove_by", "shown", "explanation", "settled_on", "repaid", "created_at"),
        )


class ReliefClaimFilter(SearchFilterSet):
    """Filters for relief claims."""

    search = search_filter(
        "The reference of the claim or its shipment, or how it begins (RC-2020, SH-2020); else its number."
    )
    status = ChoiceFilter(choices=ReliefClaim.Status.choices)
    city = CharFilter("city__slug")
    shipment = CharFilter("shipment__reference")
    relief = CharFilter("relief__code")
    year = NumberFilter("claimed_on__year", min_value=1, max_value=9999)  # the years that a date can have


class CorrectClaimSerializer(CreateSerializer):
    """Values of a claim to correct: only those given.

    A rate needs its source, and so does an amount.
    """

    reason = reason_field("Why it is corrected.")

    class Meta:
        model = ReliefClaim
        fields = (
            *("number", "pieces", "value", "duty_percent", "duty_source", "tax_percent", "tax_source"),
            *("saved", "saved_source", "prove_by", "reason"),
        )
        extra_kwargs = {"value": {"required": False}, "pieces": {"min_value": 1}}


class RepayClaimSerializer(CreateSerializer):
    """Amount repaid to customs, in the currency of the claim."""

    repaid = serializers.DecimalField(max_digits=14, decimal_places=4, min_value=0)
    repaid_on = serializers.DateField()
    explanation = text_field(200, "The number of the receipt.")

    class Meta:
        model = ReliefClaim
        fields = ("repaid", "repaid_on", "explanation")


class ReliefClaimViewSet(CollectionViewSet):
    """Duty reliefs that your cities have claimed."""

    model = ReliefClaim
    path = "relief-claims"
    list_serializer = ReliefClaimRowSerializer
    filterset_class = ReliefClaimFilter
    ordering_fields = {"claimed_on": "claimed_on"}
    move_actions = move_operations(
        MoveOperation(CORRECT_CLAIM, body=CorrectClaimSerializer),
        PROVE,
        MoveOperation(MARK_UNPROVEN, reason=reason_field("Why it cannot be shown.")),
        MoveOperation(REPAY, body=RepayClaimSerializer),
        REOPEN,
    )

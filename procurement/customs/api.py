"""API collections customs-clearances, declarations and customs-holds."""

from typing import Any

from django_filters import CharFilter, ChoiceFilter
from rest_framework import serializers

from partners.api_fields import CountryField, CurrencyField
from procurement.catalogue.models.customs import CustomsRule
from procurement.customs import rules
from procurement.customs.actions import DeclaredLine, record_hold
from procurement.customs.models import CustomsClearance, CustomsHold, Declaration
from procurement.customs.rules import (
    ADD_DECLARATION,
    ANSWER_CUSTOMS,
    END_HOLD,
    FILE_CLEARANCE,
    RECORD_RELEASE,
    may_clear,
)
from workflow.api.fast_serializers import DECIMAL_SCHEMA, NamedReferenceField, RowSerializer
from workflow.api.fields import (
    CreateSerializer,
    FactsSerializer,
    VisibleReferenceField,
    moment_field,
    reason_field,
    text_field,
)
from workflow.api.filters import ReferenceFilterSet, SearchFilterSet, search_filter
from workflow.api.viewsets import CollectionViewSet, MoveOperation, move_operations
from workflow.query_expressions import order_by_moment


class CustomsClearanceRowSerializer(RowSerializer):
    """Export or import clearance of one shipment."""

    shipment = NamedReferenceField()
    city = NamedReferenceField("slug")
    broker = NamedReferenceField("name", allow_null=True)

    class Meta:
        model = CustomsClearance
        fields = (
            *("reference", "status", "shipment", "city", "broker", "side", "country", "office"),
            *("filed_at", "released_at", "holds_open", "created_at"),
        )


class DeclaredLineBodySerializer(FactsSerializer):
    """Line of a declaration."""

    hs_code = serializers.CharField(max_length=10, help_text="Ten digits.")
    origin = CountryField(help_text="Country of origin.")
    value = serializers.DecimalField(18, 2, min_value=0, help_text="The true value, of a gift too.")
    currency = CurrencyField()
    relief = text_field(60, "The code of a relief that is claimed.")

    class Meta:
        makes = DeclaredLine


class DeclareBodySerializer(CreateSerializer):
    """Declaration to customs."""

    lines = DeclaredLineBodySerializer(many=True, required=False)

    class Meta:
        model = Declaration
        fields = ("number", "office", "broker_reference", "lines")


class NewDeclarationSerializer(DeclareBodySerializer):
    """Declaration for a clearance."""

    clearance = VisibleReferenceField(CustomsClearance)

    class Meta:
        model = Declaration
        fields = ("clearance", *DeclareBodySerializer.Meta.fields)


FIELD_OF_LINE_ERROR = dict.fromkeys(("hs_code", "origin", "value", "currency", "relief"), "lines")
HOLD_FIELDS: dict[str, Any] = {
    "reason": reason_field("What customs gave as the reason."),
    "question": text_field(help_text="What it asks."),
    "started_at": moment_field(),
}


class CustomsClearanceFilter(ReferenceFilterSet):
    """Filters for clearances."""

    status = ChoiceFilter(choices=CustomsClearance.Status.choices)
    side = ChoiceFilter(choices=CustomsRule.Side.choices)
    city = CharFilter("city__slug")
    shipment = CharFilter("shipment__reference")


class CustomsClearanceViewSet(CollectionViewSet):
    """Export and import clearances of the shipments to your cities, or given to you as a broker."""

    model = CustomsClearance
    path = "customs-clearances"
    list_serializer = CustomsClearanceRowSerializer
    filterset_class = CustomsClearanceFilter
    ordering_fields = {"filed_at": order_by_moment("filed_at")}
    move_actions = move_operations(
        FILE_CLEARANCE,
        MoveOperation(ADD_DECLARATION, body=DeclareBodySerializer, says=FIELD_OF_LINE_ERROR),
        RECORD_RELEASE,
        hold=MoveOperation(action=record_hold, who=may_clear, **HOLD_FIELDS),
    )


DECLARED_LINE_SCHEMA = {
    "type": "object",
    "required": ["hs_code", "origin", "value", "currency", "relief"],
    "properties": {
        **{key: {"type": "string"} for key in ("hs_code", "origin", "currency", "relief")},
        "value": DECIMAL_SCHEMA,
    },
}


class DeclarationRowSerializer(RowSerializer):
    """Declaration to customs in a clearance."""

    clearance = NamedReferenceField()
    json_schemas = {"lines": {"type": "array", "items": DECLARED_LINE_SCHEMA}}

    class Meta:
        model = Declaration
        fields = ("id", "clearance", "number", "office", "filed_at", "broker_reference", "lines")


class DeclarationFilter(SearchFilterSet):
    """Filters for declarations."""

    search = search_filter(
        "The clearance's reference, or how it begins (CL-2020); else the declaration's number, or the "
        "broker's."
    )
    clearance = CharFilter("clearance__reference")
    shipment = CharFilter("clearance__shipment__reference")


class DeclarationViewSet(CollectionViewSet):
    """Declarations of the clearances that you may see.

    A declaration is never changed; another one is added.
    """

    model = Declaration
    path = "declarations"
    lookup_field = "id"
    list_serializer = DeclarationRowSerializer
    filterset_class = DeclarationFilter
    ordering_fields = {"filed_at": "filed_at"}
    create_action = MoveOperation(ADD_DECLARATION, body=NewDeclarationSerializer, says=FIELD_OF_LINE_ERROR)


class CustomsHoldRowSerializer(RowSerializer):
    """Customs hold on a clearance: its start, reason, question, answer and end."""

    clearance = NamedReferenceField()

    class Meta:
        model = CustomsHold
        fields = (
            "id",
            "status",
            "clearance",
            "started_at",
            "reason",
            "question",
            "answer",
            "ended_at",
            "created_at",
        )


class NewCustomsHoldSerializer(CreateSerializer):
    """Customs hold to record."""

    clearance = VisibleReferenceField(CustomsClearance)

    class Meta:
        model = CustomsHold
        fields = ("clearance", "reason", "question", "started_at")
        extra_kwargs = {"started_at": {"required": False}}


class CustomsHoldFilter(SearchFilterSet):
    """Filters for customs holds."""

    search = search_filter(
        "The clearance's reference, or how it begins (CL-2020); else words in reason, question or answer, "
        "as they are written."
    )
    status = ChoiceFilter(choices=CustomsHold.Status.choices)
    clearance = CharFilter("clearance__reference")
    shipment = CharFilter("clearance__shipment__reference")


class CustomsHoldViewSet(CollectionViewSet):
    """Customs holds of the clearances that you may see."""

    model = CustomsHold
    path = "customs-holds"
    lookup_field = "id"
    list_serializer = CustomsHoldRowSerializer
    filterset_class = CustomsHoldFilter
    ordering_fields = {"started_at": "started_at"}
    create_action = MoveOperation(rules.RECORD_HOLD, body=NewCustomsHoldSerializer)
    move_actions = move_operations(
        MoveOperation(ANSWER_CUSTOMS, answer=reason_field("The answer given to customs.")), END_HOLD
    )

"""API collection allocations: parts of a verified offer allocated to a need line."""

from django_filters import CharFilter, ChoiceFilter
from rest_framework import serializers

from procurement.allocations.models import Allocation
from procurement.allocations.rules import CONFIRM, DISCARD, PROPOSE, REDUCE, UNDO
from procurement.leads.models.leads import SupplierLead
from procurement.requests.api import RequestLineReferenceField, line_reference_field
from procurement.requests.models import MAX_QUANTITY
from workflow.api.fast_serializers import NamedReferenceField, RowSerializer
from workflow.api.fields import QuantityField, VisibleReferenceField, text_field
from workflow.api.filters import ReferenceFilterSet
from workflow.api.viewsets import CollectionViewSet, MoveOperation, move_operations


class AllocationRowSerializer(RowSerializer):
    """Pieces of an offer allocated to a need line. They count against both once confirmed."""

    city = NamedReferenceField("slug")
    lead = NamedReferenceField()
    line = line_reference_field()
    author = NamedReferenceField("name")
    substitution_accepted_by = NamedReferenceField("name", allow_null=True)

    class Meta:
        model = Allocation
        fields = (
            *("reference", "status", "city", "lead", "line", "quantity", "author"),
            *("confirmed_at", "override_reason", "goods_match", "evidence", "substitution_accepted_by"),
            "created_at",
        )


class AllocationFilter(ReferenceFilterSet):
    """Filters for allocations."""

    status = ChoiceFilter(choices=Allocation.Status.choices)
    city = CharFilter("city__slug")
    lead = CharFilter("lead__reference")
    supply_request = CharFilter("line__supply_request__reference")
    supplier = CharFilter("lead__supplier__reference")


EVIDENCE_HELP = (
    "What shows that goods that are not known to meet the standards of the line will do. Required for them."
)
REASON_HELP = (
    "Why goods offered for another need go to this line. Required if what stays verified for the other need no longer covers "
    "what it still needs."
)


class AllocationViewSet(CollectionViewSet):
    """Allocations. They never exceed the supply of an offer or the quantity of a need line."""

    model = Allocation
    path = "allocations"
    list_serializer = AllocationRowSerializer
    filterset_class = AllocationFilter
    ordering_fields = {"quantity": "quantity"}
    create_action = MoveOperation(
        PROPOSE,
        lead=VisibleReferenceField(SupplierLead),
        line=RequestLineReferenceField(),
        quantity=QuantityField(),
        evidence=text_field(help_text=EVIDENCE_HELP),
        reason=text_field(help_text=REASON_HELP),
    )
    move_actions = move_operations(
        MoveOperation(
            CONFIRM, evidence=text_field(help_text=EVIDENCE_HELP), reason=text_field(help_text=REASON_HELP)
        ),
        DISCARD,
        UNDO,
        MoveOperation(
            REDUCE,
            by_pieces=serializers.IntegerField(
                min_value=1, max_value=MAX_QUANTITY, help_text="How many are given back."
            ),
            says={"quantity": "by_pieces"},
        ),
    )

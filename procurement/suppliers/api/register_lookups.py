"""API collection register-lookups: answers of registers and manufacturers, shared between cities.

Each has its day and the address that was opened.
"""

from django_filters import CharFilter, ChoiceFilter

from procurement.catalogue.models.products import Product
from procurement.suppliers.models.register_lookups import RegisterLookup
from procurement.suppliers.models.suppliers import Supplier
from procurement.suppliers.rules.register_lookups import RECORD_LOOKUP, RETRACT
from workflow.api.fast_serializers import NamedReferenceField, RowSerializer
from workflow.api.fields import CreateSerializer, VisibleReferenceField
from workflow.api.filters import SearchFilterSet, search_filter
from workflow.api.viewsets import CollectionViewSet, MoveOperation, move_operations

REGISTER_LOOKUP_FIELDS = (
    *("supplier", "kind", "party", "product", "model", "address", "answered_on", "answer", "since", "count"),
    "words",
)


class RegisterLookupRowSerializer(RowSerializer):
    """Recorded answer of a register or manufacturer.

    `answered_on` is the day of the answer, `since` the day of the fact as the register states it.
    """

    supplier = NamedReferenceField()
    product = NamedReferenceField("code", allow_null=True)
    entered_by = NamedReferenceField("name")

    class Meta:
        model = RegisterLookup
        fields = ("reference", "status", *REGISTER_LOOKUP_FIELDS, "entered_by", "created_at")


class NewRegisterLookupSerializer(CreateSerializer):
    """Answer to record. A refusal explains which answers a kind allows, and what each requires."""

    supplier = VisibleReferenceField(Supplier)
    product = VisibleReferenceField(Product, "code", required=False, allow_null=True)

    class Meta:
        model = RegisterLookup
        fields = REGISTER_LOOKUP_FIELDS


class RegisterLookupFilter(SearchFilterSet):
    """Filters for register lookups."""

    search = search_filter("Words, the model, the address opened, or the reference.")
    status = ChoiceFilter(choices=RegisterLookup.Status.choices)
    supplier = CharFilter("supplier__reference")
    kind = ChoiceFilter(choices=RegisterLookup.Kind.choices)
    answer = ChoiceFilter(choices=RegisterLookup.Answer.choices)


class RegisterLookupViewSet(CollectionViewSet):
    """Answers of registers and manufacturers about companies.

    Only the answer of an official register may block an offer.
    """

    model = RegisterLookup
    path = "register-lookups"
    list_serializer = RegisterLookupRowSerializer
    filterset_class = RegisterLookupFilter
    ordering_fields = {"answered_on": "answered_on"}
    create_action = MoveOperation(RECORD_LOOKUP, body=NewRegisterLookupSerializer)
    move_actions = move_operations(RETRACT)

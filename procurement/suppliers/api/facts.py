"""API collection supplier-facts: facts about companies with their sources, shared between cities.

Each fact has its author, its day and how it was checked.
"""

from django_filters import CharFilter, ChoiceFilter

from partners.contacts.models import Contact
from procurement.suppliers.models.facts import SupplierFact
from procurement.suppliers.models.suppliers import Supplier
from procurement.suppliers.rules.facts import RECORD_FACT, RETRACT, SELECT_FACT_VALUE
from workflow.api.fast_serializers import NamedReferenceField, RowSerializer
from workflow.api.fields import CreateSerializer, VisiblePrimaryKeyField, VisibleReferenceField
from workflow.api.filters import SearchFilterSet, search_filter
from workflow.api.viewsets import CollectionViewSet, MoveOperation, move_operations

FACT_FIELDS = ("supplier", "name", "value", "stated_by", "stated_on", "how", "source")


class SupplierFactRowSerializer(RowSerializer):
    """Fact from one source.

    `status` is selected if a person chose this value; `because` is the reason.
    """

    supplier = NamedReferenceField()
    entered_by = NamedReferenceField("name")
    settled_by = NamedReferenceField("name", allow_null=True)

    class Meta:
        model = SupplierFact
        fields = (
            "id",
            "status",
            *FACT_FIELDS,
            "entered_by",
            "settled_by",
            "settled_at",
            "because",
            "created_at",
        )


class NewSupplierFactSerializer(CreateSerializer):
    """Fact to enter: a day as 2012-03-01, a country as two letters, a role as one of the company's roles."""

    supplier = VisibleReferenceField(Supplier)
    contact = VisiblePrimaryKeyField(Contact, required=False, allow_null=True)

    class Meta:
        model = SupplierFact
        fields = (*FACT_FIELDS, "contact")


class SupplierFactFilter(SearchFilterSet):
    """Filters for facts."""

    search = search_filter("Words in the company's names, its number or its reference.")
    status = ChoiceFilter(choices=SupplierFact.Status.choices)
    supplier = CharFilter("supplier__reference")
    name = ChoiceFilter(choices=SupplierFact.FactName.choices)


class SupplierFactViewSet(CollectionViewSet):
    """Facts about companies, by source.

    Selecting one fact corrects the company; the other facts remain.
    """

    model = SupplierFact
    path = "supplier-facts"
    lookup_field = "id"
    list_serializer = SupplierFactRowSerializer
    filterset_class = SupplierFactFilter
    ordering_fields = {"stated_on": "stated_on"}
    create_action = MoveOperation(RECORD_FACT, body=NewSupplierFactSerializer)
    move_actions = move_operations(SELECT_FACT_VALUE, RETRACT)

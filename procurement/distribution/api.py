"""API collection distributions: distributions of released lots, and the notices of a recall."""

from django_filters import CharFilter, ChoiceFilter
from rest_framework import serializers

from accounts.models import Language
from partners.contacts.models import Organization
from procurement.distribution.models import Distribution
from procurement.distribution.rules import DISTRIBUTE, MARK_INFORMED, UNDO
from procurement.quality.models import Lot
from procurement.requests.models import MAX_QUANTITY
from workflow.api.fast_serializers import NamedReferenceField, RowSerializer
from workflow.api.fields import CreateSerializer, VisiblePrimaryKeyField, VisibleReferenceField
from workflow.api.filters import SearchFilterSet, search_filter
from workflow.api.viewsets import CollectionViewSet, MoveOperation, move_operations


class DistributionRowSerializer(RowSerializer):
    """Distribution: pieces of a lot at one place."""

    lot = NamedReferenceField()
    city = NamedReferenceField("slug")
    organization = NamedReferenceField("id", allow_null=True)
    by = NamedReferenceField("name")
    informed_by = NamedReferenceField("name", allow_null=True)

    class Meta:
        model = Distribution
        fields = (
            *(
                "id",
                "status",
                "lot",
                "city",
                "organization",
                "place",
                "receiver",
                "quantity",
                "distributed_on",
            ),
            *("by", "name", "email", "informed_at", "informed_by", "created_at"),
        )


class NewDistributionSerializer(CreateSerializer):
    """Pieces of a released lot given to a place: an organization of the city, or a named place."""

    lot = VisibleReferenceField(Lot)
    organization = VisiblePrimaryKeyField(Organization, required=False, allow_null=True)
    quantity = serializers.IntegerField(min_value=1, max_value=MAX_QUANTITY)
    language = serializers.ChoiceField(
        Language.choices,
        required=False,
        help_text="A person who has an account keeps the language they chose.",
    )

    class Meta:
        model = Distribution
        fields = (
            *("lot", "organization", "place", "receiver", "quantity", "distributed_on", "name", "email"),
            "language",
        )


class DistributionFilter(SearchFilterSet):
    """Filters for distributions."""

    search = search_filter("The reference of the lot, or how it begins: LT-2020.")
    status = ChoiceFilter(choices=Distribution.Status.choices)
    city = CharFilter("city__slug")
    lot = CharFilter("lot__reference")


class DistributionViewSet(CollectionViewSet):
    """Distributions of the lots of your cities."""

    model = Distribution
    path = "distributions"
    lookup_field = "id"
    list_serializer = DistributionRowSerializer
    filterset_class = DistributionFilter
    ordering_fields = {"distributed_on": "distributed_on"}
    create_action = MoveOperation(DISTRIBUTE, body=NewDistributionSerializer)
    move_actions = move_operations(MARK_INFORMED, UNDO)

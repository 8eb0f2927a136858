"""API collection `disputes`: facts on which sources disagree, the claims, and how each was settled."""

from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from django_filters import CharFilter, ChoiceFilter
from rest_framework import serializers

from partners.disputes.models import Dispute, SourceClaim
from partners.disputes.rules import REOPEN, SETTLE
from workflow.api.fast_serializers import NamedReferenceField, RowSerializer
from workflow.api.fields import VisiblePrimaryKeyField
from workflow.api.filters import SearchFilterSet, search_filter
from workflow.api.viewsets import CollectionViewSet, MoveOperation, move_operations
from workflow.query_expressions import order_by_moment


class DisputeRowSerializer(RowSerializer):
    """A fact of the register on which sources disagree, as shown in a list."""

    place = NamedReferenceField("slug", allow_null=True)
    agreement = serializers.IntegerField(source="agreement_id", allow_null=True)
    exchange = serializers.IntegerField(source="exchange_id", allow_null=True)

    class Meta:
        model = Dispute
        fields = (
            *("id", "status", "place", "agreement", "exchange", "fact", "settled_for", "settled_at"),
            *("because", "created_at"),
        )


class SourceClaimRowSerializer(RowSerializer):
    """The claim of one source about a disputed fact."""

    class Meta:
        model = SourceClaim
        fields = ("id", "value", "source", "source_url", "stated_on", "stated_precision")


class DisputeDetailSerializer(DisputeRowSerializer):
    """A dispute in full, with the claims of its sources."""

    claims = SourceClaimRowSerializer(many=True)

    class Meta:
        model = Dispute
        fields = (*DisputeRowSerializer.Meta.fields, "claims")


class DisputeFilter(SearchFilterSet):
    """Filters of the list of disputes."""

    search = search_filter("Words of a source's name or of what it says.")
    status = ChoiceFilter(choices=Dispute.Status.choices)
    city = CharFilter(
        method="filter_by_either_city", help_text="The place it is of, or a place on either side."
    )

    def filter_by_either_city(self, rows: QuerySet[Any], name: str, slug: str) -> QuerySet[Any]:
        """Return the disputes about a city, its agreements and its exchanges."""
        return rows.filter(Q(side_a__slug=slug) | Q(side_b__slug=slug))


class ClaimField(VisiblePrimaryKeyField):
    """A claim, named by its id."""

    def get_queryset(self) -> QuerySet[Any]:
        """Return all claims: the register is open to every user."""
        return SourceClaim.objects.all()


class DisputeViewSet(CollectionViewSet):
    """Disputes between sources. Editors of the register settle them. All claims stay visible."""

    model = Dispute
    path = "disputes"
    lookup_field = "id"
    list_serializer = DisputeRowSerializer
    detail_serializer = DisputeDetailSerializer
    filterset_class = DisputeFilter
    ordering_fields = {"settled_at": order_by_moment("settled_at")}
    move_actions = move_operations(MoveOperation(SETTLE, claim=ClaimField(SourceClaim)), REOPEN)

    def detail_queryset(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Add the claims, the oldest first."""
        claims = Prefetch("claims", SourceClaim.objects.order_by("stated_on", "pk"))
        return super().detail_queryset(rows).prefetch_related(claims)

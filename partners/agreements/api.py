"""API collection agreements: the twinning agreements between cities."""

from typing import Any

from django.db.models import Q, QuerySet
from django_filters import BooleanFilter, CharFilter, ChoiceFilter
from rest_framework import serializers

from partners.agreements.models import TwinningAgreement
from partners.agreements.rules import (
    ADD,
    ASK_TO_CONFIRM,
    CONFIRM,
    CORRECT,
    END,
    RENEW,
    RESUME,
    SUSPEND,
    UNDO_END,
)
from partners.api_fields import SOURCE_URL_REQUIRED, PartialDateBodySerializer
from partners.cities.models import City
from partners.validators import validate_web_address
from workflow.api.fast_serializers import NamedReferenceField, RowSerializer
from workflow.api.fields import CreateSerializer, EditSerializer, VisibleReferenceField, reason_field
from workflow.api.filters import SearchFilterSet, search_filter
from workflow.api.viewsets import CollectionViewSet, MoveOperation, move_operations
from workflow.query_expressions import order_by_day

AGREEMENT_FIELDS = ("source_url", "source_type", "scope", "note", "conflict", "certain")


# --- agreements -------------------------------------------------------------------------------------------------
class TwinningAgreementRowSerializer(RowSerializer):
    """An agreement of two cities. Each date is as exact as its source."""

    city_a = NamedReferenceField("slug")
    city_b = NamedReferenceField("slug")

    class Meta:
        model = TwinningAgreement
        fields = (
            *("id", "status", "city_a", "city_b", "kind", "signed_on", "signed_precision", "expires_on"),
            *(
                "expires_precision",
                "ended_on",
                "ended_precision",
                "ended_why",
                *("confirmed_a", "confirmed_b", "agreed_until"),
                *AGREEMENT_FIELDS,
                "recorded_on",
                "created_at",
            ),
        )


class NewTwinningAgreementSerializer(CreateSerializer):
    """An agreement to record."""

    city_a = VisibleReferenceField(City, "slug")
    city_b = VisibleReferenceField(City, "slug")
    signed = PartialDateBodySerializer(required=False)
    expires = PartialDateBodySerializer(required=False)

    class Meta:
        model = TwinningAgreement
        fields = ("city_a", "city_b", "kind", "signed", "expires", *AGREEMENT_FIELDS)
        extra_kwargs = SOURCE_URL_REQUIRED


class TwinningAgreementEditSerializer(EditSerializer):
    """Facts of an agreement to correct."""

    signed = PartialDateBodySerializer()
    expires = PartialDateBodySerializer()
    reason = reason_field()

    class Meta:
        model = TwinningAgreement
        fields = ("signed", "expires", *AGREEMENT_FIELDS, "reason")
        always = ("reason",)
        extra_kwargs = {"source_url": {"allow_blank": False}}


class TwinningAgreementFilter(SearchFilterSet):
    """Filters of the list of agreements."""

    search = search_filter("Words in the names of either place, in any of its scripts, or in the note.")
    status = ChoiceFilter(choices=TwinningAgreement.Status.choices)
    kind = ChoiceFilter(choices=TwinningAgreement.Kind.choices)
    city = CharFilter(method="filter_by_either_city", help_text="A place on either side.")
    certain = BooleanFilter()

    def filter_by_either_city(self, rows: QuerySet[Any], name: str, slug: str) -> QuerySet[Any]:
        """Return the agreements of a city."""
        return rows.filter(Q(city_a__slug=slug) | Q(city_b__slug=slug))


class TwinningAgreementViewSet(CollectionViewSet):
    """Agreements between cities. Ended agreements stay in the register."""

    model = TwinningAgreement
    path = "agreements"
    lookup_field = "id"
    list_serializer = TwinningAgreementRowSerializer
    filterset_class = TwinningAgreementFilter
    ordering_fields = {"signed_on": order_by_day("signed_on"), "expires_on": order_by_day("expires_on")}
    create_action = MoveOperation(ADD, body=NewTwinningAgreementSerializer)
    move_actions = move_operations(
        CONFIRM,
        ASK_TO_CONFIRM,
        MoveOperation(CORRECT, body=TwinningAgreementEditSerializer),
        MoveOperation(SUSPEND, on=PartialDateBodySerializer(required=False)),
        MoveOperation(RESUME, expires=PartialDateBodySerializer(required=False)),
        MoveOperation(
            END,
            why=serializers.ChoiceField(TwinningAgreement.EndReason.choices),
            on=PartialDateBodySerializer(required=False),
        ),
        MoveOperation(
            RENEW,
            expires=PartialDateBodySerializer(required=False),
            source_url=serializers.CharField(max_length=600, validators=[validate_web_address]),
        ),
        UNDO_END,
    )

"""API collection `corrections`: proposed corrections of the register, and the decisions on them."""

from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters import CharFilter, ChoiceFilter
from rest_framework import serializers

from accounts.models import ActingUser
from partners.agreements.models import TwinningAgreement
from partners.cities.models import City
from partners.corrections.actions import propose_correction
from partners.corrections.models import Correction
from partners.corrections.rules import ACCEPT, DECLINE, REOPEN, WITHDRAW
from partners.exchanges.models import Exchange
from partners.validators import validate_web_address
from workflow.actors import Actor
from workflow.api.fast_serializers import NamedReferenceField, RowSerializer
from workflow.api.fields import VisiblePrimaryKeyField, VisibleReferenceField
from workflow.api.filters import SearchFilterSet, search_filter
from workflow.api.serializers import StrictSerializer
from workflow.api.viewsets import CollectionViewSet, MoveOperation, move_operations
from workflow.input_limits import MAX_TEXT_LENGTH
from workflow.query_expressions import order_by_moment

ENTRY_FIELDS = ("place", "agreement", "exchange")


class CorrectionRowSerializer(RowSerializer):
    """A proposed correction of one fact of a city, an agreement or an exchange.

    Values are written as in a file of the register.
    """

    place = NamedReferenceField("slug", allow_null=True)
    agreement = serializers.IntegerField(source="agreement_id", allow_null=True)
    exchange = serializers.IntegerField(source="exchange_id", allow_null=True)
    author = NamedReferenceField("name")

    class Meta:
        model = Correction
        fields = (
            *(
                "reference",
                "status",
                *ENTRY_FIELDS,
                "fact",
                "previous_value",
                "value",
                "source_url",
                "why",
                "author",
            ),
            *("decided_at", "answer", "created_at"),
        )


class NewCorrectionSerializer(StrictSerializer):
    """A correction to propose: the register entry, the fact, the new value, the source, and why."""

    place = VisibleReferenceField(City, "slug", required=False)
    agreement = VisiblePrimaryKeyField(TwinningAgreement, required=False)
    exchange = VisiblePrimaryKeyField(Exchange, required=False)
    fact = serializers.CharField(max_length=20)
    value = serializers.CharField(max_length=MAX_TEXT_LENGTH, allow_blank=True)
    source_url = serializers.CharField(max_length=600, validators=[validate_web_address])
    why = serializers.CharField(max_length=MAX_TEXT_LENGTH)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Require exactly one of city, agreement and exchange."""
        if sum(name in attrs for name in ENTRY_FIELDS) != 1:
            raise serializers.ValidationError(
                {"place": [_("Enter one place, one agreement or one exchange.")]}
            )
        return attrs


def propose_entry_correction(
    *,
    place: City | None = None,
    agreement: TwinningAgreement | None = None,
    exchange: Exchange | None = None,
    fact: str,
    value: str,
    source_url: str,
    why: str,
    author: ActingUser,
    by: Actor,
    at: datetime,
) -> Correction:
    """Propose a correction of one fact of a city, an agreement or an exchange, with source and reason."""
    thing = next(one for one in (place, agreement, exchange) if one is not None)
    facts = {"fact": fact, "value": value, "source_url": source_url, "why": why}
    return propose_correction(thing, **facts, author=author, by=by, at=at)


class CorrectionFilter(SearchFilterSet):
    """Filters of the list of corrections."""

    search = search_filter("The reference of a proposal.")
    status = ChoiceFilter(choices=Correction.Status.choices)
    city = CharFilter(
        method="filter_by_either_city", help_text="The place it is of, or a place on either side."
    )

    def filter_by_either_city(self, rows: QuerySet[Any], name: str, slug: str) -> QuerySet[Any]:
        """Return the corrections of a city, of its agreements and of its exchanges."""
        return rows.filter(Q(side_a__slug=slug) | Q(side_b__slug=slug))


class CorrectionViewSet(CollectionViewSet):
    """Proposed corrections of the register. The editors of that part of the register decide on them."""

    model = Correction
    path = "corrections"
    list_serializer = CorrectionRowSerializer
    filterset_class = CorrectionFilter
    ordering_fields = {"decided_at": order_by_moment("decided_at")}
    create_action = MoveOperation(action=propose_entry_correction, body=NewCorrectionSerializer)
    move_actions = move_operations(ACCEPT, DECLINE, REOPEN, WITHDRAW)

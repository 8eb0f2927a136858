"""API collection cities."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django_filters import CharFilter, ChoiceFilter
from rest_framework import serializers

from partners.api_fields import CountryField, CurrencyField, SubdivisionField
from partners.cities.actions import add_city, correct_city
from partners.cities.models import City
from partners.powers import may_edit_register_of
from workflow.api.fast_serializers import RowSerializer
from workflow.api.fields import CreateSerializer, EditSerializer, reason_field
from workflow.api.filters import SearchFilterSet
from workflow.api.viewsets import CollectionViewSet, MoveOperation, move_operations

CITY_FIELDS = (
    *("name_en", "name_fr", "name_zh", "name_local", "country", "subdivision", "level", "latitude"),
    *("longitude", "geonames_id", "population", "timezone", "currency"),
)


# --- cities -----------------------------------------------------------------------------------------------------
CITY_RULE_FIELDS = (
    "approval_limit",
    "approval_days",
    "offer_validity_days",
)  # shown to the city's own people
# Likewise; only its administrators set them.
PURCHASE_FIELDS = ("registration_number", "purchase_conditions")
NEED_APPROVAL_FIELDS = ("need_approval", "need_approval_limit")
CITY_PRIVATE_FIELDS = (*CITY_RULE_FIELDS, *PURCHASE_FIELDS, *NEED_APPROVAL_FIELDS)


class CityRowSerializer(RowSerializer):
    """A city of the register."""

    class Meta:
        model = City
        fields = ("slug", *CITY_FIELDS)


class CityDetailSerializer(CityRowSerializer):
    """City with all facts.

    Only its own people see the approval limit, the days over which it is added up, how many days an offer
    without a stated end is valid, what its purchase orders state, and whether its needs are posted with approval.
    """

    class Meta:
        model = City
        fields = (*CityRowSerializer.Meta.fields, "coord_source", *CITY_PRIVATE_FIELDS)


class NewCitySerializer(CreateSerializer):
    """A city to add."""

    country = CountryField()
    subdivision = SubdivisionField(required=False, allow_blank=True, max_length=6)
    currency = CurrencyField(required=False, allow_blank=True)
    latitude = serializers.DecimalField(8, 5, min_value=-90, max_value=90, required=False, allow_null=True)
    longitude = serializers.DecimalField(8, 5, min_value=-180, max_value=180, required=False, allow_null=True)

    class Meta:
        model = City
        fields = ("slug", *CITY_FIELDS, "coord_source")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Require both latitude and longitude, or neither."""
        if (attrs.get("latitude") is None) != (attrs.get("longitude") is None):
            raise serializers.ValidationError(
                {"longitude": [_("Enter both latitude and longitude, or neither.")]}
            )
        return attrs


class CityEditSerializer(EditSerializer, NewCitySerializer):
    """Facts of a city to correct."""

    reason = reason_field()

    class Meta:
        model = City
        fields = (*CITY_FIELDS, "coord_source", *CITY_RULE_FIELDS, "reason")
        always = ("reason",)


class CityFilter(SearchFilterSet):
    """Filters of the list of cities."""

    country = CharFilter()
    subdivision = CharFilter()
    level = ChoiceFilter(choices=City.Level.choices)


class CityViewSet(CollectionViewSet):
    """Cities of the register."""

    model = City
    path = "cities"
    lookup_field = "slug"
    list_serializer = CityRowSerializer
    detail_serializer = CityDetailSerializer
    filterset_class = CityFilter
    ordering_fields = {"name_en": "name_en"}
    create_action = MoveOperation(action=add_city, body=NewCitySerializer)
    move_actions = move_operations(
        correct=MoveOperation(
            action=correct_city,
            body=CityEditSerializer,
            who=lambda by, city: may_edit_register_of(by, city.pk),
        )
    )
    private_fields = frozenset(CITY_PRIVATE_FIELDS)

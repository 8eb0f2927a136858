"""API collection exchanges: public facts about donations, visits and letters between two cities."""

from typing import Any

from django.db.models import Q, QuerySet
from django_filters import CharFilter, ChoiceFilter

from partners.api_fields import SOURCE_URL_REQUIRED, PartialDateBodySerializer
from partners.cities.models import City
from partners.exchanges.actions import correct_exchange, record_exchange
from partners.exchanges.models import Exchange
from partners.powers import may_edit_register_of
from workflow.actors import Actor
from workflow.api.fast_serializers import NamedReferenceField, RowSerializer
from workflow.api.fields import CreateSerializer, EditSerializer, VisibleReferenceField, reason_field
from workflow.api.filters import SearchFilterSet, search_filter
from workflow.api.viewsets import CollectionViewSet, MoveOperation, move_operations

EXCHANGE_FIELDS = ("items", "quantity", "unit", "source_url", "note")


# --- exchanges --------------------------------------------------------------------------------------------------
class ExchangeRowSerializer(RowSerializer):
    """An exchange between two cities, such as a donation, a visit or a letter."""

    from_city = NamedReferenceField("slug")
    to_city = NamedReferenceField("slug")

    class Meta:
        model = Exchange
        fields = (
            "id",
            "from_city",
            "to_city",
            "on",
            "precision",
            "kind",
            *EXCHANGE_FIELDS,
            "shipment_reference",
        )


class NewExchangeSerializer(CreateSerializer):
    """An exchange to record."""

    from_city = VisibleReferenceField(City, "slug")
    to_city = VisibleReferenceField(City, "slug")
    when = PartialDateBodySerializer()

    class Meta:
        model = Exchange
        fields = ("from_city", "to_city", "when", "kind", *EXCHANGE_FIELDS)
        extra_kwargs = SOURCE_URL_REQUIRED


class ExchangeEditSerializer(EditSerializer):
    """Facts of an exchange to correct."""

    reason = reason_field()

    class Meta:
        model = Exchange
        fields = ("kind", *EXCHANGE_FIELDS, "reason")
        always = ("reason",)


def _may_edit_either(by: Actor, exchange: Exchange) -> bool:
    return may_edit_register_of(by, exchange.from_city_id, exchange.to_city_id)


class ExchangeFilter(SearchFilterSet):
    """Filters of the list of exchanges."""

    search = search_filter(
        "Words in the names of either place, in any of its scripts, in what passed, in the note, or the "
        "shipment's reference."
    )
    kind = ChoiceFilter(choices=Exchange.Kind.choices)
    city = CharFilter(method="filter_by_either_city", help_text="A place on either side.")
    from_city = CharFilter("from_city__slug")
    to_city = CharFilter("to_city__slug")

    def filter_by_either_city(self, rows: QuerySet[Any], name: str, slug: str) -> QuerySet[Any]:
        """Return the exchanges that a city gave or received."""
        return rows.filter(Q(from_city__slug=slug) | Q(to_city__slug=slug))


class ExchangeViewSet(CollectionViewSet):
    """Exchanges between cities: donations, visits, letters. This system adds its own deliveries."""

    model = Exchange
    path = "exchanges"
    lookup_field = "id"
    list_serializer = ExchangeRowSerializer
    filterset_class = ExchangeFilter
    ordering_fields = {"on": "on"}
    create_action = MoveOperation(action=record_exchange, body=NewExchangeSerializer)
    move_actions = move_operations(
        correct=MoveOperation(action=correct_exchange, body=ExchangeEditSerializer, who=_may_edit_either)
    )

"""API collection manual-rates: exchange rates that the European Central Bank does not publish."""

from django_filters import CharFilter, ChoiceFilter

from partners.api_fields import CurrencyField
from partners.cities.models import City
from procurement.leads.models.exchange_rates import ManualRate
from procurement.leads.rules.exchange_rates import ENTER, WITHDRAW
from workflow.api.fast_serializers import NamedReferenceField, RowSerializer
from workflow.api.fields import CreateSerializer, VisibleReferenceField
from workflow.api.filters import ReferenceFilterSet
from workflow.api.viewsets import CollectionViewSet, MoveOperation, move_operations


class ManualRateRowSerializer(RowSerializer):
    """Exchange rate entered by a user: one unit of `currency` in `into` on a day, read at `source`."""

    city = NamedReferenceField("slug")
    author = NamedReferenceField("name")

    class Meta:
        model = ManualRate
        fields = (
            *("reference", "status", "city", "currency", "into", "rate", "on", "source", "author"),
            "created_at",
        )


class NewManualRateSerializer(CreateSerializer):
    """Rate to enter. Refused for a day with a rate of the European Central Bank."""

    city = VisibleReferenceField(City, "slug")
    currency = CurrencyField()
    into = CurrencyField()

    class Meta:
        model = ManualRate
        fields = ("city", "currency", "into", "rate", "on", "source")


class ManualRateFilter(ReferenceFilterSet):
    """Filters for rates."""

    status = ChoiceFilter(choices=ManualRate.Status.choices)
    city = CharFilter("city__slug")


class ManualRateViewSet(CollectionViewSet):
    """Exchange rates entered in your cities, in addition to those of the European Central Bank."""

    model = ManualRate
    path = "manual-rates"
    list_serializer = ManualRateRowSerializer
    filterset_class = ManualRateFilter
    ordering_fields = {"on": "on"}
    create_action = MoveOperation(ENTER, body=NewManualRateSerializer)
    move_actions = move_operations(WITHDRAW)

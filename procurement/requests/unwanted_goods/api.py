"""API collection unwanted-goods: what a city, or every city, asks people not to send."""

from datetime import date

from django_filters import CharFilter, ChoiceFilter, DateFilter
from rest_framework import serializers

from partners.cities.models import City
from procurement.catalogue.models.products import Product
from procurement.catalogue.models.standards import Standard
from procurement.requests.unwanted_goods.models import UnwantedGoods, UnwantedGoodsQuerySet
from procurement.requests.unwanted_goods.rules import ADD_UNWANTED_GOODS, WITHDRAW
from workflow.api.fast_serializers import NamedReferenceField, RowSerializer
from workflow.api.fields import CreateSerializer, VisibleReferenceField
from workflow.api.filters import ReferenceFilterSet
from workflow.api.viewsets import CollectionViewSet, MoveOperation, move_operations
from workflow.query_expressions import order_by_day


class UnwantedGoodsRowSerializer(RowSerializer):
    """Goods that are not wanted, with the reason: those that match product, family, standard and condition as given.

    Without a city, the entry holds for all cities. `ends_on` is its last day, by the calendar of the city.
    """

    city = NamedReferenceField("slug", allow_null=True)
    product = NamedReferenceField("code", allow_null=True)
    standard = NamedReferenceField("code", allow_null=True)

    class Meta:
        model = UnwantedGoods
        fields = (
            *("reference", "status", "city", "product", "family", "standard", "condition", "reason"),
            *("ends_on", "created_at"),
        )


class NewUnwantedGoodsSerializer(CreateSerializer):
    """Goods to add: a product or a family, a standard, a condition, or several of these.

    Coordinators leave the city out for an entry that holds for all cities.
    """

    city = VisibleReferenceField(City, "slug", required=False, allow_null=True, default=None)
    product = VisibleReferenceField(Product, "code", required=False, allow_null=True)
    family = serializers.ChoiceField(Product.Family.choices, required=False, allow_blank=True)
    standard = VisibleReferenceField(Standard, "code", required=False, allow_null=True)
    condition = serializers.ChoiceField(UnwantedGoods.Condition.choices, required=False, allow_blank=True)

    class Meta:
        model = UnwantedGoods
        fields = ("city", "product", "family", "standard", "condition", "reason", "ends_on")


class UnwantedGoodsFilter(ReferenceFilterSet):
    """Filters for unwanted goods."""

    status = ChoiceFilter(choices=UnwantedGoods.Status.choices)
    city = CharFilter("city__slug")
    product = CharFilter("product__code")
    family = ChoiceFilter(choices=Product.Family.choices)
    standard = CharFilter("standard__code")
    condition = ChoiceFilter(choices=UnwantedGoods.Condition.choices)
    on = DateFilter(method="filter_in_force", help_text="The entry holds on that day.")

    def filter_in_force(self, rows: UnwantedGoodsQuerySet, _name: str, day: date) -> UnwantedGoodsQuerySet:
        """Return the entries that hold on a day."""
        return rows.in_force(day)


class UnwantedGoodsViewSet(CollectionViewSet):
    """Goods that cities ask people not to send. Everyone who is signed in reads them."""

    model = UnwantedGoods
    path = "unwanted-goods"
    list_serializer = UnwantedGoodsRowSerializer
    filterset_class = UnwantedGoodsFilter
    ordering_fields = {"ends_on": order_by_day("ends_on")}
    create_action = MoveOperation(ADD_UNWANTED_GOODS, body=NewUnwantedGoodsSerializer)
    move_actions = move_operations(WITHDRAW)

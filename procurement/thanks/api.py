"""API collection thank-yous: thanks to the people who helped with an order, after the delivery."""

from django_filters import CharFilter, ChoiceFilter

from procurement.thanks.models import ThankYou
from procurement.thanks.rules import RESUME, SKIP
from workflow.api.fast_serializers import NamedReferenceField, RowSerializer
from workflow.api.fields import reason_field
from workflow.api.filters import SearchFilterSet, search_filter
from workflow.api.viewsets import CollectionViewSet, MoveOperation, move_operations


class ThankYouRowSerializer(RowSerializer):
    """Thank-you of one order, ready when its goods are delivered.

    Its messages are reviewed and sent on its page.
    """

    city = NamedReferenceField("slug")
    order = NamedReferenceField()
    shipment = NamedReferenceField()
    letter = NamedReferenceField(allow_null=True)
    certificate = NamedReferenceField(allow_null=True)

    class Meta:
        model = ThankYou
        fields = (
            *("reference", "status", "city", "order", "shipment", "letter", "certificate", "shows_no_person"),
            *("sent_at", "created_at"),
        )


class ThankYouFilter(SearchFilterSet):
    """Filters for thank-yous."""

    search = search_filter("The reference of the thank-you or its order, or how it begins: TP-2020, DN-2020.")
    status = ChoiceFilter(choices=ThankYou.Status.choices)
    city = CharFilter("city__slug")
    order = CharFilter("order__reference")


class ThankYouViewSet(CollectionViewSet):
    """Thank-yous of your cities."""

    model = ThankYou
    path = "thank-yous"
    list_serializer = ThankYouRowSerializer
    filterset_class = ThankYouFilter
    ordering_fields = {"created_at": "created_at"}
    move_actions = move_operations(
        MoveOperation(SKIP, reason=reason_field("Why no thanks are sent.")), RESUME
    )

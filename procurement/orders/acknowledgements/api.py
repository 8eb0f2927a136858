"""API collection order-acknowledgements: the supplier's answers to purchase orders, and the city's decisions."""

from django_filters import CharFilter, ChoiceFilter
from rest_framework import serializers

from procurement.orders.acknowledgements.models import MAX_ANSWERS, OrderAcknowledgement
from procurement.orders.acknowledgements.rules import (
    ACCEPT_PROPOSAL,
    REFUSE_ANSWER,
    REQUEST_ACKNOWLEDGEMENT,
    SEND_AGAIN,
    WITHDRAW_LINK,
)
from procurement.orders.models import Order
from workflow.api.fast_serializers import NamedReferenceField, RowSerializer
from workflow.api.fields import CreateSerializer, VisibleReferenceField
from workflow.api.filters import SearchFilterSet, search_filter
from workflow.api.viewsets import CollectionViewSet, MoveOperation, move_operations


class OrderAcknowledgementRowSerializer(RowSerializer):
    """Purchase order sent to its supplier by link, with the supplier's latest answer and the city's reply."""

    order = NamedReferenceField()
    city = NamedReferenceField("slug")
    author = NamedReferenceField("name")
    purchase_order = NamedReferenceField()
    link_copied_by = NamedReferenceField("name")

    class Meta:
        model = OrderAcknowledgement
        fields = (
            *("reference", "status", "order", "city", "name", "email", "language", "author", "sent_count"),
            *("answer_count", "supplier_reference", "delivery_on", "proposed_terms", "reason"),
            *("answered_by_name", "answered_at", "purchase_order", "link_copied_by"),
            *("city_reply", "created_at"),
        )


class NewOrderAcknowledgementSerializer(CreateSerializer):
    """Order to send. A message with a personal link goes to the supplier's own address, if it is known."""

    order = VisibleReferenceField(Order)

    class Meta:
        model = OrderAcknowledgement
        fields = ("order",)


class OrderAcknowledgementFilter(SearchFilterSet):
    """Filters for order acknowledgements."""

    search = search_filter(
        "The acknowledgement's reference, or the order's, or how one of them begins: PO-2020."
    )
    status = ChoiceFilter(choices=OrderAcknowledgement.Status.choices)
    city = CharFilter("city__slug")
    order = CharFilter("order__reference")


def answer_count_field() -> serializers.IntegerField:
    """Return the field for the number of the answer that was read. A later answer is then refused."""
    return serializers.IntegerField(
        required=False, min_value=0, max_value=MAX_ANSWERS, help_text="The `answer_count` that you read."
    )


class OrderAcknowledgementViewSet(CollectionViewSet):
    """Purchase orders of your cities that were sent to their suppliers by link, with the answers."""

    model = OrderAcknowledgement
    path = "order-acknowledgements"
    list_serializer = OrderAcknowledgementRowSerializer
    filterset_class = OrderAcknowledgementFilter
    ordering_fields = {"created_at": "created_at"}
    create_action = MoveOperation(REQUEST_ACKNOWLEDGEMENT, body=NewOrderAcknowledgementSerializer)
    move_actions = move_operations(
        SEND_AGAIN,
        MoveOperation(ACCEPT_PROPOSAL, answer_count=answer_count_field()),
        MoveOperation(REFUSE_ANSWER, answer_count=answer_count_field()),
        WITHDRAW_LINK,
    )

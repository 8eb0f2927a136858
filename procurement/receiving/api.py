"""API collections goods-receipts, discrepancies and destructions."""

from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters import CharFilter, ChoiceFilter
from rest_framework import serializers

from partners.api_fields import CurrencyField
from procurement.receiving.models import Destruction, Discrepancy, GoodsReceipt, GoodsReceiptLine
from procurement.receiving.rules import discrepancies, rejected_goods
from procurement.receiving.rules.discrepancies import RECORD_SENDER_ANSWER, SETTLE
from procurement.receiving.rules.receipts import RECORD_GOODS_RECEIPT, REVERSE, LotCount
from procurement.receiving.rules.rejected_goods import CONFIRM_DESTRUCTION
from procurement.requests.models import MAX_QUANTITY
from procurement.shipments.models import Shipment
from workflow.api.fast_serializers import NamedReferenceField, RowSerializer
from workflow.api.fields import CreateSerializer, VisibleReferenceField, text_field
from workflow.api.filters import SearchFilterSet, search_filter
from workflow.api.serializers import StrictSerializer
from workflow.api.viewsets import CollectionViewSet, MoveOperation, move_operations


class DiscrepancyRowSerializer(RowSerializer):
    """Discrepancy of one line in one goods receipt."""

    shipment = NamedReferenceField()
    receipt = NamedReferenceField("id")
    allocation = NamedReferenceField(source="line.order_line.allocation")
    city = NamedReferenceField("slug")
    contact = NamedReferenceField("id", allow_null=True)

    class Meta:
        model = Discrepancy
        fields = (
            *(
                "reference",
                "status",
                "shipment",
                "receipt",
                "allocation",
                "city",
                "contact",
                "kind",
                "pieces",
            ),
            *("reason", "answer", "answered_at", "outcome", "amount", "currency", "words", "settled_at"),
            "created_at",
        )


class DiscrepancyFilter(SearchFilterSet):
    """Filters for discrepancies."""

    search = search_filter("The reference of the case or the shipment, or how it begins: DC-2020.")
    status = ChoiceFilter(choices=Discrepancy.Status.choices)
    kind = ChoiceFilter(choices=Discrepancy.Kind.choices)
    city = CharFilter("city__slug")
    shipment = CharFilter("shipment__reference")
    supplier = CharFilter(
        "line__order_line__allocation__lead__supplier__reference",
        help_text="The company that the goods come from.",
    )


class DiscrepancyViewSet(CollectionViewSet):
    """Discrepancies of your cities. A goods receipt opens them; reversing the receipt discards them."""

    model = Discrepancy
    path = "discrepancies"
    list_serializer = DiscrepancyRowSerializer
    filterset_class = DiscrepancyFilter
    ordering_fields = {"created_at": "created_at"}
    move_actions = move_operations(
        RECORD_SENDER_ANSWER,
        MoveOperation(
            SETTLE,
            outcome=serializers.ChoiceField(Discrepancy.Outcome.choices),
            amount=serializers.DecimalField(
                max_digits=16,
                min_value=0,
                decimal_places=2,
                required=False,
                allow_null=True,
                help_text="What was credited.",
            ),
            currency=CurrencyField(required=False),
            lot_number=text_field(
                60, help_text="Of pieces too many: their lot. Empty: the lots they were counted with."
            ),
            expires_on=serializers.DateField(required=False, allow_null=True),
        ),
        discrepancies.DISCARD,
    )


class DestructionRowSerializer(RowSerializer):
    """Rejected pieces that were destroyed: of a rejected lot, or rejected at receiving.

    `words` states how, where and why.
    """

    shipment = NamedReferenceField()
    city = NamedReferenceField("slug")
    allocation = NamedReferenceField(source="line.order_line.allocation")
    lot = NamedReferenceField(allow_null=True)
    author = NamedReferenceField("name")
    confirmed_by = NamedReferenceField("name", allow_null=True)

    class Meta:
        model = Destruction
        fields = (
            *("id", "status", "shipment", "city", "allocation", "lot", "quantity", "destroyed_on", "words"),
            *("author", "confirmed_by", "confirmed_at", "created_at"),
        )


class DestructionFilter(SearchFilterSet):
    """Filters for destructions."""

    search = search_filter("The reference of the shipment, or how it begins: SH-2020.")
    status = ChoiceFilter(choices=Destruction.Status.choices)
    city = CharFilter("city__slug")
    shipment = CharFilter("shipment__reference")


class DestructionViewSet(CollectionViewSet):
    """Destructions of rejected goods of your cities.

    They are recorded with a shipment's `destroy` and confirmed by a second person.
    """

    model = Destruction
    path = "destructions"
    lookup_field = "id"
    list_serializer = DestructionRowSerializer
    filterset_class = DestructionFilter
    ordering_fields = {"destroyed_on": "destroyed_on"}
    move_actions = move_operations(CONFIRM_DESTRUCTION, rejected_goods.DISCARD_DESTRUCTION)


class GoodsReceiptLineRowSerializer(RowSerializer):
    """Counted pieces of one line. A line is named by its allocation."""

    allocation = NamedReferenceField(source="line.order_line.allocation")
    lot = NamedReferenceField(allow_null=True)

    class Meta:
        model = GoodsReceiptLine
        fields = ("allocation", "lot", "accepted", "rejected", "missing", "surplus", "reason")


class GoodsReceiptRowSerializer(RowSerializer):
    """Goods receipt in a list."""

    shipment = NamedReferenceField()
    city = NamedReferenceField("slug")
    by = NamedReferenceField("name")

    class Meta:
        model = GoodsReceipt
        fields = ("id", "status", "shipment", "city", "by", "received_at", "cartons", "remark", "created_at")


class GoodsReceiptDetailSerializer(GoodsReceiptRowSerializer):
    """Complete goods receipt, with its counted lines."""

    lines = GoodsReceiptLineRowSerializer(many=True)

    class Meta:
        model = GoodsReceipt
        fields = (*GoodsReceiptRowSerializer.Meta.fields, "lines")


def quantity_field(**kwargs: Any) -> serializers.IntegerField:
    """Return the field for an optional number of pieces."""
    return serializers.IntegerField(min_value=0, max_value=MAX_QUANTITY, required=False, **kwargs)


class CountBodySerializer(StrictSerializer):
    """Count of one line: accepted, rejected and missing pieces of those shipped; surplus separately."""

    allocation = serializers.CharField(max_length=20)
    accepted = quantity_field()
    rejected = quantity_field()
    missing = quantity_field()
    surplus = quantity_field()
    lot_number = text_field(60)
    expires_on = serializers.DateField(required=False, allow_null=True)
    reason = text_field(help_text="For each difference.")


class NewGoodsReceiptSerializer(CreateSerializer):
    """Goods receipt of a delivered shipment."""

    shipment = VisibleReferenceField(Shipment)
    counts = CountBodySerializer(many=True)
    cartons = quantity_field()
    more_to_come = serializers.BooleanField(
        required=False, help_text="Whether another counting of it follows."
    )

    class Meta:
        model = GoodsReceipt
        fields = ("shipment", "counts", "cartons", "remark", "more_to_come")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Find the counted lines in this shipment."""
        lines = attrs["shipment"].lines.select_related("order_line__allocation")
        known = {line.order_line.allocation.reference: line for line in lines}
        stranger = {"allocation": [_("This allocation is not in this shipment.")]}
        wrong = [{} if count["allocation"] in known else stranger for count in attrs["counts"]]
        if any(wrong):
            raise serializers.ValidationError({"counts": wrong})
        counts = [LotCount(line=known[count.pop("allocation")], **count) for count in attrs["counts"]]
        return {**attrs, "counts": counts}


class GoodsReceiptFilter(SearchFilterSet):
    """Filters for goods receipts."""

    search = search_filter("The shipment's reference, or how it begins: SH-2020.")
    status = ChoiceFilter(choices=GoodsReceipt.Status.choices)
    city = CharFilter("city__slug")
    shipment = CharFilter("shipment__reference")


class GoodsReceiptViewSet(CollectionViewSet):
    """Goods receipts of your cities."""

    model = GoodsReceipt
    path = "goods-receipts"
    lookup_field = "id"
    list_serializer = GoodsReceiptRowSerializer
    detail_serializer = GoodsReceiptDetailSerializer
    filterset_class = GoodsReceiptFilter
    ordering_fields = {"received_at": "received_at"}
    create_action = MoveOperation(
        RECORD_GOODS_RECEIPT,
        body=NewGoodsReceiptSerializer,
        says=dict.fromkeys(("lines", "line", "reason", "lot_number"), "counts"),
    )
    move_actions = move_operations(REVERSE)

    def detail_queryset(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Return the rows with their lines."""
        lines = GoodsReceiptLine.objects.select_related("line__order_line__allocation", "lot").order_by("pk")
        return super().detail_queryset(rows).prefetch_related(Prefetch("lines", lines))

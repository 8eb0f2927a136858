"""API collections lots and inspections."""

from typing import Any

from django.db.models import Prefetch, QuerySet
from django_filters import CharFilter, ChoiceFilter, DateFilter
from rest_framework import serializers

from procurement.quality.models import Inspection, Lot, MeasuredPoint, Verdict
from procurement.quality.rules import (
    INSPECT_LOT,
    OVERRIDE_INSPECTION,
    RECALL_LOT,
    REJECT_LOT,
    RELEASE_CONDITIONALLY,
    RELEASE_LOT,
    PointReading,
)
from procurement.requests.models import MAX_QUANTITY
from workflow.api.fast_serializers import NamedReferenceField, RowSerializer
from workflow.api.fields import VisiblePrimaryKeyField, VisibleReferenceField, reason_field, text_field
from workflow.api.filters import ReferenceFilterSet, SearchFilterSet, search_filter
from workflow.api.serializers import StrictSerializer
from workflow.api.viewsets import CollectionViewSet, MoveOperation, move_operations
from workflow.query_expressions import order_by_day
from workflow.uploads.models import File


class MeasuredPointRowSerializer(RowSerializer):
    """Point of the checklist, with the limit in force on the day of the inspection."""

    key = NamedReferenceField("key", source="point")

    class Meta:
        model = MeasuredPoint
        fields = ("key", "value", "seen", "outcome", "bound", "limit", "strict", "firm")


class InspectionRowSerializer(RowSerializer):
    """Inspection of a sample of a lot. Never changed."""

    lot = NamedReferenceField()
    by = NamedReferenceField("name")
    report = NamedReferenceField("id", allow_null=True)

    class Meta:
        model = Inspection
        fields = (
            "id",
            "lot",
            "by",
            "at",
            "level",
            "aql",
            "sampled",
            "defects",
            "acceptance_number",
            "verdict",
            "measured",
            "justification",
            "report",
            "covers",
        )


class InspectionDetailSerializer(InspectionRowSerializer):
    """Complete inspection, with the result of each point of its checklist."""

    points = MeasuredPointRowSerializer(many=True)

    class Meta:
        model = Inspection
        fields = (*InspectionRowSerializer.Meta.fields, "points")


class LotRowSerializer(RowSerializer):
    """Goods of one lot number. They are not used before the lot is released."""

    shipment = NamedReferenceField()
    city = NamedReferenceField("slug")
    allocation = NamedReferenceField(source="line.order_line.allocation")
    override_by = NamedReferenceField("name", allow_null=True)

    class Meta:
        model = Lot
        fields = (
            *("reference", "status", "shipment", "city", "allocation", "number", "expires_on"),
            *("quantity", "surplus", "verdict", "condition", "override_by", "override_reason"),
            *("released_at", "warned_at", "created_at"),
        )


class LotDetailSerializer(LotRowSerializer):
    """Complete lot, with its inspections."""

    inspections = InspectionDetailSerializer(many=True)

    class Meta:
        model = Lot
        fields = (*LotRowSerializer.Meta.fields, "inspections")


class PointReadingBodySerializer(StrictSerializer):
    """Result for one point of the checklist: a value in its unit, or for a point without unit whether it is met.

    The points are in `inspection-points`.
    """

    key = serializers.CharField(max_length=20)
    value = serializers.DecimalField(10, 3, min_value=0, required=False, allow_null=True)
    seen = serializers.BooleanField(required=False, allow_null=True)


class InspectionResultBodySerializer(StrictSerializer):
    """Results of the inspection of a sample."""

    sampled = serializers.IntegerField(
        min_value=1,
        max_value=MAX_QUANTITY,
        help_text="As many as the sampling plan draws; one or more to fail.",
    )
    defects = serializers.IntegerField(min_value=0, max_value=MAX_QUANTITY)
    verdict = serializers.ChoiceField(Verdict.choices)
    level = serializers.CharField(
        required=False, max_length=4, help_text="ISO 2859-1; II where nothing is said."
    )
    aql = serializers.DecimalField(
        5, 3, min_value=0, required=False, help_text="What is usual for the goods where nothing is said."
    )
    measured = text_field()
    readings = PointReadingBodySerializer(many=True, required=False)
    justification = text_field(
        help_text="Why it may pass, where something warns or a firm limit was not measured."
    )
    report = VisiblePrimaryKeyField(
        File,
        required=False,
        allow_null=True,
        help_text="The file of a laboratory's report: of the lot, its shipment or its offer.",
    )
    covers = serializers.ListField(
        child=serializers.CharField(max_length=20),
        required=False,
        max_length=60,
        help_text="The keys of the points that the report covers.",
    )

    def validate_readings(self, values: list[dict[str, Any]]) -> list[PointReading]:
        """Return the readings as the `PointReading` objects that the action takes."""
        return [PointReading(**one) for one in values]


class NewInspectionSerializer(InspectionResultBodySerializer):
    """Inspection of a lot."""

    lot = VisibleReferenceField(Lot)


class LotFilter(ReferenceFilterSet):
    """Filters for lots."""

    status = ChoiceFilter(choices=Lot.Status.choices)
    city = CharFilter("city__slug")
    shipment = CharFilter("shipment__reference")
    number = CharFilter()
    expires_before = DateFilter("expires_on", "lt")


class LotViewSet(CollectionViewSet):
    """Lots of your cities. They are in quarantine until a person releases them."""

    model = Lot
    path = "lots"
    list_serializer = LotRowSerializer
    detail_serializer = LotDetailSerializer
    filterset_class = LotFilter
    ordering_fields = {"expires_on": order_by_day("expires_on")}
    move_actions = move_operations(
        MoveOperation(INSPECT_LOT, body=InspectionResultBodySerializer),
        OVERRIDE_INSPECTION,
        RELEASE_LOT,
        MoveOperation(RELEASE_CONDITIONALLY, condition=reason_field("Such as for which use.")),
        REJECT_LOT,
        RECALL_LOT,
    )

    def detail_queryset(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Return the rows with their inspections, newest first."""
        looks = (
            Inspection.objects.select_related("lot", "by", "report")
            .prefetch_related(_measured_points_prefetch())
            .order_by("-pk")
        )
        return super().detail_queryset(rows).prefetch_related(Prefetch("inspections", looks))


def _measured_points_prefetch() -> Any:
    """Return the prefetch of measured points, in the order of the checklist."""
    rows = MeasuredPoint.objects.select_related("point").order_by("point__position", "point__code")
    return Prefetch("points", rows)


class InspectionFilter(SearchFilterSet):
    """Filters for inspections."""

    search = search_filter("The reference of the lot or of its shipment, or how it begins: LT-2020, SH-2020.")
    lot = CharFilter("lot__reference")
    shipment = CharFilter("lot__shipment__reference")
    verdict = ChoiceFilter(choices=Verdict.choices)


class InspectionViewSet(CollectionViewSet):
    """Inspections of the lots that you may see."""

    model = Inspection
    path = "inspections"
    lookup_field = "id"
    list_serializer = InspectionRowSerializer
    detail_serializer = InspectionDetailSerializer
    filterset_class = InspectionFilter
    ordering_fields = {"at": "at"}
    create_action = MoveOperation(INSPECT_LOT, body=NewInspectionSerializer)

    def detail_queryset(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Return the rows with their measured points."""
        return super().detail_queryset(rows).prefetch_related(_measured_points_prefetch())

"""API collection shipments: their contents, steps and transport details."""

from typing import Any

from django.db.models import Prefetch, QuerySet
from django_filters import BooleanFilter, CharFilter, ChoiceFilter, DateFilter
from rest_framework import serializers

from accounts.models import User
from partners.contacts.models import Contact
from partners.memberships.models import Membership
from procurement.catalogue.models.reference_rows import EndUserType
from procurement.logistics.actions.planning import LineQuantity, PackedCartons
from procurement.logistics.actions.split_and_merge import SplitPart
from procurement.logistics.rules.shipments import (
    ARRIVE,
    ASSIGN_BROKER,
    CANCEL,
    CLOSE,
    DELIVER,
    DEPART,
    EDIT,
    MERGE,
    PACK,
    PLAN,
    PLAN_RETURN,
    RECORD_RETURN,
    REROUTE,
    REVIEW_DOCUMENTS,
    SPLIT,
    WRITE_OFF,
)
from procurement.orders.models import OrderLine
from procurement.quality.models import Lot
from procurement.receiving.models import CartonReceipt, ReturnLine
from procurement.receiving.rules.cartons import MAX_PIECES_IN_CARTON, RECORD_CARTON, UNDO_CARTON
from procurement.receiving.rules.rejected_goods import RECORD_SHIPMENT_DESTRUCTION, RejectedPortion
from procurement.requests.models import MAX_QUANTITY
from procurement.shipments.models import Carton, Milestone, Shipment, ShipmentLine, Step
from procurement.shipments.rules import public_tracking_url
from procurement.tracking.api import MilestoneRowSerializer, ReportedEventBodySerializer
from procurement.tracking.rules import (
    ESTIMATE,
    FLAG_EVENT,
    RECORD_EVENT,
    SCHEDULE,
    SHARE,
    UNFLAG_EVENT,
    UNSHARE,
)
from workflow.api.fast_serializers import ComputedField, NamedReferenceField, RowSerializer
from workflow.api.fields import (
    ChildReferenceField,
    CreateSerializer,
    EditSerializer,
    FactsSerializer,
    VisiblePrimaryKeyField,
    VisibleReferenceField,
    reason_field,
    text_field,
)
from workflow.api.filters import SearchFilterSet
from workflow.api.serializers import StrictSerializer
from workflow.api.viewsets import CollectionViewSet, MoveOperation, move_operations
from workflow.query_expressions import order_by_day

TRANSPORT_FIELDS = (
    *("carrier", "voyage", "air_waybill", "bill_of_lading", "tracking_number", "containers"),
    *("seals", "gross_kg"),
    "expected_on",
)
LINE_REFERENCE_LOOKUP = "order_line__allocation__reference"  # a shipment line is named by its allocation
MAX_CARTONS = 100_000


class ShipmentLineRowSerializer(RowSerializer):
    """Pieces of one allocation in a shipment, with the results of receiving and inspection."""

    allocation = NamedReferenceField(source="order_line.allocation")

    class Meta:
        model = ShipmentLine
        fields = (
            *("allocation", "quantity", "accepted", "rejected", "missing"),
            *("surplus", "surplus_kept", "released"),
        )


class ReturnLineRowSerializer(RowSerializer):
    """Rejected pieces of one allocation that are sent back: of a rejected lot, or rejected at receiving."""

    allocation = NamedReferenceField(source="line.order_line.allocation")
    lot = NamedReferenceField(allow_null=True)

    class Meta:
        model = ReturnLine
        fields = ("allocation", "lot", "quantity")


def public_tracking_page_url(shared: Any, code: str) -> str:
    """Return the address of the public tracking page; "" while the page is closed."""
    return public_tracking_url(code) if shared else ""


class ShipmentRowSerializer(RowSerializer):
    """Shipment in a list."""

    city = NamedReferenceField("slug")

    class Meta:
        model = Shipment
        fields = (
            *("reference", "status", "city", "mode", "carrier", "voyage", "air_waybill", "origin"),
            *("destination", "expected_on", "departed_at", "arrived_at", "delivered_at"),
            *("documents_missing", "held", "alerts", "created_at"),
        )


class ShipmentDetailSerializer(ShipmentRowSerializer):
    """Complete shipment, with its lines and steps.

    Its customs records are in customs-clearances, customs-documents and customs-holds.
    """

    contact = serializers.IntegerField(source="contact_id", allow_null=True)
    broker = NamedReferenceField("name", allow_null=True)
    received_by = NamedReferenceField("name", allow_null=True)
    returned_from = NamedReferenceField(allow_null=True)
    public_url = ComputedField("shared", "public_code", by=public_tracking_page_url)
    lines = ShipmentLineRowSerializer(many=True)
    return_lines = ReturnLineRowSerializer(many=True)
    milestones = MilestoneRowSerializer(many=True)
    clearances = NamedReferenceField(many=True)

    class Meta:
        model = Shipment
        fields = (
            *ShipmentRowSerializer.Meta.fields,
            *("via", "consignee", "contact", "broker", "bill_of_lading", "tracking_number", "containers"),
            *("seals", "cartons_count", "gross_kg", "handed_over_at", "received_by", "returned_from"),
            *("public_url", "lines", "return_lines", "milestones", "clearances"),
        )


class LineQuantityBodySerializer(FactsSerializer):
    """Number of ordered pieces of one allocation."""

    allocation = VisibleReferenceField(OrderLine, "allocation__reference", source="order_line")
    quantity = serializers.IntegerField(min_value=1, max_value=MAX_QUANTITY)

    class Meta:
        makes = LineQuantity


class PackedCartonsBodySerializer(FactsSerializer):
    """Number of equal boxes of one line and lot, with the pieces in each."""

    allocation = ChildReferenceField(ShipmentLine, "lines", LINE_REFERENCE_LOOKUP, source="shipment_line")
    pieces = serializers.IntegerField(source="pieces_per_carton", min_value=1, max_value=MAX_QUANTITY)
    count = serializers.IntegerField(
        source="carton_count", min_value=1, max_value=MAX_CARTONS, required=False
    )
    lot_number = text_field(60)

    class Meta:
        makes = PackedCartons


class RejectedPiecesBodySerializer(FactsSerializer):
    """Number of rejected pieces of one line: of a rejected lot, or rejected at receiving."""

    allocation = ChildReferenceField(ShipmentLine, "lines", LINE_REFERENCE_LOOKUP, source="line")
    lot = ChildReferenceField(Lot, "lots", "reference", required=False, allow_null=True)
    quantity = serializers.IntegerField(min_value=1, max_value=MAX_QUANTITY)

    class Meta:
        makes = RejectedPortion


class SplitPartBodySerializer(FactsSerializer):
    """Number of pieces of one line for a shipment of their own."""

    allocation = ChildReferenceField(ShipmentLine, "lines", LINE_REFERENCE_LOOKUP, source="shipment_line")
    quantity = serializers.IntegerField(min_value=1, max_value=MAX_QUANTITY)

    class Meta:
        makes = SplitPart


class CartonStateBodySerializer(StrictSerializer):
    """State and contents of one carton."""

    carton = ChildReferenceField(Carton, "cartons", "reference")
    state = serializers.ChoiceField(CartonReceipt.State.choices)
    pieces = serializers.IntegerField(min_value=0, max_value=MAX_PIECES_IN_CARTON, required=False)
    unusable = serializers.IntegerField(
        min_value=0, max_value=MAX_PIECES_IN_CARTON, required=False, help_text="Of the pieces inside."
    )
    lot_number = text_field(60)
    expires_on = serializers.DateField(required=False, allow_null=True)
    remark = text_field(300)


def waybill_field() -> serializers.CharField:
    """Return the field for an air waybill. Hyphens and spaces are allowed; eleven digits are stored."""
    return text_field(20, "Eleven digits; a hyphen and spaces are allowed.")


def containers_field() -> serializers.ListField:
    """Return the field for container numbers.

    Spaces and hyphens are allowed; eleven characters are stored.
    """
    number = serializers.CharField(max_length=20)
    values = "ISO 6346: four letters and seven digits; spaces and a hyphen are allowed."
    return serializers.ListField(child=number, required=False, help_text=values)


def tracking_event_id_field() -> serializers.IntegerField:
    """Return the field for the id of a tracking event."""
    return serializers.IntegerField(min_value=1, max_value=2**62, help_text="The `id` of the tracking event.")


def place_field(way: str, **kwargs: Any) -> serializers.CharField:
    """Return the field for a place by UN/LOCODE, with or without a space."""
    return serializers.CharField(max_length=10, help_text=f"{way} where: UN/LOCODE, such as CNCAN.", **kwargs)


def ports_field() -> serializers.ListField:
    """Return the field for the ports on the way, in their order. If left out, they do not change."""
    values = "By way of which ports, in their order: UN/LOCODE."
    return serializers.ListField(
        child=serializers.CharField(max_length=10), required=False, max_length=8, help_text=values
    )


def planned_times_field(**kwargs: Any) -> serializers.DictField:
    """Return the field for the planned moments of steps."""
    moment = serializers.DateTimeField(allow_null=True)
    values = "Moments by step, in the order of the steps; null where nothing is planned."
    return serializers.DictField(child=moment, help_text=values, **kwargs)


class NewShipmentSerializer(CreateSerializer):
    """Shipment to plan: its goods, mode of transport, origin and destination."""

    origin = place_field("From")
    destination = place_field("To")
    air_waybill = waybill_field()
    containers = containers_field()
    loads = LineQuantityBodySerializer(many=True)
    contact = VisiblePrimaryKeyField(Contact, required=False, allow_null=True)
    planned = planned_times_field(required=False)
    consignee = serializers.ChoiceField(EndUserType.choices, required=False)
    as_of = serializers.DateField(
        required=False, help_text="The day whose customs rules hold; today where nothing is said."
    )

    class Meta:
        model = Shipment
        fields = (
            "loads",
            "mode",
            "origin",
            "destination",
            "consignee",
            "contact",
            "planned",
            "as_of",
            *TRANSPORT_FIELDS,
        )


class ShipmentEditSerializer(EditSerializer):
    """Transport details of a shipment to change."""

    air_waybill = waybill_field()
    containers = containers_field()

    class Meta:
        model = Shipment
        fields = TRANSPORT_FIELDS


class BrokerField(VisibleReferenceField):
    """Field for a customs broker of one of the caller's cities, given by e-mail address."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(User, "email", help_text="The broker's e-mail address.", **kwargs)

    def get_queryset(self) -> QuerySet[User]:
        """Return the brokers of the cities whose records the caller sees."""
        held = Membership.objects.active().filter(
            role=Membership.Role.BROKER, city__in=self.context["by"].visible_cities
        )
        return User.objects.filter(pk__in=held.values("user"))


class ShipmentFilter(SearchFilterSet):
    """Filters for shipments."""

    status = ChoiceFilter(choices=Shipment.Status.choices)
    city = CharFilter("city__slug")
    mode = ChoiceFilter(choices=Shipment.Mode.choices)
    held = BooleanFilter()
    expected_before = DateFilter("expected_on", "lte", help_text="That day included.")
    order = CharFilter(method="filter_by_order", help_text="The order that something in it was ordered with.")
    supply_request = CharFilter(method="filter_by_need", help_text="The need that something in it is for.")
    returned_from = CharFilter(
        "returned_from__reference", help_text="The shipment whose refused goods it takes back."
    )
    supplier = CharFilter(
        method="filter_by_supplier", help_text="The company that something in it comes from."
    )

    def filter_by_alert(self, rows: QuerySet[Any], name: str, code: str) -> QuerySet[Any]:
        """Return the shipments with this alert."""
        return rows.filter(risk__gt=0, alerts__contains=[code])

    def filter_by_order(self, rows: QuerySet[Any], name: str, reference: str) -> QuerySet[Any]:
        """Return the shipments with goods of an order."""
        return _with_lines(rows, order__reference=reference)

    def filter_by_need(self, rows: QuerySet[Any], name: str, reference: str) -> QuerySet[Any]:
        """Return the shipments with goods for a need."""
        return _with_lines(rows, allocation__line__supply_request__reference=reference)

    def filter_by_supplier(self, rows: QuerySet[Any], name: str, reference: str) -> QuerySet[Any]:
        """Return the shipments with goods of a company."""
        return _with_lines(rows, order__supplier__reference=reference)


def _with_lines(rows: QuerySet[Any], **facts: str) -> QuerySet[Any]:
    ordered = OrderLine.objects.filter(**facts)
    return rows.filter(pk__in=ShipmentLine.objects.filter(order_line__in=ordered).values("shipment"))


class ShipmentViewSet(CollectionViewSet):
    """Shipments to your cities, those given to you as a broker, and those you helped with as a contact."""

    model = Shipment
    path = "shipments"
    list_serializer = ShipmentRowSerializer
    detail_serializer = ShipmentDetailSerializer
    filterset_class = ShipmentFilter
    ordering_fields = {"expected_on": order_by_day("expected_on")}
    private_fields = frozenset({"returned_from"})
    create_action = MoveOperation(PLAN, body=NewShipmentSerializer, says={"lines": "loads"})
    move_actions = move_operations(
        MoveOperation(EDIT, body=ShipmentEditSerializer),
        MoveOperation(ASSIGN_BROKER, broker=BrokerField()),
        MoveOperation(SCHEDULE, planned=planned_times_field()),
        REVIEW_DOCUMENTS,
        MoveOperation(PACK, cartons=PackedCartonsBodySerializer(many=True)),
        DEPART,
        ARRIVE,
        DELIVER,
        MoveOperation(ESTIMATE, step=serializers.ChoiceField(Step.choices), reported_by=text_field(100)),
        MoveOperation(RECORD_EVENT, body=ReportedEventBodySerializer),
        RECORD_RETURN,
        MoveOperation(
            REROUTE,
            destination=place_field("To"),
            via=ports_field(),
            planned=planned_times_field(required=False),
        ),
        MoveOperation(
            PLAN_RETURN,
            parts=RejectedPiecesBodySerializer(many=True),
            mode=serializers.ChoiceField(Shipment.Mode.choices),
            origin=place_field("From", required=False),
            destination=place_field("To", required=False),
            carrier=text_field(100),
            tracking_number=text_field(40),
            cartons=serializers.IntegerField(min_value=0, max_value=MAX_CARTONS, required=False),
            planned=planned_times_field(required=False),
        ),
        MoveOperation(
            RECORD_SHIPMENT_DESTRUCTION,
            line=ChildReferenceField(ShipmentLine, "lines", LINE_REFERENCE_LOOKUP),
            lot=ChildReferenceField(Lot, "lots", "reference", required=False, allow_null=True),
            quantity=serializers.IntegerField(min_value=1, max_value=MAX_QUANTITY),
            reason=reason_field("How, where and why."),
        ),
        SHARE,
        UNSHARE,
        MoveOperation(SPLIT, parts=SplitPartBodySerializer(many=True)),
        MoveOperation(MERGE, other=VisibleReferenceField(Shipment)),
        MoveOperation(FLAG_EVENT, event=tracking_event_id_field()),
        MoveOperation(UNFLAG_EVENT, event=tracking_event_id_field()),
        MoveOperation(RECORD_CARTON, body=CartonStateBodySerializer),
        MoveOperation(UNDO_CARTON, carton=ChildReferenceField(Carton, "cartons", "reference")),
        CLOSE,
        CANCEL,
        WRITE_OFF,
    )

    def detail_queryset(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Return the rows with their lines, steps and clearances."""
        lines = ShipmentLine.objects.select_related("order_line__allocation").order_by("pk")
        back = ReturnLine.objects.select_related("line__order_line__allocation", "lot").order_by("pk")
        steps = Milestone.objects.select_related("shipment").order_by("position")
        return (
            super()
            .detail_queryset(rows)
            .prefetch_related(
                Prefetch("lines", lines),
                Prefetch("return_lines", back),
                Prefetch("milestones", steps),
                "clearances",
            )
        )

"""API collections milestones, tracking-events and tracking-batches: steps and events of shipments."""

from typing import Any, cast

from django.db.models import Prefetch, QuerySet
from django_filters import CharFilter, ChoiceFilter
from rest_framework import serializers

from procurement.requests.models import MAX_QUANTITY
from procurement.shipments.models import EventTimeClassifier, Milestone, MilestoneChange, Shipment, Step
from procurement.tracking.actions.events import TrackingUpdate, record_event_batch
from procurement.tracking.models import TrackingBatch, TrackingEvent
from procurement.tracking.rules import RECORD_EVENT
from workflow.api.fast_serializers import NamedReferenceField, RowSerializer
from workflow.api.fields import CreateSerializer, FactsSerializer, VisibleReferenceField, text_field
from workflow.api.filters import SearchFilterSet, search_filter
from workflow.api.serializers import StrictSerializer
from workflow.api.viewsets import CollectionViewSet, MoveOperation
from workflow.query_expressions import order_by_moment

MAX_EVENTS = 1_000  # in one request body


class MilestoneChangeRowSerializer(RowSerializer):
    """Day that was named for a step, for its plan ("PLN") or as an estimate ("EST"), and by whom.

    `event` is the tracking event that named the day, if any. `reported_by` is empty for the first plan. If
    `wrong_at` is set, the event was marked as wrong and the day no longer counts.
    """

    event = serializers.IntegerField(source="event_id", allow_null=True)
    wrong_at = serializers.DateTimeField(source="event.wrong_at", allow_null=True)

    class Meta:
        model = MilestoneChange
        fields = ("kind", "expected_at", "reported_by", "reported_at", "event", "wrong_at")


class MilestoneRowSerializer(RowSerializer):
    """Step of a shipment with its planned, estimated and actual moments."""

    shipment = NamedReferenceField()

    class Meta:
        model = Milestone
        fields = (
            *("id", "shipment", "step", "position", "place", "timezone", "planned_at"),
            *("estimated_at", "estimated_by"),
            "actual_at",
        )


class MilestoneDetailSerializer(MilestoneRowSerializer):
    """Complete step, with every day that was named for it, oldest first."""

    changes = MilestoneChangeRowSerializer(many=True)

    class Meta:
        model = Milestone
        fields = (*MilestoneRowSerializer.Meta.fields, "changes")


class MilestoneFilter(SearchFilterSet):
    """Filters for steps."""

    search = search_filter(
        "How the step's code begins (export_cleared); else the shipment's reference, or how it begins: "
        "SH-2020."
    )
    shipment = CharFilter("shipment__reference")
    step = ChoiceFilter(choices=Step.choices)


class MilestoneViewSet(CollectionViewSet):
    """Steps of the shipments that you may see.

    An expected moment is set with a shipment's `estimate`. A step that happened is recorded with its
    move; `picked_up` has no move and is reported as a tracking event.
    """

    model = Milestone
    path = "milestones"
    lookup_field = "id"
    list_serializer = MilestoneRowSerializer
    detail_serializer = MilestoneDetailSerializer
    filterset_class = MilestoneFilter
    ordering_fields = {"planned_at": order_by_moment("planned_at"), "actual_at": order_by_moment("actual_at")}

    def detail_queryset(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Return the rows with the days that were named."""
        changes = MilestoneChange.objects.select_related("event").order_by("pk")
        return super().detail_queryset(rows).prefetch_related(Prefetch("changes", changes))


class ReportedEventBodySerializer(CreateSerializer):
    """Tracking event as received. Sending it again changes nothing.

    In the site's own code system, steps that have a move (`ready`, `export_cleared`, `departed`, `arrived`,
    `import_cleared`, `delivered`, `inspected`) are refused if reported as a fact: make the move instead.
    """

    pieces = serializers.IntegerField(min_value=0, max_value=MAX_QUANTITY, required=False, allow_null=True)
    external_id = text_field(100, "The sender's own id of the event.")

    class Meta:
        model = TrackingEvent
        fields = (
            *("code_system", "code", "classifier", "occurred_at", "place", "pieces"),
            *("source", "external_id", "remark"),
        )


class NewTrackingEventSerializer(ReportedEventBodySerializer):
    """Tracking event of a shipment."""

    shipment = VisibleReferenceField(Shipment)

    class Meta:
        model = TrackingEvent
        fields = ("shipment", *ReportedEventBodySerializer.Meta.fields)


class TrackingEventRowSerializer(RowSerializer):
    """Tracking event as received.

    `step` is the meaning of its code here. `about` is the step of a moment that is only planned,
    estimated or requested. `times` is how often the same event was received.
    """

    shipment = NamedReferenceField()
    wrong_by = NamedReferenceField("name", allow_null=True)

    class Meta:
        model = TrackingEvent
        fields = (
            *(
                "id",
                "shipment",
                "code_system",
                "code",
                "classifier",
                "step",
                "about",
                "place",
                "pieces",
                "occurred_at",
            ),
            *("recorded_at", "source", "external_id", "remark", "times", "last_reported_at"),
            *("wrong_at", "wrong_by", "wrong_why"),
        )


class TrackingEventFilter(SearchFilterSet):
    """Filters for tracking events."""

    search = search_filter(
        "The shipment's reference, or how it begins (SH-2020); else words in code, place or remark, as "
        "they are written."
    )
    shipment = CharFilter("shipment__reference")
    code_system = ChoiceFilter(choices=TrackingEvent.CodeSystem.choices)
    step = ChoiceFilter(choices=Step.choices)


class TrackingEventViewSet(CollectionViewSet):
    """Tracking events from people, other systems, files and brokers.

    Repeated and late events change nothing twice. No event moves the shipment, or records a step that
    has a move. An event marked as wrong stays stored and does not count. Of DCSA's classifiers, "ACT"
    (the default) is a fact; "PLN" and "EST" set when a step is planned and expected, with a change; "REQ"
    is only stored.
    """

    model = TrackingEvent
    path = "tracking-events"
    lookup_field = "id"
    list_serializer = TrackingEventRowSerializer
    filterset_class = TrackingEventFilter
    ordering_fields = {"occurred_at": "occurred_at"}
    create_action = MoveOperation(RECORD_EVENT, body=NewTrackingEventSerializer)


class CachedShipmentField(VisibleReferenceField):
    """Field for a shipment that is looked up once, however many events of a body name it."""

    def to_internal_value(self, data: Any) -> Any:
        """Return the shipment."""
        known = cast("dict[str, Any]", self.context).setdefault("shipments", {})
        if not isinstance(data, str):
            return super().to_internal_value(data)
        if data not in known:
            known[data] = super().to_internal_value(data)
        return known[data]


class TrackingEventBodySerializer(FactsSerializer):
    """Tracking event in a batch, as received."""

    shipment = CachedShipmentField(Shipment)
    code = serializers.CharField(max_length=20)
    occurred_at = serializers.DateTimeField()
    code_system = serializers.ChoiceField(TrackingEvent.CodeSystem.choices, required=False)
    classifier = serializers.ChoiceField(EventTimeClassifier.choices, required=False)
    source = text_field(60, "Who reported it. Ids are unique within a source.")  # type: ignore[assignment]  # a field named as one of DRF's own
    external_id = text_field(100, "The sender's own id of the event.")
    place = text_field(100, "Where: UN/LOCODE, or an airport's three letters.")
    pieces = serializers.IntegerField(min_value=0, max_value=MAX_QUANTITY, required=False, allow_null=True)
    remark = text_field()

    class Meta:
        makes = TrackingUpdate


class NewTrackingBatchSerializer(StrictSerializer):
    """Tracking events of any number of shipments. Either all are stored, or none."""

    events = TrackingEventBodySerializer(many=True, allow_empty=False, max_length=MAX_EVENTS)  # type: ignore[call-arg]  # of the list
    source = text_field(60, "Who sent them, where an event says nothing else.")  # type: ignore[assignment]  # a field named as one of DRF's own


class TrackingBatchRowSerializer(RowSerializer):
    """Batch of tracking events: how many were new, repeated, or in unknown codes."""

    class Meta:
        model = TrackingBatch
        fields = ("id", "source", "file_name", "recorded_at", "events", "fresh", "repeated", "unknown")


class TrackingBatchFilter(SearchFilterSet):
    """Filters for your own batches."""

    search = search_filter("How the name of the sender begins.")


class TrackingBatchViewSet(CollectionViewSet):
    """Batches of tracking events.

    The same event again (by its source and its sender's id) is counted and changes nothing twice.
    """

    model = TrackingBatch
    path = "tracking-batches"
    lookup_field = "id"
    list_serializer = TrackingBatchRowSerializer
    filterset_class = TrackingBatchFilter
    ordering_fields = {"recorded_at": "recorded_at"}
    create_action = MoveOperation(action=record_event_batch, body=NewTrackingBatchSerializer)

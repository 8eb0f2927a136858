"""milestones, tracking-events, tracking-batches: the steps of a shipment, and what was heard of it."""

from typing import Any, cast

from django.db.models import Prefetch, QuerySet
from django_filters import CharFilter, ChoiceFilter
from rest_framework import serializers

from procurement.requests.models import MOST
from procurement.shipments.actions.tracking import hearing
from procurement.shipments.actions.tracking.batches import Heard, hear_many
from procurement.shipments.models.shipment import Shipment
from procurement.shipments.models.tracking import Batch, Classifier, Milestone, Slip, Step, TrackingEvent
from workflow.doors.api.collections import Collection, Verb
from workflow.doors.api.fields import Facts, New, Ref, words
from workflow.doors.api.filters import Searched, search_in
from workflow.doors.api.reading import Named, Row
from workflow.doors.api.strict import Strict
from workflow.queries import by_moment

MOST_EVENTS = 1_000  # in one body


class SlipRow(Row):
    """A day that was named for a step: for its plan (`PLN`) or as an estimate (`EST`), by whom and when, with the tracking event it
    came with, if any. `said_by` is empty for the first plan; `wrong_at` says that the event was marked as wrong: it counts no more.
    """

    event = serializers.IntegerField(source="event_id", allow_null=True)
    wrong_at = serializers.DateTimeField(source="event.wrong_at", allow_null=True)

    class Meta:
        model = Slip
        fields = ("kind", "expected_at", "said_by", "said_at", "event", "wrong_at")


class MilestoneRow(Row):
    """A step as planned, as expected (by whom), and as it was."""

    shipment = Named()

    class Meta:
        model = Milestone
        fields = (
            *("id", "shipment", "step", "position", "place", "timezone", "planned_at"),
            *("estimated_at", "estimated_by"),
            "actual_at",
        )


class MilestoneDetail(MilestoneRow):
    """A step, whole: with every day that was named for it, the first one first."""

    slips = SlipRow(many=True)

    class Meta:
        model = Milestone
        fields = (*MilestoneRow.Meta.fields, "slips")


class MilestoneFilter(Searched):
    """Which steps."""

    search = search_in(
        "How the step's code begins (export_cleared); else the shipment's reference, or how it begins: SH-2020."
    )
    shipment = CharFilter("shipment__reference")
    step = ChoiceFilter(choices=Step.choices)


class Milestones(Collection):
    """The steps of the shipments one sees. What is expected is said with a shipment's `estimate`; that a step happened is noted
    with its move, and `picked_up`, which has none, is heard.
    """

    model = Milestone
    path = "milestones"
    key = "id"
    row = MilestoneRow
    whole = MilestoneDetail
    filterset_class = MilestoneFilter
    orders = {"planned_at": by_moment("planned_at"), "actual_at": by_moment("actual_at")}

    def for_detail(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """With the days that were named."""
        slips = Slip.objects.select_related("event").order_by("pk")
        return super().for_detail(rows).prefetch_related(Prefetch("slips", slips))


class HeardBody(New):
    """Something heard, as it came. Sent again, it changes nothing. Of our own codes, those of steps with a move of their own
    (`ready`, `export_cleared`, `departed`, `arrived`, `import_cleared`, `delivered`, `inspected`) are refused: make the move.
    """

    pieces = serializers.IntegerField(min_value=0, max_value=MOST, required=False, allow_null=True)
    external_id = words(100, "The sender's own id of the event.")

    class Meta:
        model = TrackingEvent
        fields = (
            *("code_system", "code", "classifier", "occurred_at", "place", "pieces"),
            *("source", "external_id", "remark"),
        )


class NewTrackingEvent(HeardBody):
    """Something heard of a shipment."""

    shipment = Ref(Shipment)

    class Meta:
        model = TrackingEvent
        fields = ("shipment", *HeardBody.Meta.fields)


class TrackingEventRow(Row):
    """Something heard of a shipment, as it came; `step` is what its code means here, `about` the step whose moment is only planned,
    estimated or asked for; `times` is how often the same was heard.
    """

    shipment = Named()
    wrong_by = Named("name", allow_null=True)

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
            *("recorded_at", "source", "external_id", "remark", "times", "last_heard_at"),
            *("wrong_at", "wrong_by", "wrong_why"),
        )


class TrackingEventFilter(Searched):
    """Which events."""

    search = search_in(
        "The shipment's reference, or how it begins (SH-2020); else words in code, place or remark, as they are written."
    )
    shipment = CharFilter("shipment__reference")
    code_system = ChoiceFilter(choices=TrackingEvent.CodeSystem.choices)
    step = ChoiceFilter(choices=Step.choices)


class TrackingEvents(Collection):
    """What was heard: from a person, another system, a file or a broker. Repeated and late events change nothing twice; none moves
    the shipment or says that a step with a move of its own has happened. One that was marked as wrong stays, and counts for nothing.
    DCSA's classifiers: `ACT` (where nothing is said) happened; `PLN` and `EST` set when a step is planned and expected, with a slip;
    `REQ` is kept and changes nothing.
    """

    model = TrackingEvent
    path = "tracking-events"
    key = "id"
    row = TrackingEventRow
    filterset_class = TrackingEventFilter
    orders = {"occurred_at": "occurred_at"}
    begin = Verb(hearing.hear, body=NewTrackingEvent)


class OneOfMany(Ref):
    """A shipment, looked up once however many events of a body name it."""

    def to_internal_value(self, data: Any) -> Any:
        """The shipment."""
        known = cast("dict[str, Any]", self.context).setdefault("shipments", {})
        if not isinstance(data, str):
            return super().to_internal_value(data)
        if data not in known:
            known[data] = super().to_internal_value(data)
        return known[data]


class EventBody(Facts):
    """One of many events, as it came."""

    shipment = OneOfMany(Shipment)
    code = serializers.CharField(max_length=20)
    occurred_at = serializers.DateTimeField()
    code_system = serializers.ChoiceField(TrackingEvent.CodeSystem.choices, required=False)
    classifier = serializers.ChoiceField(Classifier.choices, required=False)
    source = words(60, "Who told it; ids are one sender's own.")  # type: ignore[assignment]  # a field named as one of DRF's own
    external_id = words(100, "The sender's own id of the event.")
    place = words(100, "Where: UN/LOCODE, or an airport's three letters.")
    pieces = serializers.IntegerField(min_value=0, max_value=MOST, required=False, allow_null=True)
    remark = words()

    class Meta:
        makes = Heard


class NewBatch(Strict):
    """Many events of any number of shipments: kept all together, or none of them."""

    events = EventBody(many=True, allow_empty=False, max_length=MOST_EVENTS)  # type: ignore[call-arg]  # of the list
    source = words(60, "Who sent them, where an event says nothing else.")  # type: ignore[assignment]  # the same


class BatchRow(Row):
    """What became of many events that came together: how many were new, heard before, or in codes that nobody here knows."""

    class Meta:
        model = Batch
        fields = ("id", "source", "file_name", "recorded_at", "events", "fresh", "repeated", "unknown")


class BatchFilter(Searched):
    """Which of one's own batches."""

    search = search_in("How the name of the sender begins.")


class Batches(Collection):
    """Many tracking events in one go. The same event again (by its source and its sender's id) is counted and changes nothing twice."""

    model = Batch
    path = "tracking-batches"
    key = "id"
    row = BatchRow
    filterset_class = BatchFilter
    orders = {"recorded_at": "recorded_at"}
    begin = Verb(hear_many, body=NewBatch)

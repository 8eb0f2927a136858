"""milestones, tracking-events: the steps of a shipment, and what was heard of it."""

from django_filters import CharFilter, ChoiceFilter
from rest_framework import serializers

from procurement.requests.models import MOST
from procurement.shipments import actions
from procurement.shipments.models import Milestone, Shipment, Step, TrackingEvent
from workflow.doors.api.collections import Collection, Verb
from workflow.doors.api.fields import New, Ref, words
from workflow.doors.api.filters import Searched, search_in
from workflow.doors.api.reading import Named, Row
from workflow.queries import by_moment


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
    filterset_class = MilestoneFilter
    orders = {"planned_at": by_moment("planned_at"), "actual_at": by_moment("actual_at")}


class HeardBody(New):
    """Something heard, as it came. Sent again, it changes nothing. Of our own codes, those of steps with a move of their own
    (`ready`, `export_cleared`, `departed`, `arrived`, `import_cleared`, `delivered`, `inspected`) are refused: make the move.
    """

    pieces = serializers.IntegerField(min_value=0, max_value=MOST, required=False, allow_null=True)
    external_id = words(100, "The sender's own id of the event.")

    class Meta:
        model = TrackingEvent
        fields = ("code_system", "code", "occurred_at", "place", "pieces", "external_id", "remark")


class NewTrackingEvent(HeardBody):
    """Something heard of a shipment."""

    shipment = Ref(Shipment)

    class Meta:
        model = TrackingEvent
        fields = ("shipment", *HeardBody.Meta.fields)


class TrackingEventRow(Row):
    """Something heard of a shipment, as it came; `step` is what its code means here."""

    shipment = Named()

    class Meta:
        model = TrackingEvent
        fields = (
            *("id", "shipment", "code_system", "code", "step", "place", "pieces", "occurred_at"),
            *("recorded_at", "external_id", "remark"),
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
    the shipment or says that a step with a move of its own has happened.
    """

    model = TrackingEvent
    path = "tracking-events"
    key = "id"
    row = TrackingEventRow
    filterset_class = TrackingEventFilter
    orders = {"occurred_at": "occurred_at"}
    begin = Verb(actions.hear, body=NewTrackingEvent)

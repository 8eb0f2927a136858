"""customs-lanes, declarations, customs-papers, customs-holds: two customs, what they ask for, and how long they keep the goods."""

from typing import Any

from django_filters import BooleanFilter, CharFilter, ChoiceFilter
from rest_framework import serializers

from partners.api.fields import Country, Currency
from procurement.catalogue.models.customs import CustomsRule
from procurement.shipments.actions import customs
from procurement.shipments.actions.customs import (
    DeclaredLine,
    accept_paper,
    answer_hold,
    begin_paper,
    end_hold,
    file_lane,
    file_paper,
    new_version,
    place_hold,
    query_paper,
    ready_paper,
    refuse_paper,
    release_lane,
)
from procurement.shipments.models.customs import CustomsHold, CustomsLane, CustomsPaper, Declaration
from procurement.shipments.rules.customs import may_clear
from workflow.doors.api.collections import Collection, Verb
from workflow.doors.api.fields import Facts, New, Ref, moment_or_now, reason, words
from workflow.doors.api.filters import Quoted, Searched, search_in
from workflow.doors.api.reading import DECIMAL, Named, Row
from workflow.queries import by_moment


class CustomsLaneRow(Row):
    """One customs of one shipment."""

    shipment = Named()
    city = Named("slug")
    broker = Named("name", allow_null=True)

    class Meta:
        model = CustomsLane
        fields = (
            *("reference", "status", "shipment", "city", "broker", "side", "country", "office"),
            *("filed_at", "released_at", "holds_open", "created_at"),
        )


class DeclaredLineBody(Facts):
    """One line of a declaration."""

    hs_code = serializers.CharField(max_length=10, help_text="Ten digits.")
    origin = Country(help_text="Country of origin.")
    value = serializers.DecimalField(18, 2, min_value=0, help_text="The true value, of a gift too.")
    currency = Currency()
    relief = words(60, "The code of a relief that is claimed.")

    class Meta:
        makes = DeclaredLine


class DeclareBody(New):
    """What was declared."""

    lines = DeclaredLineBody(many=True, required=False)

    class Meta:
        model = Declaration
        fields = ("number", "office", "broker_reference", "lines")


class NewDeclaration(DeclareBody):
    """A declaration of a lane."""

    lane = Ref(CustomsLane)

    class Meta:
        model = Declaration
        fields = ("lane", *DeclareBody.Meta.fields)


OF_LINES = dict.fromkeys(("hs_code", "origin", "value", "currency", "relief"), "lines")
HOLD: dict[str, Any] = {
    "reason": reason("What customs gave as the reason."),
    "question": words(help_text="What it asks."),
    "started_at": moment_or_now(),
}


class CustomsLaneFilter(Quoted):
    """Which lanes."""

    status = ChoiceFilter(choices=CustomsLane.Status.choices)
    side = ChoiceFilter(choices=CustomsRule.Side.choices)
    city = CharFilter("city__slug")
    shipment = CharFilter("shipment__reference")


class CustomsLanes(Collection):
    """The two customs of each shipment of one's city, or given to one as a broker."""

    model = CustomsLane
    path = "customs-lanes"
    row = CustomsLaneRow
    filterset_class = CustomsLaneFilter
    orders = {"filed_at": by_moment("filed_at")}
    verbs = {
        "file": Verb(file_lane, office=words(100), filed_at=moment_or_now()),
        "declare": Verb(customs.declare, body=DeclareBody, says=OF_LINES),
        "release": Verb(release_lane, released_at=moment_or_now()),
        "hold": Verb(place_hold, who=may_clear, **HOLD),
    }


DECLARED = {
    "type": "object",
    "required": ["hs_code", "origin", "value", "currency", "relief"],
    "properties": {
        **{key: {"type": "string"} for key in ("hs_code", "origin", "currency", "relief")},
        "value": DECIMAL,
    },
}


class DeclarationRow(Row):
    """What was declared to customs on a lane."""

    lane = Named()
    shapes = {"lines": {"type": "array", "items": DECLARED}}

    class Meta:
        model = Declaration
        fields = ("id", "lane", "number", "office", "filed_at", "broker_reference", "lines")


class DeclarationFilter(Searched):
    """Which declarations."""

    search = search_in(
        "The lane's reference, or how it begins (CL-2020); else the declaration's number, or the broker's."
    )
    lane = CharFilter("lane__reference")
    shipment = CharFilter("lane__shipment__reference")


class Declarations(Collection):
    """Declarations of the lanes one sees. None is changed: another one is added."""

    model = Declaration
    path = "declarations"
    key = "id"
    row = DeclarationRow
    filterset_class = DeclarationFilter
    orders = {"filed_at": "filed_at"}
    begin = Verb(customs.declare, body=NewDeclaration, says=OF_LINES)


class CustomsPaperRow(Row):
    """A paper a lane needs, by the rule that asked for it: who owes it, before which step, and whether it blocks."""

    lane = Named()
    shipment = Named()
    supplier = Named(allow_null=True)

    class Meta:
        model = CustomsPaper
        fields = (
            *("reference", "status", "lane", "shipment", "sort", "code", "name_en", "name_fr", "name_zh"),
            *("owner", "supplier", "due_before", "blocks", "rule", "asked_on", "source_url", "number"),
            "version",
            *("remark", "accepted_at"),
            "created_at",
        )


class CustomsPaperFilter(Quoted):
    """Which papers."""

    status = ChoiceFilter(choices=CustomsPaper.Status.choices)
    shipment = CharFilter("shipment__reference")
    lane = CharFilter("lane__reference")
    owner = ChoiceFilter(choices=CustomsRule.Owner.choices)
    supplier = CharFilter("supplier__reference")
    blocks = BooleanFilter()
    city = CharFilter("city__slug")


class CustomsPapers(Collection):
    """The papers of the shipments of one's city, or given to one as a broker."""

    model = CustomsPaper
    path = "customs-papers"
    row = CustomsPaperRow
    filterset_class = CustomsPaperFilter
    orders = {"accepted_at": by_moment("accepted_at")}
    verbs = {
        "draft": Verb(begin_paper),
        "ready": Verb(ready_paper, number=words(80)),
        "file": Verb(file_paper, number=words(80)),
        "accept": Verb(accept_paper),
        "query": Verb(query_paper, reason=reason("What they ask.")),
        "refuse": Verb(refuse_paper, reason=reason()),
        "new-version": Verb(new_version),
    }


class CustomsHoldRow(Row):
    """A spell in which customs keeps a lane: since when, why, what it asks, what it was told, and until when."""

    lane = Named()

    class Meta:
        model = CustomsHold
        fields = (
            "id",
            "status",
            "lane",
            "started_at",
            "reason",
            "question",
            "answer",
            "ended_at",
            "created_at",
        )


class NewCustomsHold(New):
    """A hold to note."""

    lane = Ref(CustomsLane)

    class Meta:
        model = CustomsHold
        fields = ("lane", "reason", "question", "started_at")
        extra_kwargs = {"started_at": {"required": False}}


class CustomsHoldFilter(Searched):
    """Which holds."""

    search = search_in(
        "The lane's reference, or how it begins (CL-2020); else words in reason, question or answer, as they are written."
    )
    status = ChoiceFilter(choices=CustomsHold.Status.choices)
    lane = CharFilter("lane__reference")
    shipment = CharFilter("lane__shipment__reference")


class CustomsHolds(Collection):
    """Holds of the lanes one sees."""

    model = CustomsHold
    path = "customs-holds"
    key = "id"
    row = CustomsHoldRow
    filterset_class = CustomsHoldFilter
    orders = {"started_at": "started_at"}
    begin = Verb(place_hold, body=NewCustomsHold)
    verbs = {
        "answer": Verb(answer_hold, answer=reason("What customs was told.")),
        "end": Verb(end_hold, answer=words(), ended_at=moment_or_now()),
    }

"""receipts, lots, inspections: counted at the door, kept in quarantine, inspected, released."""

from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters import CharFilter, ChoiceFilter, DateFilter
from rest_framework import serializers

from procurement.requests.models import MOST
from procurement.shipments.actions import arrivals, inspections
from procurement.shipments.actions.arrivals import take_back
from procurement.shipments.actions.lots import (
    condition_lot,
    override_lot,
    recall_lot,
    refuse_lot,
    release_lot,
)
from procurement.shipments.models.arrival import Inspection, Lot, Receipt, ReceiptLine, Verdict
from procurement.shipments.models.measured import MeasuredPoint
from procurement.shipments.models.shipment import Shipment
from procurement.shipments.rules.inspections import Reading
from procurement.shipments.rules.receipts import Count
from workflow.doors.api.collections import Collection, Verb
from workflow.doors.api.fields import New, Numbered, Ref, reason, words
from workflow.doors.api.filters import Quoted, Searched, search_in
from workflow.doors.api.reading import Named, Row
from workflow.doors.api.strict import Strict
from workflow.models.evidence import File
from workflow.queries import by_day


class ReceiptLineRow(Row):
    """What was counted of one line; a line is named by the allocation it carries."""

    allocation = Named(source="line.order_line.allocation")
    lot = Named(allow_null=True)

    class Meta:
        model = ReceiptLine
        fields = ("allocation", "lot", "accepted", "rejected", "missing", "surplus", "reason")


class ReceiptRow(Row):
    """One counting at the door, as a list tells it."""

    shipment = Named()
    city = Named("slug")
    by = Named("name")

    class Meta:
        model = Receipt
        fields = ("id", "status", "shipment", "city", "by", "received_at", "cartons", "remark", "created_at")


class ReceiptDetail(ReceiptRow):
    """A counting, with what was counted of each line."""

    lines = ReceiptLineRow(many=True)

    class Meta:
        model = Receipt
        fields = (*ReceiptRow.Meta.fields, "lines")


def pieces(**kwargs: Any) -> serializers.IntegerField:
    """So many, none where nothing is said."""
    return serializers.IntegerField(min_value=0, max_value=MOST, required=False, **kwargs)


class CountBody(Strict):
    """What was counted of one line: accepted, rejected and missing are what was shipped; surplus stands apart."""

    allocation = serializers.CharField(max_length=20)
    accepted = pieces()
    rejected = pieces()
    missing = pieces()
    surplus = pieces()
    lot_number = words(60)
    expires_on = serializers.DateField(required=False, allow_null=True)
    reason = words(help_text="For each difference.")


class NewReceipt(New):
    """A counting of a shipment that was delivered."""

    shipment = Ref(Shipment)
    counts = CountBody(many=True)
    cartons = pieces()
    more_to_come = serializers.BooleanField(
        required=False, help_text="Whether another counting of it follows."
    )

    class Meta:
        model = Receipt
        fields = ("shipment", "counts", "cartons", "remark", "more_to_come")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Find the lines of this shipment."""
        lines = attrs["shipment"].lines.select_related("order_line__allocation")
        known = {line.order_line.allocation.reference: line for line in lines}
        stranger = {"allocation": [_("It is not in this shipment.")]}
        wrong = [{} if count["allocation"] in known else stranger for count in attrs["counts"]]
        if any(wrong):
            raise serializers.ValidationError({"counts": wrong})
        counts = [Count(line=known[count.pop("allocation")], **count) for count in attrs["counts"]]
        return {**attrs, "counts": counts}


class ReceiptFilter(Searched):
    """Which countings."""

    search = search_in("The shipment's reference, or how it begins: SH-2020.")
    status = ChoiceFilter(choices=Receipt.Status.choices)
    city = CharFilter("city__slug")
    shipment = CharFilter("shipment__reference")


class Receipts(Collection):
    """Countings at the doors of one's own city."""

    model = Receipt
    path = "receipts"
    key = "id"
    row = ReceiptRow
    whole = ReceiptDetail
    filterset_class = ReceiptFilter
    orders = {"received_at": "received_at"}
    begin = Verb(
        arrivals.receive,
        body=NewReceipt,
        me="received_by",
        says=dict.fromkeys(("lines", "line", "reason", "lot_number"), "counts"),
    )
    verbs = {"take-back": Verb(take_back, reason=reason())}

    def for_detail(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """With its lines."""
        lines = ReceiptLine.objects.select_related("line__order_line__allocation", "lot").order_by("pk")
        return super().for_detail(rows).prefetch_related(Prefetch("lines", lines))


class MeasuredRow(Row):
    """One point of the checklist, with its limit as it stood on the day of the inspection."""

    key = Named("key", source="point")

    class Meta:
        model = MeasuredPoint
        fields = ("key", "value", "seen", "outcome", "bound", "limit", "strict", "firm")


class InspectionRow(Row):
    """A look at a sample of a lot. None is changed."""

    lot = Named()
    by = Named("name")
    report = Named("id", allow_null=True)

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
            "accept_at_most",
            "verdict",
            "measured",
            "word",
            "report",
            "covers",
        )


class InspectionDetail(InspectionRow):
    """An inspection, with what was read at each point of its checklist."""

    points = MeasuredRow(many=True)

    class Meta:
        model = Inspection
        fields = (*InspectionRow.Meta.fields, "points")


class LotRow(Row):
    """Goods of one lot number; nothing of it is used before it is released."""

    shipment = Named()
    city = Named("slug")
    allocation = Named(source="line.order_line.allocation")
    override_by = Named("name", allow_null=True)

    class Meta:
        model = Lot
        fields = (
            *("reference", "status", "shipment", "city", "allocation", "number", "expires_on"),
            *("quantity", "surplus", "verdict", "condition", "override_by", "override_reason"),
            *("released_at", "warned_at", "created_at"),
        )


class LotDetail(LotRow):
    """A lot, with its inspections."""

    inspections = InspectionDetail(many=True)

    class Meta:
        model = Lot
        fields = (*LotRow.Meta.fields, "inspections")


class ReadingBody(Strict):
    """What was read at one point of the checklist (`inspection-points`): a value in its unit, or whether it was seen."""

    key = serializers.CharField(max_length=20)
    value = serializers.DecimalField(10, 3, min_value=0, required=False, allow_null=True)
    seen = serializers.BooleanField(required=False, allow_null=True)


class InspectBody(Strict):
    """What an inspection of a sample found."""

    sampled = serializers.IntegerField(
        min_value=1, max_value=MOST, help_text="As many as the sampling plan draws; one or more to fail."
    )
    defects = serializers.IntegerField(min_value=0, max_value=MOST)
    verdict = serializers.ChoiceField(Verdict.choices)
    level = serializers.CharField(
        required=False, max_length=4, help_text="ISO 2859-1; II where nothing is said."
    )
    aql = serializers.DecimalField(
        5, 3, min_value=0, required=False, help_text="What is usual for the goods where nothing is said."
    )
    measured = words()
    readings = ReadingBody(many=True, required=False)
    word = words(help_text="Why it may pass, where something warns or a firm limit was not measured.")
    report = Numbered(
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

    def validate_readings(self, told: list[dict[str, Any]]) -> list[Reading]:
        """As the action takes them."""
        return [Reading(**one) for one in told]


class NewInspection(InspectBody):
    """An inspection of a lot."""

    lot = Ref(Lot)


class LotFilter(Quoted):
    """Which lots."""

    status = ChoiceFilter(choices=Lot.Status.choices)
    city = CharFilter("city__slug")
    shipment = CharFilter("shipment__reference")
    number = CharFilter()
    expires_before = DateFilter("expires_on", "lt")


class Lots(Collection):
    """Lots in one's own city: in quarantine until a person releases them."""

    model = Lot
    path = "lots"
    row = LotRow
    whole = LotDetail
    filterset_class = LotFilter
    orders = {"expires_on": by_day("expires_on")}
    verbs = {
        "inspect": Verb(inspections.inspect, body=InspectBody, me="inspector"),
        "override": Verb(override_lot, reason=reason()),
        "release": Verb(release_lot),
        "condition": Verb(condition_lot, condition=reason("Such as for which use.")),
        "refuse": Verb(refuse_lot, reason=reason()),
        "recall": Verb(recall_lot, reason=reason()),
    }

    def for_detail(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """With its inspections, the newest first."""
        looks = (
            Inspection.objects.select_related("lot", "by", "report")
            .prefetch_related(_points())
            .order_by("-pk")
        )
        return super().for_detail(rows).prefetch_related(Prefetch("inspections", looks))


def _points() -> Any:
    """What was measured, in the order of the checklist."""
    rows = MeasuredPoint.objects.select_related("point").order_by("point__position", "point__code")
    return Prefetch("points", rows)


class InspectionFilter(Searched):
    """Which inspections."""

    search = search_in("The reference of the lot or of its shipment, or how it begins: LT-2020, SH-2020.")
    lot = CharFilter("lot__reference")
    shipment = CharFilter("lot__shipment__reference")
    verdict = ChoiceFilter(choices=Verdict.choices)


class Inspections(Collection):
    """Inspections of the lots one sees."""

    model = Inspection
    path = "inspections"
    key = "id"
    row = InspectionRow
    whole = InspectionDetail
    filterset_class = InspectionFilter
    orders = {"at": "at"}
    begin = Verb(inspections.inspect, body=NewInspection, me="inspector")

    def for_detail(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """With what was measured."""
        return super().for_detail(rows).prefetch_related(_points())

"""API collection supply-requests: the needs of cities, line by line, with their coverage."""

from datetime import date
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from django.db.models import F, Prefetch, QuerySet
from django.http import HttpResponse
from django_filters import BooleanFilter, CharFilter, ChoiceFilter, DateFilter
from drf_spectacular.types import OpenApiTypes
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from partners.api_fields import CurrencyField
from partners.cities.models import City
from partners.permissions.permissions import Permissions
from procurement.catalogue.models.products import Product
from procurement.catalogue.models.standards import Standard
from procurement.requests.actions.lines import LineFacts, set_lines
from procurement.requests.actions.requests import reconfirm_requests
from procurement.requests.alternatives.api import LineAlternativeBodySerializer, LineAlternativeRowSerializer
from procurement.requests.alternatives.queries import ACCEPTED_GOODS
from procurement.requests.approval.api import APPROVAL_OPERATIONS, PROPOSAL_SCHEMA
from procurement.requests.models import RequestLine, SupplyRequest
from procurement.requests.rules import (
    DRAFT_NEED,
    EDIT,
    FULFIL,
    PAUSE_OFFERS,
    POST_NEED,
    PUBLISH_ANSWER,
    RECONFIRM,
    REOPEN,
    RESUME_OFFERS,
    SHARE_NEED,
    WITHDRAW,
    may_post,
)
from procurement.requests.urgency import urgency_order
from procurement.shipments.models import Shipment
from procurement.shipments.queries import arriving_quantity, next_arrival
from workflow import clock
from workflow.api.fast_serializers import (
    NULLABLE_TEXT_SCHEMA,
    ComputedField,
    NamedReferenceField,
    RowSerializer,
)
from workflow.api.fields import (
    CreateSerializer,
    EditSerializer,
    FactsSerializer,
    QuantityField,
    VisibleReferenceField,
    language_field,
    reason_field,
)
from workflow.api.filters import SearchFilterSet
from workflow.api.idempotency import run_idempotently
from workflow.api.serializers import StrictSerializer
from workflow.api.viewsets import CollectionViewSet, MoveOperation, move_operations
from workflow.days import day_at
from workflow.http.bulk_actions import MAX_BULK_ROWS
from workflow.http.keyset import Orders
from workflow.input_limits import MAX_SUPPLY_DAYS
from workflow.query_expressions import order_by_day


class RequestLineReferenceField(VisibleReferenceField):
    """Field for a need line, given by the need's reference and the line's position: SR-2026-0042/1."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(RequestLine, "pk", help_text="A line of a need: SR-2026-0042/1.", **kwargs)

    def to_internal_value(self, data: Any) -> RequestLine:
        """Return the line if the caller may see its need."""
        reference, _slash, position = data.partition("/") if isinstance(data, str) else ("", "", "")
        if "\0" in reference or not (position.isascii() and position.isdecimal() and len(position) < 5):
            self.fail("does_not_exist", slug_name="line", value=str(data)[:100])
        rows = self.get_queryset().filter(supply_request__reference=reference)
        found: RequestLine | None = rows.filter(position=position).first()
        if found is None:
            self.fail("does_not_exist", slug_name="line", value=str(data))
        return found


def line_reference_field() -> ComputedField:
    """Return the field for a need line, in the form that `RequestLineReferenceField` reads."""
    return ComputedField(
        "line__supply_request__reference", "line__position", by=_line_reference, kind=NULLABLE_TEXT_SCHEMA
    )


def _line_reference(reference: str | None, position: int | None) -> str | None:
    return None if reference is None else f"{reference}/{position}"


DAY_OR_NONE_SCHEMA = {"type": ["string", "null"], "format": "date"}


def _covered_quantity(quantity: int, allocated: int, verified_free: int) -> int:
    return min(quantity, allocated + verified_free)


def _quantity_to_find(quantity: int, allocated: int, verified_free: int) -> int:
    return quantity - _covered_quantity(quantity, allocated, verified_free)


def _iso_day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


class RequestLineRowSerializer(RowSerializer):
    """Need line: one product.

    Quantities are in the product's unit. `alternatives` are accepted in place of the product, the preferred one first.
    `offered` and `verified_free` count goods that meet the standards, better ones and accepted alternatives;
    `offered_short` counts the others. `covered` is allocated or verified, and `to_find` the rest of the quantity. What
    arrives is counted from the shipments that you may see, by the day on which the line is needed and after it.
    """

    product = NamedReferenceField("code")
    standards = NamedReferenceField("code", many=True)
    alternatives = LineAlternativeRowSerializer(many=True)
    covered = ComputedField(
        "quantity", "allocated", "verified_free", by=_covered_quantity, kind=OpenApiTypes.INT64
    )
    to_find = ComputedField(
        "quantity", "allocated", "verified_free", by=_quantity_to_find, kind=OpenApiTypes.INT64
    )
    next_arrival = ComputedField("next_arrival", by=_iso_day, kind=DAY_OR_NONE_SCHEMA)
    arriving_in_time = ComputedField("arriving_in_time", by=int, kind=OpenApiTypes.INT64)
    arriving_late = ComputedField("arriving_late", by=int, kind=OpenApiTypes.INT64)

    class Meta:
        model = RequestLine
        fields = (
            "position",
            "product",
            "standards",
            "quantity",
            "needed_by",
            "max_unit_price",
            "currency",
            "use_per_day",
            "runs_out_on",
            "priority",
            "alternatives",
            "offered",
            "offered_short",
            "verified_free",
            "allocated",
            "shipped",
            "arrived",
            "released",
            "covered",
            "to_find",
            "next_arrival",
            "arriving_in_time",
            "arriving_late",
        )


def _stale(status: str, reconfirm_by: date | None, zone: str) -> bool:
    """Return True if the city's day of reconfirmation of an open need has passed."""
    today = day_at(clock.now(), ZoneInfo(zone or "UTC"))
    return status == SupplyRequest.Status.OPEN and reconfirm_by is not None and reconfirm_by < today


class SupplyRequestRowSerializer(RowSerializer):
    """Need in a list. It is `stale` from the day after `reconfirm_by` until its city confirms it."""

    city = NamedReferenceField("slug")
    stale = ComputedField("status", "reconfirm_by", "city__timezone", by=_stale, kind=OpenApiTypes.BOOL)

    class Meta:
        model = SupplyRequest
        fields = (
            "reference",
            "status",
            "city",
            "title",
            "declared_use",
            "needed_by",
            "reconfirm_by",
            "accepts",
            "visibility",
            "stopped",
            "lapsed",
            "stale",
            "posted_at",
            "created_at",
        )


ANSWER_SCHEMA = {
    "type": "object",
    "required": ["at", "question", "answer"],
    "properties": {
        "at": {"type": "string", "format": "date-time"},
        "question": {"type": "string", "description": "It does not say who asked."},
        "answer": {"type": "string"},
    },
}


def _published_answers(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the answers for everyone asked, oldest first, from `with_answers`."""
    return [
        {"at": row["at"], **{name: row["facts"][name] for name in ("question", "answer")}} for row in rows
    ]


class SupplyRequestDetailSerializer(SupplyRequestRowSerializer):
    """Complete need. Maximum prices, use per day and the end of supplies are shown only to its own city.

    So is what concerns approval: `waiting_since` is set while an approver is to decide on the need, or on the `proposal`,
    a change of its lines; `sent_back_at` is set once it was sent back.
    """

    lines = RequestLineRowSerializer(many=True)
    answers = ComputedField("answers", by=_published_answers, kind={"type": "array", "items": ANSWER_SCHEMA})
    shared_with = NamedReferenceField("slug", many=True)
    json_schemas: ClassVar = {"proposal": PROPOSAL_SCHEMA}

    class Meta:
        model = SupplyRequest
        fields = (
            *SupplyRequestRowSerializer.Meta.fields,
            "facility_kinds",
            "deliver_to",
            "deliver_locode",
            "importer_of_record",
            "notes",
            "notes_language",
            "shared_with",
            "waiting_since",
            "sent_back_at",
            "proposal",
            "answers",
            "lines",
        )


class RequestLineBodySerializer(FactsSerializer):
    """Line of a need. Quantities are in the product's unit (pieces, pairs, litres).

    State the city's own supply in one of three ways: `days_left` from today, `stock` with `use_per_day`, or
    `runs_out_on`. Only the day is kept, so that it counts down.
    """

    product = VisibleReferenceField(Product, "code")
    quantity = QuantityField()
    standards = VisibleReferenceField(Standard, "code", many=True, required=False)
    needed_by = serializers.DateField(required=False, allow_null=True)
    max_unit_price = serializers.DecimalField(14, 4, min_value=0, required=False, allow_null=True)
    currency = CurrencyField(required=False, allow_blank=True)
    days_left = serializers.IntegerField(
        min_value=0, max_value=MAX_SUPPLY_DAYS, required=False, allow_null=True
    )
    stock = QuantityField(min_value=0, required=False, allow_null=True)
    use_per_day = QuantityField(required=False, allow_null=True)
    runs_out_on = serializers.DateField(required=False, allow_null=True)
    priority = serializers.ChoiceField(RequestLine.Priority.choices, required=False)
    alternatives = LineAlternativeBodySerializer(many=True, required=False)

    class Meta:
        makes = LineFacts


NEED_FIELDS = (
    "title",
    "declared_use",
    "facility_kinds",
    "deliver_to",
    "deliver_locode",
    "importer_of_record",
    "needed_by",
    "reconfirm_by",
    "accepts",
    "visibility",
    "notes",
    "notes_language",
)


REASON_HELP = (
    "Why it changes; everyone who was asked reads it. Required once others were asked and the product, quantity, "
    "standard, accepted alternatives, date, place or use changes, and for lines that need approval."
)


class NewSupplyRequestSerializer(CreateSerializer):
    """Need to create. Only its city sees it until it is posted."""

    city = VisibleReferenceField(City, "slug")
    notes_language = language_field("Of the notes.", allow_blank=False)
    lines = RequestLineBodySerializer(many=True, required=False)

    class Meta:
        model = SupplyRequest
        fields = ("city", *NEED_FIELDS, "lines")


class SupplyRequestEditSerializer(EditSerializer):
    """Facts of a need to change."""

    notes_language = language_field("Of the notes.", allow_blank=False)
    reason = reason_field(REASON_HELP, allow_blank=True)

    class Meta:
        model = SupplyRequest
        fields = (*NEED_FIELDS, "reason")


class SupplyRequestFilter(SearchFilterSet):
    """Filters for needs."""

    status = ChoiceFilter(choices=SupplyRequest.Status.choices)
    city = CharFilter("city__slug")
    needed_before = DateFilter("needed_by", "lte", help_text="That day included.")
    priority = ChoiceFilter(
        method="filter_by_line_priority",
        choices=RequestLine.Priority.choices,
        help_text="Of a line that is not fully allocated.",
    )
    runs_out_before = DateFilter(
        method="filter_by_run_out",
        help_text="That day included; of a line of your own city that is not fully allocated.",
    )
    stopped = BooleanFilter()

    stale_on = DateFilter(
        method="filter_not_confirmed", help_text="Not confirmed on that day: give the day of today."
    )

    def filter_not_confirmed(
        self, rows: QuerySet[SupplyRequest], _name: str, day: date
    ) -> QuerySet[SupplyRequest]:
        """Return the open needs whose day of reconfirmation is before this day."""
        return rows.filter(status=SupplyRequest.Status.OPEN, reconfirm_by__lt=day)

    def filter_by_line_priority(
        self, rows: QuerySet[SupplyRequest], _name: str, priority: str
    ) -> QuerySet[SupplyRequest]:
        """Return the needs with an uncovered line of this priority."""
        lines = RequestLine.objects.filter(allocated__lt=F("quantity"), priority=priority)
        return rows.filter(pk__in=lines.values("supply_request"))

    def filter_by_run_out(
        self, rows: QuerySet[SupplyRequest], _name: str, day: date
    ) -> QuerySet[SupplyRequest]:
        """Return the needs of the caller's cities with an uncovered line whose own supply ends by this day."""
        sees = self.request.by.visible_cities
        lines = RequestLine.objects.filter(allocated__lt=F("quantity"), runs_out_on__lte=day, city__in=sees)
        return rows.filter(pk__in=lines.values("supply_request"))


class SupplyRequestLinesSerializer(StrictSerializer):
    """Lines of a need, in their order. They replace the present ones.

    If the city approves needs before posting, lines of a posted need that ask for more become its `proposal` first.
    """

    lines = RequestLineBodySerializer(many=True)
    reason = reason_field(REASON_HELP, required=False, allow_blank=True)


class SupplyRequestViewSet(CollectionViewSet):
    """Needs of your cities, and needs of other cities that are posted and visible to you.

    These are the ones visible to partner cities or to the network, and the ones shared with your city
    by name.
    """

    model = SupplyRequest
    path = "supply-requests"
    list_serializer = SupplyRequestRowSerializer
    detail_serializer = SupplyRequestDetailSerializer
    filterset_class = SupplyRequestFilter
    ordering_fields = {"needed_by": order_by_day("needed_by"), "urgency": urgency_order((), next_arrival())}
    create_action = MoveOperation(DRAFT_NEED, body=NewSupplyRequestSerializer)
    move_actions = move_operations(
        MoveOperation(EDIT, body=SupplyRequestEditSerializer),
        POST_NEED,
        *APPROVAL_OPERATIONS,
        MoveOperation(RECONFIRM, until=serializers.DateField(help_text="When to ask again.")),
        MoveOperation(
            PUBLISH_ANSWER,
            question=reason_field("What contacts asked."),
            answer=reason_field("What everyone who was asked reads."),
        ),
        MoveOperation(SHARE_NEED, city=VisibleReferenceField(City, "slug")),
        PAUSE_OFFERS,
        RESUME_OFFERS,
        FULFIL,
        REOPEN,
        WITHDRAW,
        lines=MoveOperation(action=set_lines, who=may_post, body=SupplyRequestLinesSerializer),
    )
    private_fields = frozenset({"shared_with", "waiting_since", "sent_back_at", "proposal"})

    def sort_orders(self) -> Orders:
        """Return the orders; days of supply count only for the caller's own cities."""
        return {**self.ordering_fields, "urgency": urgency_order(self.by.visible_cities, next_arrival())}

    def detail_queryset(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Return the rows with their lines, by position."""
        seen = Shipment.objects.visible_to(self.by)
        lines = RequestLine.objects.annotate(
            next_arrival=next_arrival(seen),
            arriving_in_time=arriving_quantity(seen, late=False),
            arriving_late=arriving_quantity(seen, late=True),
        )
        lines = lines.order_by("position").select_related("product").prefetch_related(*ACCEPTED_GOODS)
        found: Any = super().detail_queryset(rows)
        answered: QuerySet[Any] = found.with_answers()
        return answered.prefetch_related(Prefetch("lines", lines), "shared_with")

    def withheld_values(self, data: dict[str, Any]) -> dict[str, Any]:
        """Hide the prices of lines, use per day and the end of supplies from other cities."""
        secret = {"max_unit_price": None, "currency": "", "use_per_day": None, "runs_out_on": None}
        return {**super().withheld_values(data), "lines": [{**line, **secret} for line in data["lines"]]}


class NewReconfirmationsSerializer(StrictSerializer):
    """Needs that are confirmed at once."""

    supply_requests = serializers.ListField(
        child=serializers.CharField(max_length=20),
        min_length=1,
        max_length=MAX_BULK_ROWS,
        help_text="References of needs.",
    )
    until = serializers.DateField(
        required=False,
        allow_null=True,
        help_text="When to ask again. Left out: after 3, 7 or 14 days, by the priority of each need.",
    )


class ReconfirmationRefusalSerializer(serializers.Serializer[Any]):
    """Reason why one need was not confirmed."""

    code = serializers.CharField()
    detail = serializers.CharField()


class ReconfirmationRowSerializer(serializers.Serializer[Any]):
    """Result of one need: the day of the next question, or the refusal."""

    supply_request = serializers.CharField()
    reconfirm_by = serializers.DateField(allow_null=True)
    refused = ReconfirmationRefusalSerializer(allow_null=True)


class ReconfirmationsSerializer(serializers.Serializer[Any]):
    """Results, in the order of the needs in the request."""

    results = ReconfirmationRowSerializer(many=True)


class ReconfirmationsViewSet(GenericViewSet[Any]):
    """Confirmation of several needs at once."""

    path: ClassVar[str] = "supply-requests"
    verb: ClassVar[str] = "reconfirm-batch"
    file_content_types: ClassVar[dict[str, tuple[str, ...]]] = {}
    redirects: ClassVar[dict[str, str]] = {}
    move_actions: ClassVar[dict[str, MoveOperation]] = {
        "reconfirm-batch": MoveOperation(action=reconfirm_requests, body=NewReconfirmationsSerializer)
    }
    detail_serializer = ReconfirmationsSerializer
    queryset = SupplyRequest.objects.none()
    filter_backends = ()

    def make_move(self, request: Request) -> HttpResponse:
        """Confirm the needs, and return a result for each."""
        return run_idempotently(self, lambda: self._confirm(request))

    def _confirm(self, request: Request) -> Response:
        by: Permissions = request.by  # type: ignore[attr-defined]  # set by accounts' authentication
        body = NewReconfirmationsSerializer(data=request.data, context=self.get_serializer_context())
        body.is_valid(raise_exception=True)
        results = reconfirm_requests(**body.validated_data, by=by, at=clock.now())
        return Response(ReconfirmationsSerializer({"results": results}).data)

"""supply-requests: what cities need, line by line, and how much of it is covered."""

from typing import Any

from django.db.models import Prefetch, QuerySet
from django_filters import BooleanFilter, CharFilter, ChoiceFilter, DateFilter
from rest_framework import serializers

from partners.api.fields import Currency
from partners.models.cities import City
from procurement.catalogue.models.products import Product
from procurement.catalogue.models.standards import Standard
from procurement.requests.actions import needs
from procurement.requests.actions.lines import LineFacts, set_lines
from procurement.requests.models import RequestLine, SupplyRequest
from procurement.requests.rules import may_post
from workflow.doors.api import fields
from workflow.doors.api.collections import Collection, Verb
from workflow.doors.api.fields import Edit, Facts, New, Quantity, Ref, tongue
from workflow.doors.api.filters import Searched
from workflow.doors.api.reading import TEXT_OR_NONE, Made, Named, Row
from workflow.doors.bounds import MOST_DAYS_LEFT
from workflow.queries import by_day


class LineRef(Ref):
    """A line of a need, by the need's reference and its position: SR-2026-0042/1."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(RequestLine, "pk", help_text="A line of a need: SR-2026-0042/1.", **kwargs)

    def to_internal_value(self, data: Any) -> RequestLine:
        """The line, if the caller sees its need."""
        reference, _slash, position = data.partition("/") if isinstance(data, str) else ("", "", "")
        if "\0" in reference or not (position.isascii() and position.isdecimal() and len(position) < 5):
            self.fail("does_not_exist", slug_name="line", value=str(data)[:100])
        rows = self.get_queryset().filter(supply_request__reference=reference)
        found: RequestLine | None = rows.filter(position=position).first()
        if found is None:
            self.fail("does_not_exist", slug_name="line", value=str(data))
        return found


def line_name() -> Made:
    """The line of a need that a thing is for, as `LineRef` reads it."""
    return Made("line__supply_request__reference", "line__position", by=_named, kind=TEXT_OR_NONE)


def _named(reference: str | None, position: int | None) -> str | None:
    return None if reference is None else f"{reference}/{position}"


class RequestLineRow(Row):
    """One product of a need. All quantities are in the product's unit; what is short of the standard counts apart."""

    product = Named("code")
    standards = Named("code", many=True)

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
            "days_left",
            "priority",
            "alternatives_allowed",
            "offered",
            "offered_short",
            "verified_free",
            "allocated",
            "shipped",
            "arrived",
            "released",
        )


class SupplyRequestRow(Row):
    """A need, as a list tells it."""

    city = Named("slug")

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
            "posted_at",
            "created_at",
        )


class SupplyRequestDetail(SupplyRequestRow):
    """A need, whole. What it may cost at most, and how long supplies last, are told to its own city only."""

    lines = RequestLineRow(many=True)
    shared_with = Named("slug", many=True)

    class Meta:
        model = SupplyRequest
        fields = (
            *SupplyRequestRow.Meta.fields,
            "facility_kinds",
            "deliver_to",
            "deliver_locode",
            "importer_of_record",
            "notes",
            "notes_language",
            "shared_with",
            "lines",
        )


class LineBody(Facts):
    """One line of a need; `quantity` in pieces (pairs, litres: the product's unit)."""

    product = Ref(Product, "code")
    quantity = Quantity()
    standards = Ref(Standard, "code", many=True, required=False)
    needed_by = serializers.DateField(required=False, allow_null=True)
    max_unit_price = serializers.DecimalField(14, 4, min_value=0, required=False, allow_null=True)
    currency = Currency(required=False, allow_blank=True)
    days_left = serializers.IntegerField(
        min_value=0, max_value=MOST_DAYS_LEFT, required=False, allow_null=True
    )
    priority = serializers.ChoiceField(RequestLine.Priority.choices, required=False)
    alternatives_allowed = serializers.BooleanField(required=False)

    class Meta:
        makes = LineFacts


FACTS = (
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


class NewSupplyRequest(New):
    """A need to begin. It stays with its city until it is posted."""

    city = Ref(City, "slug")
    notes_language = tongue("Of the notes.", allow_blank=False)
    lines = LineBody(many=True, required=False)

    class Meta:
        model = SupplyRequest
        fields = ("city", *FACTS, "lines")


class SupplyRequestEdit(Edit):
    """Facts of a need to change."""

    notes_language = tongue("Of the notes.", allow_blank=False)
    reason = fields.reason("Why it changes. Everyone who was asked reads it.", allow_blank=True)

    class Meta:
        model = SupplyRequest
        fields = (*FACTS, "reason")


class SupplyRequestFilter(Searched):
    """Which needs."""

    status = ChoiceFilter(choices=SupplyRequest.Status.choices)
    city = CharFilter("city__slug")
    needed_before = DateFilter("needed_by", "lte", help_text="That day included.")
    stopped = BooleanFilter()


class SupplyRequests(Collection):
    """Needs of cities: one's own, those that partners or the network may see once posted, and those shared by name."""

    model = SupplyRequest
    path = "supply-requests"
    row = SupplyRequestRow
    whole = SupplyRequestDetail
    filterset_class = SupplyRequestFilter
    orders = {"needed_by": by_day("needed_by")}
    begin = Verb(needs.draft, body=NewSupplyRequest, me="author")
    verbs = {
        "edit": Verb(needs.edit, body=SupplyRequestEdit),
        "lines": Verb(set_lines, who=may_post, lines=LineBody(many=True)),
        "post": Verb(needs.post),
        "reconfirm": Verb(needs.reconfirm, until=serializers.DateField(help_text="When to ask again.")),
        "share": Verb(needs.share, city=Ref(City, "slug")),
        "stop": Verb(needs.stop, reason=fields.reason()),
        "resume": Verb(needs.resume),
        "fulfil": Verb(needs.fulfil),
        "reopen": Verb(needs.reopen, reason=fields.reason()),
        "withdraw": Verb(needs.withdraw, reason=fields.reason()),
    }
    private = frozenset({"shared_with"})

    def for_detail(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """With its lines, by position."""
        lines = (
            RequestLine.objects.order_by("position").select_related("product").prefetch_related("standards")
        )
        return super().for_detail(rows).prefetch_related(Prefetch("lines", lines), "shared_with")

    def withheld(self, data: dict[str, Any]) -> dict[str, Any]:
        """What a line may cost, and how long supplies last, is the city's own."""
        secret = {"max_unit_price": None, "currency": "", "days_left": None}
        return {**super().withheld(data), "lines": [{**line, **secret} for line in data["lines"]]}

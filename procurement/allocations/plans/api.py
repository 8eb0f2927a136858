"""API collection allocation-plans: quantities that a sharing rule proposes for need lines and offers."""

from typing import Any, ClassVar

from django import forms
from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters import CharFilter, ChoiceFilter
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from partners.permissions.permissions import Permissions
from procurement.allocations.plans.models import AllocationPlan, PlanLine, PlanRow
from procurement.allocations.plans.outcome import LineOutcome, PlanOutcome, compare_lines, plan_outcome
from procurement.allocations.plans.rules import ACCEPT, CANCEL, CHANGE_ROW, CREATE
from procurement.leads.models.leads import SupplierLead
from procurement.requests.api import RequestLineReferenceField, line_reference_field
from workflow.api.fast_serializers import OBJECT_SCHEMA, NamedReferenceField, RowSerializer
from workflow.api.fields import QuantityField, VisibleReferenceField
from workflow.api.filters import ReferenceFilterSet, parse_query
from workflow.api.viewsets import CollectionViewSet, MoveOperation, move_operations
from workflow.errors import Refused

MAX_ID = 2**63 - 1


class AllocationPlanRowSerializer(RowSerializer):
    """Plan in a list. `city` is null for several cities; `digest` is the same for the same input and rule."""

    city = NamedReferenceField("slug", allow_null=True)
    author = NamedReferenceField("name")

    class Meta:
        model = AllocationPlan
        fields = (
            *("reference", "status", "city", "author", "rule", "rule_date", "unverified", "ready_at"),
            *("digest", "created_at"),
        )


class PlanLineSerializer(RowSerializer):
    """Need line in a plan: its days of supply before the plan, and why it gets as much as it does."""

    line = line_reference_field()
    city = NamedReferenceField("slug", source="line.city")
    json_schemas = {"kept_away": OBJECT_SCHEMA}

    class Meta:
        model = PlanLine
        fields = (
            *("line", "city", "needed", "days_before", "use_per_day", "use_assumed", "reason", "lot"),
            "kept_away",
        )


class PlanRowSerializer(RowSerializer):
    """Pieces of an offer for a need line. `proposed` is the rule's quantity, `quantity` the present one."""

    line = line_reference_field()
    lead = NamedReferenceField()
    allocation = NamedReferenceField(allow_null=True)

    class Meta:
        model = PlanRow
        fields = (
            *("id", "line", "lead", "proposed", "quantity", "cost", "mode", "arrives_on", "reason"),
            *("change_reason", "allocation"),
        )


class AllocationPlanSerializer(AllocationPlanRowSerializer):
    """Complete plan, with its lines and rows."""

    plan_lines = PlanLineSerializer(many=True)
    rows = PlanRowSerializer(many=True)

    class Meta:
        model = AllocationPlan
        fields = (*AllocationPlanRowSerializer.Meta.fields, "plan_lines", "rows")


class AllocationPlanFilter(ReferenceFilterSet):
    """Filters for allocation plans."""

    status = ChoiceFilter(choices=AllocationPlan.Status.choices)
    city = CharFilter("city__slug")
    rule = ChoiceFilter(choices=AllocationPlan.Rule.choices)


class AllocationPlanViewSet(CollectionViewSet):
    """Allocation plans, for people who may see every city of the plan.

    Nothing is allocated until rows are accepted.
    """

    model = AllocationPlan
    path = "allocation-plans"
    list_serializer = AllocationPlanRowSerializer
    detail_serializer = AllocationPlanSerializer
    filterset_class = AllocationPlanFilter
    create_action = MoveOperation(
        CREATE,
        lines=serializers.ListField(child=RequestLineReferenceField(), allow_empty=False),
        leads=VisibleReferenceField(SupplierLead, many=True, allow_empty=False),
        rule=serializers.ChoiceField(AllocationPlan.Rule.choices, default=AllocationPlan.Rule.FAIR),
        unverified=serializers.BooleanField(default=False),
    )
    move_actions = move_operations(
        CANCEL,
        MoveOperation(
            CHANGE_ROW,
            row=serializers.IntegerField(min_value=1, max_value=MAX_ID, help_text="Id of a row of the plan."),
            quantity=QuantityField(min_value=0),
        ),
        MoveOperation(
            ACCEPT,
            rows=serializers.ListField(
                child=serializers.IntegerField(min_value=1, max_value=MAX_ID), allow_empty=False
            ),
        ),
    )

    def detail_queryset(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Return the plans with their lines and rows."""
        named = ("line__supply_request", "line__city")
        lines = PlanLine.objects.select_related(*named).order_by("pk")
        shares = PlanRow.objects.select_related("line__supply_request", "lead", "allocation").order_by("pk")
        return (
            super()
            .detail_queryset(rows)
            .prefetch_related(Prefetch("plan_lines", lines), Prefetch("rows", shares))
        )


class ComparedProductSerializer(serializers.Serializer[Any]):
    """Units of a product that the lines of a plan need, and that its rows give them."""

    product = serializers.CharField()
    needed = serializers.IntegerField()
    given = serializers.IntegerField()


class ComparedCostSerializer(serializers.Serializer[Any]):
    """Landed cost of the rows of a plan in one currency."""

    currency = serializers.CharField()
    amount = serializers.CharField()


class ComparedPlanSerializer(serializers.Serializer[Any]):
    """One of two plans: what it gives, the fewest days of supply before and after it, and its cost."""

    reference = serializers.CharField()
    rule = serializers.CharField()
    digest = serializers.CharField()
    products = ComparedProductSerializer(many=True)
    costs = ComparedCostSerializer(many=True)
    least_days_before = serializers.FloatField()
    least_days_after = serializers.FloatField()
    rows = serializers.IntegerField()


class ComparedSideSerializer(serializers.Serializer[Any]):
    """What one plan gives a line, and how long its supply lasts then."""

    given = serializers.IntegerField()
    days_after = serializers.FloatField()
    runs_out_on = serializers.DateField(allow_null=True)


class ComparedLineSerializer(serializers.Serializer[Any]):
    """Need line with what each of two plans gives it: null for a plan without the line."""

    line = serializers.CharField()
    first = ComparedSideSerializer(allow_null=True)
    second = ComparedSideSerializer(allow_null=True)


class PlanComparisonSerializer(serializers.Serializer[Any]):
    """Two plans and the lines of both. Lines with different quantities come first."""

    first = ComparedPlanSerializer()
    second = ComparedPlanSerializer()
    lines = ComparedLineSerializer(many=True)


class PlanComparisonQueryForm(forms.Form):
    """The references of the two plans."""

    first = forms.CharField(max_length=100)
    second = forms.CharField(max_length=100)


def _parameter(name: str, words: str) -> OpenApiParameter:
    return OpenApiParameter(name, OpenApiTypes.STR, OpenApiParameter.QUERY, required=True, description=words)


class PlanComparisonViewSet(GenericViewSet[Any]):
    """Two allocation plans side by side, as their rows are now. The answer is not paginated."""

    path: ClassVar[str] = "allocation-plans"
    verb: ClassVar[str] = "comparison"
    file_content_types: ClassVar[dict[str, tuple[str, ...]]] = {}
    redirects: ClassVar[dict[str, str]] = {}
    detail_serializer = PlanComparisonSerializer
    queryset = AllocationPlan.objects.none()
    filter_backends = ()

    @extend_schema(
        parameters=[
            _parameter("first", "The reference of a plan: AP-2020-0001."),
            _parameter("second", "The reference of another plan: AP-2020-0002."),
        ]
    )
    def query(self, request: Request) -> Response:
        """Return both plans and their lines. Refuses plans that the reader may not see."""
        by: Permissions = request.by  # type: ignore[attr-defined]  # set by accounts' authentication
        asked = parse_query(PlanComparisonQueryForm, request.query_params)
        first, second = (_find_outcome(by, name, asked[name]) for name in ("first", "second"))
        lines = [
            {
                "line": f"{row.line.supply_request.reference}/{row.line.position}",
                "first": _side_values(row.outcomes[0]),
                "second": _side_values(row.outcomes[1]),
            }
            for row in compare_lines(first, second)
        ]
        return Response({"first": _plan_values(first), "second": _plan_values(second), "lines": lines})


def _find_outcome(by: Permissions, name: str, reference: str) -> PlanOutcome:
    plan = AllocationPlan.objects.visible_to(by).filter(reference=reference).first()
    if plan is None:
        words = _("“{value}” does not exist, or you cannot see it.").format(value=reference)
        raise Refused("invalid", words, parameter=name)
    return plan_outcome(plan)


def _plan_values(outcome: PlanOutcome) -> dict[str, Any]:
    plan = outcome.plan
    return {
        "reference": plan.reference,
        "rule": plan.rule,
        "digest": plan.digest,
        "products": [
            {"product": one.product.code, "needed": one.pieces_needed, "given": one.pieces_given}
            for one in outcome.product_totals
        ],
        "costs": [{"currency": currency, "amount": str(amount)} for currency, amount in outcome.costs],
        "least_days_before": outcome.fewest_days_before,
        "least_days_after": outcome.fewest_days_after,
        "rows": len(outcome.rows),
    }


def _side_values(side: LineOutcome | None) -> dict[str, Any] | None:
    if side is None:
        return None
    return {"given": side.pieces_given, "days_after": side.days_after, "runs_out_on": side.runs_out_after}

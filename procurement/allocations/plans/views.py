"""Pages of allocation plans: list, new plan, result with its rows, and two plans side by side."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse

from partners.authenticated_requests import AuthenticatedRequest
from partners.cities.models import City
from partners.powers import Power
from procurement.allocations.plans.actions import change_plan_row, create_plan
from procurement.allocations.plans.forms import AcceptRowsForm, AllocationPlanForm, PlanRowForm
from procurement.allocations.plans.models import AllocationPlan
from procurement.allocations.plans.outcome import compare_lines, plan_outcome
from procurement.allocations.plans.queries import plan_goods, progress_task_name
from procurement.allocations.plans.rules import ACCEPT, CANCEL, CHANGE_ROW, may_plan
from procurement.exports.list_columns import (
    ALLOCATION_PLAN_COLUMNS,
    PLAN_NEED_LINE_COLUMNS,
    PLANNED_ALLOCATION_COLUMNS,
    plan_comparison_columns,
)
from procurement.exports.list_download import file_response, is_file_requested
from workflow import clock
from workflow.http.move_views import MoveOption, move_options, run_move
from workflow.http.pages import render_page, run_action
from workflow.http.pagination import paginate
from workflow.progress import read_progress

PLAN_MOVE_OPTIONS = move_options(CANCEL, MoveOption(ACCEPT, form=AcceptRowsForm))
COMPARED_PLAN_COUNT = 2
MAX_OTHER_PLANS = 5  # plans to compare with
MAX_ROWS_SHOWN = 200  # lines and rows on the page of a plan; the files hold all


@login_required
def allocation_plans(request: AuthenticatedRequest) -> HttpResponseBase:
    """List the plans that the reader may see, newest first, as a page, CSV or XLSX."""
    rows = AllocationPlan.objects.visible_to(request.by).select_related("city", "author")
    if is_file_requested(request):
        return file_response(request, "allocation-plans", ALLOCATION_PLAN_COLUMNS, rows, request.GET["as"])
    page = paginate(request, rows, {})
    cities = City.objects.in_bulk({city for plan in page for city in plan.city_ids})
    goods = plan_goods(page)
    context = {
        "page": page,
        "plans": [(plan, goods[plan.pk], [cities[city] for city in plan.city_ids]) for plan in page],
        "may_add": bool(request.by.cities_with(Power.ALLOCATE)),
    }
    return render_page(request, "allocations/plans/list.html", context)


@login_required
def add_allocation_plan(request: AuthenticatedRequest) -> HttpResponse:
    """Choose need lines, offers and a rule for a plan. `need` in the address chooses the lines of that need."""
    if not request.by.cities_with(Power.ALLOCATE):
        raise PermissionDenied
    form = AllocationPlanForm(request.POST or None, request.by, request.GET.get("need", "").replace("\0", ""))
    if not form.is_valid():
        status = 422 if form.is_bound else 200
        return render_page(request, "allocations/plans/create.html", {"form": form}, status=status)
    return run_action(
        request,
        lambda: create_plan(**form.cleaned_data, author=request.user, by=request.by, at=clock.now()),
        done=lambda plan: plan.get_absolute_url(),
        template="allocations/plans/create.html",
        context={"form": form},
    )


@login_required
def allocation_plan_detail(request: AuthenticatedRequest, reference: str) -> HttpResponseBase:
    """Show a plan: its progress, or its result. `?as=csv` or `?as=xlsx` returns its rows, with `&lines` its lines."""
    plan = _find_plan(request, reference)
    outcome = plan_outcome(plan)
    if is_file_requested(request):
        if "lines" in request.GET:
            return file_response(
                request, f"{plan.reference}-lines", PLAN_NEED_LINE_COLUMNS, outcome.lines, request.GET["as"]
            )
        return file_response(
            request, plan.reference, PLANNED_ALLOCATION_COLUMNS, outcome.rows, request.GET["as"]
        )
    waits = plan.status == AllocationPlan.Status.PENDING
    ready = AllocationPlan.objects.visible_to(request.by).filter(status=AllocationPlan.Status.READY)
    others = list(ready.exclude(pk=plan.pk).order_by("-pk")[:MAX_OTHER_PLANS])
    goods = plan_goods([plan, *others])
    context = {
        "plan": plan,
        "goods": goods[plan.pk],
        "cities": City.objects.filter(pk__in=plan.city_ids).order_by("pk"),
        "outcome": outcome,
        "lines": outcome.lines[:MAX_ROWS_SHOWN],
        "rows": outcome.rows[:MAX_ROWS_SHOWN],
        "waits": waits,
        "progress": read_progress(progress_task_name(plan)) if waits else None,
        "others": [(other, goods[other.pk]) for other in others],
        "may_change": CHANGE_ROW.refusal(request.by, plan, clock.now()) is None,
        "seen_url": reverse("mark_object_read", args=[plan._meta.label_lower, plan.pk]),
    }
    return render_page(request, "allocations/plans/detail.html#state", context)


@login_required
def allocation_plan_move(request: AuthenticatedRequest, reference: str, verb: str) -> HttpResponse:
    """Show the form of a move on a plan, or make the move."""
    return run_move(request, _find_plan(request, reference), verb, PLAN_MOVE_OPTIONS)


@login_required
def change_allocation_plan_row(request: AuthenticatedRequest, reference: str, number: int) -> HttpResponse:
    """Change the quantity of a row, with a reason."""
    plan = _find_plan(request, reference)
    row = get_object_or_404(plan.rows.select_related("lead__supplier", "line__product"), pk=number)
    if not may_plan(request.by, plan):
        raise PermissionDenied
    form = PlanRowForm(request.POST or None)
    context: dict[str, Any] = {"thing": plan, "row": row, "move": CHANGE_ROW, "form": form}
    if not form.is_valid():
        status = 422 if form.is_bound else 200
        return render_page(request, "allocations/plans/row.html", context, status=status)
    return run_action(
        request,
        lambda: change_plan_row(plan, row.pk, **form.cleaned_data, by=request.by, at=clock.now()),
        done=plan.get_absolute_url(),
        template="allocations/plans/row.html",
        context=context,
    )


@login_required
def compare_allocation_plans(request: AuthenticatedRequest) -> HttpResponseBase:
    """Show two plans side by side, as a page, CSV or XLSX. `?plan=…&plan=…` names them.

    404 if the reader may not see both. Without two plans, the page says how to choose them.
    """
    named = list(dict.fromkeys(one.replace("\0", "") for one in request.GET.getlist("plan")))
    rows = AllocationPlan.objects.visible_to(request.by).select_related("city")
    plans = [get_object_or_404(rows, reference=one) for one in named[:COMPARED_PLAN_COUNT]]
    if len(plans) < COMPARED_PLAN_COUNT:
        return render_page(request, "allocations/plans/compare.html", {})
    first, second = (plan_outcome(plan) for plan in plans)
    compared = compare_lines(first, second)
    if is_file_requested(request):
        name = f"{first.plan}-{second.plan}"
        return file_response(
            request, name, plan_comparison_columns(first, second), compared, request.GET["as"]
        )
    goods = plan_goods(plans)
    context = {
        "outcomes": [first, second],
        "goods": [goods[plan.pk] for plan in plans],
        "compared": compared[:MAX_ROWS_SHOWN],
        "all": len(compared),
    }
    return render_page(request, "allocations/plans/compare.html", context)


def _find_plan(request: AuthenticatedRequest, reference: str) -> AllocationPlan:
    rows = AllocationPlan.objects.visible_to(request.by).select_related("city", "author")
    return get_object_or_404(rows, reference=reference)

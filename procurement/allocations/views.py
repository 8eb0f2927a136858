"""Pages of allocations: allocate offers to a need, list and change allocations, and set criteria."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.db.models import F, Q
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _

from partners.activity.context import activity_context
from partners.http import AuthenticatedRequest, require_permission
from partners.powers import Power
from procurement.allocations import actions
from procurement.allocations.actions import fix_criteria
from procurement.allocations.forms import AllocationCriteriaForm, QuantitiesForm, UndoPartForm
from procurement.allocations.models import Allocation, AllocationCriteria
from procurement.allocations.rules import CONFIRM, DISCARD, REDUCE, UNDO
from procurement.catalogue.models.products import Product
from procurement.exports.csv_download import csv_requested, csv_response
from procurement.exports.spreadsheets import ALLOCATIONS
from procurement.leads.models.leads import SupplierLead
from procurement.leads.rules.leads import still_offered
from procurement.orders.views.readiness_panel import allocation_readiness
from procurement.requests.models import RequestLine
from procurement.requests.views.coverage import coverage_sentences
from procurement.requests.views.requests import find_need
from workflow import clock
from workflow.errors import Refused
from workflow.http.pages import render_page, run_action
from workflow.http.pagination import paginate
from workflow.http.transition_views import TransitionView, run_transition, transition_views

WITH_NAMES = ("lead__supplier", "line__supply_request", "line__product", "author", "city")
IN_AN_ORDER = ("order_line__order__city", "order_line__order__supplier", "order_line__order__bank_account")
# Families whose goods may replace each other; goods of any other family replace only their own.
INTERCHANGEABLE_FAMILIES = (
    {Product.Family.MASK, Product.Family.RESPIRATOR},
    {Product.Family.GOWN, Product.Family.COVERALL},
)


def families_serving(family: str) -> set[str]:
    """Return the product families whose goods may be offered where `family` is needed."""
    return next((set(map(str, group)) for group in INTERCHANGEABLE_FAMILIES if family in group), {family})


@login_required
def allocate_offers(request: AuthenticatedRequest, reference: str) -> HttpResponse:
    """Show the verified, free offers for the lines of a need, and allocate the quantities given.

    One transaction allocates all quantities or none. Requires the power ALLOCATE over the need.
    """
    need = find_need(request, reference)
    require_permission(request, Power.ALLOCATE, need)
    lines = list(need.lines.all())
    form = QuantitiesForm(request.POST or None, line_lead_pairs(request, lines))
    context = {
        "need": need,
        "form": form,
        "coverage": coverage_sentences(lines),
        "limit": need.city.approval_limit,
    }
    if not form.is_valid():
        return render_page(
            request, "allocations/allocate.html", context, status=422 if form.is_bound else 200
        )
    return run_action(
        request,
        lambda: _allocate(request, form),
        done=need.get_absolute_url(),
        template="allocations/allocate.html",
        context=context,
    )


def line_lead_pairs(
    request: AuthenticatedRequest, lines: list[RequestLine]
) -> list[tuple[RequestLine, SupplierLead]]:
    """Return the pairs of a need line and a verified, not fully allocated offer that could serve it.

    The offers are those of the line's city that the reader may see, made for this need or for any other.
    An offer serves its own line and every line of its product. Where a line allows alternatives, it also
    serves lines whose goods have the same purpose. Offers past their last day are left out.
    """
    verified = SupplierLead.objects.visible_to(request.by).filter(status=SupplierLead.Status.VERIFIED)
    families = {
        one for line in lines if line.alternatives_allowed for one in families_serving(line.product.family)
    }
    could = (
        Q(line__in=lines)
        | Q(product__in=[line.product_id for line in lines])
        | Q(product__family__in=families)
    )
    rows = verified.filter(could, allocated__lt=F("supply"), city__in={line.city_id for line in lines})
    named = ("supplier", "standard", "city", "product", "line__supply_request")
    at = clock.now()
    leads = [lead for lead in rows.select_related(*named).order_by("-pk") if still_offered(lead, at) is None]
    return [(line, lead) for line in lines for lead in leads if _could_serve(lead, line)]


def _could_serve(lead: SupplierLead, line: RequestLine) -> bool:
    """Return True if the page shows this pair.

    `allocations.rules.allocatable` decides whether the offer may be allocated.
    """
    related = lead.line_id == line.pk or lead.product.family in families_serving(line.product.family)
    return lead.product_id == line.product_id or (line.alternatives_allowed and related)


def _allocate(request: AuthenticatedRequest, form: QuantitiesForm) -> None:
    if not form.wanted:
        raise Refused("nothing_chosen", _("Enter a quantity for at least one offer."))
    at = clock.now()
    with transaction.atomic():
        for line, lead, pieces in sorted(form.wanted, key=lambda row: row[1].pk):
            actions.allocate(lead, line, pieces, author=request.user, by=request.by, at=at)


@login_required
def allocations(request: AuthenticatedRequest) -> HttpResponseBase:
    """List every allocation the reader may see, newest first, as a page or as CSV."""
    rows = Allocation.objects.visible_to(request.by).select_related(*WITH_NAMES)
    if csv_requested(request):
        return csv_response(request, "allocations", ALLOCATIONS, rows)
    return render_page(request, "allocations/list.html", {"page": paginate(request, rows)})


@login_required
def allocation(request: AuthenticatedRequest, reference: str) -> HttpResponse:
    """Show one allocation: its offer, its need line, its order if it has one, and its history."""
    thing = _find(request, reference)
    line = getattr(thing, "order_line", None)
    shown = allocation_readiness(request.by, thing, line and line.order)
    context = {"allocation": thing, "powers": request.by, "order": line, "shown": shown}
    context["leave_out"] = f"order fulfil return_part return_all reallocate {shown.verb if shown else ''}"
    return render_page(request, "allocations/detail.html", context | activity_context(request, thing))


@login_required
def allocation_move(request: AuthenticatedRequest, reference: str, verb: str) -> HttpResponse:
    """Show the form of a move on an allocation, or make the move."""
    return run_transition(request, _find(request, reference), verb, STEPS)


def _find(request: AuthenticatedRequest, reference: str) -> Allocation:
    rows = Allocation.objects.visible_to(request.by).select_related(*WITH_NAMES, *IN_AN_ORDER)
    return get_object_or_404(rows, reference=reference)


STEPS = transition_views(
    CONFIRM,
    DISCARD,
    TransitionView(REDUCE, form=UndoPartForm),
    TransitionView(UNDO, hint=_("The goods become available again and the need reopens by the same amount.")),
)


@login_required
def criteria(request: AuthenticatedRequest, reference: str, number: int) -> HttpResponse:
    """Show the criteria of a need line and earlier versions, and fix new ones.

    The city's own people may read them. Only those with the power ALLOCATE get the form.
    """
    need = find_need(request, reference)
    require_permission(request, Power.SEE, need)
    line = get_object_or_404(need.lines.select_related("product", "supply_request"), pk=number)
    may_fix = request.by.may(Power.ALLOCATE, need)
    rows = (
        AllocationCriteria.objects.visible_to(request.by)
        .filter(line=line)
        .select_related("author")
        .order_by("-pk")
    )
    form = AllocationCriteriaForm(request.POST or None) if may_fix else None
    context: dict[str, Any] = {"need": need, "line": line, "form": form, "fixed": list(rows)}
    if request.method != "POST" or form is None:  # a reader who may not fix criteria gets no form
        return render_page(request, "allocations/criteria.html", context)
    if not form.is_valid():
        return render_page(request, "allocations/criteria.html", context, status=422)
    return run_action(
        request,
        lambda: fix_criteria(line, author=request.user, by=request.by, at=clock.now(), **form.cleaned_data),
        done=lambda fixed: fixed.get_absolute_url(),
        template="allocations/criteria.html",
        context=context,
    )

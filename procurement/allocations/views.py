"""Pages of allocations: allocate offers to a need, list and change allocations, and set criteria."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from partners.activity.context import activity_context
from partners.authenticated_requests import AuthenticatedRequest, require_permission
from partners.powers import Power
from procurement.allocations import actions
from procurement.allocations.actions import set_criteria
from procurement.allocations.forms import (
    AllocationCriteriaForm,
    ChosenQuantity,
    ConfirmAllocationForm,
    QuantitiesForm,
    ReduceAllocationForm,
)
from procurement.allocations.models import Allocation, AllocationCriteria
from procurement.allocations.queries import allocated_goods_matches, offers_for_lines
from procurement.allocations.rules import (
    ALLOCATION_MOVES,
    CONFIRM,
    DISCARD,
    REDUCE,
    UNDO,
    suggested_quantities,
    unexplained_shortage_refusal,
)
from procurement.catalogue.models.products import Product
from procurement.exports.list_columns import ALLOCATION_COLUMNS
from procurement.exports.list_download import file_response, is_file_requested
from procurement.orders.approval_texts import Decider
from procurement.orders.views.readiness_panel import allocation_readiness_panel
from procurement.requests.models import RequestLine, SupplyRequest
from procurement.requests.views.coverage_text import coverage_sentences
from procurement.requests.views.requests import find_need
from procurement.suppliers.models.suppliers import Supplier
from workflow import clock
from workflow.errors import Refused
from workflow.formatting import format_quantity
from workflow.http.keyset import Orders
from workflow.http.move_views import MoveOption, move_options, run_move
from workflow.http.pages import render_page, run_action
from workflow.http.pagination import paginate
from workflow.query_expressions import order_by_text

DETAIL_RELATIONS = (
    "lead__supplier",
    "lead__product",
    "line__supply_request",
    "line__product",
    "author",
    "substitution_accepted_by",
    "city",
)
PAGE_RELATIONS = (
    "lead__line__supply_request",
    "order_line__order__city",
    "order_line__order__supplier",
    "order_line__order__bank_account",
)
COUNT_PARAMETER = "count"  # the parameter that asks for the sums of the quantities in the address


class ExpectedOrder(NamedTuple):
    """Order to one supplier that these quantities would lead to: its goods in words, amount, and who decides on it."""

    supplier: Supplier
    goods: str
    amount: Decimal | None
    decision_maker_text: str


class LineTotal(NamedTuple):
    """Chosen quantity of one need line, and the quantity that the line still needs."""

    line: RequestLine
    chosen: int


class AllocationTotal(NamedTuple):
    """Sums of the chosen quantities, for each line and for each future order. Unlike goods are not added."""

    lines: list[LineTotal]
    orders: list[ExpectedOrder]


@login_required
def allocate_offers(request: AuthenticatedRequest, reference: str) -> HttpResponse:
    """Show the verified, free offers for the lines of a need, and allocate the quantities given.

    The proposed quantities are filled in, unless the address asks for `fill=none`. One transaction allocates all
    quantities or none. Requires the power ALLOCATE over the need.
    """
    need = find_need(request, reference)
    require_permission(request, Power.ALLOCATE, need)
    lines = list(need.lines.all())
    pairs = offers_for_lines(request.by, lines, clock.now())
    proposed = {} if request.GET.get("fill") == "none" else suggested_quantities(pairs)
    counted = request.GET if COUNT_PARAMETER in request.GET else None
    form = QuantitiesForm(request.POST or counted, pairs, proposed)
    valid = form.is_valid()
    context = {
        "need": need,
        "form": form,
        "coverage": coverage_sentences(lines, clock.now()),
        "total": allocation_total(request, need, lines, form.chosen_quantities),
    }
    if counted is not None:
        return render_page(request, "allocations/allocate.html#total", context)
    if not valid:
        return render_page(
            request, "allocations/allocate.html", context, status=422 if form.is_bound else 200
        )
    return run_action(
        request,
        lambda: _allocate(request, form),
        done=lambda made: _confirm_and_redirect(request, need, made),
        template="allocations/allocate.html",
        context=context,
    )


def allocation_total(
    request: AuthenticatedRequest,
    need: SupplyRequest,
    lines: Sequence[RequestLine],
    wanted: Sequence[ChosenQuantity],
) -> AllocationTotal:
    """Return the chosen quantities of each line, and for each supplier the person who decides on its order.

    Amounts are those of the goods, in the city's currency. Reads the city's approvers if one is needed.
    """
    by_supplier: dict[tuple[int, str], list[ChosenQuantity]] = {}
    for one in wanted:
        by_supplier.setdefault((one.lead.supplier_id, one.lead.kind), []).append(one)
    decider = Decider(need.city, request.user.pk)
    orders = [_expected_order(decider, rows) for rows in by_supplier.values()]
    chosen = [LineTotal(line, sum(one.pieces for one in wanted if one.line.pk == line.pk)) for line in lines]
    return AllocationTotal([one for one in chosen if one.line.unallocated_quantity], orders)


def _goods_text(amounts: Iterable[tuple[Product, int]]) -> str:
    """Return quantities of goods in words, one for each product: "5,000 pieces", with names if there are several."""
    sums: dict[Product, int] = {}
    for product, quantity in amounts:
        sums[product] = sums.get(product, 0) + quantity
    words = {
        one: f"{format_quantity(quantity)} {one.unit_for_count(quantity)}" for one, quantity in sums.items()
    }
    if len(words) == 1:
        return words.popitem()[1]
    return gettext("; ").join(f"{one.name}: {text}" for one, text in words.items())


def _expected_order(decider: Decider, rows: Sequence[ChosenQuantity]) -> ExpectedOrder:
    prices = [(one.lead.price_in_city_currency, one.pieces) for one in rows]
    known = [price * pieces for price, pieces in prices if price is not None]
    amount = sum(known, Decimal(0)) if len(known) == len(rows) else None
    goods = _goods_text((one.lead.product, one.pieces) for one in rows)
    others = decider.orders_counted_with([one.lead for one in rows], clock.now())
    return ExpectedOrder(rows[0].lead.supplier, goods, amount, decider.decider_sentence(amount, others))


def _allocate(request: AuthenticatedRequest, form: QuantitiesForm) -> list[Allocation]:
    if not form.chosen_quantities:
        raise Refused("nothing_chosen", _("Enter a quantity for at least one offer."))
    at = clock.now()
    with transaction.atomic():
        return [
            actions.allocate(
                one.lead,
                one.line,
                one.pieces,
                evidence=one.evidence,
                reason=one.reason,
                author=request.user,
                by=request.by,
                at=at,
            )
            for one in sorted(form.chosen_quantities, key=lambda row: row.lead.pk)
        ]


def _confirm_and_redirect(
    request: AuthenticatedRequest, need: SupplyRequest, made: Sequence[Allocation]
) -> str:
    """Add a message with the allocated quantities, and return the address of the need."""
    message = ngettext(
        "Allocated: %(pieces)s (%(n)s offer).", "Allocated: %(pieces)s (%(n)s offers).", len(made)
    )
    goods = _goods_text((one.lead.product, one.quantity) for one in made)
    params = {"pieces": goods, "n": format_quantity(len(made))}
    messages.success(request, message % params)
    return need.get_absolute_url()


ALLOCATION_SORT_ORDERS: Orders = {
    "supplier": order_by_text("lead__supplier__name_en", "lead__supplier__legal_name_local"),
    "need": order_by_text("line__supply_request__reference"),
    "quantity": "quantity",
}


@login_required
def allocations(request: AuthenticatedRequest) -> HttpResponseBase:
    """List every allocation the reader may see, newest first, as a page, CSV or XLSX."""
    rows = Allocation.objects.visible_to(request.by).select_related(*DETAIL_RELATIONS)
    if is_file_requested(request):
        return file_response(request, "allocations", ALLOCATION_COLUMNS, rows, request.GET["as"])
    return render_page(
        request, "allocations/list.html", {"page": paginate(request, rows, ALLOCATION_SORT_ORDERS)}
    )


@login_required
def allocation_detail(request: AuthenticatedRequest, reference: str) -> HttpResponse:
    """Show one allocation: its offer, its need line, its order if it has one, and its history."""
    thing = _find_allocation(request, reference)
    line = getattr(thing, "order_line", None)
    shown = allocation_readiness_panel(request.by, thing, line and line.order)
    context = {"allocation": thing, "powers": request.by, "order": line, "shown": shown}
    offered_for = thing.lead.line
    if offered_for is not None and offered_for.supply_request_id != thing.line.supply_request_id:
        context["other_need"] = offered_for.supply_request
    context["leave_out"] = (
        f"order fulfil return_part return_all reallocate {shown.button_verb if shown else ''}"
    )
    context["asks"] = "confirm reduce" if _asks_before_confirmation(thing) else "reduce"
    context["quiet"] = " ".join(move.verb for move in ALLOCATION_MOVES) if shown and shown.button else ""
    return render_page(request, "allocations/detail.html", context | activity_context(request, thing))


def _asks_before_confirmation(thing: Allocation) -> bool:
    """Return True if a proposal is confirmed by a form: its goods need evidence, or another need is left short."""
    if thing.status != Allocation.Status.PROPOSED:
        return False
    reason = thing.override_reason
    if unexplained_shortage_refusal(thing.quantity, thing.lead, thing.line, reason) is not None:
        return True
    return allocated_goods_matches([thing], clock.now())[thing.pk].needs_evidence


@login_required
def allocation_move(request: AuthenticatedRequest, reference: str, verb: str) -> HttpResponse:
    """Show the form of a move on an allocation, or make the move."""
    return run_move(request, _find_allocation(request, reference), verb, ALLOCATION_MOVE_OPTIONS)


def _find_allocation(request: AuthenticatedRequest, reference: str) -> Allocation:
    rows = Allocation.objects.visible_to(request.by).select_related(*DETAIL_RELATIONS, *PAGE_RELATIONS)
    return get_object_or_404(rows, reference=reference)


ALLOCATION_MOVE_OPTIONS = move_options(
    MoveOption(CONFIRM, form=ConfirmAllocationForm),
    DISCARD,
    MoveOption(REDUCE, form=ReduceAllocationForm),
    MoveOption(
        UNDO,
        hint=_(
            "The goods become available again, and the quantity still needed increases by the same amount."
        ),
    ),
)


@login_required
def allocation_criteria_page(request: AuthenticatedRequest, reference: str, number: int) -> HttpResponse:
    """Show the criteria of a need line and their earlier versions, and set new ones.

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
        lambda: set_criteria(line, author=request.user, by=request.by, at=clock.now(), **form.cleaned_data),
        done=lambda fixed: fixed.get_absolute_url(),
        template="allocations/criteria.html",
        context=context,
    )

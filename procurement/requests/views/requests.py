"""Pages of needs: the list, the page of one, and the moves on it.

Posting one is in post.py, and its lines are in lines.py.
"""

from dataclasses import replace
from datetime import date
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Prefetch, QuerySet, prefetch_related_objects
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _

from partners.activity.context import activity_context
from partners.authenticated_requests import AuthenticatedRequest
from partners.permissions.permissions import Permissions
from partners.powers import Power
from procurement.allocations.models import Allocation
from procurement.allocations.queries import quantity_allocated_to_other_needs
from procurement.exports.list_columns import NEED_COLUMNS
from procurement.exports.list_download import file_response, is_file_requested
from procurement.leads.models.leads import SupplierLead
from procurement.leads.views.price_charts import (
    UNUSUAL_PRICE_ANNOTATION,
    lead_price_chart,
    most_frequent_product_offer,
    scales_by_lead,
)
from procurement.outreach.forms import PublishedAnswerForm
from procurement.outreach.models.inquiries import Inquiry
from procurement.outreach.queries.answers import published_answers
from procurement.requests.alternatives.queries import ACCEPTED_GOODS
from procurement.requests.approval.forms import ApprovalForm
from procurement.requests.approval.views import HIDDEN_VERBS, decision_of
from procurement.requests.forms import (
    ChangeRequestForm,
    ReconfirmForm,
    ReconfirmSelectedForm,
    RequestFilterForm,
    ShareRequestForm,
)
from procurement.requests.models import RequestLine, SupplyRequest
from procurement.requests.rules import (
    APPROVE_CHANGE,
    APPROVE_NEED,
    EDIT,
    FULFIL,
    PAUSE_OFFERS,
    PUBLISH_ANSWER,
    RECONFIRM,
    REOPEN,
    RESUME_OFFERS,
    RETURN_CHANGE,
    RETURN_NEED,
    SHARE_NEED,
    WITHDRAW,
    WITHDRAW_CHANGE,
    is_reconfirmation_overdue,
)
from procurement.requests.urgency import highest_priority, urgency_order
from procurement.requests.views.apply_changes import apply_need_changes
from procurement.requests.views.coverage_text import coverage_sentence, coverage_sentences, progress_sentence
from procurement.requests.views.need_answers import days_of_supply, line_answers, need_answers
from procurement.requests.views.next_step import next_step
from procurement.requests.views.supply_chart import supply_by_line
from procurement.shipments.models import Shipment
from procurement.shipments.queries import arriving_quantity, next_arrival
from workflow import clock
from workflow.http.bulk_actions import bulk_action_bar
from workflow.http.keyset import Orders
from workflow.http.lists import ListPage, register_list
from workflow.http.move_views import MoveOption, move_options, run_move
from workflow.http.pages import render_page
from workflow.http.pagination import paginate
from workflow.http.row_edits import only_fields, row_editing
from workflow.query_expressions import order_by_day, order_by_text

MAX_RELATED_ROWS = (
    500  # limit of offers, inquiries or allocations on the page of one need; no need has this many
)
LINES_WITH_PRODUCTS = Prefetch("lines", RequestLine.objects.select_related("product").order_by("position"))


@login_required
def needs(request: AuthenticatedRequest) -> HttpResponseBase:
    """List every need the reader may see, with its coverage, sorted as chosen.

    `?as=csv` or `?as=xlsx` returns the need lines as a file.
    """
    form, rows = NEEDS_LIST.filter_form_and_rows(request.by, request.GET)
    if is_file_requested(request):
        return needs_file(request, rows, request.GET["as"])
    orders: Orders = {
        **NEEDS_LIST.orders,
        "urgency": urgency_order(request.by.visible_cities, next_arrival()),
    }
    shown = paginate(request, rows, orders)
    at = clock.now()
    listed = [
        (
            need,
            is_reconfirmation_overdue(need, need.city.day_at(at)),
            highest_priority(need),
            coverage_sentence(list(need.lines.all())),
            first_run_out_day(need) if need.city_id in request.by.visible_cities else None,
            *first_line_and_rest(need),
        )
        for need in shown
    ]
    may_post = bool(request.by.city_ids_by_power.get(Power.POST_REQUEST))
    return render_page(
        request,
        "requests/list.html#needs",
        {
            "page": shown,
            "needs": listed,
            "filters": form,
            "may_post": may_post,
            "may_plan": bool(request.by.cities_with(Power.ALLOCATE)),
            "now": at,
            "bulk": bulk_action_bar(NEEDS_LIST, request.by, shown.rows),
            "row_edit": row_editing(request, NEEDS_LIST, shown.rows, request.by),
        },
    )


def first_run_out_day(need: SupplyRequest) -> date | None:
    """Return the day on which the city's own supply of an uncovered line runs out first, or None."""
    if need.status != SupplyRequest.Status.OPEN:
        return None
    return min(
        (line.runs_out_on for line in need.lines.all() if line.unallocated_quantity and line.runs_out_on),
        default=None,
    )


def first_line_and_rest(need: SupplyRequest) -> tuple[RequestLine | None, int]:
    """Return the first line of a need, from those already read, and the number of further lines."""
    lines = need.lines.all()
    return next(iter(lines), None), max(0, len(lines) - 1)


@login_required
def need_detail(request: AuthenticatedRequest, reference: str) -> HttpResponse:
    """Show one need: each line with its supply and offers, next step, inquiries, shipments and history."""
    thing = find_need(request, reference)
    by, today = request.by, thing.city.day_at(clock.now())
    lines = list(thing.lines.all())
    prefetch_related_objects(lines, *ACCEPTED_GOODS)
    inquiries = (
        Inquiry.objects.visible_to(by)
        .filter(supply_request=thing)
        .select_related("contact__user", "contact__city", "introducer__user", "through_city")
    )
    allocations = Allocation.objects.visible_to(by).filter(line__in=lines).select_related("lead__supplier")
    promised = list(allocations.order_by("-pk")[:MAX_RELATED_ROWS])
    may_post = by.may(Power.POST_REQUEST, thing)
    may_change = may_post and thing.status in EDIT.source
    is_own, is_open = thing.city_id in by.visible_cities, thing.status == SupplyRequest.Status.OPEN
    offers = _lines_context(thing, lines, by, today, prices="prices" in request.GET)
    context = {
        "need": thing,
        "progress": progress_sentence(lines) if is_open else "",
        "answers": need_answers(thing, may_change=may_change),
        "line_answers": line_answers(thing, lines, own=is_own, may_change=may_change, today=today),
        "inquiries": inquiries.order_by("pk")[:MAX_RELATED_ROWS],
        "shipments": shipments_for_lines(by, lines),
        "clarified": published_answers(thing),
        "decision": decision_of(thing, lines, by),
        "hidden": HIDDEN_VERBS,
        "next": next_step(thing, by, promised, offers["leads"]),
        "powers": by,
        "is_open": is_open,
        "asks": may_post,
        "offers_as": min(by.contact_ids, default=None) if is_open and not thing.stopped else None,
        "allocates": by.may(Power.ALLOCATE, thing),
        "theirs": not by.is_coordinator and not is_own,
        "own_need": is_own,
        "may_change": may_change,
        "may_repeat": may_post,
        "late": is_late(thing, today),
        "stale": is_reconfirmation_overdue(thing, today),
        **offers,
    }
    return render_page(request, "requests/detail.html", context | activity_context(request, thing))


def _lines_context(
    thing: SupplyRequest, lines: list[RequestLine], by: Permissions, today: date, *, prices: bool
) -> dict[str, Any]:
    """Return the lines with their offers, supply and goods that do not count, and the price check.

    `prices`: if the reader has opened the price check.
    """
    rows = SupplierLead.objects.visible_to(by).filter(line__in=lines)
    named = rows.select_related("supplier__place", "standard", "city", "product").annotate(
        elsewhere=quantity_allocated_to_other_needs(thing), **UNUSUAL_PRICE_ANNOTATION
    )
    offers = list(named.order_by("-pk")[:MAX_RELATED_ROWS])
    own = [
        lead for lead in offers if lead.city_id in by.visible_cities
    ]  # price comparisons are private to their city
    beside = scales_by_lead(own)
    like = most_frequent_product_offer(own)
    supply = supply_by_line(thing, lines, by, today)
    by_line: dict[int, list[Any]] = {line.pk: [] for line in lines}
    for lead in offers:
        if lead.line_id is not None:
            scale, is_odd = beside.get(lead.pk, (None, False))
            elsewhere = lead.elsewhere  # type: ignore[attr-defined]  # annotated above
            is_own = lead.city_id in by.visible_cities
            by_line[lead.line_id].append((lead, scale, is_odd, elsewhere if is_own else 0))
    return {
        "lines": [
            (line, apart, by_line[line.pk], supply.get(line.pk), days_of_supply(line, today))
            for line, apart in coverage_sentences(lines, clock.now())
        ],
        "leads": offers,
        "prices": lead_price_chart(like, today) if like is not None and prices else None,
        "like": like,
    }


@login_required
def need_move(request: AuthenticatedRequest, reference: str, verb: str) -> HttpResponse:
    """Show the form of a move on a need, or make the move."""
    return run_move(request, find_need(request, reference), verb, NEED_MOVE_OPTIONS)


def find_need(request: AuthenticatedRequest, reference: str) -> SupplyRequest:
    """Return the need, or raise 404 if the reader may not see it."""
    rows = (
        SupplyRequest.objects.visible_to(request.by)
        .select_related("city", "author")
        .prefetch_related(LINES_WITH_PRODUCTS)
    )
    return get_object_or_404(rows, reference=reference)


def shipments_for_lines(by: Any, lines: list[RequestLine]) -> Any:
    """Return up to 20 shipments that carry goods for these lines, newest first."""
    rows = Shipment.objects.visible_to(by).filter(lines__order_line__allocation__line__in=lines).distinct()
    return rows.order_by("-pk")[:20]


def is_late(thing: SupplyRequest, today: date) -> bool:
    """Return True if the need is open and past the date it was needed by."""
    return (
        thing.status == SupplyRequest.Status.OPEN and thing.needed_by is not None and thing.needed_by < today
    )


def needs_file(request: AuthenticatedRequest, rows: QuerySet[SupplyRequest], kind: str) -> HttpResponseBase:
    """Return the lines of these needs as a file, CSV or XLSX."""
    seen = Shipment.objects.visible_to(request.by)
    lines = RequestLine.objects.filter(supply_request__in=rows.order_by()).annotate(
        next_arrival=next_arrival(seen),
        arriving_in_time=arriving_quantity(seen, late=False),
        arriving_late=arriving_quantity(seen, late=True),
    )
    return file_response(
        request, "needs", NEED_COLUMNS, lines.select_related("supply_request__city", "product"), kind
    )


NEED_MOVE_OPTIONS = move_options(
    MoveOption(
        EDIT,
        custom_action=apply_need_changes,
        form=ChangeRequestForm,
        hint=_("Existing allocations stay in place."),
    ),
    MoveOption(APPROVE_NEED, form=ApprovalForm),
    RETURN_NEED,
    MoveOption(APPROVE_CHANGE, form=ApprovalForm),
    RETURN_CHANGE,
    WITHDRAW_CHANGE,
    MoveOption(RECONFIRM, form=ReconfirmForm, template="requests/reconfirm.html"),
    MoveOption(
        PUBLISH_ANSWER,
        form=PublishedAnswerForm,
        hint=_("Everyone who was asked receives the answer by email and can read it on their page."),
    ),
    MoveOption(
        SHARE_NEED,
        form=ShareRequestForm,
        hint=_(
            "That city can see the need and how much of it is covered. Only your city can see offers "
            "and prices."
        ),
    ),
    MoveOption(
        PAUSE_OFFERS,
        hint=_(
            "No inquiries or reminders are sent while the need is paused. Contacts who have not replied "
            "are informed that no reply is needed. Offers already made are kept, and the contacts who made "
            "them are informed."
        ),
    ),
    RESUME_OFFERS,
    FULFIL,
    MoveOption(REOPEN, hint=_("Offers are accepted again for the recalled quantity.")),
    MoveOption(WITHDRAW, hint=_("Open inquiries and checks are cancelled, and allocations are undone.")),
)
NEEDS_LIST = register_list(
    ListPage(
        "needs",
        rows=lambda by: (
            SupplyRequest.objects.visible_to(by).select_related("city").prefetch_related(LINES_WITH_PRODUCTS)
        ),
        form=RequestFilterForm,
        orders={
            "needed_by": order_by_day("needed_by"),
            "title": "title",
            "city": order_by_text("city__name_en"),
        },
        download=needs_file,
        move_options=move_options(
            MoveOption(RECONFIRM, form=ReconfirmSelectedForm),
            MoveOption(PAUSE_OFFERS, hint=NEED_MOVE_OPTIONS["stop"].hint),
            RESUME_OFFERS,
            FULFIL,
        ),
        row_move_options=move_options(
            replace(
                NEED_MOVE_OPTIONS[EDIT.verb],
                form=only_fields(
                    ChangeRequestForm,
                    lambda name: name in ("needed_by", "reason") or name.startswith("quantity"),
                ),
            )
        ),
        row_title=lambda need: need.title,
    )
)

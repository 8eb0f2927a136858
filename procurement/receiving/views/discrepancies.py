"""Discrepancies: the list, the page of one, and the moves on it."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404

from partners.activity.context import activity_context
from partners.authenticated_requests import AuthenticatedRequest
from procurement.exports.list_columns import DISCREPANCY_COLUMNS
from procurement.exports.list_download import is_file_requested, list_file_writer
from procurement.receiving.forms import DiscrepancyFilterForm, SenderAnswerForm, SettlementForm
from procurement.receiving.models import CartonReceipt, Discrepancy
from procurement.receiving.rules.discrepancies import DISCARD, RECORD_SENDER_ANSWER, SETTLE
from workflow.http.bulk_actions import bulk_action_bar
from workflow.http.lists import ListPage, register_list
from workflow.http.move_views import MoveOption, move_options, run_move
from workflow.http.pages import render_page
from workflow.http.pagination import paginate
from workflow.query_expressions import order_by_text
from workflow.reminders import last_reminder
from workflow.uploads.models import File

LEAD_PATH = "line__order_line__allocation__lead"


@login_required
def discrepancies(request: AuthenticatedRequest) -> HttpResponseBase:
    """List every discrepancy of the reader's cities, newest first or as sorted, as a page, CSV or XLSX."""
    form, rows = DISCREPANCIES_LIST.filter_form_and_rows(request.by, request.GET)
    if is_file_requested(request):
        return discrepancies_file(request, rows, request.GET["as"])
    found = paginate(request, rows, DISCREPANCIES_LIST.orders)
    context = {
        "page": found,
        "filters": form,
        "bulk": bulk_action_bar(DISCREPANCIES_LIST, request.by, found.rows),
    }
    return render_page(request, "receiving/discrepancy_list.html", context)


@login_required
def discrepancy_detail(request: AuthenticatedRequest, reference: str) -> HttpResponse:
    """Show one discrepancy: what differed, the sender's answer, the settlement, and photos of its cartons."""
    thing = _find_discrepancy(request, reference)
    seen = CartonReceipt.objects.not_undone().filter(receipt=thing.receipt_id, carton__line=thing.line_id)
    seen = seen.exclude(state=CartonReceipt.State.INTACT).select_related("carton").order_by("carton__number")
    boxes = list(seen)
    photos = File.objects.visible_to(request.by).about(thing.shipment)
    context = {
        "case": thing,
        "powers": request.by,
        "boxes": boxes,
        "photos": photos.filter(kind__in=[one.carton.reference for one in boxes]).order_by("pk"),
        "supplier": thing.lead.supplier,
        "reminded": last_reminder(thing),
    }
    return render_page(
        request, "receiving/discrepancy_detail.html", context | activity_context(request, thing)
    )


@login_required
def discrepancy_move(request: AuthenticatedRequest, reference: str, verb: str) -> HttpResponse:
    """Record the answer, settle the discrepancy, or discard it."""
    return run_move(request, _find_discrepancy(request, reference), verb, DISCREPANCY_MOVE_OPTIONS)


def _find_discrepancy(request: AuthenticatedRequest, reference: str) -> Discrepancy:
    rows = Discrepancy.objects.visible_to(request.by).select_related(
        "city",
        "shipment",
        "receipt__by",
        "contact__user",
        "contact__city",
        "line__order_line__order",
        f"{LEAD_PATH}__product",
        f"{LEAD_PATH}__supplier__place",
    )
    return get_object_or_404(rows, reference=reference)


DISCREPANCY_MOVE_OPTIONS = move_options(
    MoveOption(RECORD_SENDER_ANSWER, form=SenderAnswerForm), MoveOption(SETTLE, form=SettlementForm), DISCARD
)
discrepancies_file = list_file_writer("cases", DISCREPANCY_COLUMNS)
DETAIL_RELATIONS = ("shipment", "city", f"{LEAD_PATH}__product", f"{LEAD_PATH}__supplier")
DISCREPANCIES_LIST = register_list(
    ListPage(
        "discrepancies",
        rows=lambda by: Discrepancy.objects.visible_to(by).select_related(*DETAIL_RELATIONS),
        form=DiscrepancyFilterForm,
        orders={
            "supplier": order_by_text(
                f"{LEAD_PATH}__supplier__name_en", f"{LEAD_PATH}__supplier__legal_name_local"
            ),
            "pieces": "pieces",
        },
        download=discrepancies_file,
    )
)

"""Pages of lots: the list over all shipments, one with its inspections, and its moves."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Prefetch, QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404

from partners.activity.context import activity_context
from partners.authenticated_requests import AuthenticatedRequest
from partners.permissions.permissions import Permissions
from partners.powers import Power
from procurement.distribution.models import Distribution
from procurement.distribution.views import distribution_context, recall_phone_script
from procurement.exports.list_columns import LOT_COLUMNS
from procurement.exports.list_download import is_file_requested, list_file_writer
from procurement.quality.forms import InspectionForm, LotFilterForm, ReleaseConditionForm
from procurement.quality.models import Lot, MeasuredPoint
from procurement.quality.queries import InspectionSetup, laboratory_reports
from procurement.quality.rules import (
    INSPECT_LOT,
    OVERRIDE_INSPECTION,
    RECALL_LOT,
    REJECT_LOT,
    RELEASE_CONDITIONALLY,
    RELEASE_LOT,
)
from workflow import clock
from workflow.errors import Refused
from workflow.http.bulk_actions import bulk_action_bar
from workflow.http.lists import ListPage, register_list
from workflow.http.move_views import MoveOption, move_options, run_move
from workflow.http.pages import render_page
from workflow.http.pagination import paginate

LEAD_PATH = "line__order_line__allocation__lead"


@login_required
def lot_list(request: AuthenticatedRequest) -> HttpResponseBase:
    """List every lot the reader may see, with its distributions, as a page, CSV or XLSX."""
    form, rows = LOT_LIST_PAGE.filter_form_and_rows(request.by, request.GET)
    if is_file_requested(request):
        return lots_file(request, rows, request.GET["as"])
    found = paginate(request, rows, LOT_LIST_PAGE.orders)
    context = {"page": found, "filters": form, "bulk": bulk_action_bar(LOT_LIST_PAGE, request.by, found.rows)}
    return render_page(request, "quality/lot_list.html", context)


def _listed_lots(by: Permissions) -> QuerySet[Lot]:
    named = ("city", "shipment", f"{LEAD_PATH}__product", f"{LEAD_PATH}__supplier")
    rows: QuerySet[Lot] = Lot.objects.visible_to(by).select_related(*named)
    return rows.prefetch_related(Prefetch("distributions", _distributions_in_effect()))


def _distributions_in_effect() -> QuerySet[Distribution]:
    return (
        Distribution.objects.in_effect().select_related("organization__city").order_by("distributed_on", "pk")
    )


@login_required
def lot_detail(request: AuthenticatedRequest, reference: str) -> HttpResponse:
    """Show one lot: its sample plan, its inspections, its status, and the places it went to."""
    thing = _find_lot(request, reference)
    points = MeasuredPoint.objects.select_related("point").order_by("point__position", "point__code")
    looks = thing.inspections.select_related("by", "report").prefetch_related(Prefetch("points", points))
    context = {
        "lot": thing,
        "lead": thing.line.order_line.allocation.lead,
        "order": thing.line.order_line.order,
        "sees_orders": request.by.may(Power.SEE, thing),
        "powers": request.by,
        "looking": InspectionSetup.for_lot(thing) if thing.quantity else None,
        "inspections": looks.order_by("-pk"),
        "may_distribute": thing.status in Lot.Status.done and request.by.may(Power.RECEIVE, thing),
        "words_to_say": recall_phone_script(thing),
        **distribution_context(thing, request.by),
    }
    return render_page(request, "quality/lot_detail.html", context | activity_context(request, thing))


@login_required
def make_lot_move(request: AuthenticatedRequest, reference: str, verb: str) -> HttpResponse:
    """Show the form of a move on a lot, or make the move: inspect, override, release, reject, recall.

    A request with `check` only asks which verdict the results of an inspection suggest.
    """
    thing = _find_lot(request, reference)
    step = inspection_move_option(request)
    checks = verb == INSPECT_LOT.verb and "check" in request.POST
    if checks and INSPECT_LOT.refusal(request.by, thing, clock.now()) is None:
        return _show_suggestion(request, thing, step)
    return run_move(request, thing, verb, LOT_MOVE_OPTIONS | move_options(step))


def _show_suggestion(request: AuthenticatedRequest, thing: Lot, step: MoveOption) -> HttpResponse:
    """Show the form with the verdict that its results suggest, or only that part if htmx asks."""
    form = InspectionForm(request.POST, thing, {}, laboratory_reports(thing).visible_to(request.by))
    form.fields["verdict"].required = False
    form.is_valid()
    context = {"thing": thing, "move": INSPECT_LOT, "step": step, "form": form, "refused": None}
    return render_page(request, f"{step.template}#verdict", context)


def _find_lot(request: AuthenticatedRequest, reference: str) -> Lot:
    rows = Lot.objects.visible_to(request.by).select_related(
        "city",
        "shipment",
        "line__order_line__order",
        *(f"{LEAD_PATH}__{name}" for name in ("product", "standard", "supplier")),
    )
    lot: Lot = get_object_or_404(rows, reference=reference)
    return lot


def inspection_move_option(request: AuthenticatedRequest) -> MoveOption:
    """Return the move that inspects a lot with its form, for the sampling plan that the reader chose in the address.

    A second button on its form also releases the lot, and goes on to the shipment. If the release is refused,
    the inspection is not recorded either.
    """
    releases = request.POST.get("then") == RELEASE_LOT.verb

    def act(_request: AuthenticatedRequest, thing: Lot, make: Callable[..., Lot], **_values: Any) -> object:
        form = InspectionForm(request.POST, thing, {}, laboratory_reports(thing).visible_to(request.by))
        form.is_valid()
        try:
            made = make(thing, **form.inspection_facts)
        except Refused as refused:
            raise _with_field_of_point(refused) from refused
        if releases:
            LOT_MOVE_OPTIONS[RELEASE_LOT.verb].make_move(request, thing)
        return made

    return MoveOption(
        INSPECT_LOT,
        custom_action=act,
        form=lambda data, thing: InspectionForm(
            data, thing, request.GET, laboratory_reports(thing).visible_to(request.by)
        ),
        template="quality/inspect_lot.html",
        success_url=(lambda thing: thing.shipment.get_absolute_url()) if releases else None,
    )


def _with_field_of_point(refused: Refused) -> Refused:
    """Return the refusal with the form field of the point whose value it concerns."""
    if refused.details.get("field") != "readings" or "point" not in refused.details:
        return refused
    named = {**refused.details, "field": f"point_{refused.details['point']}"}
    return Refused(refused.code, refused.message, **named)


LOT_MOVE_OPTIONS = move_options(
    OVERRIDE_INSPECTION,
    RELEASE_LOT,
    MoveOption(RELEASE_CONDITIONALLY, form=ReleaseConditionForm),
    REJECT_LOT,
    RECALL_LOT,
)
lots_file = list_file_writer("lots", LOT_COLUMNS)
LOT_LIST_PAGE = register_list(
    ListPage(
        "lots",
        rows=_listed_lots,
        form=LotFilterForm,
        orders={"number": "number", "quantity": "quantity"},
        download=lots_file,
    )
)

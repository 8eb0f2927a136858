"""Planning of a shipment from ordered goods, and packing it into numbered cartons."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse

from partners.authenticated_requests import AuthenticatedRequest, require_permission
from partners.powers import Power
from procurement.logistics.actions.planning import SHIPPABLE_STATUSES, pack_shipment, plan_shipment
from procurement.logistics.rules.shipments import PACK, PLAN
from procurement.orders.models import OrderLine
from procurement.shipments.forms import PackCartonsForm, PlanShipmentForm
from procurement.shipments.models import Shipment
from procurement.shipments.views.shipment import find_shipment
from workflow import clock
from workflow.http.confirmations import confirm_move
from workflow.http.pages import render_page, run_action
from workflow.moves import Move


@login_required
def plan_shipment_page(request: AuthenticatedRequest) -> HttpResponse:
    """Plan a shipment of one order, or of all goods that wait to be shipped. Requires the power SHIP."""
    require_permission(request, Power.SHIP)
    waiting = _lines_to_ship(request)
    form = PlanShipmentForm(request.POST or None, waiting)
    context = {"form": form, "waiting": waiting}
    if not form.is_valid():
        return render_page(
            request, "shipments/plan_shipment.html", context, status=422 if form.is_bound else 200
        )
    return run_action(
        request,
        lambda: plan_shipment(
            form.line_quantities, author=request.user, by=request.by, at=clock.now(), **form.action_arguments
        ),
        done=lambda shipment: _success_url(request, PLAN, shipment, ""),
        template="shipments/plan_shipment.html",
        context=context,
    )


def _lines_to_ship(request: AuthenticatedRequest) -> list[OrderLine]:
    """Return the order lines with pieces that are in no shipment yet. Orders on hold are left out."""
    rows = OrderLine.objects.visible_to(request.by).filter(
        order__status__in=SHIPPABLE_STATUSES, order__held_since=None
    )
    if reference := request.GET.get("order"):
        # The database refuses a NUL, and no reference contains one.
        rows = rows.none() if "\0" in reference else rows.filter(order__reference=reference)
    names = ("order__city", "order__contact__city", "order__supplier__place")
    rows = rows.select_related(*names, "allocation__lead__product").order_by("pk")
    return [line for line in rows if line.unshipped_quantity]


@login_required
def pack_shipment_page(request: AuthenticatedRequest, reference: str) -> HttpResponse:
    """Pack a planned shipment into numbered cartons. Requires the power SHIP."""
    thing = find_shipment(request, reference)
    require_permission(request, Power.SHIP, thing)
    lines = list(thing.lines.select_related("order_line__allocation__lead__product").order_by("pk"))
    form = PackCartonsForm(request.POST or None, lines)
    context, before = {"shipment": thing, "form": form}, thing.status
    if not form.is_valid():
        return render_page(
            request, "shipments/pack_shipment.html", context, status=422 if form.is_bound else 200
        )
    return run_action(
        request,
        lambda: pack_shipment(thing, form.cartons, by=request.by, at=clock.now()),
        done=lambda _packed: _success_url(request, PACK, thing, before),
        template="shipments/pack_shipment.html",
        context=context,
    )


def _success_url(request: AuthenticatedRequest, move: Move[Shipment], thing: Shipment, before: str) -> str:
    """Tell on the next page that the move was made; return the address of that page."""
    confirm_move(request, move, thing, before, clock.now())
    return thing.get_absolute_url()

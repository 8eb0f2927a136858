"""Pages of goods receipts: count a shipment line by line, and reverse a wrong receipt."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect

from partners.authenticated_requests import AuthenticatedRequest, require_permission
from partners.powers import Power
from procurement.receiving.actions.receipts import record_receipt
from procurement.receiving.forms import GoodsReceiptForm
from procurement.receiving.models import GoodsReceipt
from procurement.receiving.rules.receipts import REVERSE
from procurement.shipments.models import Shipment
from procurement.shipments.views.shipment import find_shipment
from workflow import clock
from workflow.errors import Refused
from workflow.http.move_views import move_options, run_move
from workflow.http.pages import render_page, run_action


@login_required
def receive_shipment(request: AuthenticatedRequest, reference: str) -> HttpResponse:
    """Count a delivered shipment, line by line. Requires the power RECEIVE."""
    thing = find_shipment(request, reference)
    require_permission(request, Power.RECEIVE, thing)
    rows = thing.lines.select_related("order_line__allocation__lead__product").order_by("pk")
    form = GoodsReceiptForm(request.POST or None, [line for line in rows if line.uncounted_pieces])
    context = {"shipment": thing, "form": form}
    if not form.is_valid():
        return render_page(
            request, "receiving/receive_shipment.html", context, status=422 if form.is_bound else 200
        )
    return run_action(
        request,
        lambda: _record_receipt(request, thing, form),
        done=thing.get_absolute_url(),
        template="receiving/receive_shipment.html",
        context=context,
    )


def _record_receipt(request: AuthenticatedRequest, thing: Shipment, form: GoodsReceiptForm) -> GoodsReceipt:
    try:
        return record_receipt(
            thing,
            form.counts,
            cartons=form.cleaned_data["cartons"] or 0,
            more_to_come=form.cleaned_data["more_to_come"],
            received_by=request.user,
            by=request.by,
            at=clock.now(),
        )
    except Refused as refused:
        raise form.refusal_for_form_field(refused) from refused


@login_required
def goods_receipt_redirect(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Redirect to the shipment of a goods receipt."""
    return redirect(get_object_or_404(GoodsReceipt.objects.visible_to(request.by), pk=pk).shipment)


@login_required
def receipt_move(request: AuthenticatedRequest, pk: int, verb: str) -> HttpResponse:
    """Reverse a wrong goods receipt."""
    rows = GoodsReceipt.objects.visible_to(request.by).select_related("shipment")
    return run_move(request, get_object_or_404(rows, pk=pk), verb, GOODS_RECEIPT_MOVE_OPTIONS)


GOODS_RECEIPT_MOVE_OPTIONS = move_options(REVERSE, after=lambda thing: thing.shipment.get_absolute_url())

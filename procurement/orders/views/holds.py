"""Page that puts all orders to a company on hold in one step, with a result for each."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.utils.translation import ngettext

from partners.authenticated_requests import AuthenticatedRequest
from procurement.orders.actions.holds import HoldResult, hold_orders_to_supplier, holdable_orders
from procurement.orders.forms import HoldForm
from procurement.orders.rules.holds import city_ids_where_may_hold
from procurement.orders.views.order_summary import goods_text_by_order
from procurement.suppliers.models.suppliers import Supplier
from procurement.suppliers.views.suppliers import find_supplier
from workflow import clock
from workflow.http.pages import render_page, run_action

TEMPLATE = "orders/hold_orders.html"


@login_required
def hold_supplier_orders(request: AuthenticatedRequest, reference: str) -> HttpResponse:
    """Put all open orders of the reader's cities to a company on hold.

    Requires a power with which a single order may be put on hold.
    """
    company = find_supplier(request, reference)
    if not city_ids_where_may_hold(request.by):
        raise PermissionDenied
    form = HoldForm(request.POST or None)
    orders = list(holdable_orders(company, request.by))
    goods = goods_text_by_order(orders)
    context = {"supplier": company, "form": form, "orders": [(order, goods[order.pk]) for order in orders]}
    if not form.is_valid():
        return render_page(request, TEMPLATE, context, status=422 if form.is_bound else 200)
    facts = dict(form.cleaned_data)
    return run_action(
        request,
        lambda: hold_orders_to_supplier(company, by=request.by, at=clock.now(), **facts),
        done=lambda results: _hold_response(request, company, results),
        template=TEMPLATE,
        context=context,
    )


def _hold_response(
    request: AuthenticatedRequest, company: Supplier, results: list[HoldResult]
) -> str | HttpResponse:
    """Return the address of the company, or the page with the orders that were refused."""
    refused = [one for one in results if one.refusal is not None]
    held = len(results) - len(refused)
    if held or not refused:
        words = ngettext("%(count)d order was put on hold.", "%(count)d orders were put on hold.", held)
        messages.success(request, words % {"count": held})
    if not refused:
        return company.get_absolute_url()
    goods = goods_text_by_order(one.order for one in refused)
    rows = [(one.order, goods[one.order.pk], one.refusal) for one in refused]
    return render_page(request, TEMPLATE, {"supplier": company, "refused_orders": rows})

"""Form that writes an order from confirmed allocations of one supplier, or records a donation."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from partners.cities.models import City
from partners.http import AuthenticatedRequest, require_permission
from partners.powers import Power
from procurement.allocations.models import Allocation
from procurement.leads.models.leads import SupplierLead
from procurement.orders.actions.create import create_donation, create_order
from procurement.orders.forms import ChooseAllocationsForm
from procurement.orders.models import Order
from workflow import clock
from workflow.errors import Refused
from workflow.http.pages import render_page, run_action


@login_required
def new_order(request: AuthenticatedRequest) -> HttpResponse:
    """Put confirmed allocations of one supplier into an order, or record a donation.

    Refuses purchases and donations in one order. Requires the power ORDER.
    """
    require_permission(request, Power.ORDER)
    form = ChooseAllocationsForm(
        request.POST or None, unordered_allocations(request), request.GET.getlist("allocation")
    )
    if not form.is_valid():
        return render_page(
            request, "orders/create.html", {"form": form}, status=422 if form.is_bound else 200
        )
    return run_action(
        request,
        lambda: _write(request, list(form.cleaned_data["allocations"]), form.cleaned_data["donor_city"]),
        done=lambda order: order.get_absolute_url(),
        template="orders/create.html",
        context={"form": form},
    )


def _write(request: AuthenticatedRequest, promised: list[Allocation], donor_city: City | None) -> Order:
    facts: dict[str, Any] = {"author": request.user, "by": request.by, "at": clock.now()}
    kinds = {one.lead.kind for one in promised}
    if len(kinds) > 1:
        raise Refused(
            "mixed",
            _("Purchased goods and donated goods must be in separate orders."),
            field="allocations",
        )
    if kinds == {SupplierLead.Kind.DONATION}:
        return create_donation(promised[0].city, promised, donor_city=donor_city, **facts)
    return create_order(promised[0].city, promised, **facts)


def unordered_allocations(request: AuthenticatedRequest) -> Any:
    """Return the confirmed allocations the reader may see that are not in an order yet."""
    rows = Allocation.objects.visible_to(request.by).filter(status=Allocation.Status.CONFIRMED)
    return rows.select_related("lead__supplier", "line__supply_request", "city").order_by("pk")

"""Pages of the supplier status, a city's opinion of a company: set one, show it with all earlier ones."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _

from partners.authenticated_requests import AuthenticatedRequest, require_permission
from partners.cities.models import City
from partners.powers import Power
from procurement.suppliers.actions.statuses import set_status
from procurement.suppliers.forms.statuses import SupplierStatusForm
from procurement.suppliers.models.statuses import SupplierStatus
from procurement.suppliers.views.suppliers import find_supplier
from workflow import clock
from workflow.days import reader_day
from workflow.http.pages import render_page, run_action


@login_required
def set_supplier_status(request: AuthenticatedRequest, reference: str) -> HttpResponse:
    """Set the supplier status of a company for one of the reader's cities.

    Requires the power REVIEW_LEAD.
    """
    thing = find_supplier(request, reference)
    require_permission(request, Power.REVIEW_LEAD, thing)
    mine = City.objects.filter(pk__in=request.by.cities_with(Power.REVIEW_LEAD)).order_by("name_en", "pk")
    form = SupplierStatusForm(request.POST or None, mine, reader_day(clock.now()))
    known = SupplierStatus.objects.visible_to(request.by).filter(supplier__in=thing.row_ids)
    context = {
        "thing": thing,
        "form": form,
        "title": _("Set supplier status"),
        "statuses": known.select_related("city").order_by("pk"),
    }
    if not form.is_valid():
        return render_page(
            request, "suppliers/status_form.html", context, status=422 if form.is_bound else 200
        )
    facts = dict(form.cleaned_data)
    return run_action(
        request,
        lambda: set_status(
            thing.current_row, facts.pop("city"), facts.pop("status"), by=request.by, at=clock.now(), **facts
        ),
        done=lambda created: created.get_absolute_url(),
        template="suppliers/status_form.html",
        context=context,
    )


@login_required
def supplier_status_detail(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Show the supplier status of a company in one city, with all earlier ones."""
    rows = SupplierStatus.objects.visible_to(request.by).select_related("supplier", "city")
    thing = get_object_or_404(rows, pk=pk)
    context = {"supplier_status": thing, "may_judge": request.by.may(Power.REVIEW_LEAD, thing)}
    return render_page(request, "suppliers/status_detail.html", context)

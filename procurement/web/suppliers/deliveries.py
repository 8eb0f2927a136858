"""What a company delivered to the reader's own cities: shipment by shipment, lots that failed, cases. Nothing of another city."""

from django.contrib.auth.decorators import login_required
from django.http.response import HttpResponseBase
from django.urls import path

from partners.visit import Visit
from procurement.exchange.sheets import DELIVERIES
from procurement.shipments.gathering.record import delivered_lines, told
from procurement.shipments.models.arrival import Lot, Verdict
from procurement.shipments.models.cases import DifferenceCase
from procurement.shipments.rules.dock.record import record
from procurement.web.sheets import sheet, wanted
from procurement.web.suppliers.companies import find
from workflow.doors.http import show


@login_required
def deliveries(request: Visit, reference: str) -> HttpResponseBase:
    """Its deliveries to one's own cities, of one year or of all."""
    supplier = find(request, reference)
    lines = delivered_lines(supplier, request.by.sees)
    years = record(map(told, lines))
    chosen = next((one for one in years if str(one.year) == request.GET.get("year")), None)
    if chosen is not None:
        lines = [line for line in lines if told(line).year == chosen.year]
    if wanted(request):
        return sheet(request, f"deliveries-{supplier.reference}", DELIVERIES, lines)
    cases = DifferenceCase.objects.visible_to(request.by).filter(line__in=lines).select_related("shipment")
    lots = Lot.objects.visible_to(request.by).filter(line__in=lines, verdict=Verdict.FAILED, quantity__gt=0)
    context = {
        "supplier": supplier,
        "years": years,
        "chosen": chosen,
        "lines": lines,
        "cases": cases.exclude(status=DifferenceCase.Status.DROPPED).order_by("-pk"),
        "lots": lots.order_by("-pk"),
    }
    return show(request, "suppliers/deliveries.html", context)


urlpatterns = [path("suppliers/<slug:reference>/deliveries/", deliveries, name="supplier_deliveries")]

"""Deliveries of a supplier to the reader's own cities, with failed lots and discrepancies.

Contains nothing of other cities.
"""

from django.contrib.auth.decorators import login_required
from django.http.response import HttpResponseBase

from partners.authenticated_requests import AuthenticatedRequest
from procurement.exports.csv_download import csv_response, is_csv_requested
from procurement.exports.list_columns import DELIVERY_COLUMNS
from procurement.quality.models import Lot, Verdict
from procurement.receiving.models import Discrepancy
from procurement.receiving.queries import delivered_line_from_row, delivered_lines
from procurement.receiving.rules.supplier_deliveries import yearly_deliveries
from procurement.suppliers.views.suppliers import find_supplier
from workflow.http.pages import render_page

LINE_PRODUCT = "line__order_line__allocation__lead__product"


@login_required
def deliveries(request: AuthenticatedRequest, reference: str) -> HttpResponseBase:
    """List the deliveries of a supplier to the reader's own cities, of one year or all, or as CSV."""
    supplier = find_supplier(request, reference)
    lines = delivered_lines(supplier, request.by.visible_cities)
    years = yearly_deliveries(map(delivered_line_from_row, lines))
    chosen = next((one for one in years if str(one.year) == request.GET.get("year")), None)
    if chosen is not None:
        lines = [line for line in lines if delivered_line_from_row(line).year == chosen.year]
    if is_csv_requested(request):
        return csv_response(request, f"deliveries-{supplier.reference}", DELIVERY_COLUMNS, lines)
    cases = Discrepancy.objects.visible_to(request.by).filter(line__in=lines).select_related(LINE_PRODUCT)
    lots = Lot.objects.visible_to(request.by).filter(line__in=lines, verdict=Verdict.FAILED, quantity__gt=0)
    lots = lots.select_related(LINE_PRODUCT)
    context = {
        "supplier": supplier,
        "years": years,
        "chosen": chosen,
        "lines": lines,
        "discrepancies": cases.exclude(status=Discrepancy.Status.DISCARDED).order_by("-pk"),
        "lots": lots.order_by("-pk"),
    }
    return render_page(request, "suppliers/deliveries.html", context)

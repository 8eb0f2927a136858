"""Comparison of two to five offers: attributes as rows, offers as columns, the best values marked."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from partners.authenticated_requests import AuthenticatedRequest
from partners.powers import Power
from procurement.allocations.models import AllocationCriteria
from procurement.exports.csv_download import csv_response, is_csv_requested
from procurement.leads.models.leads import SupplierLead
from procurement.leads.rules.comparison import MAX_COMPARED, MIN_COMPARED
from procurement.leads.views.compare_attributes import AttributeRow, attribute_rows
from procurement.requests.models import SupplyRequest
from workflow import clock
from workflow.http.pages import render_page

DETAIL_RELATIONS = (
    "supplier__place",
    "product",
    "standard",
    "city",
    "line__supply_request",
    "line__product",
)
MAX_SUGGESTED = 3


class LeadColumn(NamedTuple):
    """Offer as a column, with the address that allocates it, if the reader may do so."""

    lead: SupplierLead
    allocate_url: str


@login_required
def compare_leads(request: AuthenticatedRequest) -> HttpResponseBase:
    """Show the ticked offers side by side, as a page or as CSV. With fewer than two, suggest three offers.

    404 if the reader may not see all offers. Refuses more than five offers, and offers to different
    cities.
    """
    references = list(dict.fromkeys(request.GET.getlist("lead")))
    if len(references) > MAX_COMPARED:
        return _selection_page(
            request, _("Choose at most five offers. You chose %(n)s.") % {"n": len(references)}
        )
    leads = _find_leads(request, references)
    if len({lead.city_id for lead in leads}) > 1:
        return _selection_page(
            request, _("These offers were made to different cities. Choose offers made to the same city.")
        )
    if len(leads) < MIN_COMPARED:
        return render_page(request, "leads/compare.html", _suggestion(request, leads))
    only = request.GET.get("only") == "differences"
    today = leads[0].city.day_at(clock.now())
    rows = attribute_rows(request.by, leads, today)
    if is_csv_requested(request):
        return csv_response(request, "comparison", _csv_columns(leads), rows)
    context = {
        "columns": [LeadColumn(lead, _allocate_url(request, lead)) for lead in leads],
        "rows": [
            (row.label, [(lead, *cell) for lead, cell in zip(leads, row.cells, strict=True)])
            for row in rows
            if row.has_differences or not only
        ],
        "criteria": AllocationCriteria.objects.visible_to(request.by).for_lines(lead.line for lead in leads),
        "lines_without_criteria": [
            lead.line
            for lead in {lead.line_id: lead for lead in leads}.values()
            if lead.line and request.by.may(Power.ALLOCATE, lead)
        ],
        "only": only,
        "alike": sum(not row.has_differences for row in rows),
        "all_address": comparison_url(leads),
        "differences_address": comparison_url(leads, only="differences"),
        "sheet": comparison_url(leads, **{"as": "csv"}),
        "day": today,
    }
    return render_page(request, "leads/compare.html", context)


def comparison_url(leads: Iterable[SupplierLead], **more: str) -> str:
    """Return the address of the comparison of these offers."""
    references = [("lead", lead.reference) for lead in leads]
    return f"{reverse('compare_leads')}?{urlencode([*references, *more.items()])}"


def suggested_comparison(
    request: AuthenticatedRequest, chosen: Sequence[SupplierLead]
) -> tuple[list[SupplierLead], str]:
    """Return up to three offers for one line, including the chosen one, and the address that compares them.

    Empty if no line has two offers.
    """
    rows = SupplierLead.objects.visible_to(request.by).live().filter(line__isnull=False)
    if chosen:
        rows = rows.filter(line=chosen[0].line_id, city=chosen[0].city_id)
    newest = list(rows.order_by("-pk").values_list("line", "city")[:100])
    group = next((one for one in newest if newest.count(one) >= MIN_COMPARED), None)
    if group is None:
        return [], ""
    found = rows.filter(line=group[0], city=group[1]).select_related(*DETAIL_RELATIONS).order_by("-pk")
    others = [lead for lead in found[: MAX_SUGGESTED + 1] if lead not in chosen]
    three = [*chosen, *others][:MAX_SUGGESTED]
    return three, comparison_url(three)


def _find_leads(request: AuthenticatedRequest, references: Sequence[str]) -> list[SupplierLead]:
    """Return the offers in the order requested. 404 if the reader may not see all."""
    rows = SupplierLead.objects.visible_to(request.by).filter(reference__in=references)
    by_reference = {lead.reference: lead for lead in rows.select_related(*DETAIL_RELATIONS).distinct()}
    if set(by_reference) != set(references):
        raise Http404
    return [by_reference[reference] for reference in references]


def _selection_page(request: AuthenticatedRequest, words: str) -> HttpResponse:
    return render_page(
        request, "leads/compare.html", {"wrong": words, **_suggestion(request, [])}, status=422
    )


def _suggestion(request: AuthenticatedRequest, chosen: Sequence[SupplierLead]) -> dict[str, Any]:
    three, where = suggested_comparison(request, chosen)
    return {"suggested": three, "suggested_address": where}


def _allocate_url(request: AuthenticatedRequest, lead: SupplierLead) -> str:
    """Return the address that allocates the offer, or "".

    The offer must be verified and have free goods, its need must be open, and the reader may allocate it.
    """
    ready = lead.status == SupplierLead.Status.VERIFIED and lead.free_quantity > 0 and lead.line is not None
    if not ready or not request.by.may(Power.ALLOCATE, lead):
        return ""
    need = lead.line.supply_request  # type: ignore[union-attr]  # ready says there is one
    return reverse("allocate", args=[need.reference]) if need.status == SupplyRequest.Status.OPEN else ""


def _csv_columns(leads: Sequence[SupplierLead]) -> list[tuple[str, Any]]:
    """Return the columns of the CSV file: the attribute, a value for each offer, and the best offers."""
    heads = [f"{lead.reference} {lead.supplier.name}" for lead in leads]
    read = [lambda row, place=place: _cell_value(row, place) for place in range(len(leads))]

    def best(row: AttributeRow) -> str:
        return (
            f"{row.best_label}: {', '.join(leads[place].reference for place in sorted(row.best_positions))}"
            if row.best_positions
            else ""
        )

    return [(_("Attribute"), lambda row: row.label), *zip(heads, read, strict=True), (_("Best"), best)]


def _cell_value(row: AttributeRow, place: int) -> Any:
    value = row.values[place]
    return value.text if value.spreadsheet_value is None else value.spreadsheet_value

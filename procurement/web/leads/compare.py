"""Two to five offers side by side: attributes as rows, offers as columns, the best value marked with a word."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import path, reverse
from django.utils.translation import gettext as _

from partners.roles import Power
from partners.visit import Visit
from procurement.allocations.models import Criteria
from procurement.leads.models.offer import SupplierLead
from procurement.leads.rules.comparing import LEAST, MOST
from procurement.requests.models import SupplyRequest
from procurement.web.leads.attributes import Row, rows_of
from procurement.web.sheets import sheet, wanted
from workflow import clock
from workflow.doors.http import show

WITH_NAMES = ("supplier__place", "product", "standard", "city", "line__supply_request", "line__product")
SUGGESTED = 3


class Column(NamedTuple):
    """An offer at the head of its column, and the address where its goods are allocated, for whoever may."""

    lead: SupplierLead
    allocate: str


@login_required
def compare(request: Visit) -> HttpResponseBase:
    """The offers ticked, side by side; else which three might be. One that the reader may not see is not there at all (404)."""
    asked = list(dict.fromkeys(request.GET.getlist("lead")))
    if len(asked) > MOST:
        return _again(request, _("Choose at most five offers. You chose %(n)s.") % {"n": len(asked)})
    leads = _found(request, asked)
    if len({lead.city_id for lead in leads}) > 1:
        return _again(request, _("These offers were made to different cities. Choose offers made to one."))
    if len(leads) < LEAST:
        return show(request, "leads/compare.html", _suggestion(request, leads))
    only = request.GET.get("only") == "differences"
    today = leads[0].city.day_at(clock.now())
    rows = rows_of(request.by, leads, today)
    if wanted(request):
        return sheet(request, "comparison", _columns(leads), rows)
    context = {
        "columns": [Column(lead, _allocate(request, lead)) for lead in leads],
        "rows": [
            (row.label, [(lead, *cell) for lead, cell in zip(leads, row.cells, strict=True)])
            for row in rows
            if row.differs or not only
        ],
        "criteria": Criteria.objects.visible_to(request.by).of(lead.line for lead in leads),
        "without": [
            lead.line
            for lead in {lead.line_id: lead for lead in leads}.values()
            if lead.line and request.by.may(Power.ALLOCATE, lead)
        ],
        "only": only,
        "alike": sum(not row.differs for row in rows),
        "all_address": address(leads),
        "differences_address": address(leads, only="differences"),
        "sheet": address(leads, **{"as": "csv"}),
        "day": today,
    }
    return show(request, "leads/compare.html", context)


def address(leads: Iterable[SupplierLead], **more: str) -> str:
    """Where these offers stand side by side."""
    asked = [("lead", lead.reference) for lead in leads]
    return f"{reverse('compare_leads')}?{urlencode([*asked, *more.items()])}"


def suggested(request: Visit, chosen: Sequence[SupplierLead]) -> tuple[list[SupplierLead], str]:
    """Three offers for one line, the chosen one among them, and the address that compares them; none where no line has two."""
    rows = SupplierLead.objects.visible_to(request.by).live().filter(line__isnull=False)
    if chosen:
        rows = rows.filter(line=chosen[0].line_id, city=chosen[0].city_id)
    newest = list(rows.order_by("-pk").values_list("line", "city")[:100])
    group = next((one for one in newest if newest.count(one) >= LEAST), None)
    if group is None:
        return [], ""
    found = rows.filter(line=group[0], city=group[1]).select_related(*WITH_NAMES).order_by("-pk")
    others = [lead for lead in found[: SUGGESTED + 1] if lead not in chosen]
    three = [*chosen, *others][:SUGGESTED]
    return three, address(three)


def _found(request: Visit, references: Sequence[str]) -> list[SupplierLead]:
    """The offers in the order they were asked for. 404 if one of them is not there for this reader."""
    rows = SupplierLead.objects.visible_to(request.by).filter(reference__in=references)
    by_reference = {lead.reference: lead for lead in rows.select_related(*WITH_NAMES).distinct()}
    if set(by_reference) != set(references):
        raise Http404
    return [by_reference[reference] for reference in references]


def _again(request: Visit, words: str) -> HttpResponse:
    return show(request, "leads/compare.html", {"wrong": words, **_suggestion(request, [])}, status=422)


def _suggestion(request: Visit, chosen: Sequence[SupplierLead]) -> dict[str, Any]:
    three, where = suggested(request, chosen)
    return {"suggested": three, "suggested_address": where}


def _allocate(request: Visit, lead: SupplierLead) -> str:
    """Where the officer allocates it: it is verified, something is free, and its need is open."""
    ready = lead.status == SupplierLead.Status.VERIFIED and lead.free > 0 and lead.line is not None
    if not ready or not request.by.may(Power.ALLOCATE, lead):
        return ""
    need = lead.line.supply_request  # type: ignore[union-attr]  # ready says there is one
    return reverse("allocate", args=[need.reference]) if need.status == SupplyRequest.Status.OPEN else ""


def _columns(leads: Sequence[SupplierLead]) -> list[tuple[str, Any]]:
    """The file's columns: the attribute, each offer's plain figure or words, and which of them is best by which word."""
    heads = [f"{lead.reference} {lead.supplier.name}" for lead in leads]
    read = [lambda row, place=place: _figure(row, place) for place in range(len(leads))]

    def best(row: Row) -> str:
        return (
            f"{row.word}: {', '.join(leads[place].reference for place in sorted(row.best))}"
            if row.best
            else ""
        )

    return [(_("Attribute"), lambda row: row.label), *zip(heads, read, strict=True), (_("Best"), best)]


def _figure(row: Row, place: int) -> Any:
    value = row.values[place]
    return value.text if value.plain is None else value.plain


urlpatterns = [path("leads/compare/", compare, name="compare_leads")]

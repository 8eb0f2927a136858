"""Page with the documents required for goods, a route and a date. Its query string holds all of these choices."""

from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from partners.authenticated_requests import AuthenticatedRequest
from procurement.catalogue.forms import RouteForm
from procurement.catalogue.models.products import Product
from procurement.catalogue.models.reference_rows import AcquisitionType, DeclaredUse
from procurement.catalogue.queries import ConsignmentLine, build_consignment, route_requirements
from procurement.catalogue.rules.customs_documents import Requirement
from procurement.catalogue.rules.sources import rated_sources
from procurement.catalogue.views.customs_rules import doubt_label, effect_label
from procurement.exports.csv_download import csv_response, is_csv_requested
from procurement.exports.list_columns import Column
from procurement.shipments.models import Shipment
from workflow import clock
from workflow.dated_text import text_as_of
from workflow.days import reader_day
from workflow.http.pages import render_page

DEFAULT_ROUTE = {
    "origin": "CN",
    "destination": "CA",
    "product": "MASK_SURG",
    "use": DeclaredUse.MEDICAL,
    "acquisition_type": AcquisitionType.PURCHASE,
    "receiver": "",
    "mode": Shipment.Mode.AIR,
}  # the default question, before the reader asks another one


REQUIRED_DOCUMENT_COLUMNS: tuple[Column, ...] = (
    (_("Export or import"), lambda one: one.rule.get_side_display()),
    (pgettext_lazy("customs document", "Document"), lambda one: one.rule.name),
    (_("document code"), lambda one: one.document_code),
    (_("Type"), lambda one: one.rule.get_category_display()),
    (_("Responsible party"), lambda one: one.rule.get_owner_display()),
    (_("Due"), lambda one: one.rule.get_due_before_display()),
    (_("Effect"), lambda one: effect_label(one.is_blocking)),
    (_("Why the rule only warns"), doubt_label),
    (_("Reason"), lambda one: text_as_of(one.rule.why, reader_day(clock.now()))),
    (_("Confidence"), lambda one: one.rule.get_confidence_display()),
    (_("In force from"), lambda one: one.rule.valid_from),
    (_("In force until"), lambda one: one.rule.valid_to),
    (_("Last confirmed"), lambda one: one.rule.seen_on),
    (_("Source"), lambda one: " ".join(one.source_confidence.sources)),
    (_("Rule"), lambda one: one.rule.code),
)


@login_required
def required_documents(request: AuthenticatedRequest) -> HttpResponseBase:
    """Show the documents required for these goods on this date, and conflicts, as a page or as CSV."""
    today = reader_day(clock.now())
    given = {name: value for name, value in request.GET.items() if name in RouteForm.base_fields}
    form = RouteForm(DEFAULT_ROUTE | {"on": today.isoformat()} | given)
    if not form.is_valid():
        return render_page(request, "catalogue/required_documents.html", {"form": form}, status=422)
    facts = form.cleaned_data
    product = Product.objects.get(code=facts["product"])
    line = ConsignmentLine(product, facts["use"], facts["acquisition_type"])
    consignment = build_consignment(
        [line],
        origin=facts["origin"],
        destination=facts["destination"],
        consignee=facts["receiver"],
        mode=facts["mode"],
        on=facts["on"],
    )
    answer = route_requirements(consignment, on=facts["on"])
    if is_csv_requested(request):
        return csv_response(
            request, "documents", REQUIRED_DOCUMENT_COLUMNS, [*answer.conflicts, *answer.documents]
        )
    context: dict[str, Any] = {
        "form": form,
        "asked": {**facts, "product": product},
        "answer": answer,
        "conflicts": [_with_labels(one) for one in answer.conflicts],
        "sides": _group_by_side(answer.documents),
        "reliefs": [(relief, rated_sources(relief.source_urls)) for relief in answer.reliefs],
        "sheet": urlencode({**form.data, "as": "csv"}),
    }
    return render_page(request, "catalogue/required_documents.html", context)


def required_documents_url(**facts: Any) -> str:
    """Return the address of this page for a choice of fields of `RouteForm`; empty values are left out."""
    query = {name: str(value) for name, value in facts.items() if value}
    return f"{reverse('required_documents')}?{urlencode(query)}"


def _with_labels(one: Requirement) -> dict[str, Any]:
    return {
        "asked": one,
        "rule": one.rule,
        "doubt": doubt_label(one),
        "effect": effect_label(one.is_blocking),
    }


def _group_by_side(documents: tuple[Requirement, ...]) -> list[tuple[str, Any, list[dict[str, Any]]]]:
    """Group the documents by side, export first."""
    names = (("export", _("Export clearance")), ("import", _("Import clearance")))
    return [
        (side, name, [_with_labels(one) for one in documents if one.rule.side == side])
        for side, name in names
    ]

"""Allocating: what is verified and free for a need, quantities by offer, one button; and an allocation's page with its undo."""

from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.db.models import F, Q
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.translation import gettext_lazy as _

from partners.roles import Power
from partners.visit import Visit, only
from partners.web import record
from procurement.allocations import actions
from procurement.allocations.models import Allocation
from procurement.catalogue.models.products import Product
from procurement.exchange.sheets import ALLOCATIONS
from procurement.leads.models.offer import SupplierLead
from procurement.leads.rules.leads import still_offered
from procurement.requests.models import RequestLine
from procurement.web.light import of_allocation
from procurement.web.needs import needs
from procurement.web.needs.covered import covered
from procurement.web.sheets import sheet, wanted
from workflow import clock
from workflow.doors.bounds import LONGEST_WORDS
from workflow.doors.forms import QuantityField
from workflow.doors.http import attempt, show
from workflow.doors.lists import page
from workflow.doors.moving import Step, make, reason_form
from workflow.errors import Refused

WITH_NAMES = ("lead__supplier", "line__supply_request", "line__product", "author", "city")
IN_AN_ORDER = ("order_line__order__city", "order_line__order__supplier", "order_line__order__bank_account")
# Goods that may stand in for each other; every other family stands in for its own only.
STAND_INS = (
    {Product.Family.MASK, Product.Family.RESPIRATOR},
    {Product.Family.GOWN, Product.Family.COVERALL},
)


def serving(family: str) -> set[str]:
    """The families whose goods may be offered where one of this family is asked for."""
    return next((set(map(str, group)) for group in STAND_INS if family in group), {family})


class Quantities(forms.Form):
    """One quantity for each pair of a line and an offer that could serve it."""

    def __init__(self, data: Any, pairs: list[tuple[RequestLine, SupplierLead]]) -> None:
        super().__init__(data)
        self.pairs = pairs
        for line, lead in pairs:
            self.fields[name_of(line, lead)] = QuantityField(label=_("Pieces"), required=False)

    @property
    def rows(self) -> list[tuple[RequestLine, SupplierLead, Any]]:
        """Each pair with its field."""
        return [(line, lead, self[name_of(line, lead)]) for line, lead in self.pairs]

    @property
    def wanted(self) -> list[tuple[RequestLine, SupplierLead, int]]:
        """The pairs somebody gave a quantity for."""
        given = [(line, lead, self.cleaned_data.get(name_of(line, lead))) for line, lead in self.pairs]
        return [(line, lead, pieces) for line, lead, pieces in given if pieces]


def name_of(line: RequestLine, lead: SupplierLead) -> str:
    """The name of the field of a pair."""
    return f"line{line.pk}_lead{lead.pk}"


@login_required
def allocate(request: Visit, reference: str) -> HttpResponse:
    """The verified and free offers of a need's lines; quantities are promised all together or not at all."""
    need = needs.find(request, reference)
    only(request, Power.ALLOCATE, need)
    lines = list(need.lines.all())
    form = Quantities(request.POST or None, pairs_for(request, lines))
    context = {"need": need, "form": form, "coverage": covered(lines), "limit": need.city.approval_limit}
    if not form.is_valid():
        return show(request, "allocations/allocate.html", context, status=422 if form.is_bound else 200)
    return attempt(
        request,
        lambda: _promise(request, form),
        done=need.get_absolute_url(),
        template="allocations/allocate.html",
        context=context,
    )


def pairs_for(request: Visit, lines: list[RequestLine]) -> list[tuple[RequestLine, SupplierLead]]:
    """The city's verified offers that could serve each line, whichever need they were made for: of its product, or of goods that serve
    the same purpose where the line welcomes alternatives. Those past their day are left out.
    """
    verified = SupplierLead.objects.visible_to(request.by).filter(status=SupplierLead.Status.VERIFIED)
    families = {one for line in lines if line.alternatives_allowed for one in serving(line.product.family)}
    could = (
        Q(line__in=lines)
        | Q(product__in=[line.product_id for line in lines])
        | Q(product__family__in=families)
    )
    rows = verified.filter(could, allocated__lt=F("supply"), city__in={line.city_id for line in lines})
    named = ("supplier", "standard", "city", "product", "line__supply_request")
    at = clock.now()
    leads = [lead for lead in rows.select_related(*named).order_by("-pk") if still_offered(lead, at) is None]
    return [(line, lead) for line in lines for lead in leads if _could_serve(lead, line)]


def _could_serve(lead: SupplierLead, line: RequestLine) -> bool:
    """Whether the page offers it; whether it may be promised is for the rules (`allocations.rules.allocatable`)."""
    related = lead.line_id == line.pk or lead.product.family in serving(line.product.family)
    return lead.product_id == line.product_id or (line.alternatives_allowed and related)


def _promise(request: Visit, form: Quantities) -> None:
    if not form.wanted:
        raise Refused("nothing_chosen", _("Give a quantity for at least one offer."))
    at = clock.now()
    with transaction.atomic():
        for line, lead, pieces in sorted(form.wanted, key=lambda row: row[1].pk):
            actions.allocate(lead, line, pieces, author=request.user, by=request.by, at=at)


@login_required
def allocations(request: Visit) -> HttpResponseBase:
    """Every allocation the reader may see, newest first."""
    rows = Allocation.objects.visible_to(request.by).select_related(*WITH_NAMES)
    if wanted(request):
        return sheet(request, "allocations", ALLOCATIONS, rows)
    return show(request, "allocations/list.html", {"page": page(request, rows)})


@login_required
def allocation(request: Visit, reference: str) -> HttpResponse:
    """One promise: of which offer, to which line, and what became of it."""
    thing = _find(request, reference)
    line = getattr(thing, "order_line", None)
    shown = of_allocation(request.by, thing, line and line.order)
    context = {"allocation": thing, "powers": request.by, "order": line, "shown": shown}
    context["leave_out"] = f"order fulfil return_part return_all promise_again {shown.verb if shown else ''}"
    return show(request, "allocations/detail.html", context | record.of(request, thing))


@login_required
def move(request: Visit, reference: str, verb: str) -> HttpResponse:
    """Give it back, whole or in part."""
    return make(request, _find(request, reference), verb, STEPS)


def _find(request: Visit, reference: str) -> Allocation:
    rows = Allocation.objects.visible_to(request.by).select_related(*WITH_NAMES, *IN_AN_ORDER)
    return get_object_or_404(rows, reference=reference)


class Part(forms.Form):
    """How much is given back, and why."""

    by_pieces = QuantityField(label=_("Pieces to give back"), min_value=1)
    reason = forms.CharField(
        label=_("Reason"), widget=forms.Textarea(attrs={"rows": 3}), max_length=LONGEST_WORDS
    )


STEPS = {
    "confirm": Step(lambda request, thing: actions.confirm(thing, by=request.by, at=clock.now())),
    "drop": Step(lambda request, thing: actions.drop(thing, by=request.by, at=clock.now())),
    "lower": Step(
        lambda request, thing, by_pieces, reason: actions.lower(
            thing, by_pieces, reason=reason, by=request.by, at=clock.now()
        ),
        form=lambda data, thing: Part(data),
    ),
    "release": Step(
        lambda request, thing, reason: actions.release(thing, reason=reason, by=request.by, at=clock.now()),
        form=reason_form,
        hint=_("The goods are free again, and the need opens by as much."),
    ),
}

urlpatterns = [
    path("needs/<slug:reference>/allocate/", allocate, name="allocate"),
    path("allocations/", allocations, name="allocations"),
    path("allocations/<slug:reference>/", allocation, name="allocation"),
    path("allocations/<slug:reference>/<slug:verb>/", move, name="allocation_move"),
]

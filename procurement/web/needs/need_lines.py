"""The lines of a need, one page each: ask for something else too, change a line, take it away. For drafts and posted needs."""

from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _

from partners.roles import Power
from partners.visit import Visit, only
from procurement.catalogue.models.products import Product
from procurement.requests.actions.lines import LineFacts, add_line, change_line, remove_line
from procurement.requests.models import RequestLine, SupplyRequest
from procurement.web.needs.change_a_need import as_it_is
from procurement.web.needs.needs import CHANGEABLE, find
from procurement.web.needs.steps import Pieces, Standards
from workflow import clock
from workflow.doors.bounds import MOST_DAYS_LEFT
from workflow.doors.editing import editing
from workflow.doors.forms import DayField, MoneyField
from workflow.doors.http import attempt, show


class Another(Pieces):
    """What else is needed. Which standards are accepted is asked next: they are the product's."""

    product = forms.ModelChoiceField(Product.objects.order_by("family", "code"), label=_("Product"))
    field_order = ("product", "quantity")


class Line(Pieces, Standards):
    """What may be said of a line: how many, which standards, by when if not with the rest."""

    field_order = (
        "quantity",
        "standards",
        "alternatives_allowed",
        "needed_by",
        "days_left",
        "priority",
        "max_unit_price",
    )
    needed_by = DayField(
        label=_("Needed by"), required=False, help_text=_("Only where it is another day than the need's own.")
    )
    days_left = forms.IntegerField(
        label=_("Days of supply left"), min_value=0, max_value=MOST_DAYS_LEFT, required=False
    )
    priority = forms.TypedChoiceField(label=_("Priority"), choices=RequestLine.Priority.choices, coerce=int)
    max_unit_price = MoneyField(label=_("Most a piece may cost, in your currency"), required=False)


@login_required
def add(request: Visit, reference: str) -> HttpResponse:
    """Another product in the same need."""
    need = _changeable(request, reference)
    form = Another(request.POST or None)
    context = {"form": form, "need": need, "back": _back(need), "heading": _("Add another product")}
    if not form.is_valid():
        return show(request, "requests/line.html", context, status=422 if form.is_bound else 200)
    return attempt(
        request,
        lambda: add_line(need, LineFacts(**form.cleaned_data), by=request.by, at=clock.now()),
        done=lambda line: reverse("need_line", args=[need.reference, line.pk]),
        template="requests/line.html",
        context=context,
    )


@login_required
def change(request: Visit, reference: str, number: int) -> HttpResponse:
    """One line: change it, or take it away."""
    need = _changeable(request, reference)
    with editing(request, need):
        return _change(request, need, number)


def _change(request: Visit, need: SupplyRequest, number: int) -> HttpResponse:
    line = get_object_or_404(need.lines.select_related("product"), pk=number)
    taken_away = "remove" in request.POST
    form = Line(None if taken_away else request.POST or None, product=line.product, initial=_known(line))
    form.count(line.product).thing = need
    context = {
        "form": form,
        "need": need,
        "back": _back(need),
        "heading": line.product.name,
        "may_go": len(need.lines.all()) > 1,
    }
    if not taken_away and not form.is_valid():
        return show(request, "requests/line.html", context, status=422 if form.is_bound else 200)

    def save() -> object:
        at = clock.now()
        if taken_away:
            return remove_line(line, by=request.by, at=at)
        return change_line(line, as_it_is(line, **form.cleaned_data), by=request.by, at=at)

    return attempt(request, save, done=_back(need), template="requests/line.html", context=context)


def _changeable(request: Visit, reference: str) -> SupplyRequest:
    """The need, where its lines may still be written, for whoever may write them."""
    need = find(request, reference)
    only(request, Power.POST_REQUEST, need)
    if need.status not in CHANGEABLE:
        raise Http404
    return need


def _known(line: Any) -> dict[str, Any]:
    names = ("quantity", "needed_by", "days_left", "max_unit_price", "alternatives_allowed", "priority")
    return {name: getattr(line, name) for name in names} | {"standards": list(line.standards.all())}


def _back(need: SupplyRequest) -> str:
    """Where somebody came from: the page that checks a draft, or the need's own."""
    if need.status == SupplyRequest.Status.DRAFT:
        return reverse("review_need", args=[need.reference])
    return need.get_absolute_url()


urlpatterns = [
    path("needs/<slug:reference>/lines/add/", add, name="add_line"),
    path("needs/<slug:reference>/lines/<int:number>/", change, name="need_line"),
]

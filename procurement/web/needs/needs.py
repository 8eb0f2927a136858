"""Needs: the list, a need's page, and the moves on it. Posting one is in post_a_need.py, its lines are in need_lines.py."""

from datetime import date
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.db.models import Prefetch
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.translation import gettext_lazy as _

from partners.models.cities import City
from partners.roles import Power
from partners.visit import Visit
from partners.web import record
from procurement.allocations.models import Allocation
from procurement.exchange.sheets import NEEDS
from procurement.leads.models.offer import SupplierLead
from procurement.outreach.models import Inquiry
from procurement.requests.actions.needs import fulfil, reconfirm, reopen, resume, share, stop, withdraw
from procurement.requests.figures import hardest, urgency
from procurement.requests.models import RequestLine, SupplyRequest
from procurement.requests.rules import stale
from procurement.shipments.models.shipment import Shipment
from procurement.web.leads import prices
from procurement.web.leads.prices import of_need
from procurement.web.needs.change_a_need import Change, change
from procurement.web.needs.covered import covered
from procurement.web.needs.next_step import next_step
from procurement.web.sheets import sheet, wanted
from workflow import clock
from workflow.doors.api.paging import Orders
from workflow.doors.forms import DayField
from workflow.doors.http import show
from workflow.doors.lists import page
from workflow.doors.moving import Step, make, reason_form
from workflow.queries import by_day

MOST = 500  # offers, questions or allocations on the page of one need: more than a need has
CHANGEABLE = (SupplyRequest.Status.DRAFT, SupplyRequest.Status.OPEN)
LINES = Prefetch("lines", RequestLine.objects.select_related("product").order_by("position"))


class Filters(forms.Form):
    """What a reader may narrow the list by; a filter is an address."""

    q = forms.CharField(label=_("Search"), required=False)
    status = forms.ChoiceField(
        label=_("Status"), required=False, choices=[("", _("Any")), *SupplyRequest.Status.choices]
    )
    own = forms.BooleanField(label=_("Only our own"), required=False)
    uncovered = forms.BooleanField(label=_("Not fully covered"), required=False)
    order = forms.ChoiceField(
        label=_("Sorted by"),
        required=False,
        choices=[("", _("Newest first")), ("urgency", _("Most urgent first")), ("needed_by", _("Needed by"))],
    )


class Share(forms.Form):
    """Which city may see this need."""

    city = forms.ModelChoiceField(City.objects.none(), label=_("City"))

    def __init__(self, data: Any, need: SupplyRequest) -> None:
        super().__init__(data)
        field = self.fields["city"]
        assert isinstance(field, forms.ModelChoiceField)  # declared above
        field.queryset = City.objects.exclude(pk=need.city_id).order_by("name_en", "pk")


class Reconfirm(forms.Form):
    """Until when the need holds."""

    until = DayField(label=_("Ask again on"))


@login_required
def needs(request: Visit) -> HttpResponseBase:
    """Every need the reader may see, newest or most urgent first, with its coverage."""
    rows = SupplyRequest.objects.visible_to(request.by).select_related("city").prefetch_related(LINES)
    form = Filters(request.GET)
    if form.is_valid():
        rows = rows.search(form.cleaned_data["q"])
        if form.cleaned_data["status"]:
            rows = rows.filter(status=form.cleaned_data["status"])
        if form.cleaned_data["own"]:
            rows = rows.filter(city__in=request.by.sees)
        if form.cleaned_data["uncovered"]:
            rows = rows.uncovered()
    if wanted(request):
        lines = RequestLine.objects.filter(supply_request__in=rows)
        return sheet(request, "needs", NEEDS, lines.select_related("supply_request__city", "product"))
    orders: Orders = {"urgency": urgency(request.by.sees), "needed_by": by_day("needed_by")}
    shown = page(request, rows, orders)
    at = clock.now()
    listed = [(need, stale(need, need.city.day_at(at)), hardest(need), *first_line(need)) for need in shown]
    may_post = bool(request.by.cities.get(Power.POST_REQUEST))
    return show(
        request,
        "requests/list.html#needs",
        {"page": shown, "needs": listed, "filters": form, "may_post": may_post, "now": at},
    )


def first_line(need: SupplyRequest) -> tuple[RequestLine | None, int]:
    """The line a list names, the first of those already read, and how many stand behind it."""
    lines = need.lines.all()
    return next(iter(lines), None), max(0, len(lines) - 1)


@login_required
def need(request: Visit, reference: str) -> HttpResponse:
    """One need: coverage, what to do next, who was asked, offers, shipments, history."""
    thing = find(request, reference)
    by, today = request.by, thing.city.day_at(clock.now())
    lines = list(thing.lines.all())
    leads = (
        SupplierLead.objects.visible_to(by)
        .filter(line__in=lines)
        .select_related("supplier__place", "standard", "city", "product")
    )
    inquiries = (
        Inquiry.objects.visible_to(by)
        .filter(supply_request=thing)
        .select_related("contact__user", "contact__city", "introducer__user", "through_city")
    )
    allocations = Allocation.objects.visible_to(by).filter(line__in=lines).select_related("lead__supplier")
    offers = list(leads.order_by("-pk")[:MOST])
    promised = list(allocations.order_by("-pk")[:MOST])
    own = [lead for lead in offers if lead.city_id in by.sees]  # how prices compare is their city's alone
    beside = prices.beside(own)
    compared, like = of_need(own, today)
    context = {
        "need": thing,
        "lines": lines,
        "coverage": covered(lines),
        "leads": [(lead, *beside.get(lead.pk, (None, False))) for lead in offers],
        "prices": compared,
        "like": like,
        "inquiries": inquiries.order_by("pk")[:MOST],
        "allocations": promised,
        "shipments": shipments_of(by, lines),
        "next": next_step(thing, by, promised),
        "powers": by,
        "is_open": thing.status == SupplyRequest.Status.OPEN,
        "asks": by.may(Power.POST_REQUEST, thing),
        "allocates": by.may(Power.ALLOCATE, thing),
        "theirs": not by.coordinates and thing.city_id not in by.sees,
        "own_need": thing.city_id in by.sees,
        "may_change": by.may(Power.POST_REQUEST, thing) and thing.status in CHANGEABLE,
        "may_repeat": by.may(Power.POST_REQUEST, thing),
        "late": is_late(thing, today),
        "stale": stale(thing, today),
    }
    return show(request, "requests/detail.html", context | record.of(request, thing))


@login_required
def move(request: Visit, reference: str, verb: str) -> HttpResponse:
    """A button or a form of a need's page."""
    return make(request, find(request, reference), verb, STEPS)


def find(request: Visit, reference: str) -> SupplyRequest:
    """The need, as far as the reader may see it."""
    rows = (
        SupplyRequest.objects.visible_to(request.by).select_related("city", "author").prefetch_related(LINES)
    )
    return get_object_or_404(rows, reference=reference)


def shipments_of(by: Any, lines: list[RequestLine]) -> Any:
    """The shipments that carry goods for these lines."""
    rows = Shipment.objects.visible_to(by).filter(lines__order_line__allocation__line__in=lines).distinct()
    return rows.order_by("-pk")[:20]


def is_late(thing: SupplyRequest, today: date) -> bool:
    """Overdue is a comparison, not a status."""
    return (
        thing.status == SupplyRequest.Status.OPEN and thing.needed_by is not None and thing.needed_by < today
    )


STEPS = {
    "edit": Step(change, form=Change, hint=_("What is allocated already stays allocated.")),
    "reconfirm": Step(
        lambda request, thing, until: reconfirm(thing, until=until, by=request.by, at=clock.now()),
        form=lambda data, thing: Reconfirm(data),
    ),
    "share": Step(
        lambda request, thing, city: share(thing, city=city, by=request.by, at=clock.now()),
        form=Share,
        hint=_("That city sees the need and how far it is covered; offers and prices stay yours."),
    ),
    "stop": Step(
        lambda request, thing, reason: stop(thing, reason=reason, by=request.by, at=clock.now()),
        form=reason_form,
        hint=_(
            "No question and no reminder goes out meanwhile. Whoever was asked and has not answered is told that they need not; "
            "whoever made an offer is told that it stays."
        ),
    ),
    "resume": Step(lambda request, thing: resume(thing, by=request.by, at=clock.now())),
    "fulfil": Step(lambda request, thing: fulfil(thing, by=request.by, at=clock.now())),
    "reopen": Step(
        lambda request, thing, reason: reopen(thing, reason=reason, by=request.by, at=clock.now()),
        form=reason_form,
        hint=_("Offers are welcome again for what was called back."),
    ),
    "withdraw": Step(
        lambda request, thing, reason: withdraw(thing, reason=reason, by=request.by, at=clock.now()),
        form=reason_form,
        hint=_("Open questions and checks are called off, and what is allocated is given back."),
    ),
}

urlpatterns = [
    path("needs/", needs, name="needs"),
    path("needs/<slug:reference>/", need, name="need"),
    path("needs/<slug:reference>/<slug:verb>/", move, name="need_move"),
]

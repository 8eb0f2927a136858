"""The board of shipments: every one the reader may see, by the days until it is here or by risk, with saved views.

The filter stands in the address: a view is an address, kept under a name.
"""

from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from partners.roles import Power
from partners.visit import Visit
from procurement.exchange.sheets import SHIPMENTS
from procurement.shipments.actions.tracking import views
from procurement.shipments.models.shipment import Shipment, ShipmentQuerySet
from procurement.shipments.models.tracking import BoardView
from procurement.shipments.rules.tracking.warnings import NAMES
from procurement.web.sheets import sheet, wanted
from procurement.web.shipments.ways.underway import Mark, UnderWay, under_way
from workflow import clock
from workflow.days import reader_day
from workflow.doors.api.paging import Orders
from workflow.doors.http import attempt, show
from workflow.doors.lists import page
from workflow.errors import Words
from workflow.queries import by_day

LIST = "shipments/list.html"
LANDS_WITHIN = timedelta(days=2)
VIEWS = {
    "": _("All"),
    "soon": _("Lands in 48 h"),
    "held": _("Held"),
    "papers": _("Papers missing"),
    "risk": _("At risk"),
    "under_way": _("Under way"),
}
SOONEST, RISKIEST, NEWEST = "expected", "-risk", "-id"
OWN_ORDER = {"soon": SOONEST, "held": SOONEST, "papers": SOONEST, "risk": RISKIEST, "under_way": SOONEST}
ORDERS: Orders = {"expected": by_day("expected_on"), "risk": "risk"}
KEPT = ("view", "q", "mode", "warning", "order", "map")  # what of an address makes a view
LONGEST, LONGEST_NAME = 60, 40


class Filters(forms.Form):
    """What a reader may narrow the board by, and its order."""

    view = forms.CharField(required=False, widget=forms.HiddenInput)
    map = forms.CharField(required=False, widget=forms.HiddenInput)
    q = forms.CharField(label=_("Search"), required=False)
    mode = forms.ChoiceField(
        label=_("Mode"), required=False, choices=[("", _("Any")), *Shipment.Mode.choices]
    )
    warning = forms.ChoiceField(label=_("Warning"), required=False, choices=[("", _("Any")), *NAMES.items()])
    order = forms.ChoiceField(
        label=_("Sorted by"),
        required=False,
        choices=[
            ("", _("As the view has it")),
            (SOONEST, _("Days until it is here")),
            (RISKIEST, _("Risk")),
            (NEWEST, _("Newest first")),
        ],
    )


@login_required
def shipments(request: Visit) -> HttpResponseBase:
    """Every shipment the reader may see, with saved views for what is urgent."""
    if wanted(request):
        return sheet(request, "shipments", SHIPMENTS, _rows(request, request.GET))
    return show(request, LIST, _context(request, request.GET))


@login_required
@require_POST
def keep_view(request: Visit) -> HttpResponse:
    """Keep the filter that the board shows under a name of the reader's own."""
    name = _plain(request.POST.get("name", ""))[:LONGEST_NAME]
    asked = QueryDict(request.POST.get("query", "")[:400])
    return attempt(
        request,
        lambda: views.keep_view(request.user, name, _query_of(asked)),
        done=lambda view: f"{reverse('shipments')}?{view.query}",
        template=LIST,
        context=lambda: _context(request, asked),
    )


@login_required
@require_POST
def drop_view(request: Visit) -> HttpResponse:
    """Remove one of one's own views."""
    views.drop_view(request.user, _plain(request.POST.get("name", ""))[:LONGEST_NAME])
    return redirect("shipments")


def _context(request: Visit, asked: QueryDict) -> dict[str, Any]:
    view, query = asked.get("view", ""), _query_of(asked)
    own = list(BoardView.objects.filter(user=request.user).order_by("name"))
    drawn = bool(asked.get("map"))
    ready = [(label, _address(name, drawn=drawn)) for name, label in VIEWS.items()]
    views = [*ready, *((one.name, one.query) for one in own)]
    chips = [(label, f"{reverse('shipments')}?{told}".rstrip("?"), told == query) for label, told in views]
    today = reader_day(clock.now())
    there = under_way(_rows(request, asked), today) if drawn else None
    found = page(request, _rows(request, asked), ORDERS, order=OWN_ORDER.get(view, NEWEST))
    return {
        "page": found,
        "lines": [(one, _days(one, today), _warnings(one)) for one in found],
        "chips": chips,
        "filters": Filters(asked),
        "query": query,
        "map": there,
        "opened": _opened(there, asked.get("at", "")),
        "without_map": _without_map(query),
        "kept": next((one.name for one in own if one.query == query), ""),
        "may_plan": bool(request.by.cities.get(Power.SHIP)),
        "may_send": bool(request.by.cities.get(Power.SHIP) or request.by.brokers),
    }


def _address(view: str, *, drawn: bool) -> str:
    """A ready view as an address has it, with the map where it is open."""
    told = {name: value for name, value in (("view", view), ("map", "1" if drawn else "")) if value}
    return urlencode(told)


def _without_map(query: str) -> str:
    """The same filter with the map shut."""
    told = QueryDict(query, mutable=True)
    told.pop("map", None)
    return told.urlencode()


def _opened(there: UnderWay | None, key: str) -> Mark | None:
    """The mark that the reader opened."""
    return next((mark for mark in there.standing if key and mark.key == key), None) if there else None


def _rows(request: Visit, asked: QueryDict) -> ShipmentQuerySet:
    rows = _narrowed(Shipment.objects.visible_to(request.by).select_related("city"), asked.get("view", ""))
    form = Filters(asked)
    form.is_valid()  # what cannot be read narrows nothing: an old bookmark is no error
    told = form.cleaned_data
    if told.get("q"):
        rows = rows.search(told["q"])
    if told.get("mode"):
        rows = rows.filter(mode=told["mode"])
    if told.get("warning"):
        rows = rows.followed().filter(risk__gt=0, warnings__contains=[told["warning"]])
    return rows


def _warnings(shipment: Shipment) -> list[Words]:
    """What is to be looked at of it, in words; nothing once it is not followed any more, whatever the clock last kept."""
    return [NAMES[code] for code in shipment.warnings] if shipment.status in Shipment.FOLLOWED else []


def _days(thing: Shipment, today: date) -> int | None:
    """How many days until it is expected; less than nothing where that day is over. None once it is here, or nobody knows."""
    if thing.expected_on is None or thing.status not in Shipment.UNDER_WAY:
        return None
    return (thing.expected_on - today).days


def _narrowed(rows: ShipmentQuerySet, view: str) -> ShipmentQuerySet:
    match view:
        case "soon":
            return rows.under_way().filter(expected_on__lte=reader_day(clock.now()) + LANDS_WITHIN)
        case "held":
            return rows.filter(held=True)
        case "papers":
            return rows.under_way().filter(papers_missing__gt=0)
        case "risk":
            return rows.followed().filter(risk__gt=0)
        case "under_way":
            return rows.under_way()
        case _:
            return rows


def _query_of(asked: QueryDict) -> str:
    """The filter of an address, without the page it is turned to."""
    told = QueryDict(mutable=True)
    for name in KEPT:
        if value := _plain(asked.get(name, ""))[:LONGEST]:
            told[name] = value
    return told.urlencode()


def _plain(text: str) -> str:
    """Without the sign that no database takes."""
    return text.replace("\0", "").strip()


urlpatterns = [
    path("shipments/", shipments, name="shipments"),
    path("shipments/views/keep/", keep_view, name="keep_view"),
    path("shipments/views/drop/", drop_view, name="drop_view"),
]

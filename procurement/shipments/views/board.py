"""Board of shipments: all that the reader may see, by expected date or risk, with saved views.

The address holds the filter: a view is an address, saved under a name.
"""

from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from partners.http import AuthenticatedRequest
from partners.powers import Power
from procurement.exports.csv_download import csv_requested, csv_response
from procurement.exports.spreadsheets import SHIPMENTS
from procurement.logistics.rules.alerts import ALERT_TYPES
from procurement.shipments.actions import delete_view, save_view
from procurement.shipments.forms import NEWEST, RISKIEST, SOONEST, ShipmentFilterForm
from procurement.shipments.models import BoardView, Shipment, ShipmentQuerySet
from procurement.tracking.views.shipment_map import MapMark, ShipmentMap, map_of_open
from workflow import clock
from workflow.days import reader_day
from workflow.errors import Words
from workflow.http.keyset import Orders
from workflow.http.pages import render_page, run_action
from workflow.http.pagination import paginate
from workflow.query_expressions import by_day

LIST = "shipments/list.html"
LANDS_WITHIN = timedelta(days=2)
VIEWS = {
    "": _("All"),
    "soon": _("Arriving within 48 hours"),
    "held": _("Held"),
    "papers": _("Missing documents"),
    "risk": _("At risk"),
    "under_way": _("Under way"),
}
OWN_ORDER = {"soon": SOONEST, "held": SOONEST, "papers": SOONEST, "risk": RISKIEST, "under_way": SOONEST}
ORDERS: Orders = {"expected": by_day("expected_on"), "risk": "risk"}
KEPT = ("view", "q", "mode", "warning", "order", "map")  # the parameters of an address that belong to a view
LONGEST, LONGEST_NAME = 60, 40


@login_required
def shipments(request: AuthenticatedRequest) -> HttpResponseBase:
    """Show the board of shipments, as a page or as CSV."""
    if csv_requested(request):
        return csv_response(request, "shipments", SHIPMENTS, _rows(request, request.GET))
    return render_page(request, LIST, _context(request, request.GET))


@login_required
@require_POST
def keep_board_view(request: AuthenticatedRequest) -> HttpResponse:
    """Save the current filter of the board under a name of the reader's choice."""
    name = _plain(request.POST.get("name", ""))[:LONGEST_NAME]
    asked = QueryDict(request.POST.get("query", "")[:400])
    return run_action(
        request,
        lambda: save_view(request.user, name, _query_of(asked)),
        done=lambda view: f"{reverse('shipments')}?{view.query}",
        template=LIST,
        context=lambda: _context(request, asked),
    )


@login_required
@require_POST
def drop_board_view(request: AuthenticatedRequest) -> HttpResponse:
    """Delete one of the reader's own views."""
    delete_view(request.user, _plain(request.POST.get("name", ""))[:LONGEST_NAME])
    return redirect("shipments")


def _context(request: AuthenticatedRequest, asked: QueryDict) -> dict[str, Any]:
    view, query = asked.get("view", ""), _query_of(asked)
    own = list(BoardView.objects.filter(user=request.user).order_by("name"))
    drawn = bool(asked.get("map"))
    ready = [(label, _address(name, drawn=drawn)) for name, label in VIEWS.items()]
    views = [*ready, *((one.name, one.query) for one in own)]
    chips = [
        (label, f"{reverse('shipments')}?{query_string}".rstrip("?"), query_string == query)
        for label, query_string in views
    ]
    today = reader_day(clock.now())
    there = map_of_open(_rows(request, asked), today) if drawn else None
    found = paginate(request, _rows(request, asked), ORDERS, order=OWN_ORDER.get(view, NEWEST))
    return {
        "page": found,
        "lines": [(one, _days(one, today), _warnings(one)) for one in found],
        "chips": chips,
        "filters": ShipmentFilterForm(asked),
        "query": query,
        "map": there,
        "opened": _opened(there, asked.get("at", "")),
        "without_map": _without_map(query),
        "kept": next((one.name for one in own if one.query == query), ""),
        "may_plan": bool(request.by.cities.get(Power.SHIP)),
        "may_send": bool(request.by.cities.get(Power.SHIP) or request.by.brokers),
    }


def _address(view: str, *, drawn: bool) -> str:
    """Return the query of a predefined view, with the map if it is open."""
    params = {name: value for name, value in (("view", view), ("map", "1" if drawn else "")) if value}
    return urlencode(params)


def _without_map(query: str) -> str:
    """Return the query without the map."""
    params = QueryDict(query, mutable=True)
    params.pop("map", None)
    return params.urlencode()


def _opened(there: ShipmentMap | None, key: str) -> MapMark | None:
    """Return the map mark that the reader opened, or None."""
    return next((mark for mark in there.standing if key and mark.key == key), None) if there else None


def _rows(request: AuthenticatedRequest, asked: QueryDict) -> ShipmentQuerySet:
    rows = _narrowed(Shipment.objects.visible_to(request.by).select_related("city"), asked.get("view", ""))
    form = ShipmentFilterForm(asked)
    form.is_valid()  # invalid filters are ignored, because an old bookmark is no error
    cleaned = form.cleaned_data
    if cleaned.get("q"):
        rows = rows.search(cleaned["q"])
    if cleaned.get("mode"):
        rows = rows.filter(mode=cleaned["mode"])
    if cleaned.get("warning"):
        rows = rows.followed().filter(risk__gt=0, alerts__contains=[cleaned["warning"]])
    return rows


def _warnings(shipment: Shipment) -> list[Words]:
    """Return the names of the alerts of a shipment.

    Empty once the shipment is no longer followed, even if the periodic job left alerts on it.
    """
    return (
        [ALERT_TYPES[code].name for code in shipment.alerts]
        if shipment.status in Shipment.Status.open
        else []
    )


def _days(thing: Shipment, today: date) -> int | None:
    """Return the days until a shipment is expected, negative if overdue.

    Return None if it is not under way or no date is known.
    """
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
            return rows.under_way().filter(documents_missing__gt=0)
        case "risk":
            return rows.followed().filter(risk__gt=0)
        case "under_way":
            return rows.under_way()
        case _:
            return rows


def _query_of(asked: QueryDict) -> str:
    """Return the filter of an address as a query, without the page number."""
    params = QueryDict(mutable=True)
    for name in KEPT:
        if value := _plain(asked.get(name, ""))[:LONGEST]:
            params[name] = value
    return params.urlencode()


def _plain(text: str) -> str:
    """Return the text without NUL, which the database refuses, and without outer spaces."""
    return text.replace("\0", "").strip()

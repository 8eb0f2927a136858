"""Board of shipments: all that the reader may see, by expected date or risk, with saved views.

The URL holds the filter, so a saved view is a URL with a name.
"""

from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import QueryDict
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from partners.authenticated_requests import AuthenticatedRequest
from partners.powers import Power
from partners.saved_views.query_strings import saved_query
from procurement.exports.list_columns import SHIPMENT_COLUMNS
from procurement.exports.list_download import is_file_requested, list_file_writer
from procurement.logistics.rules.alerts import ALERT_TYPES
from procurement.logistics.rules.shipments import EDIT
from procurement.shipments.forms import NEWEST, RISKIEST, SOONEST, ShipmentFilterForm, TransportForm
from procurement.shipments.models import Shipment, ShipmentQuerySet
from procurement.shipments.queries import shipment_titles
from procurement.tracking.views.shipment_map import MapMark, ShipmentMap, map_of_open_shipments
from workflow import clock
from workflow.days import reader_day
from workflow.errors import LazyText
from workflow.http.bulk_actions import bulk_action_bar
from workflow.http.keyset import Orders
from workflow.http.lists import ListPage, register_list
from workflow.http.move_views import MoveOption, move_options
from workflow.http.pages import render_page
from workflow.http.pagination import paginate
from workflow.http.row_edits import only_fields, row_editing
from workflow.query_expressions import order_by_day, order_by_text

TEMPLATE = "shipments/list.html"
ARRIVING_SOON_PERIOD = timedelta(days=2)
BOARD_VIEWS = {
    "": _("All"),
    "soon": _("Arriving within 48 hours"),
    "held": _("Held"),
    "papers": _("Missing documents"),
    "risk": _("At risk"),
    "under_way": _("Under way"),
}
ORDER_BY_VIEW = {"soon": SOONEST, "held": SOONEST, "papers": SOONEST, "risk": RISKIEST, "under_way": SOONEST}
SORT_ORDERS: Orders = {
    "expected": order_by_day("expected_on"),
    "risk": "risk",
    "city": order_by_text("city__name_en"),
    "documents": "documents_missing",
}


@login_required
def shipments(request: AuthenticatedRequest) -> HttpResponseBase:
    """Show the board of shipments, as a page, CSV or XLSX."""
    if is_file_requested(request):
        return shipments_file(request, _filtered_shipments(request, request.GET), request.GET["as"])
    return render_page(request, TEMPLATE, _board_context(request, request.GET))


def _board_context(request: AuthenticatedRequest, query_data: QueryDict) -> dict[str, Any]:
    view, query = query_data.get("view", ""), saved_query(query_data)
    drawn = bool(query_data.get("map"))
    ready = [(label, _view_query(name, drawn=drawn)) for name, label in BOARD_VIEWS.items()]
    chips = [
        (label, f"{reverse('shipments')}?{query_string}".rstrip("?"), query_string == query)
        for label, query_string in ready
    ]
    today = reader_day(clock.now())
    shipment_map = map_of_open_shipments(_filtered_shipments(request, query_data), today) if drawn else None
    found = paginate(
        request, _filtered_shipments(request, query_data), SORT_ORDERS, order=ORDER_BY_VIEW.get(view, NEWEST)
    )
    titles = shipment_titles(found)
    return {
        "page": found,
        "lines": [(one, titles[one.pk], _days_until_arrival(one, today), _alert_names(one)) for one in found],
        "chips": chips,
        "filters": ShipmentFilterForm(query_data),
        "bulk": bulk_action_bar(SHIPMENTS_LIST, request.by, found.rows),
        "row_edit": row_editing(request, SHIPMENTS_LIST, found.rows, request.by),
        "map": shipment_map,
        "opened": _opened_mark(shipment_map, query_data.get("at", "")),
        "without_map": _without_map(query),
        "may_plan": bool(request.by.city_ids_by_power.get(Power.SHIP)),
        "may_send": bool(request.by.city_ids_by_power.get(Power.SHIP) or request.by.is_broker),
    }


def _view_query(view: str, *, drawn: bool) -> str:
    """Return the query of a predefined view, with the map if it is open."""
    params = {name: value for name, value in (("map", "1" if drawn else ""), ("view", view)) if value}
    return urlencode(params)


def _without_map(query: str) -> str:
    """Return the query without the map."""
    params = QueryDict(query, mutable=True)
    params.pop("map", None)
    return params.urlencode()


def _opened_mark(shipment_map: ShipmentMap | None, key: str) -> MapMark | None:
    """Return the map mark that the reader opened, or None."""
    return (
        next((mark for mark in shipment_map.marks_with_shipments if key and mark.key == key), None)
        if shipment_map
        else None
    )


def _filtered_shipments(request: AuthenticatedRequest, query_data: QueryDict) -> ShipmentQuerySet:
    _form, rows = SHIPMENTS_LIST.filter_form_and_rows(request.by, query_data)
    return rows  # type: ignore[no-any-return]  # the list knows no model


def _alert_names(shipment: Shipment) -> list[LazyText]:
    """Return the names of the alerts of a shipment.

    Empty once the shipment is no longer followed, even if the periodic job left alerts on it.
    """
    return (
        [ALERT_TYPES[code].name for code in shipment.alerts]
        if shipment.status in Shipment.Status.open
        else []
    )


def _days_until_arrival(thing: Shipment, today: date) -> int | None:
    """Return the days until a shipment is expected, negative if overdue.

    Return None if it is not under way or no date is known.
    """
    if thing.expected_on is None or thing.status not in Shipment.UNDER_WAY_STATUSES:
        return None
    return (thing.expected_on - today).days


def _shipments_of_view(rows: ShipmentQuerySet, view: str) -> ShipmentQuerySet:
    match view:
        case "soon":
            return rows.under_way().filter(expected_on__lte=reader_day(clock.now()) + ARRIVING_SOON_PERIOD)
        case "held":
            return rows.filter(held=True)
        case "papers":
            return rows.under_way().filter(documents_missing__gt=0)
        case "risk":
            return rows.not_closed().filter(risk__gt=0)
        case "under_way":
            return rows.under_way()
        case _:
            return rows


class BoardFilterForm(ShipmentFilterForm):
    """Filters of the board, with its ready-made views."""

    def filter_rows(self, rows: Any, by: Any) -> Any:
        """Return the shipments of the view and the alert that match the filters."""
        found = super().filter_rows(rows, by)
        if warning := self.cleaned_data.get("warning"):
            found = found.not_closed().filter(risk__gt=0, alerts__contains=[warning])
        return _shipments_of_view(found, self.cleaned_data.get("view", ""))


shipments_file = list_file_writer("shipments", SHIPMENT_COLUMNS)
SHIPMENTS_LIST = register_list(
    ListPage(
        "shipments",
        rows=lambda by: Shipment.objects.visible_to(by).select_related("city"),
        form=BoardFilterForm,
        orders=SORT_ORDERS,
        download=shipments_file,
        row_move_options=move_options(
            MoveOption(
                EDIT,
                form=only_fields(TransportForm, frozenset({"carrier", "voyage", "expected_on"}).__contains__),
            )
        ),
        row_title=lambda shipment: shipment_titles([shipment])[shipment.pk],
    )
)

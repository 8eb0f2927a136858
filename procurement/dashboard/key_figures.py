"""Figures at the top of the start page (“Today”): a few for each role, each the number of rows in a linked list."""

from datetime import datetime, timedelta
from typing import NamedTuple

from django.db.models import Sum
from django.http import QueryDict
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from partners.cities.models import City
from partners.permissions.permissions import Permissions
from partners.powers import Power
from procurement.orders.views.orders import ORDERS_LIST
from procurement.requests.models import SupplyRequest
from procurement.requests.views.requests import NEEDS_LIST
from procurement.shipments.views.board import SHIPMENTS_LIST
from workflow.days import reader_day
from workflow.errors import LazyText
from workflow.http.lists import ListPage, row_counts
from workflow.templatetags.figures import money

MAX_CITIES_WITH_GAP = 6  # cities with a gap that a coordinator sees above Today
AWAITING_APPROVAL_FILTER = {"own": "on", "status": "awaiting_approval"}


class KeyFigure(NamedTuple):
    """Figure with its label and the address of the list. `amount` replaces the number in figures of money."""

    label: LazyText
    number: int
    url: str
    amount: str = ""


def key_figures(by: Permissions, at: datetime) -> list[KeyFigure]:
    """Return the figures for the reader's roles, at most six; none for a reader without a role.

    An officer also moves goods, so an officer gets their own figures in place of those of logistics.
    """
    found: list[KeyFigure] = []
    if by.city_ids_by_power.get(Power.POST_REQUEST):
        found += _officer_figures(by)
    elif by.city_ids_by_power.get(Power.SHIP):
        found += _logistics_figures(by, at)
    if by.city_ids_by_power.get(Power.APPROVE):
        found += _approver_figures(by)
    if by.is_coordinator:
        found += _gaps_by_city(by)
    if by.visible_cities and not found:
        found += _auditor_figures(by)
    return found


class CountedList(NamedTuple):
    """List with its filters, whose rows a figure counts."""

    page: ListPage
    label: LazyText
    filters: dict[str, str]


def _figures(by: Permissions, *lists: CountedList) -> list[KeyFigure]:
    """Return a figure for each list, from one statement."""
    queries = [urlencode(one.filters) for one in lists]
    rows = [
        one.page.filter_form_and_rows(by, QueryDict(query))[1]
        for one, query in zip(lists, queries, strict=True)
    ]
    return [
        KeyFigure(one.label, number, f"{reverse(one.page.name)}?{query}")
        for one, query, number in zip(lists, queries, row_counts(rows), strict=True)
    ]


def _holds_list() -> CountedList:
    return CountedList(SHIPMENTS_LIST, _("Shipments on customs hold"), {"view": "held"})


def _orders_list() -> CountedList:
    return CountedList(ORDERS_LIST, _("Orders waiting for approval"), AWAITING_APPROVAL_FILTER)


def _officer_figures(by: Permissions) -> list[KeyFigure]:
    soon = {"status": "open", "own": "on", "soon": "on"}
    needs = CountedList(NEEDS_LIST, _("Needs with less than 7 days of supply"), soon)
    return _figures(by, needs, _orders_list(), _holds_list())


def _logistics_figures(by: Permissions, at: datetime) -> list[KeyFigure]:
    today = reader_day(at)
    sunday = today + timedelta(days=6 - today.weekday())
    this_week = {"view": "under_way", "since": today.isoformat(), "until": sunday.isoformat()}
    return _figures(
        by, _holds_list(), CountedList(SHIPMENTS_LIST, _("Shipments arriving this week"), this_week)
    )


def _approver_figures(by: Permissions) -> list[KeyFigure]:
    """Return the orders that await approval: their number, and their amount in the currency of each city."""
    [waiting] = _figures(by, _orders_list())
    _form, rows = ORDERS_LIST.filter_form_and_rows(by, _query(AWAITING_APPROVAL_FILTER))
    sums = (
        rows.order_by("city__currency").values("city__currency").annotate(total=Sum("total_in_city_currency"))
    )
    amounts = [
        KeyFigure(
            _("Amount waiting for approval"),
            waiting.number,
            waiting.url,
            "" if row["total"] is None else money(row["total"], row["city__currency"]),
        )
        for row in sums
    ]
    return amounts or [waiting]


def _query(filters: dict[str, str]) -> QueryDict:
    return QueryDict(urlencode(filters))


def _gaps_by_city(by: Permissions) -> list[KeyFigure]:
    """Return the cities with needs that are not fully covered, those with most first."""
    open_needs = SupplyRequest.objects.visible_to(by).open().uncovered()
    cities = City.objects.filter(pk__in=open_needs.values("city")).order_by("name_en", "pk")[
        : MAX_CITIES_WITH_GAP * 4
    ]
    lists = [
        CountedList(
            NEEDS_LIST,
            _("Needs not fully covered: %(city)s") % {"city": city.name},
            {"status": "open", "uncovered": "on", "of": city.slug},
        )
        for city in cities
    ]
    found = _figures(by, *lists)
    return sorted(found, key=lambda figure: -figure.number)[:MAX_CITIES_WITH_GAP]


def _auditor_figures(by: Permissions) -> list[KeyFigure]:
    return _figures(
        by,
        CountedList(ORDERS_LIST, _("Orders with an override"), {"overridden": "on"}),
        CountedList(ORDERS_LIST, _("Orders handled by one person alone"), {"alone": "on"}),
    )

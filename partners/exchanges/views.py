"""Exchanges of a city, by year and as totals, for the city's page and CSV export; and the page that adds one."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from partners.authenticated_requests import MAX_EXCHANGES_SHOWN, AuthenticatedRequest
from partners.cities.models import City
from partners.cities.views.cities import add_city_entry
from partners.csv_export import Column
from partners.exchanges.actions import record_exchange
from partners.exchanges.forms import ExchangeForm
from partners.exchanges.models import Exchange, ExchangeQuerySet
from partners.exchanges.timeline import TimelineYear, group_by_year
from partners.exchanges.totals import DirectionAmount, goods_totals, normalize_goods
from partners.hooks import shipment_urls
from partners.partial_dates import PartialDate
from partners.permissions.permissions import Permissions
from workflow.errors import LazyText

GIVEN, RECEIVED = "given", "received"


@dataclass(frozen=True)
class ExchangeSelection:
    """Filter of the exchanges of a city by direction (`direction`), kind and goods (`items`), given in the page's address.

    Unknown values select everything.
    """

    direction: str = ""
    kind: str = ""
    items: str | None = None

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> "ExchangeSelection":
        """Return the filter from the parameters of an address."""
        way, kind = query.get("way", ""), query.get("kind", "")
        return cls(
            way if way in (GIVEN, RECEIVED) else "",
            kind if kind in Exchange.Kind.values else "",
            query.get("items"),
        )

    def __bool__(self) -> bool:
        return bool(self.direction or self.kind or self.items is not None)

    @property
    def active_filter_labels(self) -> list[LazyText]:
        """Labels of the active filters, shown above the list."""
        ways: dict[str, LazyText] = {GIVEN: _("Given"), RECEIVED: _("Received")}
        kind: list[LazyText] = [Exchange.Kind(self.kind).label] if self.kind else []
        return [
            *([ways[self.direction]] if self.direction else []),
            *kind,
            *([self.items] if self.items else []),
        ]

    def matches(self, exchange: Exchange, city: City) -> bool:
        """Return True if an exchange of the city passes the filter."""
        if self.direction and (self.direction == GIVEN) != (exchange.from_city_id == city.pk):
            return False
        if self.kind and exchange.kind != self.kind:
            return False
        return self.items is None or normalize_goods(exchange.items) == normalize_goods(self.items)


class DirectionTotal(NamedTuple):
    """Amount in one direction, with the address of the exchanges behind it.

    `amounts` holds pairs of quantity and unit; `exchange_count` and `unknown_quantity_count` are as in `DirectionAmount`.
    """

    amounts: list[tuple[int, str]]
    exchange_count: int
    unknown_quantity_count: int
    url: str


class GoodsTotalRow(NamedTuple):
    """Goods with the amounts given and received (`given_and_received`), for the page."""

    kind: str
    items: str
    given_and_received: tuple[DirectionTotal, DirectionTotal]


def exchanges_of_city(city: City, by: Permissions) -> ExchangeQuerySet:
    """Return the exchanges of the city, the newest first."""
    rows = Exchange.objects.visible_to(by).of_city(city).select_related("from_city", "to_city")
    return rows.order_by("-on", "-pk")


def exchange_context(city: City, by: Permissions, query: Mapping[str, str]) -> dict[str, Any]:
    """Return the template context about exchanges: years, totals and shipment pages. At most two queries.

    All exchanges are read for the totals. The page shows the newest `MAX_EXCHANGES_SHOWN`; the exported file has all.
    """
    rows, selection = list(exchanges_of_city(city, by)), ExchangeSelection.from_query(query)
    matching = [exchange for exchange in rows if selection.matches(exchange, city)]
    return {
        "years": group_by_year(matching[:MAX_EXCHANGES_SHOWN]),
        "exchanges": len(rows),
        "fit": len(matching),
        "narrowing": selection,
        "left_out": max(0, len(matching) - MAX_EXCHANGES_SHOWN),
        "totals": goods_total_rows(rows, city),
        "shipments": shipment_urls_of(matching[:MAX_EXCHANGES_SHOWN], by),
    }


def newest_exchanges_by_year(
    rows: QuerySet[Exchange], by: Permissions
) -> tuple[list[TimelineYear[Exchange]], Mapping[str, str]]:
    """Return the newest exchanges by year, and the page addresses of their shipments. At most two queries."""
    exchanges = list(rows[:MAX_EXCHANGES_SHOWN])
    return group_by_year(exchanges), shipment_urls_of(exchanges, by)


def shipment_urls_of(rows: Iterable[Exchange], by: Permissions) -> Mapping[str, str]:
    """Return the page addresses of the shipments behind these exchanges, if the reader may see them."""
    references = {exchange.shipment_reference for exchange in rows if exchange.shipment_reference}
    return shipment_urls(references, by) if references else {}


def goods_total_rows(rows: Iterable[Exchange], city: City) -> Sequence[GoodsTotalRow]:
    """Return the totals of the city, each with the address of the exchanges behind it."""
    return [
        GoodsTotalRow(
            str(Exchange.Kind(total.kind).label),
            total.items,
            (
                _direction_total(total.given, GIVEN, total.kind, total.items),
                _direction_total(total.received, RECEIVED, total.kind, total.items),
            ),
        )
        for total in goods_totals(rows, city.pk)
    ]


def _direction_total(amount: DirectionAmount, way: str, kind: str, items: str) -> DirectionTotal:
    address = f"?{urlencode({'way': way, 'kind': kind, 'items': items})}#exchanges"
    amounts = [(quantity, unit) for unit, quantity in sorted(amount.quantity_by_unit.items())]
    return DirectionTotal(amounts, amount.exchange_count, amount.unknown_quantity_count, address)


EXCHANGE_CSV_COLUMNS: tuple[Column, ...] = (
    (_("Date"), lambda one: one.when.iso_text),
    (_("Date precision"), lambda one: one.get_precision_display()),
    (pgettext_lazy("a city", "From"), lambda one: one.from_city.name),
    (pgettext_lazy("a city", "To"), lambda one: one.to_city.name),
    (_("Type"), lambda one: one.get_kind_display()),
    (_("Items"), lambda one: one.items),
    (_("Quantity"), lambda one: one.quantity),
    (_("Unit"), lambda one: one.unit),
    (_("Shipment"), lambda one: one.shipment_reference),
    (_("Source"), lambda one: one.source_url),
    (_("Note"), lambda one: one.note),
)


@login_required
def add_exchange(request: AuthenticatedRequest, slug: str) -> HttpResponse:
    """Record an exchange between a city and another."""
    return add_city_entry(request, slug, ExchangeForm, _("Add exchange"), _record)


def _record(
    city: City, who: dict[str, Any], way: str, partner: City, when: PartialDate, **facts: Any
) -> Exchange:
    giver, receiver = (partner, city) if way == "from" else (city, partner)
    return record_exchange(from_city=giver, to_city=receiver, when=when, **who, **facts)

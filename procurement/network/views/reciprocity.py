"""Page of the exchanges between two places since 2020: totals, thank-yous owed, possible offers.

The exchanges of the city register are the same for both sides. Only the city's own people see its shipments
under way and its open thank-yous.
"""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any, NamedTuple

from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import Http404
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _

from partners.authenticated_requests import AuthenticatedRequest
from partners.cities.models import City
from partners.cities.views.cities import get_city_or_404
from partners.exchanges.donations import RECIPROCITY_SINCE, goods_given_before, unanswered_gifts
from partners.exchanges.models import Exchange
from partners.exchanges.queries import exchanges_between
from partners.exchanges.timeline import group_by_year
from partners.exchanges.totals import KINDS_WITH_GOODS, DirectionAmount, normalize_goods
from partners.exchanges.views import (
    EXCHANGE_CSV_COLUMNS,
    DirectionTotal,
    GoodsTotalRow,
    goods_total_rows,
    shipment_urls_of,
)
from procurement.catalogue.models.products import Product
from procurement.exports.csv_download import csv_response, is_csv_requested
from procurement.exports.list_columns import Column
from procurement.shipments.models import Shipment
from procurement.thanks.models import ThankYou
from workflow.http.pages import render_page

MAX_LISTED_ITEMS = 20


class ProductFamilyTotals(NamedTuple):
    """Goods of one product family given and received.

    `given_quantities` and `received_quantities` are quantities with their units; `unknown_quantity_count` is the
    number of exchanges without a quantity. The name is "" if the words of the city register match no product of the
    catalogue.
    """

    name: Any
    given_quantities: list[tuple[int, str]]
    received_quantities: list[tuple[int, str]]
    unknown_quantity_count: int


@login_required
def reciprocity_page(request: AuthenticatedRequest, slug: str, other: str) -> HttpResponseBase:
    """Show the page of two places, seen from the first one, or return its exchanges as CSV."""
    city, partner = get_city_or_404(request, slug), get_city_or_404(request, other)
    if city.pk == partner.pk:
        raise Http404
    rows = list(exchanges_between(city, partner).filter(on__gte=RECIPROCITY_SINCE))
    names = product_family_by_name()
    if is_csv_requested(request):
        family: Column = (_("Product family"), lambda one: names.get(normalize_goods(one.items), ""))
        return csv_response(
            request, f"between-{city.slug}-{partner.slug}", (*EXCHANGE_CSV_COLUMNS, family), rows
        )
    owed = unanswered_gifts(rows, city.pk)
    mine = city.pk in request.by.visible_cities
    context: dict[str, Any] = {
        "city": city,
        "partner": partner,
        "since": RECIPROCITY_SINCE,
        "years": group_by_year(rows),
        "shipments": shipment_urls_of(rows, request.by),
        "totals": [_with_page_links(row) for row in goods_total_rows(rows, city)],
        "families": product_family_totals(rows, city, names),
        "owed": owed,
        "mine": mine,
        "could": offered_goods(city),
        "on_the_way": incoming_shipments(request, city, partner) if mine else [],
        "packs": unsent_thank_yous(request, city, partner) if mine else [],
    }
    return render_page(request, "network/reciprocity.html", context)


def product_family_by_name() -> dict[str, str]:
    """Return the product family for each product name of the catalogue, in each language."""
    labels = dict(Product.Family.choices)
    found: dict[str, str] = {}
    for product in Product.objects.only("name_en", "name_fr", "name_zh", "family"):
        for name in (product.name_en, product.name_fr, product.name_zh):
            found[normalize_goods(name)] = str(labels[product.family])
    return found


def product_family_totals(
    rows: Iterable[Exchange], city: City, names: dict[str, str]
) -> list[ProductFamilyTotals]:
    """Return the goods given and received by product family. Unknown goods form the last group."""
    given: defaultdict[str, DirectionAmount] = defaultdict(DirectionAmount)
    received: defaultdict[str, DirectionAmount] = defaultdict(DirectionAmount)
    for one in rows:
        if one.kind in KINDS_WITH_GOODS:
            way = given if one.from_city_id == city.pk else received
            way[names.get(normalize_goods(one.items), "")].add(one.quantity, normalize_goods(one.unit))
    return [
        ProductFamilyTotals(
            name,
            _quantities_by_unit(given[name]),
            _quantities_by_unit(received[name]),
            given[name].unknown_quantity_count + received[name].unknown_quantity_count,
        )
        for name in sorted({*given, *received}, key=lambda name: (not name, name))
    ]


def offered_goods(city: City) -> list[str]:
    """Return the goods that the city has given to any city since 2020, as in the city register."""
    return goods_given_before(
        Exchange.objects.filter(from_city=city, on__gte=RECIPROCITY_SINCE).order_by("pk"), city.pk
    )[:MAX_LISTED_ITEMS]


def incoming_shipments(request: AuthenticatedRequest, city: City, partner: City) -> list[Shipment]:
    """Return unfinished shipments to the reader's city of goods that the partner donated or its contact offered."""
    line = "lines__order_line__"
    theirs = Q(**{f"{line}order__donor_city": partner}) | Q(
        **{f"{line}allocation__lead__contact__city": partner}
    )
    rows = Shipment.objects.visible_to(request.by).not_closed().filter(theirs, city=city)
    return list(rows.distinct().order_by("-pk")[:MAX_LISTED_ITEMS])


def unsent_thank_yous(request: AuthenticatedRequest, city: City, partner: City) -> list[ThankYou]:
    """Return the city's unsent thank-yous for goods that the partner donated or its contact offered."""
    lead = "order__lines__allocation__lead__contact__city"
    theirs = Q(order__donor_city=partner) | Q(order__contact__city=partner) | Q(**{lead: partner})
    rows = ThankYou.objects.visible_to(request.by).waiting().filter(theirs, city=city)
    return list(rows.select_related("order").distinct().order_by("pk")[:MAX_LISTED_ITEMS])


def _with_page_links(row: GoodsTotalRow) -> GoodsTotalRow:
    """Return the totals with links to the exchanges further down on the page."""
    given, received = (
        DirectionTotal(way.amounts, way.exchange_count, way.unknown_quantity_count, "#exchanges")
        for way in row.given_and_received
    )
    return GoodsTotalRow(row.kind, row.items, (given, received))


def _quantities_by_unit(amount: DirectionAmount) -> list[tuple[int, str]]:
    return [(quantity, unit) for unit, quantity in sorted(amount.quantity_by_unit.items())]

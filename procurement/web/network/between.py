"""What two places gave and got of each other since 2020: added up, by years, what waits for thanks, and what could be offered back.

The register's exchanges are the same for both sides; what is on its way and which thanks wait is told to the side whose own it is.
"""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any, NamedTuple

from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import Http404
from django.http.response import HttpResponseBase
from django.urls import path
from django.utils.translation import gettext_lazy as _

from partners.models.cities import City
from partners.models.ties import Exchange
from partners.register.reciprocity import SINCE, can_offer, unanswered
from partners.register.timeline import by_year
from partners.register.totals import GOODS, Amount, same
from partners.visit import Visit
from partners.web.cities import between, find
from partners.web.city.passed import COLUMNS, TotalRow, Way, shipments, total_rows
from procurement.catalogue.models.products import Product
from procurement.exchange.sheets import Column
from procurement.shipments.models.shipment import Shipment
from procurement.shipments.models.thanks import ThanksPack
from procurement.web.sheets import sheet, wanted
from workflow.doors.http import show

MOST = 20


class Family(NamedTuple):
    """What passed of one family of goods, both ways; "" where the register's words name no goods of the catalogue."""

    name: Any
    given: list[tuple[int, str]]
    received: list[tuple[int, str]]
    unknown: int


@login_required
def reciprocity(request: Visit, slug: str, other: str) -> HttpResponseBase:
    """The page of two places, from the side of the first; or as a file."""
    city, partner = find(request, slug), find(request, other)
    if city.pk == partner.pk:
        raise Http404
    rows = list(between(city, partner).filter(on__gte=SINCE))
    names = family_names()
    if wanted(request):
        family: Column = (_("Family of goods"), lambda one: names.get(same(one.items), ""))
        return sheet(request, f"between-{city.slug}-{partner.slug}", (*COLUMNS, family), rows)
    owed = unanswered(rows, city.pk)
    mine = city.pk in request.by.sees
    context: dict[str, Any] = {
        "city": city,
        "partner": partner,
        "since": SINCE,
        "years": by_year(rows),
        "shipments": shipments(rows, request.by),
        "totals": [_on_this_page(row) for row in total_rows(rows, city)],
        "families": families(rows, city, names),
        "owed": owed,
        "mine": mine,
        "could": could_offer(city),
        "on_the_way": on_the_way(request, city, partner) if mine else [],
        "packs": packs(request, city, partner) if mine else [],
    }
    return show(request, "network/between.html", context)


def family_names() -> dict[str, str]:
    """The family of each name of the catalogue's goods, in each of its languages."""
    labels = dict(Product.Family.choices)
    found: dict[str, str] = {}
    for product in Product.objects.only("name_en", "name_fr", "name_zh", "family"):
        for name in (product.name_en, product.name_fr, product.name_zh):
            found[same(name)] = str(labels[product.family])
    return found


def families(rows: Iterable[Exchange], city: City, names: dict[str, str]) -> list[Family]:
    """What was handed over, by family of goods; words of the register that name none stand together, last."""
    given: defaultdict[str, Amount] = defaultdict(Amount)
    received: defaultdict[str, Amount] = defaultdict(Amount)
    for one in rows:
        if one.kind in GOODS:
            way = given if one.from_city_id == city.pk else received
            way[names.get(same(one.items), "")].add(one.quantity, same(one.unit))
    return [
        Family(
            name, _pieces(given[name]), _pieces(received[name]), given[name].unknown + received[name].unknown
        )
        for name in sorted({*given, *received}, key=lambda name: (not name, name))
    ]


def could_offer(city: City) -> list[str]:
    """What the register says the place has handed over since 2020, to whomever."""
    return can_offer(Exchange.objects.filter(from_city=city, on__gte=SINCE).order_by("pk"), city.pk)[:MOST]


def on_the_way(request: Visit, city: City, partner: City) -> list[Shipment]:
    """Shipments of the reader's city that the partner gave or named, which nobody has closed."""
    line = "lines__order_line__"
    theirs = Q(**{f"{line}order__donor_city": partner}) | Q(
        **{f"{line}allocation__lead__contact__city": partner}
    )
    rows = Shipment.objects.visible_to(request.by).followed().filter(theirs, city=city)
    return list(rows.distinct().order_by("-pk")[:MOST])


def packs(request: Visit, city: City, partner: City) -> list[ThanksPack]:
    """Thanks of the reader's city that are ready and not sent, for what the partner gave or named."""
    lead = "order__lines__allocation__lead__contact__city"
    theirs = Q(order__donor_city=partner) | Q(order__contact__city=partner) | Q(**{lead: partner})
    rows = ThanksPack.objects.visible_to(request.by).waiting().filter(theirs, city=city)
    return list(rows.select_related("order").distinct().order_by("pk")[:MOST])


def _on_this_page(row: TotalRow) -> TotalRow:
    """The exchanges behind each figure stand below."""
    given, received = (Way(way.pieces, way.times, way.unknown, "#exchanges") for way in row.ways)
    return TotalRow(row.kind, row.items, (given, received))


def _pieces(amount: Amount) -> list[tuple[int, str]]:
    return [(quantity, unit) for unit, quantity in sorted(amount.by_unit.items())]


urlpatterns = [path("cities/<slug:slug>/with/<slug:other>/", reciprocity, name="reciprocity")]

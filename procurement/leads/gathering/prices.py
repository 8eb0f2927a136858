"""Reading what a price is held against: what others asked lately, what was paid on such days, what the material costs."""

from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from django.db.models import Q

from procurement.catalogue.models import PriceBand
from procurement.catalogue.rules import Backing
from procurement.leads.models import SupplierLead
from procurement.leads.money import convert
from procurement.leads.screening import Price
from workflow.errors import Refused

PEER_DAYS = 30  # quotes older than a month say little about today's price
LONGEST_SOURCE = 600


class Bound(NamedTuple):
    """An amount a price is held against, whether its source is firm, and the source."""

    amount: Decimal
    firm: bool
    source: str


def of(lead: SupplierLead, on: date) -> Price | None:
    """The price per piece and what it is held against on a day; None for a gift, and where the offer names none."""
    if lead.price_here is None or lead.kind == SupplierLead.Kind.DONATION:
        return None
    high, floor = _highest(lead, on), _lowest_cost(lead, on)
    peers = peer_prices(lead, on)
    line = lead.line
    limit = line.max_unit_price if line and line.currency == lead.city.currency else None
    return Price(
        value=lead.price_here,
        currency=lead.city.currency,
        peers=[price for price, _city in peers],
        peer_cities=len({city for _price, city in peers}),
        high=high.amount if high else None,
        high_firm=high is not None and high.firm,
        high_source=high.source if high else "",
        floor=floor.amount if floor else None,
        floor_source=floor.source if floor else "",
        limit=limit,
    )


def peer_prices(lead: SupplierLead, on: date) -> list[tuple[Decimal, int]]:
    """What others asked for the same product in the last month, in the city's currency, with the city each was made to.

    Prices of all cities count; which city got a quote is told nobody. One price a company: its latest. The value of a gift is no price.
    """
    since = on - timedelta(days=PEER_DAYS)
    quotes = (
        SupplierLead.objects.filter(
            product=lead.product,
            kind=SupplierLead.Kind.SALE,
            price_here__isnull=False,
            created_at__date__gte=since,
        )
        .filter(Q(city=lead.city) | Q(city__currency=lead.city.currency))
        .exclude(supplier__in=lead.supplier.rows)
        .exclude(status=SupplierLead.Status.DRAFT)
        .order_by("supplier", "-pk")
        .distinct("supplier")
    )
    return [(price, city) for price, city in quotes.values_list("price_here", "city_id") if price is not None]


def _highest(lead: SupplierLead, on: date) -> Bound | None:
    """The highest price known for the day."""
    return max(_bounds(lead, on, floor=False), key=_amount, default=None)


def _lowest_cost(lead: SupplierLead, on: date) -> Bound | None:
    """The lowest cost to make it on the day."""
    return min(_bounds(lead, on, floor=True), key=_amount, default=None)


def _amount(bound: Bound) -> Decimal:
    return bound.amount


def _bounds(lead: SupplierLead, on: date, *, floor: bool) -> list[Bound]:
    """The bands of the day in the city's currency, as far as a rate is known."""
    found = []
    for band in PriceBand.objects.during(lead.product, on):
        if (band.basis == PriceBand.Basis.FLOOR) is floor:
            column = "low" if floor else "high"
            amount = _here(getattr(band, column), band.currency, lead.city.currency, on)
            backing = Backing.of(band, on, column)
            if amount is not None:
                found.append(Bound(amount, backing.firm, " ".join(backing.sources)[:LONGEST_SOURCE]))
    return found


def _here(amount: Decimal, currency: str, into: str, on: date) -> Decimal | None:
    try:
        return convert(amount, currency, into, on).amount
    except Refused:
        return None

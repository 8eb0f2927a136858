"""Reading what a price is held against: what others asked lately, what was paid on such days, what the material costs."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import NamedTuple

from django.db.models import Q

from procurement.catalogue.models import PriceBand
from procurement.catalogue.rules import Backing
from procurement.leads.models import SupplierLead
from procurement.leads.money import convert
from procurement.leads.screening import Price
from procurement.suppliers.models import Supplier
from workflow.errors import Refused

PEER_DAYS = 30  # quotes older than a month say little about today's price
LONGEST_SOURCE = 600
FLOOR = PriceBand.Basis.FLOOR
CRISIS_BEGAN = date(
    2020, 1, 21
)  # the first day of prices of the crisis: 1 yuan a mask ex works, 3 on the 24th, 6 in February


class Bound(NamedTuple):
    """An amount a price is held against, whether its source is firm, and the source; `until` where it is carried on from before."""

    amount: Decimal
    firm: bool
    source: str
    until: date | None = None


def of(lead: SupplierLead, on: date) -> Price | None:
    """The price per piece and what it is held against on a day; None for a gift, and where the offer names none."""
    if lead.price_here is None or lead.kind == SupplierLead.Kind.DONATION:
        return None
    known, floor = (
        _bounds(lead, on, PriceBand.objects.during(lead.product, on).exclude(basis=FLOOR)),
        _floor(lead, on),
    )
    high = max(known, key=_amount, default=None)
    firm = max((bound for bound in known if bound.firm), key=_amount, default=None)
    peers = peer_prices(lead, on)
    line = lead.line
    limit = line.max_unit_price if line and line.currency == lead.city.currency else None
    return Price(
        value=lead.price_here,
        currency=lead.city.currency,
        peers=[price for price, _city in peers],
        peer_cities=len({city for _price, city in peers}),
        high=high.amount if high else None,
        high_source=high.source if high else "",
        firm_high=firm.amount if firm else None,
        firm_source=firm.source if firm else "",
        floor=floor.amount if floor else None,
        floor_source=floor.source if floor else "",
        floor_until=floor.until if floor else None,
        limit=limit,
    )


def peer_prices(lead: SupplierLead, on: date) -> list[tuple[Decimal, int]]:
    """What others asked for the same product in the last month, in the city's currency, with the city each was made to.

    Prices of all cities count; which city got a quote is told nobody. One price a company: its latest. The value of a gift is no price.
    """
    since, company = on - timedelta(days=PEER_DAYS), lead.supplier.current
    quotes = (
        SupplierLead.objects.filter(
            product=lead.product,
            kind=SupplierLead.Kind.SALE,
            price_here__isnull=False,
            created_at__gte=datetime.combine(since, time.min, UTC),
        )
        .filter(Q(city=lead.city) | Q(city__currency=lead.city.currency))
        .exclude(supplier__in=Supplier.objects.filter(Q(pk=company.pk) | Q(merged_into=company)))
        .exclude(status=SupplierLead.Status.DRAFT)
        .order_by("supplier", "-pk")
        .distinct("supplier")
    )
    return [(price, city) for price, city in quotes.values_list("price_here", "city_id") if price is not None]


def _floor(lead: SupplierLead, on: date) -> Bound | None:
    """The lowest cost to make it on the day; without one, that of normal times: a cost does not fall in a crisis.

    A floor of the crisis itself is not carried on: when it had passed, costs did fall.
    """
    today = _bounds(lead, on, PriceBand.objects.during(lead.product, on).filter(basis=FLOOR), column="low")
    if not today:
        past = PriceBand.objects.filter(product=lead.product, basis=FLOOR, valid_to__lt=min(on, CRISIS_BEGAN))
        last = list(past.order_by("-valid_to", "pk")[:1])
        today = [
            Bound(bound.amount, firm=False, source=bound.source, until=last[0].valid_to)
            for bound in _bounds(lead, on, last, column="low")
        ]
    return min(today, key=_amount, default=None)


def _amount(bound: Bound) -> Decimal:
    return bound.amount


def _bounds(lead: SupplierLead, on: date, bands: Iterable[PriceBand], *, column: str = "high") -> list[Bound]:
    """What the bands say in the city's currency, as far as a rate is known."""
    found = []
    for band in bands:
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

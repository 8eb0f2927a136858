"""What a product was offered for over a year: a city's own offers one by one, everybody's as the middle of each month."""

from collections import defaultdict
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from statistics import median
from typing import NamedTuple

from procurement.leads.gathering.landed import Money, Rates
from procurement.leads.models.offer import SupplierLead, SupplierLeadQuerySet
from procurement.leads.screening.prices import ENOUGH_CITIES, ENOUGH_QUOTES

DAYS = 365
MOST = 200  # offers of the city's own in one drawing and its table
MOST_QUOTES = 5_000  # everybody's, latest first


class Middle(NamedTuple):
    """The middle of a month's quotes, and how many they were; from which cities, is told nobody."""

    month: date
    price: Decimal
    quotes: int


class Past(NamedTuple):
    """A city's own offers of a product, oldest first, and the middles of the months that had enough."""

    offers: list[SupplierLead]
    middles: list[Middle]


def history(lead: SupplierLead, at: datetime) -> Past:
    """The offers of the last year for an offer's product, as its city may know them. Prices as named, whatever their Incoterm."""
    since = datetime.combine(lead.city.day_at(at) - timedelta(days=DAYS), time.min, UTC)
    priced = SupplierLead.objects.filter(
        product=lead.product,
        kind=SupplierLead.Kind.SALE,
        price_here__isnull=False,
        created_at__gte=since,
        created_at__lte=at,
    ).exclude(status=SupplierLead.Status.DRAFT)
    own = priced.filter(city=lead.city).select_related("supplier", "city").order_by("-created_at", "-pk")
    return Past(
        list(own[:MOST])[::-1], _middles(lead, priced.order_by("-created_at", "-pk")[:MOST_QUOTES], at)
    )


def _middles(lead: SupplierLead, priced: SupplierLeadQuerySet, at: datetime) -> list[Middle]:
    into = Money(lead.city.currency, lead.city.day_at(at), Rates(lead.city))
    months: dict[date, list[tuple[Decimal, int]]] = defaultdict(list)
    rows = priced.values_list("price_here", "city_id", "city__currency", "rate_on", "created_at")
    for price, city, currency, day, came in rows:
        came_on = lead.city.day_at(came)
        here = Money(into.currency, day or came_on, into.rates).of(price, currency)
        if here is not None:
            months[came_on.replace(day=1)].append((here, city))
    return [
        Middle(month, median(price for price, _city in quotes), len(quotes))
        for month, quotes in sorted(months.items())
        if len(quotes) >= ENOUGH_QUOTES and len({city for _price, city in quotes}) >= ENOUGH_CITIES
    ]

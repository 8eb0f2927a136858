"""Queries for prices to compare: recent quotes, prices paid, estimated production cost, price history.

Only like prices are compared (docs/rules/offers.md): a price paid with the offer's price including freight;
a list price, an ex works price and the production cost with the ex works price. The asking city is the one to which
the examined offer was made.
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from statistics import median
from typing import Any, NamedTuple

from procurement.catalogue.lazy_texts import lazy_translated_text
from procurement.catalogue.models.prices import PriceBand
from procurement.catalogue.models.reference_rows import Validity, market_of_country
from procurement.catalogue.rules.prices import (
    cost_floors,
    manufacturer_list_prices,
    market_prices,
    price_confidence,
    reference_price_bands,
)
from procurement.leads.models.leads import SupplierLead, SupplierLeadQuerySet
from procurement.leads.queries.landed_cost import LazyRates, MoneyContext
from procurement.leads.rules.landed_cost import delivery_point
from procurement.leads.screening.offer_data import PriceData, PriceList, PublishedPrice
from procurement.leads.screening.prices import MAX_QUOTE_AGE_DAYS, MIN_CITY_COUNT, MIN_QUOTE_COUNT
from procurement.suppliers.models.suppliers import Supplier
from workflow.i18n import translate_all

MAX_SOURCE_LENGTH = 600
Basis = PriceBand.Basis


class PriceBound(NamedTuple):
    """Limit for a price: the amount, whether its source is reliable (`source_is_reliable`), the source, and the published figure."""

    amount: Decimal
    source_is_reliable: bool
    source: str
    published_price: PublishedPrice


class Quote(NamedTuple):
    """A quote per piece in the asking city's currency, and the id of the city that received it.

    `price` is the bare price, which covers the way to `delivery_point` (by its Incoterm).
    """

    price: Decimal
    delivery_point: str
    price_with_freight: Decimal | None
    city: int


class ComparableQuotes(NamedTuple):
    """Comparable quotes for an offer, and its own price, all up to the same point of delivery."""

    offer_price: Decimal
    quotes: list[Quote]
    delivery_point: str

    @property
    def prices(self) -> list[Decimal]:
        """Prices of the comparable quotes, up to that point."""
        return [price for _quote, price in self.priced_quotes]

    @property
    def priced_quotes(self) -> list[tuple[Quote, Decimal]]:
        """Comparable quotes, each with its price up to that point."""
        if self.delivery_point.startswith("arrived"):
            return [
                (quote, quote.price_with_freight)
                for quote in self.quotes
                if quote.price_with_freight is not None
            ]
        return [(quote, quote.price) for quote in self.quotes]

    @property
    def city_count(self) -> int:
        """Number of cities that received the quotes. Their names are never shown."""
        return len({quote.city for quote in self.quotes})

    @property
    def has_enough_quotes(self) -> bool:
        """True if there are enough quotes, from enough cities, to compare with."""
        return len(self.quotes) >= MIN_QUOTE_COUNT and self.city_count >= MIN_CITY_COUNT


def price_for_screening(lead: SupplierLead, on: date, rates: LazyRates | None = None) -> PriceData | None:
    """Return the price per piece and the figures to compare it with. None for gifts and without a price."""
    if lead.price_in_city_currency is None or lead.kind == SupplierLead.Kind.DONATION:
        return None
    # Use the rate of the offer's price, so that printed figures do not move with today's rate.
    into = MoneyContext(lead.city.currency, lead.rate_on or on, rates or LazyRates(lead.city))
    of_family = list(PriceBand.objects.of_product_family(lead.product, on))
    bands = [band for band in of_family if band.product_id == lead.product_id]
    market = market_prices(bands, market_of_country(lead.city.country), on)
    known = _bounds(into, on, market)
    floor = min(_bounds(into, on, cost_floors(bands, of_family, on), column="low"), key=_amount, default=None)
    low = min((bound.amount for bound in _bounds(into, on, market, column="low")), default=None)
    high = max(known, key=_amount, default=None)
    firm = max((bound for bound in known if bound.source_is_reliable), key=_amount, default=None)
    peers = comparable_quotes_in_currency(lead, on, into)
    line = lead.line
    ex_works_price, arrived = _price_at_point(lead, "origin"), _price_at_point(lead, "arrived")
    paid = bool(market) and market[0].basis == Basis.PRICE_PAID
    market_point = ("arrived" if arrived else "") if paid else _delivery_label(lead, ex_works_price)
    return PriceData(
        unit_price=lead.price_in_city_currency,
        currency=lead.city.currency,
        price_at_peer_point=peers.offer_price,
        peer_delivery_point=peers.delivery_point,
        peer_prices=peers.prices,
        peer_cities=peers.city_count,
        ex_works_price=ex_works_price,
        price_at_market_point=(arrived if paid else ex_works_price) or lead.price_in_city_currency,
        market_delivery_point=market_point,
        highest_known_price=high.amount if high else None,
        highest_price_source=high.source if high else "",
        highest_published_price=high.published_price if high else None,
        lowest_known_price=low,
        pieces_per_carton=lead.carton_pieces or 0,
        highest_reliable_price=firm.amount if firm else None,
        reliable_price_source=firm.source if firm else "",
        reliable_published_price=firm.published_price if firm else None,
        price_floor=floor.amount if floor else None,
        floor_source=floor.source if floor else "",
        price_floor_published=floor.published_price if floor else None,
        manufacturer_price_list=_price_list(
            lead, on, into, bands, [band for band in market if paid and band.validity_on(on) is Validity.YES]
        ),
        price_limit=line.max_unit_price if line and line.currency == lead.city.currency else None,
    )


def published_prices(lead: SupplierLead, on: date) -> list[PriceBand]:
    """Return the printed prices to show beside an offer's price, including average import prices.

    For pages.
    """
    of_family = list(PriceBand.objects.of_product_family(lead.product, on))
    bands = [band for band in of_family if band.product_id == lead.product_id]
    return reference_price_bands(bands, of_family, market_of_country(lead.city.country), on)


def comparable_quotes_in_currency(lead: SupplierLead, on: date, into: MoneyContext) -> ComparableQuotes:
    """Return the quotes to compare the offer's price with.

    Prices with freight are used if there are enough; otherwise bare prices of the same Incoterm point.
    """
    assert lead.price_in_city_currency is not None  # callers pass only offers with a price
    quotes = recent_quotes(lead, on, into)
    arrived = _price_at_point(lead, "arrived") if lead.landed.get("comparable") else None
    landed = ComparableQuotes(
        arrived or lead.price_in_city_currency,
        [quote for quote in quotes if quote.price_with_freight is not None],
        f"arrived_{lead.landed['mode']}" if arrived else "",
    )
    if arrived is not None and landed.has_enough_quotes:
        return landed
    where = delivery_point(lead.incoterm.upper())
    return ComparableQuotes(
        lead.price_in_city_currency, [quote for quote in quotes if quote.delivery_point == where], where
    )


def recent_quotes(lead: SupplierLead, on: date, into: MoneyContext) -> list[Quote]:
    """Return other companies' quotes for the product in the last month, in the asking city's currency.

    Each quote is converted at the rate of its own day. Quotes to all cities count, but the city of a quote
    is never shown. Only the latest quote of each company counts. The value of a gift is not a price.
    """
    since = on - timedelta(days=MAX_QUOTE_AGE_DAYS)
    rows = (
        SupplierLead.objects.filter(
            product=lead.product,
            kind=SupplierLead.Kind.SALE,
            price_in_city_currency__isnull=False,
            created_at__gte=datetime.combine(since, time.min, UTC),
        )
        .exclude(status=SupplierLead.Status.DRAFT)
        .order_by("supplier", "-pk")
        .distinct("supplier")
    )
    found = rows.values_list(
        *(
            "price_in_city_currency",
            "landed__arrived",
            "landed__comparable",
            "landed__mode",
            "incoterm",
            "city_id",
            "city__currency",
            "rate_on",
        ),
        *("pk", "supplier_id", "supplier__merged_into"),
    )
    mode = lead.landed.get("mode")
    quotes = []
    others = _latest_of_each(found, but=lead.supplier.current_row.pk)
    for price, arrived, comparable, by, incoterm, city, currency, day in others:
        own = MoneyContext(into.currency, day or on, into.rates)
        here = own.convert(price, currency)
        if here is not None:
            landed = (
                own.convert(Decimal(arrived), currency) if arrived and comparable and by == mode else None
            )
            quotes.append(Quote(here, delivery_point(incoterm.upper()), landed, city))
    return quotes


def _latest_of_each(found: Iterable[tuple[Any, ...]], *, but: int) -> list[tuple[Any, ...]]:
    """Return the latest quote of each company except `but`. A merged company counts as the one it was merged into.

    Each input row ends with the offer's key, the company's key and the key of the company it was merged
    into.
    """
    quotes = list(found)
    into = {row: above for *_quote, row, above in quotes if above is not None}
    fresh = set(into.values())
    while fresh:
        above = dict(
            Supplier.objects.filter(pk__in=fresh, merged_into__isnull=False).values_list("pk", "merged_into")
        )
        into |= above
        fresh = set(above.values())
    latest: dict[int, tuple[Any, ...]] = {}
    for *quote, key, row, _above in quotes:
        company = row
        while company in into:
            company = into[company]
        if company != but and (company not in latest or latest[company][0] < key):
            latest[company] = (key, quote)
    return [tuple(quote) for _key, quote in latest.values()]


def comparable_quotes(lead: SupplierLead, on: date) -> ComparableQuotes:
    """Return the quotes comparable with an offer, for pages."""
    return comparable_quotes_in_currency(lead, on, MoneyContext(lead.city.currency, on, LazyRates(lead.city)))


def price_at_delivery_point(lead: SupplierLead, where: str) -> Decimal | None:
    """Return the offer's price up to a point of delivery, or None if its price goes to another point."""
    if where.startswith("arrived"):
        return _price_at_point(lead, "arrived") if where == f"arrived_{lead.landed.get('mode')}" else None
    return lead.price_in_city_currency if delivery_point(lead.incoterm.upper()) == where else None


def _price_at_point(lead: SupplierLead, where: str) -> Decimal | None:
    kept = lead.landed.get(where)
    return Decimal(kept) if kept else None


def _delivery_label(lead: SupplierLead, ex_works_price: Decimal | None) -> str:
    """Return "door" if freight was taken off the price, else an empty string.

    Without a known freight nothing is taken off: the price itself is then the upper bound.
    """
    return "door" if ex_works_price is not None and ex_works_price != lead.price_in_city_currency else ""


def _price_list(
    lead: SupplierLead, on: date, into: MoneyContext, bands: list[PriceBand], paid: list[PriceBand]
) -> PriceList | None:
    """Return the list price of the offer's manufacturer, or any list price if the manufacturer is unknown.

    None if no list price fits.
    """
    names = _maker_names(lead)
    for band in manufacturer_list_prices(bands, on):
        low, high = into.convert(band.low, band.currency), into.convert(band.high, band.currency)
        if low is None or high is None:
            continue
        if names and not any(_is_maker_named(band.maker, name) for name in names):
            continue
        source_confidence = price_confidence(band, on, "low", "high")
        prices = [into.convert(amount, one.currency) for one in paid for amount in (one.low, one.high)]
        known = [price for price in prices if price is not None]
        return PriceList(
            maker=band.maker,
            low=low,
            high=high,
            source_is_reliable=source_confidence.is_reliable and bool(names),
            manufacturer_known=bool(names),
            source=" ".join(source_confidence.sources)[:MAX_SOURCE_LENGTH],
            paid_range=(min(known), max(known)) if known else None,
            published_price=_published_price(band),
        )
    return None


def _maker_names(lead: SupplierLead) -> list[str]:
    """Return the names of the manufacturer, as far as the offer gives them.

    They come from its manufacturer, from a seller that manufactures itself, or from the model name.
    """
    maker = lead.maker or (lead.supplier if lead.supplier.role == Supplier.Role.MAKER else None)
    names = [maker.legal_name_local, maker.name_en] if maker is not None else [lead.model]
    return [name for name in names if name]


def _is_maker_named(maker: str, text: str) -> bool:
    """Return True if the text has the manufacturer's name as a word of its own.

    3M is in "3M 1860" and in 3M中国有限公司, but not in "3MX".
    """
    return bool(re.search(rf"(?<![A-Za-z0-9]){re.escape(maker)}(?![A-Za-z0-9])", text, re.IGNORECASE))


def _amount(bound: PriceBound) -> Decimal:
    return bound.amount


def _bounds(
    into: MoneyContext, on: date, bands: Iterable[PriceBand], *, column: str = "high"
) -> list[PriceBound]:
    """Return the figures of the price bands on a day, in the city's currency, where a rate is known."""
    found = []
    for band in bands:
        amount = into.convert(getattr(band, column), band.currency)
        source_confidence = price_confidence(band, on, column)
        if amount is not None:
            source = " ".join(source_confidence.sources)[:MAX_SOURCE_LENGTH]
            found.append(PriceBound(amount, source_confidence.is_reliable, source, _published_price(band)))
    return found


def _published_price(band: PriceBand) -> PublishedPrice:
    """Return the printed figure for a sentence: its basis, days, confidence and note."""
    assert band.valid_from is not None  # a band without days is never compared
    assert band.valid_to is not None
    note = translate_all(lazy_translated_text(band, "note"))
    return PublishedPrice(band.basis, band.valid_from, band.valid_to, band.confidence, note)


HISTORY_DAYS = 365
MAX_CHART_OFFERS = 200  # offers of the city in one chart and its table
MAX_QUOTES = 5_000  # of all cities, latest first


class MonthMedian(NamedTuple):
    """Median of a month's quotes and their number. The cities of the quotes are never shown."""

    month: date
    price: Decimal
    quote_count: int


class PriceHistory(NamedTuple):
    """A city's own offers of a product, oldest first, and the medians of the months with enough quotes."""

    offers: list[SupplierLead]
    medians: list[MonthMedian]


def price_history_of(lead: SupplierLead, at: datetime) -> PriceHistory:
    """Return the last year's offers of the offer's product, as far as its city may see them.

    Prices are as stated, with any Incoterm.
    """
    since = datetime.combine(lead.city.day_at(at) - timedelta(days=HISTORY_DAYS), time.min, UTC)
    priced = SupplierLead.objects.filter(
        product=lead.product,
        kind=SupplierLead.Kind.SALE,
        price_in_city_currency__isnull=False,
        created_at__gte=since,
        created_at__lte=at,
    ).exclude(status=SupplierLead.Status.DRAFT)
    own = priced.filter(city=lead.city).select_related("supplier", "city").order_by("-created_at", "-pk")
    return PriceHistory(
        list(own[:MAX_CHART_OFFERS])[::-1],
        _monthly_medians(lead, priced.order_by("-created_at", "-pk")[:MAX_QUOTES], at),
    )


def _monthly_medians(lead: SupplierLead, priced: SupplierLeadQuerySet, at: datetime) -> list[MonthMedian]:
    into = MoneyContext(lead.city.currency, lead.city.day_at(at), LazyRates(lead.city))
    months: dict[date, list[tuple[Decimal, int]]] = defaultdict(list)
    rows = priced.values_list("price_in_city_currency", "city_id", "city__currency", "rate_on", "created_at")
    for price, city, currency, day, came in rows:
        came_on = lead.city.day_at(came)
        here = MoneyContext(into.currency, day or came_on, into.rates).convert(price, currency)
        if here is not None:
            months[came_on.replace(day=1)].append((here, city))
    return [
        MonthMedian(month, median(price for price, _city in quotes), len(quotes))
        for month, quotes in sorted(months.items())
        if len(quotes) >= MIN_QUOTE_COUNT and len({city for _price, city in quotes}) >= MIN_CITY_COUNT
    ]

"""Reading what a price is held against: what others asked lately, what was last paid, the estimated cost to make.

Like is held against like (ADR 74): what was paid, against the price with its freight; a maker's list, an ex works price and the cost to
make, against the price at the door.
"""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from procurement.catalogue.models.facts import Holds, market_of
from procurement.catalogue.models.prices import PriceBand
from procurement.catalogue.rules.prices import (
    backing_of_price,
    floors,
    known_prices,
    list_prices,
    market_prices,
)
from procurement.catalogue.words import text_of
from procurement.leads.gathering.landed import Money, Rates
from procurement.leads.models.offer import SupplierLead
from procurement.leads.rules.landed import point
from procurement.leads.screening.prices import ENOUGH_CITIES, ENOUGH_QUOTES
from procurement.leads.screening.values import Price, PriceList, Printed
from procurement.suppliers.models.company import Supplier
from workflow.tongues import in_three

PEER_DAYS = 30  # quotes older than a month say little about today's price
LONGEST_SOURCE = 600
BASIS = PriceBand.Basis


class Bound(NamedTuple):
    """An amount a price is held against, whether its source is firm, the source, and what was printed, where and when."""

    amount: Decimal
    firm: bool
    source: str
    printed: Printed


class Quote(NamedTuple):
    """What somebody asked for a piece, in the asking city's currency: the bare price, up to where it goes, and with its freight."""

    price: Decimal
    where: str
    arrived: Decimal | None
    city: int


class Peers(NamedTuple):
    """The price of an offer and those of its peers, all of one point of delivery, and which that is."""

    value: Decimal
    quotes: list[Quote]
    point: str

    @property
    def prices(self) -> list[Decimal]:
        """What the peers ask, up to that point."""
        if self.point.startswith("arrived"):
            return [quote.arrived for quote in self.quotes if quote.arrived is not None]
        return [quote.price for quote in self.quotes]

    @property
    def cities(self) -> int:
        """How many cities the quotes were made to; which, is told nobody."""
        return len({quote.city for quote in self.quotes})

    @property
    def enough(self) -> bool:
        """Whether they are enough to judge by."""
        return len(self.quotes) >= ENOUGH_QUOTES and self.cities >= ENOUGH_CITIES


def of(lead: SupplierLead, on: date, rates: Rates | None = None) -> Price | None:
    """The price per piece and what it is held against on a day; None for a gift, and where the offer names none."""
    if lead.price_here is None or lead.kind == SupplierLead.Kind.DONATION:
        return None
    # At the rate of the price itself: what is known for these days does not move with today's rate.
    into = Money(lead.city.currency, lead.rate_on or on, rates or Rates(lead.city))
    of_family = list(PriceBand.objects.of_family(lead.product, on))
    bands = [band for band in of_family if band.product_id == lead.product_id]
    market = market_prices(bands, market_of(lead.city.country), on)
    known = _bounds(into, on, market)
    floor = min(_bounds(into, on, floors(bands, of_family, on), column="low"), key=_amount, default=None)
    high = max(known, key=_amount, default=None)
    firm = max((bound for bound in known if bound.firm), key=_amount, default=None)
    peers = peers_of(lead, on, into)
    line = lead.line
    at_door, arrived = _point(lead, "origin"), _point(lead, "arrived")
    paid = bool(market) and market[0].basis == BASIS.PAID
    return Price(
        value=lead.price_here,
        currency=lead.city.currency,
        compared=peers.value,
        point=peers.point,
        peers=peers.prices,
        peer_cities=peers.cities,
        at_door=at_door,
        in_market=(arrived if paid else at_door) or lead.price_here,
        market_point=("arrived" if arrived else "") if paid else _door(lead, at_door),
        high=high.amount if high else None,
        high_source=high.source if high else "",
        high_printed=high.printed if high else None,
        low=min((bound.amount for bound in _bounds(into, on, market, column="low")), default=None),
        carton=lead.carton_pieces or 0,
        firm_high=firm.amount if firm else None,
        firm_source=firm.source if firm else "",
        firm_printed=firm.printed if firm else None,
        floor=floor.amount if floor else None,
        floor_source=floor.source if floor else "",
        floor_printed=floor.printed if floor else None,
        listed=_list(
            lead, on, into, bands, [band for band in market if paid and band.holds_on(on) is Holds.YES]
        ),
        limit=line.max_unit_price if line and line.currency == lead.city.currency else None,
    )


def printed_prices(lead: SupplierLead, on: date) -> list[PriceBand]:
    """The printed figures an offer's price is shown beside on a day, for pages: those it is held against, and means of imports."""
    of_family = list(PriceBand.objects.of_family(lead.product, on))
    bands = [band for band in of_family if band.product_id == lead.product_id]
    return known_prices(bands, of_family, market_of(lead.city.country), on)


def peers_of(lead: SupplierLead, on: date, into: Money) -> Peers:
    """The peers an offer's price can be held against: landed where enough are known so, else bare ones of one Incoterm point."""
    assert lead.price_here is not None  # the caller asks for priced offers
    quotes = quotes_like(lead, on, into)
    arrived = _point(lead, "arrived") if lead.landed.get("comparable") else None
    landed = Peers(
        arrived or lead.price_here,
        [quote for quote in quotes if quote.arrived is not None],
        f"arrived_{lead.landed['mode']}" if arrived else "",
    )
    if arrived is not None and landed.enough:
        return landed
    where = point(lead.incoterm.upper())
    return Peers(lead.price_here, [quote for quote in quotes if quote.where == where], where)


def quotes_like(lead: SupplierLead, on: date, into: Money) -> list[Quote]:
    """What others asked for the same product in the last month, in the asking city's currency at each one's own day's rate.

    Prices of all cities count; which city got a quote is told nobody. One price a company: its latest. The value of a gift is no price.
    """
    since = on - timedelta(days=PEER_DAYS)
    rows = (
        SupplierLead.objects.filter(
            product=lead.product,
            kind=SupplierLead.Kind.SALE,
            price_here__isnull=False,
            created_at__gte=datetime.combine(since, time.min, UTC),
        )
        .exclude(supplier__in=lead.supplier.rows)
        .exclude(status=SupplierLead.Status.DRAFT)
        .order_by("supplier", "-pk")
        .distinct("supplier")
    )
    found = rows.values_list(
        *(
            "price_here",
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
    for price, arrived, comparable, by, incoterm, city, currency, day in _latest_of_each(found):
        own = Money(into.currency, day or on, into.rates)
        here = own.of(price, currency)
        if here is not None:
            landed = own.of(Decimal(arrived), currency) if arrived and comparable and by == mode else None
            quotes.append(Quote(here, point(incoterm.upper()), landed, city))
    return quotes


def _latest_of_each(found: Iterable[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """One quote a company, its latest, whichever of its rows it was offered under: a merged one is no peer of its own.

    Each ends with its offer's key, its company's row, and the row that was merged into.
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
        if company not in latest or latest[company][0] < key:
            latest[company] = (key, quote)
    return [tuple(quote) for _key, quote in latest.values()]


def peer_prices(lead: SupplierLead, on: date) -> Peers:
    """The peers of an offer, for pages."""
    return peers_of(lead, on, Money(lead.city.currency, on, Rates(lead.city)))


def up_to(lead: SupplierLead, where: str) -> Decimal | None:
    """An offer's price up to a point of delivery; None where it goes to another."""
    if where.startswith("arrived"):
        return _point(lead, "arrived") if where == f"arrived_{lead.landed.get('mode')}" else None
    return lead.price_here if point(lead.incoterm.upper()) == where else None


def _point(lead: SupplierLead, where: str) -> Decimal | None:
    kept = lead.landed.get(where)
    return Decimal(kept) if kept else None


def _door(lead: SupplierLead, at_door: Decimal | None) -> str:
    """Where the freight inside a price is not known, the price at the door is at most the whole."""
    return "door" if at_door is not None and at_door != lead.price_here else ""


def _list(
    lead: SupplierLead, on: date, into: Money, bands: list[PriceBand], paid: list[PriceBand]
) -> PriceList | None:
    """The maker's list price, where the offer's maker is the one whose list it is, or is not known."""
    names = _maker_names(lead)
    for band in list_prices(bands, on):
        low, high = into.of(band.low, band.currency), into.of(band.high, band.currency)
        if low is None or high is None:
            continue
        if names and not any(_named(band.maker, name) for name in names):
            continue
        backing = backing_of_price(band, on, "low", "high")
        prices = [into.of(amount, one.currency) for one in paid for amount in (one.low, one.high)]
        known = [price for price in prices if price is not None]
        return PriceList(
            maker=band.maker,
            low=low,
            high=high,
            firm=backing.firm and bool(names),
            maker_known=bool(names),
            source=" ".join(backing.sources)[:LONGEST_SOURCE],
            paid=(min(known), max(known)) if known else None,
            printed=_printed(band),
        )
    return None


def _maker_names(lead: SupplierLead) -> list[str]:
    """Who made the goods, as far as the offer says: its maker, a company that makes itself, or a model that bears a maker's name."""
    maker = lead.maker or (lead.supplier if lead.supplier.role == Supplier.Role.MAKER else None)
    names = [maker.legal_name_local, maker.name_en] if maker is not None else [lead.model]
    return [name for name in names if name]


def _named(maker: str, text: str) -> bool:
    """Whether a maker's name stands in a text as a word of its own: 3M in "3M 1860" and in 3M中国有限公司, not in "3MX"."""
    return bool(re.search(rf"(?<![A-Za-z0-9]){re.escape(maker)}(?![A-Za-z0-9])", text, re.IGNORECASE))


def _amount(bound: Bound) -> Decimal:
    return bound.amount


def _bounds(into: Money, on: date, bands: Iterable[PriceBand], *, column: str = "high") -> list[Bound]:
    """What the bands say on a day, in the city's currency, as far as a rate is known."""
    found = []
    for band in bands:
        amount = into.of(getattr(band, column), band.currency)
        backing = backing_of_price(band, on, column)
        if amount is not None:
            source = " ".join(backing.sources)[:LONGEST_SOURCE]
            found.append(Bound(amount, backing.firm, source, _printed(band)))
    return found


def _printed(band: PriceBand) -> Printed:
    """What a sentence tells of a figure: its kind, its days, how sure it is, and what was printed."""
    assert band.valid_from is not None  # a band without days is held against nothing
    assert band.valid_to is not None
    note = in_three(text_of(band, "note"))
    return Printed(band.basis, band.valid_from, band.valid_to, band.confidence, note)

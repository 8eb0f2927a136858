"""Price comparisons on pages: the strip plot of an offer, and small strips beside a need's offers.

Quotes of other cities count toward the median and the usual range, and are drawn as dots without a name. With
too few quotes, neither is drawn.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from statistics import quantiles
from typing import Any, NamedTuple

from django.db.models import OuterRef
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from procurement.catalogue.models.prices import PriceBand
from procurement.leads.models.findings import Finding
from procurement.leads.models.leads import SupplierLead
from procurement.leads.queries.landed_cost import LazyRates, MoneyContext
from procurement.leads.queries.prices import (
    ComparableQuotes,
    comparable_quotes,
    comparable_quotes_in_currency,
    price_at_delivery_point,
    published_prices,
)
from procurement.leads.screening.prices import (
    DELIVERY_POINT_TEXTS,
    MIN_QUOTE_COUNT,
    UNUSUAL_PRICE_CODES,
    is_outlier,
)
from workflow.charts.price_strips import ComparedPrices, PlottedPrice, PriceAxis
from workflow.formatting import format_money
from workflow.i18n import LocalizedCount, join_sentences
from workflow.query_expressions import exists_annotations

MAX_PLOT_LABELS = 12  # labels one plot can carry
# Whether an offer has an open finding of an unusual price, asked for with the offers of a list.
UNUSUAL_PRICE_ANNOTATION = exists_annotations(
    unusual_price=Finding.objects.in_effect().filter(lead=OuterRef("pk"), code__in=UNUSUAL_PRICE_CODES)
)


type PriceRange = tuple[Decimal, Decimal]


class PricePanel(NamedTuple):
    """Price of an offer among its peers: the plot, and the same as sentences."""

    plot: ComparedPrices
    description: str


def has_comparable_price(lead: SupplierLead) -> bool:
    """Return True if the offer has a price to compare, and is no donation."""
    return lead.price_in_city_currency is not None and lead.kind != SupplierLead.Kind.DONATION


def price_panel(lead: SupplierLead, on: date) -> PricePanel | None:
    """Return the price of an offer among quotes and published prices, or None without a price or for a donation."""
    if not has_comparable_price(lead):
        return None
    rates = LazyRates(lead.city)
    peers = comparable_quotes_in_currency(lead, on, MoneyContext(lead.city.currency, on, rates))
    published = published_range(published_bands(lead, on, rates))
    plot = lead_price_chart(lead, on, peers, published)
    assert plot is not None  # the offer has a price
    return PricePanel(plot, chart_description(lead, peers, published))


def published_bands(
    lead: SupplierLead, on: date, rates: LazyRates
) -> list[tuple[PriceBand, Decimal | None, Decimal | None]]:
    """Return the printed prices to show beside an offer, each with its limits in the city's currency."""
    into = MoneyContext(lead.city.currency, on, rates)
    return [
        (band, into.convert(band.low, band.currency), into.convert(band.high, band.currency))
        for band in published_prices(lead, on)
    ]


def published_range(
    bands: Iterable[tuple[PriceBand, Decimal | None, Decimal | None]],
) -> PriceRange | None:
    """Return the lowest and the highest price paid or asked that was printed, or None if none is known."""
    market = (PriceBand.Basis.PRICE_PAID, PriceBand.Basis.QUOTED_PRICE)
    known = [
        (low, high)
        for band, low, high in bands
        if band.basis in market and low is not None and high is not None
    ]
    return (min(low for low, _high in known), max(high for _low, high in known)) if known else None


def lead_price_chart(
    lead: SupplierLead, on: date, peers: ComparableQuotes | None = None, published: PriceRange | None = None
) -> ComparedPrices | None:
    """Return the plot of this city's offers of the product, with the median and range of all quotes.

    The median and the range are those of the last month. Return None if the offer has no price. `peers`
    are the `comparable_quotes` of the day, if the caller has read them. `published` is drawn behind the quotes.
    """
    if lead.price_in_city_currency is None:
        return None
    return _plot_of_comparable_offers(
        comparable_leads(lead), lead, peers or comparable_quotes(lead, on), published
    )


def comparable_leads(lead: SupplierLead) -> list[SupplierLead]:
    """Return the latest priced offers of the product and kind to this city, this one included."""
    own = SupplierLead.objects.filter(
        city=lead.city, product=lead.product, kind=lead.kind, price_in_city_currency__isnull=False
    )
    return list(
        own.exclude(status=SupplierLead.Status.DRAFT)
        .select_related("supplier")
        .order_by("-created_at", "-pk")[:MAX_PLOT_LABELS]
    )


def most_frequent_product_offer(leads: Sequence[SupplierLead]) -> SupplierLead | None:
    """Return the first offer of the most frequent product among these offers, or None if no offer has a price.

    A need's page compares the prices of this product.
    """
    priced = [lead for lead in leads if lead.price_in_city_currency is not None]
    if not priced:
        return None
    most, _count = Counter(lead.product_id for lead in priced).most_common(1)[0]
    return next(lead for lead in priced if lead.product_id == most)


def scales_by_lead(leads: Sequence[SupplierLead]) -> dict[int, tuple[PriceAxis, bool]]:
    """Return the scale shared by all offers of a product, and whether a finding calls the price odd, by offer id."""
    by_product: dict[int, list[PlottedPrice]] = defaultdict(list)
    for lead in leads:
        if lead.price_in_city_currency is not None:
            by_product[lead.product_id].append(PlottedPrice("", lead.price_in_city_currency))
    scales = {
        product: ComparedPrices(quotes, currency="").price_axis for product, quotes in by_product.items()
    }
    out = ids_with_unusual_price(leads)
    return {
        lead.pk: (scales[lead.product_id], lead.pk in out)
        for lead in leads
        if lead.price_in_city_currency is not None
    }


def ids_with_unusual_price(leads: Iterable[SupplierLead]) -> set[int]:
    """Return the ids of the offers with an open finding of an unusual price.

    No query if `UNUSUAL_PRICE_ANNOTATION` was read with them.
    """
    known = {lead.pk: getattr(lead, "has_unusual_price", None) for lead in leads}
    if None not in known.values():
        return {pk for pk, odd in known.items() if odd}
    standing = Finding.objects.in_effect().filter(lead__in=known, code__in=UNUSUAL_PRICE_CODES)
    return set(standing.values_list("lead_id", flat=True))


def chart_description(
    lead: SupplierLead, peers: ComparableQuotes, published: PriceRange | None = None
) -> str:
    """Return the price check as sentences: the price, where it lies among the quotes, and the published prices.

    With too few quotes, they say how many are missing for a verdict.
    """
    printed = ""
    if published is not None:
        low, high = (format_money(amount, lead.city.currency) for amount in published)
        printed = _("Published prices: %(low)s to %(high)s.") % {"low": low, "high": high}
    if not peers.has_enough_quotes:
        words = _("%(price)s per unit; %(quotes)s from %(cities)s (%(short)s).")
        figures = {
            "price": format_money(peers.offer_price, lead.city.currency),
            "quotes": _quotes_text(len(peers.quotes)),
            "cities": _cities_text(peers.city_count),
            "short": _missing_quotes_sentence(peers),
        }
        return join_sentences(words % figures, printed)
    return join_sentences(_verdict_sentence(lead, peers), printed)


def _missing_quotes_sentence(peers: ComparableQuotes) -> str:
    """Return the sentence on the quotes or the second city that a comparison still lacks."""
    missing = MIN_QUOTE_COUNT - len(peers.quotes)
    if missing <= 0:
        return _("a verdict needs quotes from two cities")
    words = ngettext(
        "%(count)s more quote needed for a verdict", "%(count)s more quotes needed for a verdict", missing
    )
    return words % {"count": LocalizedCount(missing)}


def _verdict_sentence(lead: SupplierLead, peers: ComparableQuotes) -> str:
    """Return where the price lies among enough quotes."""
    low, middle, high = quantiles(peers.prices, n=4)
    currency = lead.city.currency
    figures = {
        "price": format_money(peers.offer_price, currency),
        "quotes": _quotes_text(len(peers.quotes)),
        "cities": _cities_text(peers.city_count),
        "median": format_money(middle, currency),
        "low": format_money(low, currency),
        "high": format_money(high, currency),
    }
    sentence = _(
        "%(price)s per unit, compared with %(quotes)s in the last month from %(cities)s: half are between "
        "%(low)s and %(high)s, and the median is %(median)s."
    )
    verdict = _("The price is within the usual range.")
    if is_outlier(peers.offer_price, peers.prices):
        verdict = (
            _("The price is far above the other quotes.")
            if peers.offer_price > middle
            else _("The price is far below the other quotes.")
        )
    return join_sentences(sentence % figures, verdict, DELIVERY_POINT_TEXTS.get(peers.delivery_point, ""))


def _quotes_text(count: int) -> str:
    return ngettext("%(count)s quote", "%(count)s quotes", count) % {"count": LocalizedCount(count)}


def _cities_text(count: int) -> str:
    return ngettext("%(count)s city", "%(count)s cities", count) % {"count": LocalizedCount(count)}


def _plot_of_comparable_offers(
    shown: Sequence[SupplierLead], lead: SupplierLead, peers: ComparableQuotes, published: PriceRange | None
) -> ComparedPrices:
    """Return the plot of the offers whose price goes to the same point as this one's.

    A price to another point of delivery would not belong on this axis. Quotes to other cities have no name.
    """
    out = ids_with_unusual_price(shown)
    quotes = [
        PlottedPrice(one.supplier.name, price, one.pk in out)
        for one in shown
        if (price := price_at_delivery_point(one, peers.delivery_point)) is not None
    ]
    others = [price for quote, price in peers.priced_quotes if quote.city != lead.city_id]
    around: dict[str, Any] = {
        "currency": lead.city.currency,
        "unlabelled_prices": others,
        "published_range": published,
    }
    if not peers.has_enough_quotes:
        return ComparedPrices(quotes, **around)
    low, middle, high = quantiles(peers.prices, n=4)
    return ComparedPrices(quotes, **around, median=middle, lower_quartile=low, upper_quartile=high)

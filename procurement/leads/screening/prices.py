"""Rules on prices: too high is as suspicious as too low.

Each threshold is a named constant, with its source if there is one.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from statistics import median
from typing import Any

from django.utils.translation import gettext_lazy as _

from procurement.leads.screening import rationales, remedies, sources
from procurement.leads.screening.offer_data import (
    BLOCK,
    NOTE,
    WARN,
    FindingData,
    OfferData,
    PriceData,
    PublishedPrice,
)
from procurement.leads.screening.rule_types import RuleNumber, ScreeningRule, codes_of
from workflow.errors import LazyText

MIN_QUOTE_COUNT, MIN_CITY_COUNT = 5, 2
MAX_QUOTE_AGE_DAYS = 30  # older quotes do not show today's price
BOX_SIZES = (10, 20, 25, 50, 100)  # usual numbers of pieces in a box of masks or gloves; our own list
MAX_ROBUST_SCORE = Decimal("3.5")  # of the modified z-score, after Iglewicz and Hoaglin (1993)
# Makes the median absolute deviation comparable with a standard deviation.
MAD_SCALE_FACTOR = Decimal("0.6745")
FOUR_DECIMALS_BELOW = Decimal("0.10")
MAX_DEVIATION_FROM_MEDIAN = Decimal("0.25")  # if the median absolute deviation is zero
# Times the highest known price: four times a firm figure blocks, twice warns.
BLOCKING_MULTIPLE, WARNING_MULTIPLE = 4, 2
ONE_TENTH = Decimal("0.1")

MIN_QUOTES_NUMBER = RuleNumber(_("Minimum number of quotes for a comparison"), MIN_QUOTE_COUNT)
MIN_CITIES_NUMBER = RuleNumber(_("Minimum number of cities the quotes come from"), MIN_CITY_COUNT)
MAX_QUOTE_AGE_NUMBER = RuleNumber(_("Maximum age of quotes (days)"), MAX_QUOTE_AGE_DAYS)
MAX_ROBUST_SCORE_NUMBER = RuleNumber(_("Maximum robust score"), MAX_ROBUST_SCORE)
MAD_SCALE_FACTOR_NUMBER = RuleNumber(
    _(
        "Scaling factor of the robust score (distance from the median, divided by the median of "
        "all distances)"
    ),
    MAD_SCALE_FACTOR,
)
MAX_MEDIAN_DEVIATION_NUMBER = RuleNumber(
    _("Maximum deviation, as a share of the median, if at least half the quotes are identical"),
    MAX_DEVIATION_FROM_MEDIAN,
)
WARNING_MULTIPLE_NUMBER = RuleNumber(
    _("Warning above this multiple of the highest known price"), WARNING_MULTIPLE
)
BLOCKING_MULTIPLE_NUMBER = RuleNumber(
    _("Blocking above this multiple of the highest known price, if the source is reliable"),
    BLOCKING_MULTIPLE,
)

# Sentences added to those of a rule: before them, and after them where they name such figures.
PER_BOX_HINT = _(
    "Is this the price of a box? With %(box)s units in a box, each unit costs %(each)s, which is a normal "
    "price. Ask the seller first."
)
OTHERS_PAID_TEXT = _("Other buyers paid between %(paid_low)s and %(paid_high)s at that time.")
PUBLISHED_TEXT = _("Figure: %(basis)s, %(since)s to %(until)s (%(printed)s). Confidence: %(grade)s.")
ESTIMATED_TEXT = _("Estimated from %(printed)s (%(since)s to %(until)s). Confidence: %(grade)s.")
# The point of delivery of the prices in the sentence.
DELIVERY_POINT_TEXTS: dict[str, LazyText] = {
    "origin": _("Prices are compared without freight, at the factory or port."),
    "carried": _("Prices are compared with freight included."),
    "duty_paid": _("Prices are compared with freight and duty included."),
    "arrived": _("Freight is included."),
    "arrived_air": _("Prices are compared with air freight included."),
    "arrived_sea": _("Prices are compared with sea freight included."),
    "door": _("The freight included in the price has been deducted."),
}


def screen_prices(offer: OfferData) -> Iterator[FindingData]:
    """Yield findings on the price, against known prices, production cost, the limit and other quotes."""
    price = offer.price
    if price is None:
        return
    yield from _screen_against_highest(price)
    yield from _screen_against_list(price)
    yield from _screen_against_floor(price, offer.as_of)
    yield from _screen_against_limit(price)
    yield from _screen_against_peers(price)


PRICE_FOUR_TIMES = ScreeningRule(
    code="price_four_times",
    severities=(BLOCK, WARN),
    description=_("Price far above the highest known price paid or asked"),
    message=_(
        "%(price)s per unit is more than four times the highest known price, %(high)s. Ask the supplier "
        "why, and ask other suppliers for quotes."
    ),
    rationale=rationales.PUBLISHED_SOURCE,
    remedy=remedies.PRICE_CHECK,
    numbers=(BLOCKING_MULTIPLE_NUMBER,),
    sources=(sources.REFERENCE_ROW, sources.US_PRICE_RISES),
)
PRICE_ABOVE_BAND = ScreeningRule(
    code="price_above_band",
    severities=(WARN,),
    description=_("Price above a multiple of the highest known price paid or asked"),
    message=_(
        "%(price)s per unit is more than twice the highest known price, %(high)s. Ask the supplier why, "
        "and ask other suppliers for quotes."
    ),
    rationale=rationales.MAY_BE_LEGITIMATE,
    remedy=remedies.PRICE_CHECK,
    numbers=(WARNING_MULTIPLE_NUMBER,),
    sources=(sources.REFERENCE_ROW, sources.US_PRICE_RISES),
)


def _screen_against_highest(price: PriceData) -> Iterator[FindingData]:
    """Yield a finding if the price is far above the highest known price.

    Firm figures are compared on their own, so that a figure from memory cannot hide a finding. Above four
    times a firm figure it blocks.
    """
    value = price.unit_price if price.price_at_market_point is None else price.price_at_market_point
    sure = (price.highest_reliable_price, price.reliable_price_source, price.reliable_published_price, BLOCK)
    known = (price.highest_known_price, price.highest_price_source, price.highest_published_price, WARN)
    for times, rule in ((BLOCKING_MULTIPLE, PRICE_FOUR_TIMES), (WARNING_MULTIPLE, PRICE_ABOVE_BAND)):
        for high, source, printed, severity in (sure, known):
            if high is not None and value > times * high:
                least = max(
                    (price.lowest_known_price or high) / WARNING_MULTIPLE, price.price_floor or Decimal(0)
                )
                figures = {
                    "price": _stored_amount(price, value),
                    "high": _stored_amount(price, high),
                    **_delivery_point(price.market_delivery_point),
                    **_published_facts(printed),
                    **_price_per_box(price, value, least, high),
                }
                hard = rule is PRICE_FOUR_TIMES
                yield rule.finding(
                    severity if hard else WARN, source=source, unsure="band" if hard else "", **figures
                )
                return


PRICE_ABOVE_LIST = ScreeningRule(
    code="price_times_list",
    severities=(BLOCK, WARN),
    description=_("Price as a multiple of the manufacturer’s list price"),
    message=_(
        "%(price)s per unit is %(least)s to %(most)s times the list price of %(maker)s (%(low)s to %(high)s, "
        "depending on the model)."
    ),
    rationale=rationales.PUBLISHED_SOURCE,
    remedy=remedies.PRICE_CHECK,
    numbers=(BLOCKING_MULTIPLE_NUMBER, WARNING_MULTIPLE_NUMBER),
    sources=(sources.PRICE_GOUGING_SUIT, sources.LIST_PRICE_SUIT),
)


def _screen_against_list(price: PriceData) -> Iterator[FindingData]:
    """Yield a finding if the price is a multiple of the manufacturer's list price.

    This comparison is separate from the one with prices paid, because in a shortage those are too high as well.
    Above four times the dearest model it blocks, if the goods are surely that manufacturer's. Above twice the
    dearest, or four times the cheapest model, it warns, because the model's own price is not known.
    """
    listed = price.manufacturer_price_list
    value = price.unit_price if price.ex_works_price is None else price.ex_works_price
    if listed is None or value <= min(BLOCKING_MULTIPLE * listed.low, WARNING_MULTIPLE * listed.high):
        return
    figures: dict[str, Any] = {
        "price": _stored_amount(price, value),
        "maker": listed.maker,
        "low": _stored_amount(price, listed.low),
        "high": _stored_amount(price, listed.high),
        "least": _stored_ratio(value / listed.high),
        "most": _stored_ratio(value / listed.low),
    }
    if listed.paid_range is not None:
        figures |= {
            "paid_low": _stored_amount(price, listed.paid_range[0]),
            "paid_high": _stored_amount(price, listed.paid_range[1]),
        }
    figures |= _published_facts(listed.published_price) | _price_per_box(
        price, value, listed.low, listed.high
    )
    surely = listed.source_is_reliable and value > BLOCKING_MULTIPLE * listed.high
    unsure = "list_model" if listed.manufacturer_known else "list_manufacturer"
    yield PRICE_ABOVE_LIST.finding(BLOCK if surely else WARN, source=listed.source, unsure=unsure, **figures)


PRICE_UNDER_FLOOR = ScreeningRule(
    code="price_under_floor",
    severities=(WARN,),
    description=_("Price below the estimated production cost"),
    message=_(
        "%(price)s per unit is below the estimated production cost, %(floor)s. Have a laboratory test a sample."
    ),
    rationale=rationales.DERIVED_FIGURE,
    remedy=remedies.TEST_SAMPLE,
    sources=(sources.REFERENCE_ROW, sources.PP_FIBRE_PRICES, sources.MELTBLOWN_PRICES),
)
PRICE_UNDER_OLD_FLOOR = ScreeningRule(
    code="price_under_old_floor",
    severities=(WARN,),
    description=_("Price below the last known estimate of the production cost"),
    message=_(
        "%(price)s per unit is below %(floor)s, the estimated production cost until %(until)s. No later figure "
        "is known. Have a laboratory test a sample."
    ),
    rationale=rationales.DERIVED_FIGURE,
    remedy=remedies.TEST_SAMPLE,
    sources=(sources.REFERENCE_ROW,),
)


def _screen_against_floor(price: PriceData, on: date) -> Iterator[FindingData]:
    """Yield a finding if the ex works price is below the production cost.

    Freight inside a delivered price does not raise the production cost.
    """
    value = price.unit_price if price.ex_works_price is None else price.ex_works_price
    if price.price_floor is None or value >= price.price_floor:
        return
    figures: dict[str, Any] = {
        "price": _stored_amount(price, value),
        "floor": _stored_amount(price, price.price_floor),
    }
    figures |= _delivery_point("door" if value != price.unit_price else "") | _published_facts(
        price.price_floor_published
    )
    over = price.price_floor_published is not None and price.price_floor_published.last_day < on
    rule = PRICE_UNDER_OLD_FLOOR if over else PRICE_UNDER_FLOOR
    yield rule.finding(source=price.floor_source, **figures)


PRICE_ABOVE_LIMIT = ScreeningRule(
    code="price_above_limit",
    severities=(WARN,),
    description=_("Price above the limit set in the need"),
    message=_("%(price)s per unit is above the limit set in the need, %(limit)s."),
    rationale=rationales.MAY_BE_LEGITIMATE,
    remedy=remedies.PRICE_CHECK,
    sources=(sources.OFFER_TEXT,),
)


def _screen_against_limit(price: PriceData) -> Iterator[FindingData]:
    if price.price_limit is not None and price.unit_price > price.price_limit:
        yield PRICE_ABOVE_LIMIT.finding(
            price=_stored_amount(price, price.unit_price), limit=_stored_amount(price, price.price_limit)
        )


PRICE_FEW_QUOTES = ScreeningRule(
    code="price_few",
    severities=(NOTE,),
    description=_("Too few quotes to assess the price"),
    message=_("Not enough quotes to assess the price (quotes: %(quotes)s, cities: %(cities)s)."),
    rationale=rationales.NOTHING_WRONG,
    remedy=remedies.NO_ACTION_NEEDED,
    numbers=(MIN_QUOTES_NUMBER, MIN_CITIES_NUMBER, MAX_QUOTE_AGE_NUMBER),
    sources=(sources.OWN_FIGURE,),
)
PRICE_HIGH = ScreeningRule(
    code="price_high",
    severities=(WARN,),
    description=_("Price above the median of other quotes"),
    message=_("%(price)s per unit is far above the median of %(quotes)s quotes (%(median)s)."),
    rationale=rationales.MAY_BE_LEGITIMATE,
    remedy=remedies.PRICE_CHECK,
    numbers=(
        MIN_QUOTES_NUMBER,
        MIN_CITIES_NUMBER,
        MAX_QUOTE_AGE_NUMBER,
        MAX_ROBUST_SCORE_NUMBER,
        MAD_SCALE_FACTOR_NUMBER,
        MAX_MEDIAN_DEVIATION_NUMBER,
    ),
    sources=(sources.IGLEWICZ_HOAGLIN,),
)
PRICE_LOW = ScreeningRule(
    code="price_low",
    severities=(WARN,),
    description=_("Price below the median of other quotes"),
    message=_("%(price)s per unit is far below the median of %(quotes)s quotes (%(median)s)."),
    rationale=rationales.MAY_BE_LEGITIMATE,
    remedy=remedies.PRICE_CHECK,
    numbers=(
        MIN_QUOTES_NUMBER,
        MIN_CITIES_NUMBER,
        MAX_QUOTE_AGE_NUMBER,
        MAX_ROBUST_SCORE_NUMBER,
        MAD_SCALE_FACTOR_NUMBER,
        MAX_MEDIAN_DEVIATION_NUMBER,
    ),
    sources=(sources.IGLEWICZ_HOAGLIN,),
)


def _screen_against_peers(price: PriceData) -> Iterator[FindingData]:
    if len(price.peer_prices) < MIN_QUOTE_COUNT or price.peer_cities < MIN_CITY_COUNT:
        yield PRICE_FEW_QUOTES.finding(quotes=len(price.peer_prices), cities=price.peer_cities)
        return
    value = price.unit_price if price.price_at_peer_point is None else price.price_at_peer_point
    if is_outlier(value, price.peer_prices):
        middle = median(price.peer_prices)
        figures: dict[str, Any] = {
            "price": _stored_amount(price, value),
            "quotes": len(price.peer_prices),
            "median": _stored_amount(price, middle),
            **_delivery_point(price.peer_delivery_point),
        }
        if value > middle:
            figures |= _price_per_box(price, value, min(price.peer_prices), max(price.peer_prices))
        yield (PRICE_HIGH if value > middle else PRICE_LOW).finding(**figures)


def is_outlier(value: Decimal, peers: Iterable[Decimal]) -> bool:
    """Return True if a price is far from its peers.

    That is |0.6745 (x - median) / MAD| > 3.5; if MAD is 0, more than a quarter away from the median.
    """
    others = list(peers)
    middle = median(others)
    spread = median(abs(other - middle) for other in others)
    away = abs(value - middle)
    return (
        away > MAX_DEVIATION_FROM_MEDIAN * middle
        if spread == 0
        else MAD_SCALE_FACTOR * away / spread > MAX_ROBUST_SCORE
    )


def _price_per_box(price: PriceData, value: Decimal, low: Decimal, high: Decimal) -> dict[str, Any]:
    """Return the pieces in a box if the price was perhaps entered per box, and the price per piece.

    Only a box size that gives a usual price per piece counts.
    """
    sizes = dict.fromkeys(size for size in (*BOX_SIZES, price.pieces_per_carton) if size > 1)
    pieces = next((size for size in sizes if low <= value / size <= high), 0)
    return {"box": pieces, "each": _stored_amount(price, value / pieces)} if pieces else {}


def _stored_amount(price: PriceData, amount: Decimal) -> dict[str, str]:
    """Return an amount as findings store it: two places, or four for small amounts."""
    figure = f"{amount:.2f}" if amount >= FOUR_DECIMALS_BELOW else f"{amount:.4f}"
    return {"amount": figure, "currency": price.currency}


def _stored_ratio(ratio: Decimal) -> dict[str, str]:
    return {"decimal": str(ratio.quantize(ONE_TENTH))}


def _delivery_point(point: str) -> dict[str, str]:
    """Return the point of delivery of the compared prices, if it must be stated."""
    return {"point": point} if point else {}


def _published_facts(printed: PublishedPrice | None) -> dict[str, Any]:
    """Return the basis, days and confidence of a printed figure, for the sentence."""
    if printed is None:
        return {}
    since, until = printed.first_day.isoformat(), printed.last_day.isoformat()
    return {
        "basis": printed.basis,
        "since": since,
        "until": until,
        "grade": printed.confidence,
        "printed": printed.note,
    }


# An unusual price needs extra checks. A price that is too low also needs a test of a sample.
LOW_PRICE_CODES = codes_of((PRICE_UNDER_FLOOR, PRICE_UNDER_OLD_FLOOR))
UNUSUAL_PRICE_CODES = LOW_PRICE_CODES | codes_of(
    (PRICE_HIGH, PRICE_LOW, PRICE_ABOVE_BAND, PRICE_FOUR_TIMES, PRICE_ABOVE_LIST)
)

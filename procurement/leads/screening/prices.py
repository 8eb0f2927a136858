"""Screening of prices: too high is as suspicious as too low.

Each threshold is a named constant, with its source if there is one.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from statistics import median
from typing import Any

from django.utils.translation import gettext_lazy as _

from procurement.leads.screening.offer_data import (
    BLOCK,
    NOTE,
    WARN,
    FindingData,
    OfferData,
    PriceData,
    PublishedPrice,
)
from workflow.errors import Words

ENOUGH_QUOTES, ENOUGH_CITIES = 5, 2
BOX_SIZES = (10, 20, 25, 50, 100)  # usual numbers of pieces in a box of masks or gloves; our own list
ROBUST_LIMIT = Decimal("3.5")  # of the modified z-score, after Iglewicz and Hoaglin (1993)
CONSISTENCY = Decimal("0.6745")  # makes the median absolute deviation comparable with a standard deviation
CENTS_TELL = Decimal("0.10")
FLAT_LIMIT = Decimal("0.25")  # share of the median, if the deviation is zero
HARD_TIMES, SOFT_TIMES = (
    4,
    2,
)  # times the highest known price: four times a firm figure blocks, twice warns
TENTH = Decimal("0.1")


def screen_prices(offer: OfferData) -> Iterator[FindingData]:
    """Yield findings on the price, against other quotes, known prices, production cost and the limit."""
    price = offer.price
    if price is None:
        return
    yield from _against_highest(price)
    yield from _against_list(price)
    yield from _against_floor(price, offer.on)
    if price.limit is not None and price.value > price.limit:
        figures = {"price": _money(price, price.value), "limit": _money(price, price.limit)}
        yield FindingData(code="price_above_limit", severity=WARN, figures=figures)
    yield from _against_peers(price)


def _against_peers(price: PriceData) -> Iterator[FindingData]:
    if len(price.peers) < ENOUGH_QUOTES or price.peer_cities < ENOUGH_CITIES:
        few = {"quotes": len(price.peers), "cities": price.peer_cities}
        yield FindingData(code="price_few", severity=NOTE, figures=few)
        return
    value = price.value if price.compared is None else price.compared
    if is_outlier(value, price.peers):
        middle = median(price.peers)
        figures = {
            "price": _money(price, value),
            "quotes": len(price.peers),
            "median": _money(price, middle),
            **_point(price.point),
        }
        if value > middle:
            figures |= _box(price, value, min(price.peers), max(price.peers))
        yield FindingData(
            code="price_high" if value > middle else "price_low", severity=WARN, figures=figures
        )


def _against_floor(price: PriceData, on: date) -> Iterator[FindingData]:
    """Yield a finding if the ex works price is below the production cost.

    Freight inside a delivered price does not raise the production cost.
    """
    value = price.value if price.at_door is None else price.at_door
    if price.floor is None or value >= price.floor:
        return
    figures: dict[str, Any] = {"price": _money(price, value), "floor": _money(price, price.floor)}
    figures |= _point("door" if value != price.value else "") | _printed(price.floor_printed)
    over = price.floor_printed is not None and price.floor_printed.until < on
    code = "price_under_old_floor" if over else "price_under_floor"
    yield FindingData(code=code, severity=WARN, figures=figures, source=price.floor_source)


def _against_highest(price: PriceData) -> Iterator[FindingData]:
    """Yield a finding if the price is far above the highest known price.

    Firm figures are compared on their own, so that a figure from memory cannot hide a finding. Above four
    times a firm figure it blocks.
    """
    value = price.value if price.in_market is None else price.in_market
    sure = (price.firm_high, price.firm_source, price.firm_printed, BLOCK)
    known = (price.high, price.high_source, price.high_printed, WARN)
    for times, code in ((HARD_TIMES, "price_four_times"), (SOFT_TIMES, "price_above_band")):
        for high, source, printed, severity in (sure, known):
            if high is not None and value > times * high:
                figures = {
                    "price": _money(price, value),
                    "high": _money(price, high),
                    **_point(price.market_point),
                    **_printed(printed),
                }
                hard = severity if code == "price_four_times" else WARN
                unsure = "band" if code == "price_four_times" and hard != BLOCK else ""
                least = max((price.low or high) / SOFT_TIMES, price.floor or Decimal(0))
                figures |= _box(price, value, least, high)
                yield FindingData(code=code, severity=hard, figures=figures, source=source, unsure=unsure)
                return


def _box(price: PriceData, value: Decimal, low: Decimal, high: Decimal) -> dict[str, Any]:
    """Return the pieces in a box if the price was perhaps entered per box, and the price per piece.

    Only a box size that gives a usual price per piece counts.
    """
    sizes = dict.fromkeys(size for size in (*BOX_SIZES, price.carton) if size > 1)
    pieces = next((size for size in sizes if low <= value / size <= high), 0)
    return {"box": pieces, "each": _money(price, value / pieces)} if pieces else {}


def _against_list(price: PriceData) -> Iterator[FindingData]:
    """Yield a finding if the price is a multiple of the manufacturer's list price.

    Compared apart from prices paid, since hoarders ask what the market bears. Above four times the dearest
    model it blocks, if the goods are surely that manufacturer's. Above twice the dearest, or four times the
    cheapest model, it warns, because the model's own price is not known.
    """
    listed = price.listed
    value = price.value if price.at_door is None else price.at_door
    if listed is None or value <= min(HARD_TIMES * listed.low, SOFT_TIMES * listed.high):
        return
    figures: dict[str, Any] = {
        "price": _money(price, value),
        "maker": listed.maker,
        "low": _money(price, listed.low),
        "high": _money(price, listed.high),
        "least": _times(value / listed.high),
        "most": _times(value / listed.low),
    }
    if listed.paid is not None:
        figures |= {"paid_low": _money(price, listed.paid[0]), "paid_high": _money(price, listed.paid[1])}
    figures |= _printed(listed.printed) | _box(price, value, listed.low, listed.high)
    surely = listed.firm and value > HARD_TIMES * listed.high
    unsure = "" if surely else "list_model" if listed.maker_known else "list_maker"
    severity = BLOCK if surely else WARN
    yield FindingData(
        code="price_times_list", severity=severity, figures=figures, source=listed.source, unsure=unsure
    )


def _money(price: PriceData, amount: Decimal) -> dict[str, str]:
    """Return an amount as findings store it: two places, or four for small amounts."""
    figure = f"{amount:.2f}" if amount >= CENTS_TELL else f"{amount:.4f}"
    return {"amount": figure, "currency": price.currency}


def _times(ratio: Decimal) -> dict[str, str]:
    return {"decimal": str(ratio.quantize(TENTH))}


def _point(point: str) -> dict[str, str]:
    """Return the point of delivery of the compared prices, if it must be stated."""
    return {"point": point} if point else {}


def _printed(printed: PublishedPrice | None) -> dict[str, Any]:
    """Return the basis, days and confidence of a printed figure, for the sentence."""
    if printed is None:
        return {}
    since, until = printed.since.isoformat(), printed.until.isoformat()
    return {
        "basis": printed.basis,
        "since": since,
        "until": until,
        "grade": printed.grade,
        "printed": printed.note,
    }


def is_outlier(value: Decimal, peers: Iterable[Decimal]) -> bool:
    """Return True if a price is far from its peers.

    That is |0.6745 (x - median) / MAD| > 3.5; if MAD is 0, more than a quarter away from the median.
    """
    others = list(peers)
    middle = median(others)
    spread = median(abs(other - middle) for other in others)
    away = abs(value - middle)
    return away > FLAT_LIMIT * middle if spread == 0 else CONSISTENCY * away / spread > ROBUST_LIMIT


SENTENCES: dict[str, Words] = {
    "price_high": _("%(price)s a piece is far above the middle of %(quotes)s quotes, %(median)s."),
    "price_low": _("%(price)s a piece is far below the middle of %(quotes)s quotes, %(median)s."),
    "price_above_band": _(
        "%(price)s a piece is above twice the highest price last known, %(high)s. "
        "Ask the company why, and ask others for a quote."
    ),
    "price_four_times": _(
        "%(price)s a piece is above four times the highest price last known, %(high)s. "
        "Ask the company why, and ask others for a quote."
    ),
    "price_times_list": _(
        "%(price)s a piece is %(least)s to %(most)s times the list price of %(maker)s: %(low)s to %(high)s by model."
    ),
    "price_under_floor": _(
        "%(price)s a piece is below %(floor)s, the estimated cost to make it. Have a laboratory test a sample."
    ),
    "price_under_old_floor": _(
        "%(price)s a piece is below %(floor)s, the estimated cost to make it until %(until)s. No later figure is known. "
        "Have a laboratory test a sample."
    ),
    "price_above_limit": _("%(price)s a piece is more than the need allows, %(limit)s."),
    "price_few": _("Too few quotes to judge the price: %(quotes)s. Cities they come from: %(cities)s."),
}

BOX = _(
    "Is this the price of a box? With %(box)s pieces in it, a piece is %(each)s, as is usual: ask that first."
)
PAID = _("Others paid %(paid_low)s to %(paid_high)s in those days.")

# Added after a sentence that names a printed figure.
PRINTED = _("Figure: %(basis)s, %(since)s to %(until)s (%(printed)s). Confidence: %(grade)s.")
ESTIMATED = _("Estimated from: %(printed)s (%(since)s to %(until)s). Confidence: %(grade)s.")

# Added after a sentence to state the point of delivery of its prices.
POINTS: dict[str, Words] = {
    "origin": _("Prices without freight are compared, as at the maker's door or port."),
    "carried": _("Prices that have the freight in them are compared."),
    "duty_paid": _("Prices that have freight and duty in them are compared."),
    "arrived": _("The freight is in it."),
    "arrived_air": _("Prices with their freight by air are compared."),
    "arrived_sea": _("Prices with their freight by sea are compared."),
    "door": _("That is without the freight in the price."),
}

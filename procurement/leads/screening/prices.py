"""What looks wrong about a price: too high and too low are as suspicious. Each threshold is named, with its source where it has one."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from statistics import median

from procurement.leads.screening.values import BLOCK, NOTE, WARN, Found, Offer, Price

ENOUGH_QUOTES, ENOUGH_CITIES = 5, 2
ROBUST_LIMIT = Decimal("3.5")  # of the modified z-score, after Iglewicz and Hoaglin (1993)
CONSISTENCY = Decimal("0.6745")  # makes the median absolute deviation comparable with a standard deviation
FLAT_LIMIT = Decimal("0.25")  # share of the median, where the deviation is zero


def prices(offer: Offer) -> Iterator[Found]:
    """Whether the price can be: against what others ask, what is known for the day, what it costs to make, what the city pays."""
    price = offer.price
    if price is None:
        return
    shown = {"price": f"{price.value:.2f}", "currency": price.currency}
    yield from _against_bounds(price, shown)
    if len(price.peers) < ENOUGH_QUOTES or price.peer_cities < ENOUGH_CITIES:
        figures = {"quotes": len(price.peers), "cities": price.peer_cities}
        yield Found(code="price_few", severity=NOTE, figures=figures)
    elif stands_out(price.value, price.peers):
        middle = median(price.peers)
        code = "price_high" if price.value > middle else "price_low"
        yield Found(
            code=code, severity=WARN, figures={**shown, "quotes": len(price.peers), "median": f"{middle:.2f}"}
        )


def _against_bounds(price: Price, shown: dict[str, str]) -> Iterator[Found]:
    if price.high is not None and price.value > 4 * price.high:
        figures = {**shown, "high": f"{price.high:.2f}"}
        yield Found(
            code="price_four_times",
            severity=BLOCK if price.high_firm else WARN,
            figures=figures,
            source=price.high_source,
        )
    elif price.high is not None and price.value > 2 * price.high:
        figures = {**shown, "high": f"{price.high:.2f}"}
        yield Found(code="price_above_band", severity=WARN, figures=figures, source=price.high_source)
    if price.floor is not None and price.value < price.floor:
        figures = {**shown, "floor": f"{price.floor:.2f}"}
        yield Found(code="price_under_floor", severity=WARN, figures=figures, source=price.floor_source)
    if price.limit is not None and price.value > price.limit:
        yield Found(code="price_above_limit", severity=WARN, figures={**shown, "limit": f"{price.limit:.2f}"})


def stands_out(value: Decimal, peers: Iterable[Decimal]) -> bool:
    """Whether a price is far from its peers: |0.6745 (x - median) / MAD| > 3.5; with MAD 0, a quarter away from the median."""
    others = list(peers)
    middle = median(others)
    spread = median(abs(other - middle) for other in others)
    away = abs(value - middle)
    return away > FLAT_LIMIT * middle if spread == 0 else CONSISTENCY * away / spread > ROBUST_LIMIT

"""What looks wrong about a price: too high and too low are as suspicious. Each threshold is named, with its source where it has one."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from statistics import median

from procurement.leads.screening.values import BLOCK, NOTE, WARN, Found, Offer, Price

ENOUGH_QUOTES, ENOUGH_CITIES = 5, 2
ROBUST_LIMIT = Decimal("3.5")  # of the modified z-score, after Iglewicz and Hoaglin (1993)
CONSISTENCY = Decimal("0.6745")  # makes the median absolute deviation comparable with a standard deviation
CENTS_TELL = Decimal("0.10")
FLAT_LIMIT = Decimal("0.25")  # share of the median, where the deviation is zero


def prices(offer: Offer) -> Iterator[Found]:
    """Whether the price can be: against what others ask, what is known for the day, what it costs to make, what the city pays."""
    price = offer.price
    if price is None:
        return
    shown = {"price": _figure(price.value), "currency": price.currency}
    yield from _against_bounds(price, shown)
    if len(price.peers) < ENOUGH_QUOTES or price.peer_cities < ENOUGH_CITIES:
        figures = {"quotes": len(price.peers), "cities": price.peer_cities}
        yield Found(code="price_few", severity=NOTE, figures=figures)
    elif stands_out(price.value, price.peers):
        middle = median(price.peers)
        code = "price_high" if price.value > middle else "price_low"
        yield Found(
            code=code, severity=WARN, figures={**shown, "quotes": len(price.peers), "median": _figure(middle)}
        )


def _against_bounds(price: Price, shown: dict[str, str]) -> Iterator[Found]:
    yield from _against_highest(price, shown)
    if price.floor is not None and price.value < price.floor:
        figures = {**shown, "floor": _figure(price.floor)}
        code = "price_under_floor"
        if price.floor_until is not None:
            code, figures = "price_under_old_floor", {**figures, "until": price.floor_until.isoformat()}
        yield Found(code=code, severity=WARN, figures=figures, source=price.floor_source)
    if price.limit is not None and price.value > price.limit:
        yield Found(code="price_above_limit", severity=WARN, figures={**shown, "limit": _figure(price.limit)})


def _against_highest(price: Price, shown: dict[str, str]) -> Iterator[Found]:
    """What is sure is judged on its own, so that no figure from memory makes room above it; four times that blocks."""
    sure = (price.firm_high, price.firm_source, BLOCK)
    known = (price.high, price.high_source, WARN)
    for times, code in ((4, "price_four_times"), (2, "price_above_band")):
        for high, source, severity in (sure, known):
            if high is not None and price.value > times * high:
                figures = {**shown, "high": _figure(high)}
                hard = severity if code == "price_four_times" else WARN
                unsure = "band" if code == "price_four_times" and hard != BLOCK else ""
                yield Found(code=code, severity=hard, figures=figures, source=source, unsure=unsure)
                return


def _figure(amount: Decimal) -> str:
    """An amount as the sentences have it: to the cent, to four places where cents would say nothing."""
    return f"{amount:.2f}" if amount >= CENTS_TELL else f"{amount:.4f}"


def stands_out(value: Decimal, peers: Iterable[Decimal]) -> bool:
    """Whether a price is far from its peers: |0.6745 (x - median) / MAD| > 3.5; with MAD 0, a quarter away from the median."""
    others = list(peers)
    middle = median(others)
    spread = median(abs(other - middle) for other in others)
    away = abs(value - middle)
    return away > FLAT_LIMIT * middle if spread == 0 else CONSISTENCY * away / spread > ROBUST_LIMIT

"""What looks wrong about a price: too high and too low are as suspicious. Each threshold is named, with its source where it has one."""

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from statistics import median
from typing import Any

from procurement.leads.screening.values import BLOCK, NOTE, WARN, Found, Offer, Price, Printed

ENOUGH_QUOTES, ENOUGH_CITIES = 5, 2
BOXES = (10, 20, 25, 50, 100)  # pieces in a usual box of masks, gloves and the like; our own list
ROBUST_LIMIT = Decimal("3.5")  # of the modified z-score, after Iglewicz and Hoaglin (1993)
CONSISTENCY = Decimal("0.6745")  # makes the median absolute deviation comparable with a standard deviation
CENTS_TELL = Decimal("0.10")
FLAT_LIMIT = Decimal("0.25")  # share of the median, where the deviation is zero
HARD_TIMES, SOFT_TIMES = (
    4,
    2,
)  # the highest price paid or asked: four times blocks where it is sure, twice warns
TENTH = Decimal("0.1")


def screen_prices(offer: Offer) -> Iterator[Found]:
    """Whether the price can be: against what others ask, what is known for the day, what it costs to make, what the city pays."""
    price = offer.price
    if price is None:
        return
    yield from _against_highest(price)
    yield from _against_list(price)
    yield from _against_floor(price, offer.on)
    if price.limit is not None and price.value > price.limit:
        figures = {"price": _money(price, price.value), "limit": _money(price, price.limit)}
        yield Found(code="price_above_limit", severity=WARN, figures=figures)
    yield from _against_peers(price)


def _against_peers(price: Price) -> Iterator[Found]:
    if len(price.peers) < ENOUGH_QUOTES or price.peer_cities < ENOUGH_CITIES:
        few = {"quotes": len(price.peers), "cities": price.peer_cities}
        yield Found(code="price_few", severity=NOTE, figures=few)
        return
    value = price.value if price.compared is None else price.compared
    if stands_out(value, price.peers):
        middle = median(price.peers)
        figures = {
            "price": _money(price, value),
            "quotes": len(price.peers),
            "median": _money(price, middle),
            **_point(price.point),
        }
        if value > middle:
            figures |= _box(price, value, min(price.peers), max(price.peers))
        yield Found(code="price_high" if value > middle else "price_low", severity=WARN, figures=figures)


def _against_floor(price: Price, on: date) -> Iterator[Found]:
    """The cost to make is held against the price at the door: freight inside a delivered price makes no mask dearer to make."""
    value = price.value if price.at_door is None else price.at_door
    if price.floor is None or value >= price.floor:
        return
    figures: dict[str, Any] = {"price": _money(price, value), "floor": _money(price, price.floor)}
    figures |= _point("door" if value != price.value else "") | _printed(price.floor_printed)
    over = price.floor_printed is not None and price.floor_printed.until < on
    code = "price_under_old_floor" if over else "price_under_floor"
    yield Found(code=code, severity=WARN, figures=figures, source=price.floor_source)


def _against_highest(price: Price) -> Iterator[Found]:
    """What is sure is judged on its own, so that no figure from memory makes room above it; four times that blocks."""
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
                yield Found(code=code, severity=hard, figures=figures, source=source, unsure=unsure)
                return


def _box(price: Price, value: Decimal, low: Decimal, high: Decimal) -> dict[str, Any]:
    """How many pieces the box may hold whose price was entered as that of a piece, where a piece of it then costs what is usual."""
    sizes = dict.fromkeys(size for size in (*BOXES, price.carton) if size > 1)
    pieces = next((size for size in sizes if low <= value / size <= high), 0)
    return {"box": pieces, "each": _money(price, value / pieces)} if pieces else {}


def _against_list(price: Price) -> Iterator[Found]:
    """A multiple of the maker's own list price, judged apart from what others paid: those who hoard ask what the market bears.

    Above four times the dearest model it blocks, where the goods are surely that maker's; above twice that, or four times the cheapest
    model, it warns, for the model's own price is not known.
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
    yield Found(
        code="price_times_list", severity=severity, figures=figures, source=listed.source, unsure=unsure
    )


def _money(price: Price, amount: Decimal) -> dict[str, str]:
    """An amount as findings keep it: to the cent, to four places where cents would say nothing."""
    figure = f"{amount:.2f}" if amount >= CENTS_TELL else f"{amount:.4f}"
    return {"amount": figure, "currency": price.currency}


def _times(ratio: Decimal) -> dict[str, str]:
    return {"decimal": str(ratio.quantize(TENTH))}


def _point(point: str) -> dict[str, str]:
    """Up to where the prices of a sentence go, where that is not plain."""
    return {"point": point} if point else {}


def _printed(printed: Printed | None) -> dict[str, Any]:
    """Of what kind and days the figure is, which its sentence tells."""
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


def stands_out(value: Decimal, peers: Iterable[Decimal]) -> bool:
    """Whether a price is far from its peers: |0.6745 (x - median) / MAD| > 3.5; with MAD 0, a quarter away from the median."""
    others = list(peers)
    middle = median(others)
    spread = median(abs(other - middle) for other in others)
    away = abs(value - middle)
    return away > FLAT_LIMIT * middle if spread == 0 else CONSISTENCY * away / spread > ROBUST_LIMIT

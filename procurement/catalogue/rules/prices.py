"""Which printed prices count on a day: those of the day, and after they end the last ones known. Functions of rows already loaded."""

from collections.abc import Iterable, Sequence
from datetime import date

from procurement.catalogue.models.facts import STALE_AFTER
from procurement.catalogue.models.prices import PriceBand
from procurement.catalogue.rules.backing import Backing

BASIS = PriceBand.Basis
# A mean of a year is no upper end: no price is held against a multiple of it.
MARKET = (BASIS.PAID, BASIS.OFFERED)
# The first day with a price of the crisis: 1 yuan a mask ex works, 3 on the 24th, 6 in February. Prices of before say nothing after it.
CRISIS_BEGAN = date(2020, 1, 21)


def latest(bands: Iterable[PriceBand], on: date) -> list[PriceBand]:
    """The bands that cover the day; where none does, those that ended last before it."""
    begun = [band for band in bands if band.valid_from and band.valid_to and band.valid_from <= on]
    current = [band for band in begun if on <= _end(band)]
    last = max(map(_end, begun), default=on)
    return current or [band for band in begun if _end(band) == last]


def market_prices(bands: Sequence[PriceBand], market: str, on: date) -> list[PriceBand]:
    """What was last paid or, without that, asked: of one basis, in the buyer's own market where that has any.

    Figures that ended before the crisis are not carried into it, and a later figure takes the place of one that has ended.
    """
    known = [band for band in bands if not (band.valid_to and band.valid_to < CRISIS_BEGAN <= on)]
    groups = []
    for basis in MARKET:
        of_basis = [band for band in known if band.basis == basis]
        own = [band for band in of_basis if band.market == market]
        groups += [latest(own, on), latest([band for band in of_basis if band.market != market], on)]
    groups = [group for group in groups if group]
    begins = [min(band.valid_from for band in group if band.valid_from) for group in groups]
    return next((group for group in groups if max(begins) <= max(map(_end, group))), [])


def list_prices(bands: Iterable[PriceBand], on: date) -> list[PriceBand]:
    """The makers' list prices last known."""
    return latest([band for band in bands if band.basis == BASIS.LIST], on)


def floors(bands: Iterable[PriceBand], of_family: Iterable[PriceBand], on: date) -> list[PriceBand]:
    """The cost to make last known; none once something of the family was later bought for less than that.

    `of_family`: bands of all goods of the family, since goods with one filter layer get cheaper together.
    """
    found = latest([band for band in bands if band.basis == BASIS.FLOOR], on)
    later = [band for band in of_family if band.basis not in {BASIS.FLOOR, BASIS.LIST}]
    return [floor for floor in found if not any(_undercuts(band, floor, on) for band in later)]


def known_prices(
    bands: Sequence[PriceBand], of_family: Iterable[PriceBand], market: str, on: date
) -> list[PriceBand]:
    """Every figure a price of the day is shown beside: those of the day, and the ended ones it is still held against."""
    counted = [
        *market_prices(bands, market, on),
        *list_prices(bands, on),
        *floors(bands, of_family, on),
        *(band for band in bands if on <= _end(band)),
    ]
    return [band for band in bands if band in counted]


def backing_of_price(band: PriceBand, on: date, *columns: str) -> Backing:
    """What a band rests on. One that has ended stays as firm as it was for as long as a rule does without being confirmed."""
    held = min(on, _end(band)) if band.valid_to and on <= _end(band) + STALE_AFTER else on
    return Backing.of(band, held, *columns)


def _undercuts(band: PriceBand, floor: PriceBand, on: date) -> bool:
    begins = band.valid_from
    if begins is None or not _end(floor) < begins <= on:
        return False
    return band.currency == floor.currency and band.low < floor.low


def _end(band: PriceBand) -> date:
    return band.valid_to or date.max

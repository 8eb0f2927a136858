"""Choice of the published prices that count on a day. Pure functions on loaded rows.

The prices in force on the day count. If all have ended, the last known prices count.
"""

from collections.abc import Iterable, Sequence
from datetime import date

from procurement.catalogue.models.prices import PriceBand
from procurement.catalogue.models.reference_rows import STALE_AFTER
from procurement.catalogue.rules.sources import SourceConfidence

Basis = PriceBand.Basis
# Import unit values are excluded: a yearly mean is no upper limit to compare a price with.
MARKET_PRICE_BASES = (Basis.PRICE_PAID, Basis.QUOTED_PRICE)
# First day of crisis prices: 1 yuan a mask ex works, 3 on the 24th, 6 in February. Earlier prices do not count later.
CRISIS_START = date(2020, 1, 21)


def latest_price_bands(bands: Iterable[PriceBand], on: date) -> list[PriceBand]:
    """Return the bands that cover the day, or else those that ended last before it."""
    started = [band for band in bands if band.valid_from and band.valid_to and band.valid_from <= on]
    current = [band for band in started if on <= _end(band)]
    last = max(map(_end, started), default=on)
    return current or [band for band in started if _end(band) == last]


def market_prices(bands: Sequence[PriceBand], market: str, on: date) -> list[PriceBand]:
    """Return the last prices paid or, without any, the last prices asked.

    All have the same basis. Prices of the buyer's own market come first. Prices that ended before the crisis do
    not count during it, and a later price replaces one that has ended.
    """
    known = [band for band in bands if not (band.valid_to and band.valid_to < CRISIS_START <= on)]
    groups = []
    for basis in MARKET_PRICE_BASES:
        of_basis = [band for band in known if band.basis == basis]
        own = [band for band in of_basis if band.market == market]
        groups += [
            latest_price_bands(own, on),
            latest_price_bands([band for band in of_basis if band.market != market], on),
        ]
    groups = [group for group in groups if group]
    begins = [min(band.valid_from for band in group if band.valid_from) for group in groups]
    return next((group for group in groups if max(begins) <= max(map(_end, group))), [])


def manufacturer_list_prices(bands: Iterable[PriceBand], on: date) -> list[PriceBand]:
    """Return the last known list prices of manufacturers."""
    return latest_price_bands([band for band in bands if band.basis == Basis.LIST_PRICE], on)


def cost_floors(bands: Iterable[PriceBand], of_family: Iterable[PriceBand], on: date) -> list[PriceBand]:
    """Return the last known cost floors, without those that a later price has undercut.

    `of_family` holds the bands of all products of the family, because goods with a filter layer become cheaper
    together.
    """
    found = latest_price_bands([band for band in bands if band.basis == Basis.COST_FLOOR], on)
    later = [band for band in of_family if band.basis not in {Basis.COST_FLOOR, Basis.LIST_PRICE}]
    return [floor for floor in found if not any(_undercuts(band, floor, on) for band in later)]


def reference_price_bands(
    bands: Sequence[PriceBand], of_family: Iterable[PriceBand], market: str, on: date
) -> list[PriceBand]:
    """Return the price bands to show beside a price of the day.

    Includes the bands of the day and the ended bands that the price is still compared with.
    """
    counted = [
        *market_prices(bands, market, on),
        *manufacturer_list_prices(bands, on),
        *cost_floors(bands, of_family, on),
        *(band for band in bands if on <= _end(band)),
    ]
    return [band for band in bands if band in counted]


def price_confidence(band: PriceBand, on: date, *columns: str) -> SourceConfidence:
    """Return how well the sources support a price band on a day.

    After its end, a band keeps its confidence for the time `STALE_AFTER`, like a rule that is not confirmed again.
    """
    held = min(on, _end(band)) if band.valid_to and on <= _end(band) + STALE_AFTER else on
    return SourceConfidence.from_row(band, held, *columns)


def _undercuts(band: PriceBand, floor: PriceBand, on: date) -> bool:
    begins = band.valid_from
    if begins is None or not _end(floor) < begins <= on:
        return False
    return band.currency == floor.currency and band.low < floor.low


def _end(band: PriceBand) -> date:
    return band.valid_to or date.max

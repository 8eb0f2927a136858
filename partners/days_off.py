"""Public holidays by country or subdivision, China's moved working days included, from the `holidays` package. Pure."""

from datetime import date
from functools import cache

import holidays

from workflow.outbox.courtesy import OF_THEIR_OWN


def is_day_off(where: str, on: date) -> bool:
    """Whether a day is a public holiday at a place: a country (CN) or a subdivision (CA-BC). Where no calendar is known: no."""
    return on in _calendar(where, on.year)


@cache
def _calendar(where: str, year: int) -> frozenset[date]:
    country, _dash, part = where.partition("-")
    try:
        return frozenset(holidays.country_holidays(country, subdiv=part or None, years=year))
    except NotImplementedError:  # most parts of most countries have the country's own days
        if part in OF_THEIR_OWN:
            return _calendar(part, year)
        return _calendar(country, year) if part else frozenset()

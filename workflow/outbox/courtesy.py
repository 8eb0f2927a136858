"""When it is polite to write to somebody: by day, on a working day, where they are. Pure.

Both sides' moved working days count (China works on some Sundays around its holidays); a country without a calendar works from
Monday to Friday.
"""

from datetime import date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import holidays

from workflow.days import local_day

OPENS = time(8)
CLOSES = time(20)
OF_THEIR_OWN = frozenset({"HK", "MO", "TW"})  # written CN-HK or HK, they keep holidays of their own
_LONGEST_WAIT = 14  # days; a calendar that is closed for longer is not to be believed


def next_polite(
    at: datetime, zone: str, country: str = "", opens: time = OPENS, closes: time = CLOSES
) -> datetime:
    """The first moment from `at` on that lies within the hours of a working day in that zone and place: a country (CN) or a part
    of one (CA-BC), as in ISO 3166.

    Hours that close before they open last past midnight, and belong to the day on which they began. An unknown zone counts as UTC.
    After two weeks without a working day it is polite all the same.
    """
    here = at.astimezone(zone_of(zone))
    overnight = timedelta(days=closes < opens)
    for ahead in range(-overnight.days, _LONGEST_WAIT):
        day = local_day(here) + timedelta(days=ahead)
        opening = datetime.combine(day, opens, here.tzinfo)
        closing = datetime.combine(day + overnight, closes, here.tzinfo)
        moment = max(here, opening)
        if moment < closing and works_on(day, country):
            return moment.astimezone(at.tzinfo)
    return at


def next_opening(
    at: datetime, zone: str, country: str = "", opens: time = OPENS, closes: time = CLOSES
) -> datetime:
    """The first moment after `at` at which a working day begins in that zone and country."""
    here = at.astimezone(zone_of(zone))
    day = local_day(here) + timedelta(days=here.time() >= opens)
    opening = datetime.combine(day, opens, here.tzinfo).astimezone(at.tzinfo)
    return next_polite(opening, zone, country, opens, closes)


def day_began(at: datetime, zone: str) -> datetime:
    """When the day of a moment began in that zone."""
    here = at.astimezone(zone_of(zone))
    return datetime.combine(local_day(here), time(), here.tzinfo).astimezone(at.tzinfo)


def works_on(day: date, country: str) -> bool:
    """Whether offices there work on that day."""
    calendar = calendar_of(country.upper())
    return calendar.is_working_day(day) if calendar is not None else day.weekday() < 5


@cache
def calendar_of(where: str) -> holidays.HolidayBase | None:
    """The calendar of a part of a country (CA-BC), of the country where the part has none of its own, or none."""
    country, _dash, part = where.partition("-")
    try:
        return holidays.country_holidays(country, subdiv=part or None)
    except NotImplementedError:
        if part in OF_THEIR_OWN:
            return calendar_of(part)
        return calendar_of(country) if part else None


@cache
def zone_of(name: str) -> ZoneInfo:
    """The time zone of that name; UTC for one that nobody knows."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")

"""Polite hours for writing to a person: by day, on a working day, where the person is.

All functions are pure. Moved working days count too (China works on some Sundays around its holidays). A
country without a calendar works from Monday to Friday.
"""

from datetime import date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import holidays

from workflow.days import local_day

WRITING_HOURS_START = time(8)
WRITING_HOURS_END = time(20)
SEPARATE_HOLIDAY_REGIONS = frozenset({"HK", "MO", "TW"})  # written CN-HK or HK, with holidays of their own
_MAX_DAYS_AHEAD = 14  # days; a calendar without a working day for longer is wrong


def next_allowed_time(
    at: datetime,
    zone: str,
    country: str = "",
    opens: time = WRITING_HOURS_START,
    closes: time = WRITING_HOURS_END,
) -> datetime:
    """Return the first moment, from `at` on, within working hours of a zone and place.

    The place is a country (CN) or a part of one (CA-BC), as in ISO 3166. If `closes` is before `opens`, the
    hours last past midnight and belong to the day on which they began. An unknown zone counts as UTC. After
    two weeks without a working day, `at` itself is returned.
    """
    here = at.astimezone(time_zone_named(zone))
    overnight = timedelta(days=closes < opens)
    for ahead in range(-overnight.days, _MAX_DAYS_AHEAD):
        day = local_day(here) + timedelta(days=ahead)
        opening = datetime.combine(day, opens, here.tzinfo)
        closing = datetime.combine(day + overnight, closes, here.tzinfo)
        moment = max(here, opening)
        if moment < closing and is_working_day(day, country):
            return moment.astimezone(at.tzinfo)
    return at


def next_working_start(
    at: datetime,
    zone: str,
    country: str = "",
    opens: time = WRITING_HOURS_START,
    closes: time = WRITING_HOURS_END,
) -> datetime:
    """Return the first moment after `at` at which a working day begins in a zone and country."""
    here = at.astimezone(time_zone_named(zone))
    day = local_day(here) + timedelta(days=here.time() >= opens)
    opening = datetime.combine(day, opens, here.tzinfo).astimezone(at.tzinfo)
    return next_allowed_time(opening, zone, country, opens, closes)


def start_of_day(at: datetime, zone: str) -> datetime:
    """Return the moment at which the day of `at` began in a zone."""
    here = at.astimezone(time_zone_named(zone))
    return datetime.combine(local_day(here), time(), here.tzinfo).astimezone(at.tzinfo)


def is_working_day(day: date, country: str) -> bool:
    """Return True if offices in that country work on that day."""
    calendar = holiday_calendar(country.upper())
    return calendar.is_working_day(day) if calendar is not None else day.weekday() < 5


@cache
def holiday_calendar(where: str) -> holidays.HolidayBase | None:
    """Return the calendar of a part of a country (CA-BC), else that of the country, else None."""
    country, _dash, part = where.partition("-")
    try:
        return holidays.country_holidays(country, subdiv=part or None)
    except NotImplementedError:
        if part in SEPARATE_HOLIDAY_REGIONS:
            return holiday_calendar(part)
        return holiday_calendar(country) if part else None


@cache
def time_zone_named(name: str) -> ZoneInfo:
    """Return the time zone of that name, or UTC if the name is unknown."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")

"""Conversion of moments to days, on the calendar of a place or in UTC for a stated reason.

No other module converts them. A day begins at different moments in Vancouver, Beijing and Auckland, so
`at.date()`, the day in UTC, is wrong for hours every day. Rows of a city use `city.day_at(at)`, people and
pages their own zone; tests/architecture forbids every other way.
"""

from datetime import UTC, date, datetime, timedelta, tzinfo

from django.utils import timezone

MAX_UTC_OFFSET = timedelta(hours=14)  # Kiribati, UTC+14: the first place where a day begins


def day_at(at: datetime, zone: tzinfo) -> date:
    """Return the day of a moment in a time zone."""
    return at.astimezone(zone).date()


def reader_day(at: datetime) -> date:
    """Return the day of a moment for the page's reader, whose time zone the middleware has activated."""
    return day_at(at, timezone.get_current_timezone())


def utc_day(at: datetime) -> date:
    """Return the day in UTC, for cases in which no place's calendar applies.

    Each caller needs a stated reason for it.
    """
    return day_at(at, UTC)


def latest_day(at: datetime) -> date:
    """Return the latest day that has started anywhere on Earth; any later day is still in the future.

    For dates that come from elsewhere, such as the day a register abroad answered.
    """
    return utc_day(at + MAX_UTC_OFFSET)


def local_day(local: datetime) -> date:
    """Return the day of a moment that already carries the zone of its place."""
    return local.date()

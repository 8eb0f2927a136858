"""When the end of an agreement that runs out is spoken of: six months and one month before its last day. Pure."""

import calendar
from datetime import date, datetime, timedelta

from partners.dates import Known
from workflow.days import utc_day

MONTHS = (6, 1)  # before the last day, the first reminder first
LONGEST = timedelta(days=31 * MONTHS[0] + 1)  # no reminder is due longer before the last day
COARSEST = timedelta(days=366)  # a day known to its year is kept as the first of it, and ends with it


def due_on(expires: Known) -> tuple[date, ...]:
    """The days of the reminders of an agreement: none where it has no end. "2021" ends with that year, "2021-06" with that month."""
    last = expires.last
    return () if last is None else tuple(months_before(last, number) for number in MONTHS)


def due_by(expires: Known, at: datetime) -> int:
    """How many of the reminders are due by a moment: 0, 1 or 2. Once the last day is over none is: the page says that it ran out.

    Days are counted in UTC, because an agreement belongs to two places; the mail waits for its reader's working hours.
    """
    last, today = expires.last, utc_day(at)
    if last is None or last < today:
        return 0
    return sum(day <= today for day in due_on(expires))


def months_before(day: date, number: int) -> date:
    """The same day so many months earlier; the last of that month where it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 - number, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))

"""Working hours, holidays and absences of people, and the deadlines that follow from them. Reads only."""

from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple

from accounts.models import User
from partners.cities.models import City
from partners.contacts.models import Contact
from partners.memberships.models import Membership
from workflow.days import day_at
from workflow.outbox.quiet_hours import (
    WRITING_HOURS_END,
    WRITING_HOURS_START,
    holiday_calendar,
    is_working_day,
    next_allowed_time,
    next_working_start,
    time_zone_named,
)

OFFICE_CLOSING_TIME = time(17)  # for a person without working hours of their own
MAX_SEARCH_DAYS = 14  # days to search; as many as `workflow.outbox.quiet_hours` does


class WorkingHours(NamedTuple):
    """Hours when it is polite to write to a person, in their own time zone."""

    opens: time
    closes: time
    holiday_calendar_code: str  # holiday calendar: a country (CN) or a part of one (CA-BC)


def working_hours_of_user(user: User) -> WorkingHours:
    """Return the working hours and holiday calendar of a contact; for other users, the usual hours in their city.

    An unsaved user has no holiday calendar.
    """
    if user._state.adding:
        return WorkingHours(WRITING_HOURS_START, WRITING_HOURS_END, "")
    contact = Contact.objects.filter(user=user).select_related("city").order_by("pk").first()
    if contact is not None:
        return working_hours_of(contact)
    role = (
        Membership.objects.active()
        .filter(user=user, city__isnull=False)
        .select_related("city")
        .order_by("pk")
        .first()
    )
    return WorkingHours(
        WRITING_HOURS_START,
        WRITING_HOURS_END,
        _city_calendar(role.city) if role is not None and role.city is not None else "",
    )


def working_hours_of(contact: Contact) -> WorkingHours:
    """Return the working hours and holidays of a contact at one organization."""
    return WorkingHours(
        contact.working_from or WRITING_HOURS_START,
        contact.working_until or WRITING_HOURS_END,
        holiday_calendar_of(contact),
    )


def holiday_calendar_of(contact: Contact) -> str:
    """Return the code of a contact's holiday calendar: a country (CN) or a subdivision (CA-BC).

    It is the calendar that the contact chose. If the contact chose none, or their own country, it is the calendar
    of their city's province or state.
    """
    country = contact.holiday_country
    return _city_calendar(contact.city) if country in ("", contact.city.country) else country


def local_day_of(contact: Contact, at: datetime) -> date:
    """Return the date of a moment in the time zone of a contact."""
    return day_at(at, time_zone_named(contact.user.time_zone))


def next_contact_time(user: User, at: datetime) -> datetime:
    """Return the first time from `at` on in the working hours and days of this person."""
    hours = working_hours_of_user(user)
    return next_allowed_time(at, user.time_zone, hours.holiday_calendar_code, hours.opens, hours.closes)


def next_morning(user: User, at: datetime) -> datetime:
    """Return when the next working day of this person begins: the time of their daily e-mail."""
    hours = working_hours_of_user(user)
    return next_working_start(at, user.time_zone, hours.holiday_calendar_code, hours.opens, hours.closes)


def next_working_time(contact: Contact, at: datetime) -> datetime:
    """Return the first time from `at` on when this contact is at work and not away.

    A reminder or a call may then reach them.
    """
    zone = time_zone_named(contact.user.time_zone)
    if contact.is_away(local_day_of(contact, at)):
        assert contact.away_until is not None  # follows from `is_away`
        return_time = datetime.combine(contact.away_until + timedelta(days=1), time(), zone)
        at = return_time.astimezone(at.tzinfo)
    return next_time_in_working_hours(contact, at)


def next_time_in_working_hours(contact: Contact, at: datetime) -> datetime:
    """Return the first time from `at` on in the working hours and days of this contact, even if away.

    Needs no query.
    """
    hours = working_hours_of(contact)
    return next_allowed_time(
        at, contact.user.time_zone, hours.holiday_calendar_code, hours.opens, hours.closes
    )


def closing_time_after(contact: Contact, at: datetime, days: int) -> datetime:
    """Return the end of the contact's working day that is `days` after a moment: 17:00, or their own hour.

    If the contact does not work on that day, it is the end of their next working day.
    """
    work_time = next_working_time(contact, _moment_before_deadline(at, days))
    hours = _office_hours(working_hours_of(contact), contact.working_until)
    return _closing_time(hours, contact.user.time_zone, work_time)


def closing_time_on(contact: Contact, day: date) -> datetime:
    """Return the UTC time at which the contact's working day ends on a date of their calendar.

    If the contact does not work on that day, it is the end of their next working day.
    """
    midnight = datetime.combine(day, time(), time_zone_named(contact.user.time_zone))
    return closing_time_after(contact, midnight.astimezone(UTC), 0)


def user_closing_time_after(user: User, at: datetime, days: int) -> datetime:
    """Return the end of the user's working day some days later: 17:00, or the hour that a contact gave.

    If the user does not work on that day, it is the end of their next working day.
    """
    hours = working_hours_of_user(user)
    closing_time = None if hours.closes == WRITING_HOURS_END else hours.closes
    return _closing_time(
        _office_hours(hours, closing_time),
        user.time_zone,
        next_contact_time(user, _moment_before_deadline(at, days)),
    )


def _office_hours(hours: WorkingHours, until: time | None) -> WorkingHours:
    """Return the hours in which an answer may fall due: they end at 17:00 where the person gave no end."""
    if until is not None or hours.opens >= OFFICE_CLOSING_TIME:
        return hours
    return WorkingHours(hours.opens, OFFICE_CLOSING_TIME, hours.holiday_calendar_code)


def due_time_within_hours(contact: Contact, due_at: datetime) -> datetime:
    """Return the deadline for an answer, from the date and time that a person typed.

    It is the typed time if the contact works then, otherwise the end of the next working day.
    """
    just_before = due_at - timedelta.resolution  # the very end of a working day belongs to that day
    is_working_time = next_working_time(contact, just_before) == just_before
    return due_at if is_working_time else closing_time_after(contact, due_at, 0)


def next_working_day(user: User, day: date) -> date:
    """Return a day on which the person works: the given day, or the next working day after it."""
    country = working_hours_of_user(user).holiday_calendar_code
    ahead = (day + timedelta(days=days) for days in range(MAX_SEARCH_DAYS))
    return next((one for one in ahead if is_working_day(one, country)), day)


def last_working_day(city: City, day: date) -> date:
    """Return a day on which offices in the city work: the given day, or the last working day before it."""
    before = (day - timedelta(days=days) for days in range(MAX_SEARCH_DAYS))
    return next((one for one in before if is_working_day(one, _city_calendar(city))), day)


def _moment_before_deadline(at: datetime, days: int) -> datetime:
    """Return a time just before the deadline, because the end of a day still belongs to that day."""
    return at + timedelta(days=days) - timedelta.resolution


def _closing_time(hours: WorkingHours, time_zone: str, work_time: datetime) -> datetime:
    """Return the end of the working day that begins or continues from `work_time` on."""
    zone = time_zone_named(time_zone)
    at_work = next_allowed_time(work_time, time_zone, hours.holiday_calendar_code, hours.opens, hours.closes)
    local_start = at_work.astimezone(zone)
    past_midnight = hours.closes < hours.opens <= local_start.time()
    last_day = day_at(local_start, zone) + timedelta(days=past_midnight)
    return datetime.combine(last_day, hours.closes, zone).astimezone(at_work.tzinfo)


def _city_calendar(city: City) -> str:
    """Return the holiday calendar of a city: that of its province or state, or else of its country."""
    return city.subdivision or city.country


def is_public_holiday(code: str, on: date) -> bool:
    """Return True if a date is a public holiday in a country (CN) or a subdivision (CA-BC).

    Return False if no calendar is known.
    """
    calendar = holiday_calendar(code)
    return calendar is not None and on in calendar

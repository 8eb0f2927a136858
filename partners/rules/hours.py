"""When people work: their hours, their holidays, the days they are away. Messages and reminders ask here. Reads only."""

from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from accounts.models import User
from partners.models.cities import City
from partners.models.people import Contact, Membership
from workflow.days import day_at
from workflow.outbox.courtesy import CLOSES, OPENS, next_opening, next_polite, works_on, zone_of

LONGEST_BREAK = 14  # days; as in `next_polite`


class Hours(NamedTuple):
    """When it is polite to write to a person, in their own time zone."""

    opens: time
    closes: time
    country: str  # whose holidays: a country (CN) or a part of one (CA-BC)


def hours_of(user: User) -> Hours:
    """A contact's own working hours and holidays; for others those of the place of their city. No holidays before a person is saved."""
    if user._state.adding:
        return Hours(OPENS, CLOSES, "")
    place = Contact.objects.filter(user=user).select_related("city").order_by("pk").first()
    if place is not None:
        return hours_at(place)
    role = (
        Membership.objects.active()
        .filter(user=user, city__isnull=False)
        .select_related("city")
        .order_by("pk")
        .first()
    )
    return Hours(OPENS, CLOSES, _where(role.city) if role is not None and role.city is not None else "")


def hours_at(place: Contact) -> Hours:
    """The working hours and holidays of a contact at one office."""
    return Hours(place.working_from or OPENS, place.working_until or CLOSES, holidays_of(place))


def holidays_of(place: Contact) -> str:
    """Whose holidays a contact keeps: as they said, and of their own country those of their province or state."""
    said = place.holiday_country
    return _where(place.city) if said in ("", place.city.country) else said


def today_of(contact: Contact, at: datetime) -> date:
    """Which day it is where a contact is."""
    return day_at(at, zone_of(contact.user.time_zone))


def decent_hour(user: User, at: datetime) -> datetime:
    """The first moment from `at` on at which it is polite to write to this person: their hours, their working days."""
    own = hours_of(user)
    return next_polite(at, user.time_zone, own.country, own.opens, own.closes)


def next_morning(user: User, at: datetime) -> datetime:
    """When this person's next working day begins: the hour of their daily mail."""
    own = hours_of(user)
    return next_opening(at, user.time_zone, own.country, own.opens, own.closes)


def back_at_work(contact: Contact, at: datetime) -> datetime:
    """The first moment from `at` on at which a reminder, or a call, may reach this contact: at work, and not away."""
    zone = zone_of(contact.user.time_zone)
    if contact.is_away(today_of(contact, at)):
        assert contact.away_until is not None  # `is_away`
        returns = datetime.combine(contact.away_until + timedelta(days=1), time(), zone)
        at = returns.astimezone(at.tzinfo)
    return in_their_hours(contact, at)


def in_their_hours(contact: Contact, at: datetime) -> datetime:
    """The first moment from `at` on within this contact's hours and working days, whether they are away or not; without a query."""
    own = hours_at(contact)
    return next_polite(at, contact.user.time_zone, own.country, own.opens, own.closes)


def closing_after(contact: Contact, at: datetime, days: int) -> datetime:
    """The end of the contact's working day that many days later, or of the next day on which they work."""
    just_before = _just_before(at, days)
    return _closing(hours_at(contact), contact.user.time_zone, back_at_work(contact, just_before))


def closing_for(user: User, at: datetime, days: int) -> datetime:
    """The same, for a person who signs in."""
    return _closing(hours_of(user), user.time_zone, decent_hour(user, _just_before(at, days)))


def due_within(contact: Contact, due_at: datetime) -> datetime:
    """The day and hour when an answer falls due, from what was typed: as typed within the contact's working hours, else the end of the
    working day that follows.
    """
    just_before = due_at - timedelta.resolution  # the very end of a day belongs to it
    within = back_at_work(contact, just_before) == just_before
    return due_at if within else closing_after(contact, due_at, 0)


def working_day(user: User, day: date) -> date:
    """The day when an answer falls due, from the day that was typed: itself if this person works on it, else their next working day."""
    country = hours_of(user).country
    ahead = (day + timedelta(days=days) for days in range(LONGEST_BREAK))
    return next((one for one in ahead if works_on(one, country)), day)


def _just_before(at: datetime, days: int) -> datetime:
    """A day that ends then is that day."""
    return at + timedelta(days=days) - timedelta.resolution


def _closing(own: Hours, time_zone: str, at_work: datetime) -> datetime:
    zone = zone_of(time_zone)
    begins = at_work.astimezone(zone)
    past_midnight = own.closes < own.opens <= begins.time()
    ends = day_at(begins, zone) + timedelta(days=past_midnight)
    return datetime.combine(ends, own.closes, zone).astimezone(at_work.tzinfo)


def _where(city: City) -> str:
    """Whose holidays a city keeps: those of its province or state, as far as they are known."""
    return city.subdivision or city.country

"""Working hours of people, holidays of the province and absences, and how they move reminders."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from partners.contacts.actions import ContactEdit, add_deputy, correct_contact, set_absence
from partners.contacts.working_hours import (
    local_day_of,
    next_contact_time,
    next_time_in_working_hours,
    next_working_time,
    working_hours_of_user,
)
from partners.routing.contact_paths import RoutingPlace
from partners.routing.recommendations import recommend_contacts
from tests.worlds import cities
from tests.worlds.cities import invited_contact, own_link
from workflow.errors import Refused
from workflow.outbox.quiet_hours import is_working_day

pytestmark = pytest.mark.django_db


def test_working_hours_are_the_contacts_own_or_those_of_their_place():
    contact = cities.contact("zhongshan")
    assert working_hours_of_user(contact.user).holiday_calendar_code == "CN-GD"
    assert (
        working_hours_of_user(cities.member("officer", cities.city("burnaby"))).holiday_calendar_code
        == "CA-BC"
    )
    assert working_hours_of_user(cities.user()).holiday_calendar_code == ""
    correct_contact(
        contact, ContactEdit(working_from="10:00", working_until="15:00"), by=own_link(contact), at=cities.NOW
    )
    assert working_hours_of_user(contact.user).opens.hour == 10


def test_contact_is_not_reminded_during_an_absence():
    contact = cities.contact("zhongshan")
    at = datetime(2020, 4, 21, 2, 0, tzinfo=UTC)  # 10:00 there on a Tuesday
    assert next_working_time(contact, at) == at
    set_absence(contact, until=date(2020, 4, 22), by=own_link(contact), at=at)
    contact.refresh_from_db()
    assert next_working_time(contact, at) == datetime(2020, 4, 23, 0, 0, tzinfo=UTC), "eight, the day after"
    assert next_working_time(contact, at + timedelta(days=3)) == at + timedelta(days=3)


EVENING = datetime(2020, 4, 17, 3, 0, tzinfo=UTC)  # the 16th in Vancouver, the 17th in China


def test_absence_is_counted_by_the_contacts_local_day():
    here, there = cities.contact("burnaby", "Marie Roy"), cities.contact("zhongshan")
    assert (local_day_of(here, EVENING).day, local_day_of(there, EVENING).day) == (16, 17)
    set_absence(here, until=date(2020, 4, 16), by=own_link(here), at=EVENING)  # the rest of today
    with pytest.raises(Refused, match="Enter today’s date or a later date"):
        set_absence(there, until=date(2020, 4, 16), by=own_link(there), at=EVENING)


def test_routing_evaluates_absence_by_the_contacts_local_day():
    cities.twinning("wuhan", "burnaby")
    here = cities.contact("burnaby", "Marie Roy")
    set_absence(here, until=date(2020, 4, 16), by=own_link(here), at=EVENING)
    burnaby, wuhan = RoutingPlace(city_id=here.city_id), cities.city("wuhan")
    (one,) = recommend_contacts(wuhan, burnaby, EVENING.date(), at=EVENING)
    assert "away" in [reason.code for reason in one.ranked_contact.reasons]
    (one,) = recommend_contacts(wuhan, burnaby, EVENING.date(), at=EVENING + timedelta(hours=5))
    assert "away" not in [reason.code for reason in one.ranked_contact.reasons]


def test_routing_considers_provincial_holidays():
    cities.twinning("wuhan", "montreal")
    cities.contact("montreal", "Marie Roy")
    there, wuhan = RoutingPlace(city_id=cities.city("montreal").pk), cities.city("wuhan")
    at = datetime(2020, 6, 24, 15, 0, tzinfo=UTC)  # la Saint-Jean-Baptiste
    (one,) = recommend_contacts(wuhan, there, at.date(), at=at)
    assert "holiday" in [reason.code for reason in one.ranked_contact.reasons]


def test_letter_sent_manually_waits_for_working_hours_but_not_for_the_return():
    contact = cities.contact("zhongshan")
    set_absence(contact, until=date(2020, 4, 20), by=own_link(contact), at=EVENING)
    goes = next_time_in_working_hours(contact, EVENING)
    assert goes == next_contact_time(contact.user, EVENING)
    assert goes < next_working_time(contact, EVENING)


def test_working_hours_of_zero_length_are_refused():
    contact = cities.contact("zhongshan")
    with pytest.raises(Refused, match="two different times"):
        correct_contact(
            contact,
            ContactEdit(working_from=time(9), working_until=time(9)),
            by=own_link(contact),
            at=cities.NOW,
        )


def test_deputy_must_accept_inquiries():
    contact, invited = cities.contact("zhongshan"), invited_contact("zhongshan", "Zhao Min")
    with pytest.raises(Refused, match="does not accept inquiries"):
        add_deputy(contact, invited, by=own_link(contact), at=cities.NOW)


@pytest.mark.parametrize(
    ("where", "day", "works"),
    [
        ("CA-BC", "2021-02-15", False),  # Family Day
        ("CA-QC", "2021-02-15", True),
        ("CA-QC", "2021-06-24", False),  # la Saint-Jean-Baptiste
        ("CA-BC", "2021-06-24", True),
        ("CN-GD", "2021-02-12", False),  # Spring Festival
        ("CN-GD", "2021-02-20", True),  # a Saturday worked instead
        ("JP", "2021-05-04", False),
        ("KR", "2021-02-11", False),
        ("DE-BY", "2021-01-06", False),
        ("DE-HH", "2021-01-06", True),
        ("IT-XX", "2021-04-25", False),  # an unknown part has the holidays of its country
        ("FR", "2021-07-14", False),
        ("CN-HK", "2026-05-25", False),  # the Buddha's birthday: Hong Kong's own day
        ("CN-MO", "2026-12-20", False),
        ("CN", "2026-02-14", True),  # a Saturday worked for Spring Festival of 2026
        ("CN", "2026-02-23", False),
    ],
)
def test_public_holidays_follow_the_province_or_state(where, day, works):
    assert is_working_day(date.fromisoformat(day), where) is works

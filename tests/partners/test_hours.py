"""When people work: their own hours, their province's holidays, the days they are away; and when a reminder may reach them."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from partners.actions.people import correct_contact, go_away, name_deputy
from partners.candidates import suggest
from partners.routing.values import Place
from partners.rules.hours import back_at_work, decent_hour, hours_of, in_their_hours, today_of
from tests import world
from tests.world import invited_contact, own_link
from workflow.errors import Refused
from workflow.outbox.courtesy import works_on

pytestmark = pytest.mark.django_db


def test_hours_are_a_contacts_own_or_those_of_their_city():
    contact = world.contact("zhongshan")
    assert hours_of(contact.user).country == "CN-GD"
    assert hours_of(world.member("officer", world.city("burnaby"))).country == "CA-BC"
    assert hours_of(world.user()).country == ""
    correct_contact(contact, by=own_link(contact), at=world.NOW, working_from="10:00", working_until="15:00")
    assert hours_of(contact.user).opens.hour == 10


def test_nobody_is_reminded_while_they_are_away():
    contact = world.contact("zhongshan")
    at = datetime(2020, 4, 21, 2, 0, tzinfo=UTC)  # ten in the morning there, a Tuesday
    assert back_at_work(contact, at) == at
    go_away(contact, until=date(2020, 4, 22), by=own_link(contact), at=at)
    contact.refresh_from_db()
    assert back_at_work(contact, at) == datetime(2020, 4, 23, 0, 0, tzinfo=UTC), "eight, the day after"
    assert back_at_work(contact, at + timedelta(days=3)) == at + timedelta(days=3)


EVENING = datetime(2020, 4, 17, 3, 0, tzinfo=UTC)  # the 16th in Vancouver, the 17th in China


def test_away_counts_by_the_day_where_they_are():
    here, there = world.contact("burnaby", "Marie Roy"), world.contact("zhongshan")
    assert (today_of(here, EVENING).day, today_of(there, EVENING).day) == (16, 17)
    go_away(here, until=date(2020, 4, 16), by=own_link(here), at=EVENING)  # the rest of today
    with pytest.raises(Refused, match="still to come"):
        go_away(there, until=date(2020, 4, 16), by=own_link(there), at=EVENING)


def test_routing_knows_who_is_away_by_the_day_where_they_are():
    world.twinning("wuhan", "burnaby")
    here = world.contact("burnaby", "Marie Roy")
    go_away(here, until=date(2020, 4, 16), by=own_link(here), at=EVENING)
    burnaby, wuhan = Place(city_id=here.city_id), world.city("wuhan")
    (one,) = suggest(wuhan, burnaby, EVENING.date(), at=EVENING)
    assert "away" in [reason.code for reason in one.ranked.reasons]
    (one,) = suggest(wuhan, burnaby, EVENING.date(), at=EVENING + timedelta(hours=5))
    assert "away" not in [reason.code for reason in one.ranked.reasons]


def test_routing_knows_the_holidays_of_the_province():
    world.twinning("wuhan", "montreal")
    world.contact("montreal", "Marie Roy")
    there, wuhan = Place(city_id=world.city("montreal").pk), world.city("wuhan")
    at = datetime(2020, 6, 24, 15, 0, tzinfo=UTC)  # la Saint-Jean-Baptiste
    (one,) = suggest(wuhan, there, at.date(), at=at)
    assert "holiday" in [reason.code for reason in one.ranked.reasons]


def test_a_letter_sent_by_hand_waits_for_their_hours_and_not_for_their_return():
    contact = world.contact("zhongshan")
    go_away(contact, until=date(2020, 4, 20), by=own_link(contact), at=EVENING)
    goes = in_their_hours(contact, EVENING)
    assert goes == decent_hour(contact.user, EVENING)
    assert goes < back_at_work(contact, EVENING)


def test_working_hours_have_a_length():
    contact = world.contact("zhongshan")
    with pytest.raises(Refused, match="two different times"):
        correct_contact(
            contact, by=own_link(contact), at=world.NOW, working_from=time(9), working_until=time(9)
        )


def test_a_deputy_is_another_person_who_takes_questions():
    contact, invited = world.contact("zhongshan"), invited_contact("zhongshan", "Zhao Min")
    with pytest.raises(Refused, match="does not take questions"):
        name_deputy(contact, invited, by=own_link(contact), at=world.NOW)


@pytest.mark.parametrize(
    ("where", "day", "works"),
    [
        ("CA-BC", "2021-02-15", False),  # Family Day
        ("CA-QC", "2021-02-15", True),
        ("CA-QC", "2021-06-24", False),  # la Saint-Jean-Baptiste
        ("CA-BC", "2021-06-24", True),
        ("CN-GD", "2021-02-12", False),  # Spring Festival
        ("CN-GD", "2021-02-20", True),  # a Saturday worked for it
        ("JP", "2021-05-04", False),
        ("KR", "2021-02-11", False),
        ("DE-BY", "2021-01-06", False),
        ("DE-HH", "2021-01-06", True),
        ("IT-XX", "2021-04-25", False),  # a part nobody knows has its country's days
        ("FR", "2021-07-14", False),
        ("CN-HK", "2026-05-25", False),  # the Buddha's birthday: Hong Kong's own day
        ("CN-MO", "2026-12-20", False),
        ("CN", "2026-02-14", True),  # a Saturday worked for Spring Festival of 2026
        ("CN", "2026-02-23", False),
    ],
)
def test_holidays_are_those_of_the_province_or_land(where, day, works):
    assert works_on(date.fromisoformat(day), where) is works

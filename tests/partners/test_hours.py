"""When people work: their own hours, their province's holidays, the days they are away; and when a reminder may reach them."""

from datetime import UTC, date, datetime, timedelta

import pytest

from partners import actions
from partners.actions import people
from partners.rules import hours
from tests import world
from workflow.outbox.courtesy import works_on

pytestmark = pytest.mark.django_db


def test_hours_are_a_contacts_own_or_those_of_their_city():
    contact = world.contact("zhongshan")
    assert hours.hours_of(contact.user).country == "CN-GD"
    assert hours.hours_of(world.member("officer", world.city("burnaby"))).country == "CA-BC"
    assert hours.hours_of(world.user()).country == ""
    people.correct_contact(
        contact, by=world.own_link(contact), at=world.NOW, working_from="10:00", working_until="15:00"
    )
    assert hours.hours_of(contact.user).opens.hour == 10


def test_nobody_is_reminded_while_they_are_away():
    contact = world.contact("zhongshan")
    at = datetime(2020, 4, 21, 2, 0, tzinfo=UTC)  # ten in the morning there, a Tuesday
    assert hours.back_at_work(contact, at) == at
    actions.go_away(contact, until=date(2020, 4, 22), by=world.own_link(contact), at=at)
    contact.refresh_from_db()
    assert hours.back_at_work(contact, at) == datetime(2020, 4, 23, 0, 0, tzinfo=UTC), "eight, the day after"
    assert hours.back_at_work(contact, at + timedelta(days=3)) == at + timedelta(days=3)


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
    ],
)
def test_holidays_are_those_of_the_province_or_land(where, day, works):
    assert works_on(date.fromisoformat(day), where) is works

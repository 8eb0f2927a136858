"""A contact's usual response time: the median of the latest answers, and who may see it."""

import pytest

from partners.contacts.actions import decrement_open_tasks
from partners.contacts.rules import MAX_ANSWER_TIMES_KEPT, add_response_time, median_response_time
from partners.memberships.models import Membership
from partners.routing.recommendations import median_response_hours
from tests.browsing import Browser
from tests.worlds import cities
from tests.worlds.cities import NOW
from workflow.clock import clear_instance_cache, create_instance

pytestmark = pytest.mark.django_db
OFFICER = Membership.Role.OFFICER


@pytest.fixture(autouse=True)
def practice_instance():
    clear_instance_cache()
    create_instance("practice", NOW)
    yield
    clear_instance_cache()


def contact_with_response_times(name, *times, city="zhongshan"):
    contact = cities.contact(city, name)
    for hours in times:
        decrement_open_tasks(contact, hours=hours, at=NOW)
    contact.refresh_from_db()
    return contact


@pytest.mark.parametrize(
    ("times", "said"), [((), None), ((5,), 5), ((1, 2), 2), ((3, 4, 400), 4), ((1, 2, 3, 500), 3)]
)
def test_usual_response_time_is_the_median(times, said):
    assert median_response_time(times) == said


def test_response_times_keep_the_latest_answers_and_count_at_least_one_hour():
    times = []
    for _answer in range(MAX_ANSWER_TIMES_KEPT + 5):
        times = add_response_time(times, 0.2)
    assert times == [1] * MAX_ANSWER_TIMES_KEPT
    assert add_response_time(times, 12.6)[-1] == 13


def test_median_response_time_of_a_contact_is_updated_with_each_answer():
    contact = contact_with_response_times("Li Wei", 4, 6, 300)
    assert (contact.answers, contact.answer_hours, contact.answer_times) == (3, 6, [4, 6, 300])


def test_median_response_time_of_a_city_covers_all_its_answers():
    here = contact_with_response_times("Li Wei", 2, 2, 2).city_id
    contact_with_response_times("Zhao Min", 50)
    elsewhere = cities.contact("foshan").city_id
    assert median_response_hours({here, elsewhere}) == {here: 2}
    assert median_response_hours(()) == {}


def test_response_time_of_a_city_is_shown_only_to_its_own_editors():
    cities.twinning("burnaby", "zhongshan")
    city = contact_with_response_times("Li Wei", 20).city
    contact_with_response_times("Zhao Min", 31)
    own = Browser(cities.member(OFFICER, city)).open(city)
    assert "usually replies within 20 hours" in own
    assert "Your city’s contacts usually reply within 26 hours." in own
    for other in (cities.city("burnaby"), cities.city("markham")):
        page = Browser(cities.member(OFFICER, other)).open(city)
        assert "usually" not in page

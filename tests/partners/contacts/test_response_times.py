"""A contact's usual answer time: the median of the latest answers, shown to keepers and asking cities."""

import pytest

from partners.contacts.actions import remove_open_task
from partners.contacts.rules import MAX_SAMPLES, add_response_time, median_response_time
from partners.memberships.models import Membership
from partners.routing.recommendations import median_response_hours
from tests.browsing import Browser
from tests.worlds import cities
from tests.worlds.cities import NOW
from workflow.clock import clear_cache, create_instance

pytestmark = pytest.mark.django_db
OFFICER = Membership.Role.OFFICER


@pytest.fixture(autouse=True)
def practice():
    clear_cache()
    create_instance("practice", NOW)
    yield
    clear_cache()


def answering(name, *times, city="zhongshan"):
    contact = cities.contact(city, name)
    for hours in times:
        remove_open_task(contact, hours=hours, at=NOW)
    contact.refresh_from_db()
    return contact


@pytest.mark.parametrize(
    ("times", "said"), [((), None), ((5,), 5), ((1, 2), 2), ((3, 4, 400), 4), ((1, 2, 3, 500), 3)]
)
def test_the_usual_time_is_the_median_which_one_long_silence_does_not_move(times, said):
    assert median_response_time(times) == said


def test_the_latest_answers_count_and_no_one_answers_in_no_time():
    times = []
    for _answer in range(MAX_SAMPLES + 5):
        times = add_response_time(times, 0.2)
    assert times == [1] * MAX_SAMPLES
    assert add_response_time(times, 12.6)[-1] == 13


def test_a_contacts_median_is_kept_as_answers_come():
    contact = answering("Li Wei", 4, 6, 300)
    assert (contact.answers, contact.answer_hours, contact.answer_times) == (3, 6, [4, 6, 300])


def test_a_citys_median_is_of_all_answers_there_and_silent_cities_have_none():
    here = answering("Li Wei", 2, 2, 2).city_id
    answering("Zhao Min", 50)
    elsewhere = cities.contact("foshan").city_id
    assert median_response_hours({here, elsewhere}) == {here: 2}
    assert median_response_hours(()) == {}


def test_the_citys_page_tells_it_to_those_who_keep_the_city_and_to_no_one_else():
    cities.twinning("burnaby", "zhongshan")
    city = answering("Li Wei", 20).city
    answering("Zhao Min", 31)
    own = Browser(cities.member(OFFICER, city)).open(city)
    assert "usually replies within 20 hours" in own
    assert "Your city’s contacts usually reply within 26 hours." in own
    for other in (cities.city("burnaby"), cities.city("markham")):
        page = Browser(cities.member(OFFICER, other)).open(city)
        assert "usually" not in page

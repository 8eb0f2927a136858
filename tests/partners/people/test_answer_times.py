"""How long somebody usually takes: the median of their latest answers, told to those who keep them and who ask them."""

import pytest

from partners.actions.people import end_question
from partners.candidates import usual_in
from partners.models.people import Membership
from partners.rules.answers import KEPT, usual, with_one_more
from tests import world
from tests.browsing import Browser
from tests.world import NOW
from workflow import clock
from workflow.clock import create_instance

pytestmark = pytest.mark.django_db
OFFICER = Membership.Role.OFFICER


@pytest.fixture(autouse=True)
def practice():
    clock.forget()
    create_instance("practice", NOW)
    yield
    clock.forget()


def answering(name, *times, city="zhongshan"):
    contact = world.contact(city, name)
    for hours in times:
        end_question(contact, hours=hours, at=NOW)
    contact.refresh_from_db()
    return contact


@pytest.mark.parametrize(
    ("times", "said"), [((), None), ((5,), 5), ((1, 2), 2), ((3, 4, 400), 4), ((1, 2, 3, 500), 3)]
)
def test_the_usual_time_is_the_median_which_one_long_silence_does_not_move(times, said):
    assert usual(times) == said


def test_the_latest_answers_count_and_nobody_answers_in_no_time():
    times = []
    for _answer in range(KEPT + 5):
        times = with_one_more(times, 0.2)
    assert times == [1] * KEPT
    assert with_one_more(times, 12.6)[-1] == 13


def test_a_contacts_median_is_kept_as_answers_come():
    contact = answering("Li Wei", 4, 6, 300)
    assert (contact.answers, contact.answer_hours, contact.answer_times) == (3, 6, [4, 6, 300])


def test_a_citys_median_is_of_all_answers_there_and_silent_cities_have_none():
    here = answering("Li Wei", 2, 2, 2).city_id
    answering("Zhao Min", 50)
    elsewhere = world.contact("foshan").city_id
    assert usual_in({here, elsewhere}) == {here: 2}
    assert usual_in(()) == {}


def test_the_citys_page_tells_it_to_those_who_keep_the_city_and_to_nobody_else():
    world.twinning("burnaby", "zhongshan")
    city = answering("Li Wei", 20).city
    answering("Zhao Min", 31)
    own = Browser(world.member(OFFICER, city)).open(city)
    assert "usually answers within 20 hours" in own
    assert "Your people usually answer within 26 hours." in own
    for other in (world.city("burnaby"), world.city("markham")):
        page = Browser(world.member(OFFICER, other)).open(city)
        assert "usually" not in page

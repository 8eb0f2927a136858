"""Who sets for how many days an offer to a city is valid if it states no end."""

import pytest

from partners.cities.actions import set_offer_validity
from partners.cities.models import City
from tests.worlds import cities
from tests.worlds.cities import powers_for
from workflow.errors import Refused
from workflow.journal.entries import history_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("days", [1, 366, None])
def test_administrator_sets_how_long_offers_to_the_city_are_valid(days):
    montreal = cities.city("montreal")
    by = powers_for(cities.member("administrator", montreal))
    set_offer_validity(montreal, days, by=by, at=cities.NOW)
    assert City.objects.get(pk=montreal.pk).offer_validity_days == days
    assert history_of(montreal).first().verb == "set_offer_validity"


@pytest.mark.parametrize(
    ("role", "place"),
    [
        ("officer", "oakville"),
        ("approver", "oakville"),
        ("observer", "oakville"),
        ("administrator", "markham"),
    ],
)
def test_only_administrators_of_the_city_set_how_long_its_offers_are_valid(role, place):
    oakville = cities.city("oakville")
    by = powers_for(cities.member(role, cities.city(place)))
    with pytest.raises(Refused, match="Only a city administrator of Oakville") as caught:
        set_offer_validity(oakville, 14, by=by, at=cities.NOW)
    assert caught.value.code == "not_allowed"
    assert City.objects.get(pk=oakville.pk).offer_validity_days is None
    assert not history_of(oakville).filter(verb="set_offer_validity").exists()

"""The approval limit of a city: who may read and change it, with author, time and reason."""

from decimal import Decimal

import pytest

from accounts.actors import CONSOLE_ACTOR
from partners.cities.actions import CityEdit, correct_city, set_approval_limit
from partners.cities.models import City
from tests.browsing import Browser
from tests.worlds import cities
from tests.worlds.cities import powers_for
from workflow.clock import clear_instance_cache, create_instance
from workflow.errors import Refused
from workflow.journal.entries import history_of

pytestmark = pytest.mark.django_db
WHERE = "/cities/burnaby/limits/"


@pytest.fixture
def burnaby():
    clear_instance_cache()
    create_instance("practice", cities.NOW)
    city = cities.city("burnaby")
    City.objects.filter(pk=city.pk).update(currency="CAD")
    yield City.objects.get(pk=city.pk)
    clear_instance_cache()


def limit_of(city):
    return City.objects.get(pk=city.pk).approval_limit


def test_administrator_sets_the_approval_limit_with_a_reason_and_history(burnaby):
    keeper = Browser(cities.member("administrator", burnaby))
    page = keeper.open(burnaby).follow("Who decides")
    assert "every order needs approval" in page
    assert "No limit has been set yet." in page
    wrong = page.press("Save limit", limit="1000", reason="")
    assert (wrong.status, set(wrong.wrong)) == (422, {"reason"})
    page = keeper.open(WHERE).press("Save limit", limit="25 000,50", reason="Council 2020-17")
    assert limit_of(burnaby) == Decimal("25000.50")
    assert "Saved." in page
    assert "CAD 25,000.50" in page
    assert "no limit → CAD 25,000.50" in page
    assert "Council 2020-17" in page
    page = page.press("Save limit", limit="25000.50", days="30", reason="Council 2020-18")
    assert City.objects.get(pk=burnaby.pk).approval_days == 30
    assert "within 30 days are added together" in page
    assert set(page.press("Save limit", limit="1", days="0", reason="Council").wrong) == {"days"}
    page = keeper.open(WHERE).press("Save limit", limit="", reason="Council 2020-19")
    assert limit_of(burnaby) is None
    assert "CAD 25,000.50 → no limit" in page


def test_approval_limit_is_readable_by_the_citys_own_people_only(burnaby):
    correct_city(
        burnaby, CityEdit(approval_limit=Decimal(100)), by=CONSOLE_ACTOR, at=cities.NOW, reason="council"
    )
    watching = Browser(cities.member("observer", burnaby))
    page = watching.open(WHERE)
    assert "CAD 100.00" in page
    assert "Server console" in page
    assert "Save limit" not in page.buttons
    assert watching.client.post(WHERE, {"limit": "1", "reason": "x"}).status_code == 200
    assert limit_of(burnaby) == 100
    stranger = Browser(cities.member("administrator", cities.city("markham")))
    assert stranger.client.get(WHERE).status_code == 404


def test_change_of_the_approval_limit_is_not_visible_to_other_cities(burnaby):
    keeper = cities.member("administrator", burnaby)
    by = powers_for(keeper)
    set_approval_limit(burnaby, Decimal(77_777), by=by, at=cities.NOW, reason="Secret council")
    assert history_of(burnaby).get(verb="set_limit").city_id == burnaby.pk
    assert "77777" in Browser(keeper).activity(burnaby)
    stranger = Browser(cities.member("officer", cities.city("markham")))
    page = stranger.activity(burnaby)
    assert "77777" not in page
    assert "Secret council" not in page


@pytest.mark.parametrize(
    ("limit", "reason", "code"),
    [
        (Decimal(-1), "x", "bad_limit"),
        (Decimal(10**13), "x", "bad_limit"),
        (Decimal(1), " ", "reason_missing"),
    ],
)
def test_invalid_approval_limit_is_refused(burnaby, limit, reason, code):
    by = powers_for(cities.member("administrator", burnaby))
    with pytest.raises(Refused) as caught:
        set_approval_limit(burnaby, limit, by=by, at=cities.NOW, reason=reason)
    assert caught.value.code == code


def test_approval_limit_requires_a_currency_and_the_permission_to_appoint(burnaby):
    by = powers_for(cities.member("officer", burnaby))
    with pytest.raises(Refused) as caught:
        set_approval_limit(burnaby, Decimal(1), by=by, at=cities.NOW, reason="x")
    assert caught.value.code == "not_allowed"
    City.objects.filter(pk=burnaby.pk).update(currency="")
    city = City.objects.get(pk=burnaby.pk)
    by = powers_for(cities.member("administrator", burnaby))
    with pytest.raises(Refused) as caught:
        set_approval_limit(city, Decimal(1), by=by, at=cities.NOW, reason="x")
    assert caught.value.code == "no_currency"

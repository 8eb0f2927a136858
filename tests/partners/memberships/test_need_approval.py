"""How a city posts its needs: who may set it, and what is refused."""

from decimal import Decimal

import pytest

from partners.cities.actions import set_need_approval
from partners.cities.models import City
from tests.browsing import Browser
from tests.worlds import cities
from tests.worlds.cities import powers_for
from workflow.errors import Refused
from workflow.journal.entries import history_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def burnaby():
    city = cities.city("burnaby")
    City.objects.filter(pk=city.pk).update(currency="CAD")
    cities.member("approver", city)
    return City.objects.get(pk=city.pk)


def refused(city, by, choice, limit, reason="council"):
    with pytest.raises(Refused) as caught:
        set_need_approval(city, choice, limit=limit, by=by, at=cities.NOW, reason=reason)
    stored = City.objects.get(pk=city.pk)
    assert (stored.need_approval, stored.need_approval_limit) == ("none", None)
    return caught.value.code, caught.value.details.get("field")


@pytest.mark.parametrize(
    ("choice", "limit", "reason", "code", "field"),
    [
        ("above", None, "council", "limit_missing", "limit"),
        ("always", Decimal(5), "council", "needless_limit", "limit"),
        ("none", Decimal(5), "council", "needless_limit", "limit"),
        ("above", Decimal("-0.01"), "council", "bad_limit", "limit"),
        ("above", Decimal(10**12) + 1, "council", "bad_limit", "limit"),
        ("always", None, " ", "reason_missing", "reason"),
    ],
)
def test_invalid_choice_is_refused_with_its_field(burnaby, choice, limit, reason, code, field):
    by = powers_for(cities.member("administrator", burnaby))
    assert refused(burnaby, by, choice, limit, reason) == (code, field)


@pytest.mark.parametrize("role", ["officer", "approver", "observer", "coordinator"])
def test_only_administrators_of_the_city_choose(burnaby, role):
    assert refused(burnaby, powers_for(cities.member(role, burnaby)), "always", None)[0] == "not_allowed"


def test_administrator_of_another_city_does_not_choose(burnaby):
    by = powers_for(cities.member("administrator", cities.city("markham")))
    assert refused(burnaby, by, "always", None)[0] == "not_allowed"


def test_city_without_a_currency_names_no_value(burnaby):
    City.objects.filter(pk=burnaby.pk).update(currency="")
    by = powers_for(cities.member("administrator", burnaby))
    city = City.objects.get(pk=burnaby.pk)
    assert refused(city, by, "above", Decimal(100)) == ("no_currency", "limit")


def test_city_without_an_approver_requires_no_approval():
    markham = cities.city("markham")
    by = powers_for(cities.member("administrator", markham))
    assert refused(markham, by, "always", None) == ("no_approver", "need_approval")


@pytest.mark.parametrize(("choice", "limit"), [("always", None), ("above", Decimal("0.00")), ("none", None)])
def test_choice_is_recorded_for_the_citys_own_people(burnaby, choice, limit):
    by = powers_for(cities.member("administrator", burnaby))
    set_need_approval(burnaby, choice, limit=limit, by=by, at=cities.NOW, reason="Secret council")
    stored = City.objects.get(pk=burnaby.pk)
    assert (stored.need_approval, stored.need_approval_limit) == (choice, limit)
    entry = history_of(burnaby).get(verb="set_need_approval")
    assert (entry.city_id, entry.reason, entry.facts["need_approval"]) == (
        burnaby.pk,
        "Secret council",
        choice,
    )
    stranger = Browser(cities.member("officer", cities.city("markham")))
    assert "Secret council" not in stranger.activity(burnaby)

"""The pages that add a city, from GeoNames or by hand, and that edit its facts."""

from decimal import Decimal

import pytest

from partners.cities.actions import CityEdit, correct_city
from partners.cities.models import City
from partners.memberships.models import Membership
from tests.browsing import Browser
from tests.partners.page_helpers import text
from tests.worlds import cities
from tests.worlds.cities import NOW
from workflow.journal.entries import history_of

pytestmark = pytest.mark.django_db
Role = Membership.Role
ADD = "/register/cities/add/"


@pytest.fixture
def administrator(practice, burnaby):
    return cities.member(Role.ADMINISTRATOR, burnaby)


@pytest.fixture
def keeper(signed_in, administrator):
    return signed_in(administrator)


def test_place_of_geonames_is_found_in_any_script_and_added_with_its_facts(keeper, administrator):
    page = text(keeper.get(ADD, {"q": "中山市", "country": "cn"}))
    assert page.count("Zhongshan") >= 2
    assert "3,841,873" in page and "CC BY 4.0" in page
    form = Browser(administrator).open(f"{ADD}?q=中山市&country=CN&geonames=6986104")
    form.press("Add a city", subdivision="广东")
    city = City.objects.get(slug="zhongshan-cn")
    assert (city.name_en, city.name_zh, city.subdivision, city.currency) == (
        "Zhongshan",
        "中山市",
        "CN-GD",
        "CNY",
    )
    assert (city.geonames_id, city.timezone, city.latitude) == (6986104, "Asia/Shanghai", Decimal("22.52306"))
    again = text(keeper.get(ADD, {"q": "Zhongshan"}))
    assert "Already in the register" in again
    assert "geonames=1908018" in again and "geonames=6986104" not in again


def test_city_that_geonames_lacks_is_entered_by_hand(administrator):
    page = Browser(administrator).open(f"{ADD}?q=Port+Example&country=CA")
    assert "GeoNames has no city with this name." in page
    facts = {"latitude": "49,5", "longitude": "-123", "timezone": "America/Vancouver", "currency": "CAD"}
    page.follow("Enter by hand").press("Add a city", **facts)
    city = City.objects.get(name_en="Port Example")
    assert (city.slug, city.currency, city.geonames_id) == ("port-example-ca", "CAD", None)
    assert (city.latitude, city.longitude) == (Decimal("49.5"), Decimal(-123))


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"name_en": ""}, "name_en"),
        ({"country": "XX"}, "country"),
        ({"subdivision": "New"}, "subdivision"),  # New Brunswick, or Newfoundland and Labrador
        ({"subdivision": "CN-GD-1"}, "subdivision"),
        ({"timezone": "Vancouver"}, "timezone"),
        ({"currency": "CA$"}, "currency"),
        ({"latitude": "91", "longitude": "0"}, "latitude"),
        ({"latitude": "49"}, "longitude"),
    ],
)
def test_wrong_fact_of_a_new_city_is_named_at_its_field(keeper, facts, field):
    before = City.objects.count()
    answer = keeper.post(ADD, {"name_en": "Port Example", "country": "CA", "level": "city", **facts})
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert City.objects.count() == before


@pytest.mark.parametrize(
    "typed", ["British Columbia", "Colombie-Britannique", "不列颠哥伦比亚省", "brit", "ca-bc", "ＣＡ－ＢＣ"]
)
def test_province_is_typed_by_its_name_in_any_language_and_shown_in_the_readers(
    administrator, burnaby, typed
):
    City.objects.filter(pk=burnaby.pk).update(subdivision="CA-ON")
    form = Browser(administrator).open("/cities/burnaby/edit/")
    assert form.value("subdivision") == "Ontario"
    form.press("Save", subdivision=typed, reason="council paper")
    burnaby.refresh_from_db()
    assert burnaby.subdivision == "CA-BC"


def test_stored_time_zone_that_the_list_lacks_is_kept(administrator, burnaby):
    City.objects.filter(pk=burnaby.pk).update(timezone="US/Pacific")
    Browser(administrator).open("/cities/burnaby/edit/").press("Save", population="250,000", reason="census")
    burnaby.refresh_from_db()
    assert (burnaby.timezone, burnaby.population) == ("US/Pacific", 250_000)


def test_place_of_geonames_is_added_once(keeper):
    facts = {"name_en": "Nanaimo", "country": "CA", "level": "city", "geonames_id": 6081475}
    assert keeper.post(ADD, facts).status_code == 303
    answer = keeper.post(ADD, facts)
    assert answer.status_code == 422
    assert "Nanaimo is already in the register." in answer.content.decode()
    assert keeper.get(ADD, {"q": "Nanaimo", "geonames": "1"}).status_code == 404


def test_administrator_sets_the_missing_currency_and_the_journal_names_the_reason(administrator, burnaby):
    correct_city(burnaby, CityEdit(currency=""), by=cities.powers(Role.COORDINATOR), at=NOW, reason="unknown")
    form = Browser(administrator).open("/cities/burnaby/edit/")
    form.press("Save", reason="council paper")  # the currency of the country is proposed
    burnaby.refresh_from_db()
    assert burnaby.currency == "CAD"
    assert burnaby.timezone == "America/Vancouver"
    entry = history_of(burnaby).latest("pk")
    assert (entry.verb, entry.reason, entry.after) == ("correct", "council paper", {"currency": "CAD"})


def test_forms_for_city_facts_are_shown_only_to_people_who_manage_the_register(signed_in, burnaby):
    officer = signed_in(Role.OFFICER, burnaby)
    assert "Add a city" not in text(officer.get("/cities/?all=1"))
    assert "Edit details" not in text(officer.get("/cities/burnaby/"))
    assert officer.get(ADD).status_code == 403
    assert officer.get("/cities/burnaby/edit/").status_code == 403
    other = signed_in(Role.ADMINISTRATOR, cities.city("markham"))
    assert "Add a city" in text(other.get("/cities/?all=1"))
    assert other.get("/cities/burnaby/edit/").status_code == 403

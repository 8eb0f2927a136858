"""The register through the API: refused bodies, hidden fields, filters on both cities of an agreement."""

import pytest

from accounts.actors import CONSOLE_ACTOR
from partners.agreements.models import TwinningAgreement
from partners.cities.actions import CityEdit, correct_city
from partners.cities.models import City
from partners.contacts.actions import record_consent
from partners.contacts.models import Contact
from partners.exchanges.models import Exchange
from partners.memberships.models import Membership
from tests.procurement.api.program import Program
from tests.worlds import cities
from tests.worlds.cities import NOW, invited_contact, own_link
from workflow.api.sql_cache import clear_cache

pytestmark = pytest.mark.django_db
Role = Membership.Role
URL = "https://register.example/page"


@pytest.fixture(autouse=True)
def april(time_machine):
    """Stop real time and practice time at NOW."""
    time_machine.move_to(NOW, tick=False)
    clear_cache()


@pytest.fixture
def burnaby():
    cities.twinning("burnaby", "zhongshan")
    return cities.city("burnaby")


@pytest.fixture
def administrator(burnaby):
    return Program(cities.member(Role.ADMINISTRATOR, burnaby))


def pointers(problem):
    return [error["pointer"] for error in problem["errors"]]


def test_api_records_an_agreement_with_the_precision_of_its_date(administrator):
    data = {"city_a": "burnaby", "city_b": "wuhan", "kind": "friendship", "source_url": URL}
    cities.city("wuhan")
    made = administrator.post("agreements/", {**data, "signed": {"day": "2019-06"}})
    assert (made["signed_on"], made["signed_precision"]) == ("2019-06-01", "month")
    assert [row["id"] for row in administrator.get("agreements/?city=wuhan")["results"]] == [made["id"]]
    assert (
        administrator.get("agreements/?city=zhongshan&status=recorded")["results"][0]["city_b"] == "zhongshan"
    )


@pytest.mark.parametrize(
    "signed",
    [{"day": "spring"}, {"day": "2019", "precision": "day"}, {"day": "9999-12-31"}, {"day": "0001-01-01"}],
)
def test_api_refuses_an_unreadable_agreement_date(administrator, signed):
    cities.city("wuhan")
    problem = administrator.refused(
        "agreements/",
        {"city_a": "burnaby", "city_b": "wuhan", "kind": "sister", "source_url": URL, "signed": signed},
    )
    assert pointers(problem) == ["#/signed/day"]
    assert TwinningAgreement.objects.count() == 1


@pytest.mark.parametrize(
    ("facts", "pointer"),
    [
        ({"latitude": "49.1"}, "#/longitude"),
        ({"country": "XX"}, "#/country"),
        ({"slug": "a-québec-ca"}, "#/slug"),
        ({"subdivision": "XX-BC"}, "#/subdivision"),
        ({"latitude": "91", "longitude": "0"}, "#/latitude"),
        ({"latitude": "999", "longitude": "0"}, "#/latitude"),
        ({"latitude": "0", "longitude": "-180.00001"}, "#/longitude"),
        ({"population": 2**31}, "#/population"),
        ({"geonames_id": 2**63}, "#/geonames_id"),
        ({"population": -1}, "#/population"),
        ({"timezone": "Vancouver"}, "#/timezone"),
        ({"level": "castle"}, "#/level"),
    ],
)
def test_api_refuses_a_city_with_invalid_facts_at_its_field(administrator, facts, pointer):
    data = {"slug": "x", "name_en": "X", "country": "CA", "level": "city", **facts}
    assert pointers(administrator.refused("cities/", data)) == [pointer]
    assert not City.objects.filter(slug="x").exists()


@pytest.mark.parametrize(
    ("latitude", "longitude", "pointer"), [("91", "0", "latitude"), ("0", "200", "longitude")]
)
def test_api_refuses_a_correction_to_coordinates_outside_the_globe(
    administrator, latitude, longitude, pointer
):
    data = {"latitude": latitude, "longitude": longitude, "reason": "survey"}
    assert pointers(administrator.refused("cities/burnaby/correct/", data)) == [f"#/{pointer}"]


def test_api_stores_city_codes_in_capitals(administrator):
    data = {"slug": "x", "name_en": "X", "country": "ca", "subdivision": "ca-bc", "level": "city"}
    made = administrator.post("cities/", data)
    assert (made["country"], made["subdivision"]) == ("CA", "CA-BC")
    administrator.post("cities/burnaby/correct/", {"subdivision": "ca-on", "reason": "moved"})
    assert administrator.get("cities/burnaby/")["subdivision"] == "CA-ON"


def test_api_refuses_a_source_that_is_no_web_address(administrator):
    data = {
        "from_city": "burnaby",
        "to_city": "zhongshan",
        "when": {"day": "2020"},
        "kind": "letter",
        "source_url": "javascript:1",
    }
    assert pointers(administrator.refused("exchanges/", data)) == ["#/source_url"]
    made = administrator.post("exchanges/", {**data, "source_url": URL})
    assert [row["id"] for row in administrator.get("exchanges/?city=zhongshan")["results"]] == [made["id"]]
    assert administrator.get("exchanges/?from_city=zhongshan")["results"] == []
    assert Exchange.objects.get().when.iso_text == "2020"


def test_api_register_is_written_by_editors_only(burnaby):
    officer = Program(cities.member(Role.OFFICER, burnaby))
    data = {
        "from_city": "burnaby",
        "to_city": "zhongshan",
        "when": {"day": "2020"},
        "kind": "letter",
        "source_url": URL,
    }
    assert officer.refused("exchanges/", data)["code"] == "not_allowed"
    assert (
        officer.refused("cities/", {"slug": "x", "name_en": "X", "country": "CA", "level": "city"})["code"]
        == "not_allowed"
    )


def test_api_shows_the_approval_limit_to_the_citys_own_people_only(administrator, burnaby):
    correct_city(burnaby, CityEdit(approval_limit=100_000), by=CONSOLE_ACTOR, at=NOW, reason="council")
    stranger = Program(cities.member(Role.OFFICER, cities.city("markham")))
    assert administrator.get("cities/burnaby/")["approval_limit"] == "100000.00"
    assert stranger.get("cities/burnaby/")["approval_limit"] is None


# --- people ---
def test_api_shows_address_and_phone_of_a_contact_only_after_consent(burnaby):
    officer = Program(cities.member(Role.OFFICER, burnaby))
    invited = invited_contact("zhongshan", phone="+86 760")
    assert officer.get(f"contacts/{invited.pk}/")["email"] is None
    record_consent(invited, by=own_link(invited), at=NOW)
    data = officer.get(f"contacts/{invited.pk}/")
    assert (data["email"], data["phone"]) == (invited.user.email, "+86 760")


def test_api_hides_contacts_from_other_cities(burnaby):
    contact = cities.contact("zhongshan")
    stranger = Program(cities.member(Role.OFFICER, cities.city("markham")))
    assert stranger.get("contacts/")["results"] == []
    assert stranger.ask("get", f"contacts/{contact.pk}/").status_code == 404


def test_api_contact_needs_both_ends_of_working_hours(burnaby):
    officer = Program(cities.member(Role.OFFICER, burnaby))
    office = officer.post("organizations/", {"city": "zhongshan", "kind": "hospital", "name_en": "Hospital"})
    data = {
        "organization": office["id"],
        "email": "li@office.example",
        "name": "Li Wei",
        "working_from": "09:00",
    }
    assert pointers(officer.refused("contacts/", data)) == ["#/working_until"]
    made = officer.post("contacts/", {**data, "working_until": "17:00"})
    assert made["status"] == "invited"
    assert officer.get(f"contacts/{made['id']}/")["name_order"] == "family_first"
    correct = f"contacts/{made['id']}/correct/"
    assert officer.refused(correct, {"title": "Director"})["code"] == "not_allowed"
    officer = Program(cities.member(Role.OFFICER, cities.city("zhongshan")))
    assert pointers(officer.refused(correct, {"holiday_country": "ZZZ"})) == ["#/holiday_country"]
    assert officer.post(correct, {"holiday_country": "ca-bc"})["holiday_country"] == "CA-BC"
    assert officer.refused(correct, {"working_from": "09:00", "working_until": "09:00"})["code"] == "no_hours"
    assert Contact.objects.get().user.language == "zh-hans"
    assert officer.refused(f"contacts/{made['id']}/confirm/")["code"] == "not_allowed"


def test_contact_manages_their_own_record_with_an_api_token():
    contact = cities.contact("zhongshan")
    mine = Program(contact.user)
    assert mine.post(f"contacts/{contact.pk}/go-away/", {"until": "2020-05-01"})["away_until"] == "2020-05-01"
    verbs = [move["verb"] for move in mine.get(f"contacts/{contact.pk}/")["available_moves"]]
    assert verbs == ["correct", "go-away", "name-deputy", "drop-deputy", "stop"]

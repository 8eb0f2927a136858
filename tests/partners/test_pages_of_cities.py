"""The register on pages: found, read, recorded, and closed to who may not change it."""

import io
from datetime import date
from html import escape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.actors import CONSOLE
from partners import actions
from partners.dates import parse
from partners.exchange.shipped import load_register
from partners.models import City, Exchange, Membership, Twinning
from tests import world
from tests.world import NOW

pytestmark = pytest.mark.django_db
Role = Membership.Role
URL = "https://register.example/page"


def text(response, status=200):
    assert response.status_code == status, response.content.decode()[:500]
    return response.content.decode()


@pytest.fixture
def burnaby():
    return world.city("burnaby")


@pytest.mark.parametrize(
    "path",
    [
        "/cities/", "/cities/burnaby/", "/cities/burnaby/agreements/add/", "/cities/burnaby/exchanges/add/",
        "/register/files/", "/register/files/cities.csv",
    ],
)  # fmt: skip
def test_a_stranger_is_sent_to_sign_in(practice, burnaby, path):
    response = Client().get(path)
    assert response.status_code == 302
    assert response["Location"].startswith("/accounts/login/")


# --- the list ---
def test_cities_are_listed_by_name_searched_in_any_script_and_narrowed(signed_in, burnaby):
    world.twinning("burnaby", "zhongshan")
    world.city("wuhan")
    client = signed_in(Role.OBSERVER, burnaby)
    page = text(client.get("/cities/"))
    assert page.index(">Burnaby") < page.index(">Wuhan") < page.index(">Zhongshan")
    assert "Your own page" in page
    for query, found in (
        ("q=中山", "Zhongshan"),
        ("q=zhong", "Zhongshan"),
        ("country=CN&tied=mine", "Zhongshan"),
        ("country=CA", "Burnaby"),
    ):
        fragment = text(client.get(f"/cities/?{query}", headers={"HX-Request": "true"}))
        assert found in fragment
        assert "Wuhan" not in fragment
        assert "<html" not in fragment
    assert "No city matches." in text(client.get("/cities/?q=nowhere"))
    assert text(client.get("/cities/?country=XX")).count("<tr>") > 1  # a filter nobody knows is left out


def queries(client, address):
    """How many queries a page takes."""
    with CaptureQueriesContext(connection) as asked:
        text(client.get(address))
    return len(asked)


def test_the_list_takes_as_many_queries_for_twenty_places_as_for_one(signed_in, burnaby):
    client = signed_in(Role.OBSERVER, burnaby)
    client.get("/cities/")
    one = queries(client, "/cities/")
    for number in range(20):
        world.city(f"place-{number}")
    assert queries(client, "/cities/") == one
    assert "Place-9" in text(client.get("/cities/"))


# --- the page of a city ---
def test_a_citys_page_shows_agreements_exchanges_sources_and_conflicts(signed_in, burnaby):
    world.twinning(
        burnaby,
        "zhongshan",
        signed="2011-06",
        source_url="https://www.press.example/a",
        note="Friendship in one source",
    )
    world.twinning(burnaby, "wuhan", signed="", certain=False)
    ended = world.twinning(burnaby, "foshan", "friendship")
    actions.end_twinning(ended, why="terminated", by=CONSOLE, at=NOW, reason="vote", on=parse("2019"))
    world.exchange(
        "zhongshan",
        burnaby,
        "2020-04",
        kind="ppe_donation",
        items="masks",
        quantity=12000,
        unit="piece",
        source_url=URL,
    )
    world.organisation(
        burnaby, kind="health_authority", name_en="Health Authority", address="1 Main Street", phone="604"
    )
    page = text(signed_in(Role.OBSERVER, burnaby).get("/cities/burnaby/"))
    for words in (
        "June 2011", "In force", "Not known", "Terminated", "Since an unknown day", "press.example", "Friendship in one source",
        "12,000 pieces", "masks", "Health Authority", "British Columbia", "added it",
    ):  # fmt: skip
        assert words in page, words
    assert "Add an agreement" not in page
    assert "People and roles" in page


def test_an_empty_city_says_so_and_shows_its_time(signed_in):
    world.city("wuhan")
    page = text(signed_in(Role.COORDINATOR).get("/cities/wuhan/"))
    for words in (
        "No agreement is recorded.",
        "No exchange is recorded.",
        "No office is recorded.",
        "UTC+8",
        "Add an agreement",
    ):
        assert words in page
    assert "People and roles" not in page


def test_people_are_named_only_to_who_may_see_them(signed_in, burnaby):
    world.contact("zhongshan", "Li Wei")
    assert "Li Wei" not in text(signed_in(Role.OFFICER, burnaby).get("/cities/zhongshan/"))
    world.twinning(burnaby, "zhongshan")
    assert "Li Wei" in text(signed_in(Role.OFFICER, burnaby).get("/cities/zhongshan/"))


def test_a_page_of_many_ties_takes_no_more_queries(signed_in, burnaby):
    client = signed_in(Role.OBSERVER, burnaby)
    world.twinning(burnaby, "zhongshan")
    world.exchange("zhongshan", burnaby)
    world.organisation(burnaby)
    client.get("/cities/burnaby/")
    one = queries(client, "/cities/burnaby/")
    for key in ("wuhan", "foshan", "shanghai"):
        world.twinning(burnaby, key)
        world.exchange(key, burnaby)
        world.organisation(burnaby, name_en=key)
    assert queries(client, "/cities/burnaby/") == one <= 20


def test_an_unknown_place_is_not_found(signed_in, burnaby):
    assert signed_in(Role.OBSERVER, burnaby).get("/cities/atlantis/").status_code == 404


@pytest.mark.parametrize("language", ["en", "fr-ca", "zh-hans"])
def test_every_city_of_the_shipped_register_has_a_page_in_three_languages(signed_in, language):
    load_register(by=CONSOLE, at=NOW)
    person = world.member(Role.COORDINATOR)
    person.language = language
    person.save()
    client = signed_in(person)
    for city in City.objects.order_by("?")[:25]:
        assert escape(city.name_en) in text(client.get(f"/cities/{city.slug}/")) or language != "en"
    prague = text(client.get("/cities/prague-cz/"))
    assert ("October 2019" in prague) is (language == "en")


# --- adding ---
def test_an_administrator_records_an_agreement_and_sees_it_on_the_page(signed_in, burnaby):
    world.city("zhongshan")
    client = signed_in(Role.ADMINISTRATOR, burnaby)
    assert "Richmond" not in text(client.get("/cities/burnaby/agreements/add/"))
    told = {
        "partner": "zhongshan",
        "kind": "sister",
        "signed": "２０１１-06",
        "expires": "",
        "certain": "on",
        "source_url": URL,
        "note": "",
    }
    response = client.post("/cities/burnaby/agreements/add/", told)
    assert (response.status_code, response["Location"]) == (303, "/cities/burnaby/")
    tie = Twinning.objects.get()
    assert (tie.signed, tie.source_url, tie.certain) == (parse("2011-06"), URL, True)
    assert "already in the register" in text(client.post("/cities/burnaby/agreements/add/", told), 422)


def test_an_agreement_form_says_what_is_wrong(signed_in, burnaby):
    client = signed_in(Role.ADMINISTRATOR, burnaby)
    page = text(
        client.post("/cities/burnaby/agreements/add/", {"signed": "spring", "source_url": "javascript:1"}),
        422,
    )
    assert "Write the day as 2011" in page
    assert page.count("aria-invalid") >= 3


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01", "0000"])
def test_a_year_that_cannot_be_is_named_at_its_field(signed_in, burnaby, day):
    client = signed_in(Role.ADMINISTRATOR, burnaby)
    page = text(client.post("/cities/burnaby/agreements/add/", {"expires": day}), 422)
    assert "Give a year between 1800 and 2199." in page
    assert not Twinning.objects.exists()


@pytest.mark.parametrize("on", [date.min, date.max])
def test_pages_bear_a_day_at_either_end_of_the_calendar(signed_in, burnaby, on):
    tie = world.twinning("burnaby", "zhongshan")
    Twinning.objects.update(expires_on=on, expires_precision="day")  # as a version before kept it
    client = signed_in(Role.ADMINISTRATOR, burnaby)
    for address in (
        "/cities/burnaby/",
        tie.get_absolute_url(),
        "/network/",
        "/register/files/agreements.csv",
    ):
        response = client.get(address)
        assert response.status_code == 200
        b"".join(response)


def test_who_may_not_keep_the_register_is_told_so(signed_in, burnaby):
    world.city("zhongshan")
    told = {"partner": "zhongshan", "kind": "sister", "source_url": URL}
    page = text(signed_in(Role.OFFICER, burnaby).post("/cities/burnaby/agreements/add/", told), 403)
    assert "Your role does not allow it" in page
    assert not Twinning.objects.exists()


def test_an_exchange_is_recorded_in_either_direction(signed_in, burnaby):
    zhongshan = world.city("zhongshan")
    client = signed_in(Role.ADMINISTRATOR, burnaby)
    told = {
        "partner": "zhongshan",
        "kind": "gift",
        "when": "2020-02",
        "items": "masks",
        "quantity": "1 000",
        "unit": "piece",
        "source_url": URL,
    }
    for way in ("from", "to"):
        assert client.post("/cities/burnaby/exchanges/add/", {**told, "way": way}).status_code == 303
    assert [(one.from_city, one.quantity) for one in Exchange.objects.order_by("pk")] == [
        (zhongshan, 1000),
        (burnaby, 1000),
    ]
    assert "When" in text(client.get("/cities/burnaby/exchanges/add/"))


# --- an agreement's own page ---
def test_an_agreement_has_a_page_with_its_facts_moves_and_history(signed_in, burnaby):
    tie = world.twinning(burnaby, "zhongshan", expires="2030", note="Both lists agree", certain=False)
    world.exchange(burnaby, "zhongshan")
    client = signed_in(Role.ADMINISTRATOR, burnaby)
    page = text(client.get(tie.get_absolute_url()))
    for words in (
        "Both lists agree",
        "2030",
        "No source says so.",
        "Suspend",
        "recorded the agreement",
        "Letter",
    ):
        assert words in page
    assert "Suspend" not in text(signed_in(Role.OBSERVER, burnaby).get(tie.get_absolute_url()))
    assert client.get("/agreements/999999/").status_code == 404


def test_an_agreement_is_corrected_suspended_resumed_ended_and_renewed_from_its_page(signed_in, burnaby):
    tie = world.twinning(burnaby, "zhongshan")
    client = signed_in(Role.ADMINISTRATOR, burnaby)

    def move(verb, **told):
        response = client.post(f"{tie.get_absolute_url()}{verb}/", told)
        assert response.status_code == 303, response.content.decode()
        tie.refresh_from_db()
        return text(client.get(tie.get_absolute_url()))

    assert 'value="2011"' in text(client.get(f"{tie.get_absolute_url()}correct/"))
    move("correct", signed="2011-05-14", expires="", source_url=URL, note="", certain="on", reason="own page")
    assert tie.signed == parse("2011-05-14")
    assert "Suspended" in move("suspend", on="2020-03", reason="vote")
    move("resume")
    assert "On an unknown day" in move("end", why="expired", on="", reason="lapsed")
    assert tie.ended_why == "expired"
    assert "2040" in move("renew", expires="2040")
    assert text(client.get(f"{tie.get_absolute_url()}end/"))
    assert client.post(f"{tie.get_absolute_url()}suspend/", {"on": ""}).status_code == 422
    assert client.get(f"{tie.get_absolute_url()}twin/").status_code == 404


# --- files ---
def test_a_table_is_taken_home(signed_in, burnaby):
    world.twinning(burnaby, "zhongshan")
    client = signed_in(Role.OBSERVER, burnaby)
    response = client.get("/register/files/agreements.csv")
    content = b"".join(response.streaming_content).decode()
    assert response["Content-Disposition"] == 'attachment; filename="agreements.csv"'
    assert content.splitlines()[1].startswith("burnaby,zhongshan,sister,2011,")
    assert client.get("/register/files/people.csv").status_code == 404


def upload(client, content, table="cities"):
    file = io.BytesIO(content.encode())
    file.name = "list.csv"
    return client.post("/register/files/", {"table": table, "reason": "our own list", "file": file})


def test_a_city_brings_in_its_list_and_learns_what_happened(signed_in, burnaby):
    client = signed_in(Role.ADMINISTRATOR, burnaby)
    assert "Bring in a list" in text(client.get("/register/files/"))
    assert upload(client, "id,name_en,country,level\nnanaimo,Nanaimo,CA,city").status_code == 303
    assert "1 rows added" in text(client.get("/register/files/"))
    page = text(upload(client, "id,name_en,country,level\nx,,CA,city\ny,Y,CA,castle"), 422)
    assert "Row 2, name_en: This must be filled in." in page
    assert "Row 3, level" in page
    assert text(client.post("/register/files/", {"table": "cities"}), 422)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("cities.csv", "id,name_en,country,level\na-québec-ca,Québec,CA,city\n".encode()),
        ("cities.csv", f"id,name_en,country,level,population\nx,X,CA,city,{'9' * 5000}\n".encode()),
        ("cities.csv", b"id,name_en,country,level\nx,X,CA,city\nx"),
        ("cities.csv", b"id\nx\n"),
        ("cities.csv", b"\0\0"),
        ("cities.csv", b"id,name_en,country,level\nx," + b"X" * 200_000 + b",CA,city\n"),
        ("cities.xlsx", b"PK\x03\x04\xff\xfe"),
    ],
)
def test_a_file_with_a_fault_brings_nothing_in_and_is_told_so(signed_in, burnaby, name, content):
    client = signed_in(Role.ADMINISTRATOR, burnaby)
    file = io.BytesIO(content)
    file.name = name
    told = {"table": "cities", "file": file, "reason": "our list"}
    page = text(client.post("/register/files/", told), 422)
    assert "Nothing was imported" in page
    assert "Row " in page
    assert City.objects.get() == burnaby
    assert client.get("/cities/").status_code == 200


def test_who_keeps_no_register_brings_in_nothing(signed_in, burnaby):
    client = signed_in(Role.OFFICER, burnaby)
    assert "Bring in a list" not in text(client.get("/register/files/"))
    assert upload(client, "id,name_en,country,level\nx,X,CA,city").status_code == 403
    assert not City.objects.filter(slug="x").exists()


# --- where sources disagree ---
def test_a_citys_page_says_where_its_sources_disagree(signed_in, burnaby):
    tie = world.twinning(
        "burnaby", "zhongshan", conflict="Kind: friendship (its council), or sister (a list)."
    )
    world.twinning("burnaby", "wuhan")
    client = signed_in(Role.OBSERVER, burnaby)
    page = text(client.get("/cities/burnaby/"))
    section = page.split('id="conflicts"')[1].split("</section>")[0]
    assert "friendship (its council), or sister (a list)" in section
    assert "Zhongshan" in section
    assert "Wuhan" not in section
    assert "https://register.example/agreement" in section
    assert "friendship (its council)" in text(client.get(tie.get_absolute_url()))
    assert 'id="conflicts"' not in text(client.get("/cities/wuhan/"))


def test_the_known_conflicts_ship_with_the_register(signed_in, burnaby):
    load_register(by=CONSOLE, at=NOW)
    told = dict(Twinning.objects.exclude(conflict="").values_list("city_b__slug", "conflict"))
    assert {"milan-it", "san-francisco-us", "xian-cn", "zhuhai-cn", "shijiazhuang-cn"} <= set(told)
    assert "1979" in told["milan-it"]
    page = text(signed_in(Role.OBSERVER, burnaby).get("/cities/shanghai-cn/"))
    section = page.split('id="conflicts"')[1].split("</section>")[0]
    assert section.count("<li>") == 3

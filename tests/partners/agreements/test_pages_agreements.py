"""Agreements and exchanges on pages: added, shown and changed, and where their sources disagree."""

from datetime import date

import pytest

from accounts.actors import CONSOLE_ACTOR
from partners.agreements.models import TwinningAgreement
from partners.exchanges.models import Exchange
from partners.memberships.models import Membership
from partners.partial_dates import parse_partial_date
from partners.register_import.shipped_register import load_register
from tests.partners.page_helpers import URL, text
from tests.worlds import cities
from tests.worlds.cities import NOW

pytestmark = pytest.mark.django_db
Role = Membership.Role


# --- adding ---
def test_administrator_records_an_agreement_on_the_city_page_once(signed_in, burnaby):
    cities.city("zhongshan")
    client = signed_in(Role.ADMINISTRATOR, burnaby)
    assert "Richmond" not in text(client.get("/cities/burnaby/agreements/add/"))
    data = {
        "partner": "zhongshan",
        "kind": "sister",
        "signed": "２０１１-06",
        "expires": "",
        "certain": "on",
        "source_url": URL,
        "note": "",
    }
    response = client.post("/cities/burnaby/agreements/add/", data)
    assert (response.status_code, response["Location"]) == (303, "/cities/burnaby/")
    agreement = TwinningAgreement.objects.get()
    assert (agreement.signed, agreement.source_url, agreement.certain) == (
        parse_partial_date("2011-06"),
        URL,
        True,
    )
    assert "already in the register" in text(client.post("/cities/burnaby/agreements/add/", data), 422)


def test_invalid_agreement_form_is_refused_at_its_fields(signed_in, burnaby):
    client = signed_in(Role.ADMINISTRATOR, burnaby)
    page = text(
        client.post("/cities/burnaby/agreements/add/", {"signed": "spring", "source_url": "javascript:1"}),
        422,
    )
    assert "Enter the date as 2011" in page
    assert page.count("aria-invalid") >= 3


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01", "0000"])
def test_implausible_agreement_year_is_refused_at_its_field(signed_in, burnaby, day):
    client = signed_in(Role.ADMINISTRATOR, burnaby)
    page = text(client.post("/cities/burnaby/agreements/add/", {"expires": day}), 422)
    assert "Enter a year between 1800 and 2199." in page
    assert not TwinningAgreement.objects.exists()


@pytest.mark.parametrize("on", [date.min, date.max])
def test_pages_and_files_accept_dates_at_the_limits_of_the_calendar(signed_in, burnaby, on):
    agreement = cities.twinning("burnaby", "zhongshan")
    TwinningAgreement.objects.update(
        expires_on=on, expires_precision="day"
    )  # as an earlier version stored it
    client = signed_in(Role.ADMINISTRATOR, burnaby)
    for address in (
        "/cities/burnaby/",
        agreement.get_absolute_url(),
        "/network/",
        "/register/files/agreements.csv",
    ):
        response = client.get(address)
        assert response.status_code == 200
        b"".join(response)


def test_officer_recording_an_agreement_gets_403(signed_in, burnaby):
    cities.city("zhongshan")
    data = {"partner": "zhongshan", "kind": "sister", "source_url": URL}
    page = text(signed_in(Role.OFFICER, burnaby).post("/cities/burnaby/agreements/add/", data), 403)
    assert "Your role does not allow this" in page
    assert not TwinningAgreement.objects.exists()


def test_exchange_is_recorded_in_either_direction_on_the_city_page(signed_in, burnaby):
    zhongshan = cities.city("zhongshan")
    client = signed_in(Role.ADMINISTRATOR, burnaby)
    data = {
        "partner": "zhongshan",
        "kind": "gift",
        "when": "2020-02",
        "items": "masks",
        "quantity": "1 000",
        "unit": "piece",
        "source_url": URL,
    }
    for way in ("from", "to"):
        assert client.post("/cities/burnaby/exchanges/add/", {**data, "way": way}).status_code == 303
    assert [(one.from_city, one.quantity) for one in Exchange.objects.order_by("pk")] == [
        (zhongshan, 1000),
        (burnaby, 1000),
    ]
    assert "When" in text(client.get("/cities/burnaby/exchanges/add/"))


# --- an agreement's own page ---
def test_agreement_page_shows_facts_actions_and_history(signed_in, burnaby):
    agreement = cities.twinning(burnaby, "zhongshan", expires="2030", note="Both lists agree", certain=False)
    cities.exchange(burnaby, "zhongshan")
    client = signed_in(Role.ADMINISTRATOR, burnaby)
    page = text(client.get(agreement.get_absolute_url()))
    for words in (
        "Both lists agree",
        "2030",
        "No source confirms that this agreement is in force.",
        "Suspend",
        "recorded the agreement",
        "Letter",
    ):
        assert words in page
    assert "Suspend" not in text(signed_in(Role.OBSERVER, burnaby).get(agreement.get_absolute_url()))
    assert client.get("/agreements/999999/").status_code == 404


def test_agreement_is_corrected_suspended_resumed_ended_and_renewed_on_its_page(signed_in, burnaby):
    agreement = cities.twinning(burnaby, "zhongshan")
    client = signed_in(Role.ADMINISTRATOR, burnaby)

    def move(verb, **told):
        response = client.post(f"{agreement.get_absolute_url()}{verb}/", told)
        assert response.status_code == 303, response.content.decode()
        agreement.refresh_from_db()
        return text(client.get(agreement.get_absolute_url()))

    assert 'value="2011"' in text(client.get(f"{agreement.get_absolute_url()}correct/"))
    move("correct", signed="2011-05-14", expires="", source_url=URL, note="", certain="on", reason="own page")
    assert agreement.signed == parse_partial_date("2011-05-14")
    assert "Suspended" in move("suspend", on="2020-03", reason="vote")
    assert "2030" in move("resume", expires="2030", reason="vote")
    assert "Date unknown" in move("end", why="expired", on="", reason="lapsed")
    assert agreement.ended_why == "expired"
    move("undo_end", reason="a slip")
    assert (agreement.status, agreement.ended_why) == ("recorded", "")
    assert "2040" in move("renew", expires="2040", source_url=URL, reason="council")
    assert agreement.source_url == URL
    past = {"expires": "2019", "source_url": URL, "reason": "council"}
    assert "This date has passed." in text(client.post(f"{agreement.get_absolute_url()}renew/", past), 422)
    assert client.post(f"{agreement.get_absolute_url()}renew/", {"expires": "2041"}).status_code == 422
    assert text(client.get(f"{agreement.get_absolute_url()}end/"))
    assert client.post(f"{agreement.get_absolute_url()}suspend/", {"on": ""}).status_code == 422
    assert client.get(f"{agreement.get_absolute_url()}add/").status_code == 404


# --- where sources disagree ---
def test_city_page_lists_facts_on_which_sources_disagree(signed_in, burnaby):
    agreement = cities.twinning(
        "burnaby", "zhongshan", conflict="Kind: friendship (its council), or sister (a list)."
    )
    cities.twinning("burnaby", "wuhan")
    client = signed_in(Role.OBSERVER, burnaby)
    page = text(client.get("/cities/burnaby/"))
    section = page.split('id="conflicts"')[1].split("</section>")[0]
    assert "friendship (its council), or sister (a list)" in section
    assert "Zhongshan" in section
    assert "Wuhan" not in section
    assert "https://register.example/agreement" in section
    assert "friendship (its council)" in text(client.get(agreement.get_absolute_url()))
    assert 'id="conflicts"' not in text(client.get("/cities/wuhan/"))


def test_shipped_register_contains_the_known_source_conflicts(signed_in, burnaby):
    load_register(by=CONSOLE_ACTOR, at=NOW)
    told = dict(TwinningAgreement.objects.exclude(conflict="").values_list("city_b__slug", "conflict"))
    assert {"milan-it", "san-francisco-us", "xian-cn", "zhuhai-cn", "shijiazhuang-cn"} <= set(told)
    assert "1979" in told["milan-it"]
    page = text(signed_in(Role.OBSERVER, burnaby).get("/cities/shanghai-cn/"))
    section = page.split('id="conflicts"')[1].split("</section>")[0]
    assert section.count("<li>") == 3

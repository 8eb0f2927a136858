"""Tests of exchange rates on pages and through the API: empty list, entering, refusals, withdrawing."""

import pytest

from procurement.leads.models.exchange_rates import ManualRate
from tests.browsing import Browser
from tests.procurement.api.program import Program
from tests.worlds.need_to_order import AT, Story
from workflow.clock import clear_instance_cache, create_instance

pytestmark = pytest.mark.django_db
TYPED = {
    "currency": "AED",
    "rate": "0,38",
    "into": "CAD",
    "on": "2020-04-15",
    "source": "Central Bank of the UAE",
}


@pytest.fixture
def story():
    clear_instance_cache()
    create_instance("practice", AT)
    yield Story()
    clear_instance_cache()


def test_manual_exchange_rate_is_entered_shown_and_withdrawn_on_its_page(story):
    officer = Browser(story.officer.user)
    assert "No rates entered yet." in officer.open("/manual-rates/").text
    page = officer.open("/manual-rates/new/").press("Enter exchange rate", **TYPED)
    rate = ManualRate.objects.get()
    assert page.heading == "1 AED = 0.38 CAD"
    assert "Central Bank of the UAE" in page.text
    assert "1 AED = 0.38 CAD" in officer.open("/manual-rates/").text
    page.do("withdraw", rate, reason="A slip.")
    rate.refresh_from_db()
    assert rate.status == "withdrawn"


def test_invalid_manual_exchange_rate_is_refused_at_its_field(story):
    officer = Browser(story.officer.user)
    page = officer.open("/manual-rates/new/").press("Enter exchange rate", **{**TYPED, "currency": "CNY"})
    assert "European Central Bank has already published a rate for that date" in page.wrong["on"]
    page = officer.open("/manual-rates/new/").press("Enter exchange rate", **{**TYPED, "rate": "much"})
    assert set(page.wrong) == {"rate"}
    assert not ManualRate.objects.exists()


def test_observer_sees_no_button_and_gets_403_for_a_new_manual_rate(story):
    observer = Browser(story.observer.user)
    assert "/manual-rates/new/" not in dict(observer.open("/manual-rates/").ways).values()
    assert observer.client.get("/manual-rates/new/").status_code == 403
    assert "/manual-rates/new/" in [
        way for pair in Browser(story.officer.user).open("/manual-rates/").ways for way in pair
    ]


def test_manual_exchange_rate_is_entered_and_withdrawn_through_the_api(story):
    program = Program(story.officer.user)
    body = {"city": story.city.slug, "currency": "AED", "into": "CAD", "rate": "0.38", "on": "2020-04-15"}
    made = program.post("manual-rates/", {**body, "source": "Central Bank of the UAE"})
    assert made["rate"] == "0.38000000"
    again = program.refused("manual-rates/", {**body, "source": "a"})
    assert again["code"] == "rate_twice"
    gone = program.post(f"manual-rates/{made['reference']}/withdraw/", {"reason": "a slip"})
    assert gone["status"] == "withdrawn"


def test_api_returns_the_landed_cost_of_an_offer_part_by_part(story):
    lead = story.lead(story.line(10_000))
    data = Program(story.officer.user).get(f"supplier-leads/{lead.reference}/")
    assert data["landed"] == lead.landed
    assert {part["name"]: part["basis"] for part in data["landed"]["by"]["air"]["parts"]}["duty"] == "relief"
    assert (data["rate"], data["rate_on"], data["rate_source"]) == (f"{lead.rate:.8f}", "2020-04-16", "")

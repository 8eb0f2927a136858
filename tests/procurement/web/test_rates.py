"""Exchange rates on pages: the empty list, entering, refusals beside the field, withdrawing; and through the API."""

import pytest

from procurement.leads.models.rate import EnteredRate
from tests.browsing import Browser
from tests.procurement.api.program import Program
from tests.procurement.story import AT, Story
from workflow import clock
from workflow.clock import create_instance

pytestmark = pytest.mark.django_db
TYPED = {
    "currency": "aed",
    "rate": "0,38",
    "into": "cad",
    "on": "2020-04-15",
    "source": "Central Bank of the UAE",
}


@pytest.fixture
def story():
    clock.forget()
    create_instance("practice", AT)
    yield Story()
    clock.forget()


def test_a_rate_is_entered_shown_and_withdrawn(story):
    officer = Browser(story.officer.user)
    assert "No rate was entered." in officer.open("/rates/").text
    shown = officer.open("/rates/new/").press("Enter the rate", **TYPED)
    rate = EnteredRate.objects.get()
    assert shown.heading == "1 AED = 0.38 CAD"
    assert "Central Bank of the UAE" in shown.text
    assert "1 AED = 0.38 CAD" in officer.open("/rates/").text
    shown.do("withdraw", rate, reason="A slip.")
    rate.refresh_from_db()
    assert rate.status == "withdrawn"


def test_a_rate_that_cannot_be_is_refused_beside_its_field(story):
    officer = Browser(story.officer.user)
    page = officer.open("/rates/new/").press("Enter the rate", **{**TYPED, "currency": "CNY"})
    assert "European Central Bank has a rate for that day" in page.wrong["on"]
    page = officer.open("/rates/new/").press("Enter the rate", **{**TYPED, "rate": "much"})
    assert set(page.wrong) == {"rate"}
    assert not EnteredRate.objects.exists()


def test_who_may_not_enter_one_sees_no_button_and_no_page(story):
    observer = Browser(story.observer.user)
    assert "/rates/new/" not in dict(observer.open("/rates/").ways).values()
    assert observer.client.get("/rates/new/").status_code == 403
    assert "/rates/new/" in [way for pair in Browser(story.officer.user).open("/rates/").ways for way in pair]


def test_a_program_enters_and_withdraws_a_rate(story):
    program = Program(story.officer.user)
    body = {"city": story.city.slug, "currency": "AED", "into": "CAD", "rate": "0.38", "on": "2020-04-15"}
    made = program.post("entered-rates/", {**body, "source": "Central Bank of the UAE"})
    assert made["rate"] == "0.38000000"
    again = program.refused("entered-rates/", {**body, "source": "a"})
    assert again["code"] == "rate_twice"
    gone = program.post(f"entered-rates/{made['reference']}/withdraw/", {"reason": "a slip"})
    assert gone["status"] == "withdrawn"


def test_a_program_reads_what_a_piece_comes_to_part_by_part(story):
    lead = story.lead(story.line(10_000))
    told = Program(story.officer.user).get(f"supplier-leads/{lead.reference}/")
    assert told["landed"] == lead.landed
    assert {part["name"]: part["basis"] for part in told["landed"]["by"]["air"]["parts"]}["duty"] == "relief"
    assert (told["rate"], told["rate_on"], told["rate_source"]) == (f"{lead.rate:.8f}", "2020-04-16", "")

"""Tests of register lookups on the pages of a company and an offer: recorded and withdrawn."""

from datetime import date

import pytest

from procurement.suppliers.models.register_lookups import RegisterLookup
from tests.browsing import Browser
from tests.worlds.leads import submitted_offer
from tests.worlds.need_to_order import Story

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def story(once):
    with once():
        story = Story()
        assert story.officer and story.observer and story.stranger and story.supplier
        yield story


@pytest.fixture
def officer(story):
    return Browser(story.officer.user)


ANSWER = {
    "found": "product_list:cut",
    "party": "itself",
    "address": "https://register.example/appendix-a",
    "answered_on": "2020-04-16",
    "since": "2020-04-07",
    "words": "Named in the older version only.",
}


def test_register_lookup_is_recorded_on_the_company_page_and_visible_to_other_cities(story, officer):
    page = officer.open(story.supplier)
    assert "No register has been checked yet" in page
    page = page.follow("Record a lookup").press("Add", **ANSWER)
    row = RegisterLookup.objects.get()
    assert page.at == row.get_absolute_url()
    assert (row.kind, row.answer, row.since) == ("product_list", "cut", date(2020, 4, 7))
    for told in (
        "Removed from the list",
        "https://register.example/appendix-a",
        "Named in the older version",
    ):
        assert told in page
    assert "can block an offer" in page
    there = Browser(story.stranger.user).open(story.supplier)
    assert row.reference in there.follow("Authority’s product list")
    before = officer.open(story.supplier).follow("Record a lookup")
    page = before.press("Add", **{**ANSWER, "found": "product_list:listed", "since": ""})
    assert row.reference in page


def test_incomplete_register_lookup_is_refused_at_its_field(story, officer):
    form = officer.open(story.supplier).follow("Record a lookup")
    assert set(form.press("Add", **{**ANSWER, "found": "", "address": ""}).wrong) == {"found", "address"}
    wrong = form.press("Add", **{**ANSWER, "since": ""})
    assert (wrong.status, set(wrong.wrong)) == (422, {"since"})
    assert not RegisterLookup.objects.exists()


def test_register_lookup_from_an_offer_is_prefilled_with_its_goods(story, officer):
    maker = story.company("深圳易瑞 DEMO")
    lead = submitted_offer(story, maker=maker, model="KH-9501")
    form = officer.open(lead).follow("Check registers for the manufacturer")
    assert form.value("model") == "KH-9501"
    form.press("Add", **{**ANSWER, "found": "production_count:counted", "since": "", "count": "2 000 000"})
    row = RegisterLookup.objects.get()
    assert (row.supplier, row.product, row.count) == (maker, lead.product, 2_000_000)
    assert "does not block an offer" in officer.open(row)
    assert officer.open(lead).follow("Check company registers").status == 200


def test_register_lookup_recorded_by_mistake_is_withdrawn(story, officer):
    officer.open(story.supplier).follow("Record a lookup").press("Add", **ANSWER)
    row = RegisterLookup.objects.get()
    page = (
        officer.open(row)
        .follow("Withdraw register lookup")
        .press("Withdraw register lookup", reason="Another company of that name.")
    )
    row.refresh_from_db()
    assert (row.status, page.at) == ("retracted", row.get_absolute_url())
    assert "Withdraw register lookup" not in page.buttons


def test_observer_cannot_record_a_register_lookup(story):
    observer = Browser(story.observer.user)
    assert "Record a lookup" not in observer.open(story.supplier)
    assert observer.open(f"{story.supplier.get_absolute_url()}register-lookups/new/").status == 403
    assert observer.open("/register-lookups/LU-2020-9999/").status == 404

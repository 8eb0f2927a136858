"""Tests of the filters of offers by type, validity and evidence, on the page and in the API."""

from datetime import timedelta

import pytest

from procurement.leads.actions.leads import draft_lead, submit_lead
from procurement.leads.models.leads import SupplierLead
from procurement.verification.models import VerificationTask
from tests.browsing import Browser
from tests.procurement.api.program import Program
from tests.worlds.need_to_order import AT, Story
from workflow.clock import clear_instance_cache, create_instance

pytestmark = pytest.mark.django_db


@pytest.fixture
def story(db):
    clear_instance_cache()
    create_instance("practice", AT)
    yield Story("richmond")
    clear_instance_cache()


def offer(story, days: int | None, **facts) -> SupplierLead:
    """Return an offer that ends so many days from today, or never."""
    line = story.line(1_000)
    made = draft_lead(
        story.city, author=story.officer.user, by=story.officer.by, at=AT, line=line, product=line.product,
        supplier=story.supplier, contact=story.contact, stock_quantity=1_000, kind="sale",
    )  # fmt: skip
    submit_lead(made, by=story.officer.by, at=AT)
    valid_until = None if days is None else story.city.day_at(AT) + timedelta(days=days)
    SupplierLead.objects.filter(pk=made.pk).update(valid_until=valid_until, **facts)
    return made


def references_on_page(person, query: str) -> set[str]:
    page = Browser(person).open(f"/leads/?{query}")
    return {lead.reference for lead in SupplierLead.objects.all() if lead.reference in page}


@pytest.mark.parametrize(
    ("validity", "found"),
    [("valid", {None, 0, 7, 8}), ("ending", {0, 7}), ("ended", {-1}), ("", {None, -1, 0, 7, 8})],
)
def test_offers_are_filtered_by_their_last_day_in_the_city(story, validity, found):
    made = {days: offer(story, days) for days in (None, -1, 0, 7, 8)}
    shown = references_on_page(story.officer.user, f"validity={validity}")
    assert {days for days, lead in made.items() if lead.reference in shown} == found


def test_offers_are_filtered_by_type(story):
    sold, given = offer(story, None), offer(story, None, kind="donation")
    assert references_on_page(story.officer.user, "kind=donation") == {given.reference}
    assert references_on_page(story.officer.user, "kind=sale") == {sold.reference}


def test_offers_are_filtered_by_their_checks_on_page_and_api(story):
    complete = story.lead(story.line(1_000), 1_000)
    waiting, unchecked = offer(story, None, checks_open=2, checks_accepted=1), offer(story, None)
    assert complete.checks_accepted
    assert not VerificationTask.objects.filter(lead=unchecked).exists()
    api = Program(story.officer.user)
    for choice, flag, lead in (("complete", "true", complete), ("open", "false", waiting)):
        assert references_on_page(story.officer.user, f"evidence={choice}") == {lead.reference}
        rows = api.get(f"supplier-leads/?checks_complete={flag}")["results"]
        assert [row["reference"] for row in rows] == [lead.reference]


def test_reader_of_another_city_finds_nothing_by_the_checks_of_a_shared_offer(story):
    complete = story.lead(story.line(1_000), 1_000)
    other = Story("markham")
    complete.shared_with.add(other.city)
    reader = other.officer.user
    assert references_on_page(reader, "") == {complete.reference}
    api = Program(reader)
    for choice, flag in (("complete", "true"), ("open", "false")):
        assert references_on_page(reader, f"evidence={choice}") == set()
        assert api.get(f"supplier-leads/?checks_complete={flag}")["results"] == []

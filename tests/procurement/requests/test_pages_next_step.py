"""Tests of the next step on a need's page, and of the offers and the supply shown for each line."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from procurement.catalogue.models.products import Product
from procurement.catalogue.models.standards import Standard
from procurement.leads.actions.leads import draft_lead, submit_lead
from procurement.requests.actions.lines import LineFacts, add_line, set_lines
from procurement.requests.actions.requests import stop_request
from procurement.requests.models import RequestLine
from procurement.requests.views.apply_changes import current_line_facts
from procurement.requests.views.coverage_text import progress_sentence
from tests.browsing import Browser
from tests.worlds import cities
from tests.worlds.need_to_order import AT, Story

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def story(once):
    with once():
        story = Story()
        cities.twinning("burnaby", "zhongshan")
        assert story.officer and story.observer and story.stranger and story.contact and story.supplier
        yield story


@pytest.fixture
def officer(story):
    return Browser(story.officer.user)


def unchecked_offer(story, line, pieces):
    """Return an offer that is received and not checked yet."""
    lead = draft_lead(
        story.city, line=line, product=line.product, standard=Standard.objects.get(code="ASTM-F2100-L2"),
        stock_quantity=pieces, unit_price=Decimal("0.50"), currency="USD", kind="sale", supplier=story.supplier,
        contact=story.contact, incoterm="FCA", incoterm_place="Zhongshan", author=story.officer.user,
        by=story.officer.by, at=AT,
    )  # fmt: skip
    return submit_lead(lead, by=story.officer.by, at=AT)


def test_need_page_leads_to_asking_partners_until_enough_is_offered(story, officer):
    line = story.line(10_000)
    assert "No one has been asked yet." in officer.open(line.supply_request)
    story.asked(line)
    page = officer.open(line.supply_request)
    assert "Surgical mask (fluid resistant): 10,000 pieces still to find. Ask another city." in page
    assert page.follow("Ask another city").at == f"{line.supply_request.get_absolute_url()}ask/"
    lead = unchecked_offer(story, line, 10_000)
    page = officer.open(line.supply_request)
    assert f"{lead.reference} has not been verified yet." in page
    assert page.follow("View offer").at == lead.get_absolute_url()


def test_need_page_states_the_quantity_still_to_find(story, officer):
    line = story.line(10_000)
    story.asked(line)
    unchecked_offer(story, line, 7_000)
    assert "Surgical mask (fluid resistant): 3,000 pieces still to find." in officer.open(line.supply_request)


def test_paused_need_suggests_asking_no_one(story, officer):
    line = story.line(10_000)
    story.asked(line)
    stop_request(line.supply_request, reason="Enough", by=story.officer.by, at=AT)
    page = officer.open(line.supply_request)
    assert "still to find" not in page
    assert "New offers are paused for this need" in page


def test_need_page_lists_offers_under_their_own_line(story, officer):
    line = story.line(10_000)
    need = line.supply_request
    gloves = LineFacts(product=Product.objects.get(code="GLOVE_EXAM_NITRILE"), quantity=500)
    add_line(need, gloves, by=story.officer.by, at=AT)
    lead = unchecked_offer(story, line, 100)
    page = officer.open(need)
    assert "0 of 2 lines on their way; Surgical mask (fluid resistant): 0 of 10,000" in page
    masks, other = page.main.xpath(".//*[@id='leads']/section")
    assert lead.supplier.name in masks.text_content()
    assert lead.supplier.name not in other.text_content()


@pytest.mark.parametrize(
    ("shipped", "said"),
    [
        ((0, 0), "0 of 2 lines on their way; Surgical mask (fluid resistant): 0 of 100"),
        ((100, 10), "1 of 2 lines on their way; Surgical mask (fluid resistant): 10 of 100"),
        ((100, 100), "2 of 2 lines on their way"),
    ],
)
def test_line_counts_as_shipped_only_when_its_whole_quantity_is(story, shipped, said):
    product = Product.objects.get(code="MASK_SURG")
    lines = [
        RequestLine(product=product, quantity=100, shipped=amount, position=number)
        for number, amount in enumerate(shipped)
    ]
    assert progress_sentence(lines) == said
    assert progress_sentence([]) == ""


def test_date_of_running_out_is_shown_to_the_own_city_only(story, officer):
    line = story.line(10_000, visibility="network")
    need = line.supply_request
    set_lines(need, [current_line_facts(line, days_left=12)], by=story.officer.by, at=AT)
    day = need.city.day_at(AT) + timedelta(days=12)
    assert day == date(2020, 4, 28)
    assert "Your own supply runs out on 28 April 2020. No arrivals are planned yet." in officer.open(need)
    page = Browser(story.stranger.user).open(need)
    assert page.status == 200
    assert "runs out" not in page


def test_supply_chart_is_omitted_without_days_of_supply_and_arrivals(story, officer):
    line = story.line(10_000)
    set_lines(line.supply_request, [current_line_facts(line, runs_out_on=None)], by=story.officer.by, at=AT)
    assert "as planned" not in officer.open(line.supply_request), "nothing is known that could be drawn"

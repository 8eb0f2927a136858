"""Tests of the use of priority and days of supply.

They order the needs in their list and the need lines in a letter.
"""

from datetime import date

import pytest
from django.test import RequestFactory

from procurement.catalogue.models.products import Product
from procurement.requests.actions import LineFacts, set_lines
from procurement.requests.models import RequestLine, SupplyRequest
from procurement.requests.queries import urgency_order
from tests.browsing import Browser
from tests.worlds import cities
from tests.worlds.need_to_order import AT, Story
from workflow.http.pagination import paginate

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def story(once):
    """Provide the needs of one city, more and less urgent, in `needs` by their distinguishing fact."""
    with once():
        story = Story()
        cities.twinning("burnaby", "zhongshan")
        assert story.officer and story.stranger and story.contact
        story.needs = needs_of(story)
        yield story


@pytest.fixture
def needs(story):
    return story.needs


def needs_of(story: Story) -> dict[str, SupplyRequest]:
    facts = {
        "later": {"priority": RequestLine.Priority.HIGH, "days_left": 20},
        "soon": {"priority": RequestLine.Priority.HIGH, "days_left": 3},
        "critical": {"priority": RequestLine.Priority.CRITICAL},
        "normal": {"days_left": 1},
        "covered": {"priority": RequestLine.Priority.CRITICAL, "allocated": 10_000},
    }
    found = {}
    for name, one in facts.items():
        line = story.line()
        RequestLine.objects.filter(pk=line.pk).update(**one)
        found[name] = line.supply_request
    return found


def order(browser: Browser, address: str) -> list[str]:
    """Return the references of the needs in a list, in its order."""
    return [str(one) for one in browser.open(address).main.xpath(".//tbody//*[@class='reference']/text()")]


def test_the_most_urgent_need_stands_first_where_a_reader_asks_for_it(story, needs):
    said = order(Browser(story.officer.user), "/needs/?order=urgency")
    assert said == [needs[name].reference for name in ("critical", "soon", "later", "normal", "covered")]
    assert order(Browser(story.officer.user), "/needs/")[0] == needs["covered"].reference, "newest first"


def test_another_city_learns_nothing_of_days_of_supply_from_the_order(story, needs):
    SupplyRequest.objects.update(visibility="network")
    said = order(Browser(story.stranger.user), "/needs/?order=urgency")
    assert said == [needs[name].reference for name in ("critical", "later", "soon", "normal", "covered")]


def test_the_list_names_the_highest_priority_of_each_need(story, needs):
    text = Browser(story.officer.user).open("/needs/?order=urgency").text
    assert "Priority: Critical" in text
    assert "Priority: High" in text
    assert "Priority: Normal" not in text


def test_the_pages_of_the_list_follow_each_other(needs):
    seen: list[SupplyRequest] = []
    cursor = ""
    for _ in needs:
        request = RequestFactory().get("/needs/", {"order": "urgency", "cursor": cursor})
        shown = paginate(request, SupplyRequest.objects.all(), {"urgency": urgency_order(())}, size=2)
        seen += shown.rows
        cursor = shown.next
        if not cursor:
            break
    assert len(seen) == len(set(seen)) == len(needs)


def test_a_letter_names_the_most_urgent_goods_first_and_says_how_urgent(story):
    mask, respirator, glove = (
        Product.objects.get(code=code) for code in ("MASK_SURG", "RESP_KN95", "GLOVE_EXAM_NITRILE")
    )
    need = story.line().supply_request
    lines = [
        LineFacts(product=mask, quantity=100),
        LineFacts(
            product=respirator,
            quantity=100,
            priority=RequestLine.Priority.CRITICAL,
            needed_by=date(2020, 5, 1),
        ),
        LineFacts(product=glove, quantity=100, days_left=4),
    ]
    set_lines(need, lines, by=story.officer.by, at=AT)
    address = f"{need.get_absolute_url()}ask/{story.contact.pk}/"
    body = Browser(story.officer.user).open(address).value("body")
    places = [body.index(product.name_zh) for product in (respirator, glove, mask)]
    assert places == sorted(places)
    assert body.count("优先级：") == 1

"""Tests of priority and days of supply, which order the list of needs and the lines of a letter."""

from datetime import date, timedelta

import pytest
from django.test import RequestFactory

from procurement.catalogue.models.products import Product
from procurement.dashboard.views import todo_items
from procurement.requests.actions.lines import LineFacts, change_line, set_lines
from procurement.requests.models import RequestLine, SupplyRequest
from procurement.requests.urgency import urgency_order
from procurement.shipments.queries import next_arrival
from tests.browsing import Browser
from tests.procurement.api.program import Program
from tests.worlds import cities
from tests.worlds.need_to_order import AT, Story
from tests.worlds.shipments import Journey
from workflow.clock import advance_clock, clear_instance_cache, create_instance
from workflow.errors import Refused
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
        "later": {"priority": RequestLine.Priority.HIGH, "runs_out_on": date(2020, 5, 6)},
        "soon": {"priority": RequestLine.Priority.HIGH, "runs_out_on": date(2020, 4, 19)},
        "critical": {"priority": RequestLine.Priority.CRITICAL},
        "normal": {"runs_out_on": date(2020, 4, 17)},
        "covered": {"priority": RequestLine.Priority.CRITICAL, "allocated": 10_000},
    }
    found = {}
    for name, one in facts.items():
        line = story.line()
        RequestLine.objects.filter(pk=line.pk).update(**one)
        found[name] = line.supply_request
    return found


def references_in_order(browser: Browser, address: str) -> list[str]:
    """Return the references of the needs in a list, in its order."""
    return [str(one) for one in browser.open(address).main.xpath(".//tbody//*[@class='reference']/text()")]


def test_need_list_can_be_sorted_by_urgency(story, needs):
    said = references_in_order(Browser(story.officer.user), "/needs/?order=urgency")
    assert said == [needs[name].reference for name in ("critical", "soon", "later", "normal", "covered")]
    assert references_in_order(Browser(story.officer.user), "/needs/")[0] == needs["covered"].reference, (
        "newest first"
    )


def test_urgency_order_reveals_no_days_of_supply_to_other_cities(story, needs):
    SupplyRequest.objects.update(visibility="network")
    said = references_in_order(Browser(story.stranger.user), "/needs/?order=urgency")
    assert said == [needs[name].reference for name in ("critical", "later", "soon", "normal", "covered")]


def test_need_list_names_the_highest_priority_of_each_need(story, needs):
    text = Browser(story.officer.user).open("/needs/?order=urgency").text
    assert "Priority: Critical" in text
    assert "Priority: High" in text
    assert "Priority: Normal" not in text


def test_pages_of_the_urgency_list_contain_every_need_once(needs):
    seen: list[SupplyRequest] = []
    cursor = ""
    for _ in needs:
        request = RequestFactory().get("/needs/", {"order": "urgency", "cursor": cursor})
        shown = paginate(
            request, SupplyRequest.objects.all(), {"urgency": urgency_order((), next_arrival())}, size=2
        )
        seen += shown.rows
        cursor = shown.next_cursor
        if not cursor:
            break
    assert len(seen) == len(set(seen)) == len(needs)


def test_letter_lists_the_most_urgent_goods_first_with_their_priority(story):
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


@pytest.mark.parametrize(
    ("facts", "ends"),
    [
        ({"days_left": 5}, date(2020, 4, 21)),
        ({"stock": 1_999, "use_per_day": 400}, date(2020, 4, 20)),
        ({"stock": 399, "use_per_day": 400}, date(2020, 4, 16)),
        ({"stock": 10**9, "use_per_day": 1}, date(2020, 4, 16) + timedelta(days=3650)),
        ({"runs_out_on": date(2020, 4, 30), "use_per_day": 7}, date(2020, 4, 30)),
        ({"use_per_day": 7}, None),
    ],
)
def test_days_of_supply_are_stored_as_the_date_of_running_out(story, facts, ends):
    line = story.line()
    change_line(line, LineFacts(product=line.product, quantity=10, **facts), by=story.officer.by, at=AT)
    line.refresh_from_db()
    assert (line.runs_out_on, line.use_per_day) == (ends, facts.get("use_per_day"))


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"stock": 5}, "use_per_day"),
        ({"stock": 5, "use_per_day": 1, "days_left": 2}, "days_left"),
        ({"runs_out_on": date(2999, 1, 1)}, "runs_out_on"),
    ],
)
def test_contradictory_or_excessive_supply_values_are_refused_at_their_field(story, facts, field):
    line = story.line()
    with pytest.raises(Refused) as refused:
        change_line(line, LineFacts(product=line.product, quantity=10, **facts), by=story.officer.by, at=AT)
    assert refused.value.details["field"] == field


@pytest.mark.parametrize(("day", "left"), [(20, 1), (21, 0), (25, 0)])
def test_days_of_supply_count_down_to_zero(day, left):
    assert RequestLine(runs_out_on=date(2020, 4, 21)).days_left(date(2020, 4, day)) == left


def test_saving_a_line_recalculates_its_supply_only_when_stated_again(story, needs):
    clear_instance_cache()
    create_instance("practice", AT)
    advance_clock(AT + timedelta(days=2))
    officer, line = Browser(story.officer.user), needs["soon"].lines.get()
    at = f"{needs['soon'].get_absolute_url()}lines/{line.pk}/"
    form = officer.open(at)
    assert form.value("days_left") == "1"
    form.press("Save", quantity="9,000")
    line.refresh_from_db()
    assert (line.quantity, line.runs_out_on) == (9_000, date(2020, 4, 19))
    officer.open(at).press("Save", days_left="3")
    line.refresh_from_db()
    assert line.runs_out_on == date(2020, 4, 21)
    officer.open(at).press("Save", stock="100", use_per_day="10")
    line.refresh_from_db()
    assert line.runs_out_on == date(2020, 4, 28)
    clear_instance_cache()


def test_today_lists_a_supply_running_out_within_a_week(story, needs):
    def said(by):
        return {row.reference: str(row.sentence) for row in todo_items(by, AT) if row.kind == "runs_out"}

    name = needs["soon"].lines.get().product.name
    assert said(story.officer.by) == {
        needs["soon"].reference: f"{name}: your supply runs out on 19 Apr, and no arrival is planned",
        needs["normal"].reference: f"{name}: your supply runs out on 17 Apr, and no arrival is planned",
    }
    assert said(story.stranger.by) == {}
    waiting = todo_items(story.officer.by, AT + timedelta(days=2))
    (late,) = (row for row in waiting if (row.kind, row.pk) == ("runs_out", needs["normal"].lines.get().pk))
    assert str(late.sentence) == f"{name}: your supply ran out on 17 Apr, and no arrival is planned"
    for days, listed in ((6, True), (7, False)):
        needs["soon"].lines.update(runs_out_on=date(2020, 4, 16) + timedelta(days=days))
        assert (needs["soon"].reference in said(story.officer.by)) is listed


def test_today_does_not_list_a_supply_that_lasts_until_the_next_arrival():
    story = Journey()
    shipment = story.packed()
    line = RequestLine.objects.get(allocations__order_line__shipment_lines__shipment=shipment)
    for expected, listed in ((date(2020, 4, 20), False), (date(2020, 4, 21), True)):
        type(shipment).objects.filter(pk=shipment.pk).update(expected_on=expected)
        RequestLine.objects.filter(pk=line.pk).update(runs_out_on=date(2020, 4, 20), quantity=10**6)
        rows = [
            row for row in todo_items(story.officer.by, AT) if (row.kind, row.pk) == ("runs_out", line.pk)
        ]
        assert bool(rows) is listed
        rank = SupplyRequest.objects.annotate(
            rank=urgency_order(story.officer.by.visible_cities, next_arrival())
        )
        needed = rank.get(pk=line.supply_request_id).rank
        RequestLine.objects.filter(pk=line.pk).update(runs_out_on=None)
        assert (rank.get(pk=line.supply_request_id).rank > needed) is listed
    assert str(rows[0].sentence) == (
        f"{line.product.name}: your supply runs out on 20 Apr, next arrival 21 Apr"
    )


def test_api_sorts_needs_by_urgency_and_filters_by_running_out_date(story, needs):
    SupplyRequest.objects.update(visibility="network")
    officer, stranger = Program(story.officer.user), Program(story.stranger.user)

    def listed(program, query):
        return [row["reference"] for row in program.get(f"supply-requests/?{query}")["results"]]

    order = [needs[name].reference for name in ("critical", "soon", "later", "normal", "covered")]
    assert listed(officer, "ordering=urgency") == order
    assert listed(stranger, "ordering=urgency") == [order[place] for place in (0, 2, 1, 3, 4)]
    assert listed(officer, "priority=1") == [needs["critical"].reference], "what is covered is not urgent"
    assert listed(officer, "runs_out_before=2020-04-19&ordering=id") == [
        needs["soon"].reference,
        needs["normal"].reference,
    ]
    assert listed(stranger, "runs_out_before=2020-04-19") == []

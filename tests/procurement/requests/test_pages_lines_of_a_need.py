"""Tests that each line of a need is covered by itself, and that asking and allocating stay open until all are covered."""

from datetime import date, datetime, timedelta

import pytest

from procurement.allocations import actions
from procurement.catalogue.models.products import Product
from procurement.leads.actions.leads import LeadEdit, change_lead
from procurement.leads.models.leads import SupplierLead
from procurement.orders.actions.approve import approve_order, record_confirmation
from procurement.orders.actions.create import create_order
from procurement.requests.actions.lines import LineFacts, add_line
from procurement.requests.actions.requests import draft_request, stop_request
from procurement.requests.models import SupplyRequest
from tests.browsing import Browser
from tests.procurement.refusals import assert_refused
from tests.worlds.need_to_order import AT, Story

pytestmark = pytest.mark.django_db


@pytest.fixture
def story() -> Story:
    story = Story()
    story.practise()
    return story


def need_of(story: Story, *lines: tuple[str, int], **facts: object) -> SupplyRequest:
    first, *others = lines
    need = story.line(first[1], first[0]).supply_request
    for product, quantity in others:
        facts_of = LineFacts(product=Product.objects.get(code=product), quantity=quantity, **facts)
        add_line(need, facts_of, by=story.officer.by, at=AT)
    return need


def open_step(story: Story, need: SupplyRequest, then: str = "") -> object:
    return Browser(story.officer.user).open(f"{need.get_absolute_url()}{then}")


def test_quantities_of_different_goods_are_never_added_up(story):
    need = need_of(story, ("MASK_SURG", 710), ("GLOVE_EXAM_NITRILE", 1_330))
    for at in ("/needs/", need.get_absolute_url(), f"{need.get_absolute_url()}allocate/"):
        page = Browser(story.officer.user).open(at)
        assert "1,330" in page
        assert "2,040" not in page, at


def test_need_with_an_uncovered_line_is_not_shown_as_verified_in_total(story):
    need = need_of(story, ("MASK_SURG", 800), ("RESP_KN95", 200))
    story.lead(need.lines.get(position=1), stock=800)
    page = open_step(story, need)
    assert "100% verified" in page
    assert "0% verified" in page
    assert "200 still needed" in page
    assert "80% verified" not in page


def offers_step(page, *steps: str) -> bool:
    """Return True if the page leads to one of these steps. A closed button explains its reason."""
    return any(at.endswith(steps) for _method, at in page.ways)


def test_asking_and_allocating_are_offered_while_the_need_is_open(story):
    line = story.line(4_000)
    story.asked(line)
    page = open_step(story, line.supply_request)
    assert "Ask partners" in page
    assert "Allocate goods" in page
    assert offers_step(page, "/ask/")
    assert offers_step(page, "/allocate/")
    stop_request(line.supply_request, reason="Enough offers.", by=story.officer.by, at=AT)
    assert not offers_step(open_step(story, line.supply_request), "/ask/")


def test_draft_need_offers_neither_asking_nor_allocating(story):
    need = draft_request(
        story.city, title="Later", lines=[LineFacts(product=Product.objects.get(code="MASK_SURG"), quantity=9)],
        author=story.officer.user, by=story.officer.by, at=AT,
    )  # fmt: skip
    page = open_step(story, need)
    assert not offers_step(page, "/ask/", "/allocate/")


def test_goods_verified_for_another_need_of_the_city_can_be_allocated(story):
    lead = story.lead(story.line(3_000), stock=3_000)
    other = story.line(1_100)
    page = open_step(story, other.supply_request, "allocate/")
    assert f"offered for {lead.line.supply_request.reference}" in page
    name = f"line{other.pk}_lead{lead.pk}"
    page.press("Allocate goods", **{name: "1,100", f"reason_{name}": "The clinic opens on Monday."})
    other.refresh_from_db()
    assert other.allocated == 1_100


def test_goods_of_another_product_are_not_offered_for_allocation(story):
    story.lead(story.line(3_000), stock=3_000)
    gloves = story.line(50, "GLOVE_EXAM_NITRILE")
    assert "No verified goods are available." in open_step(story, gloves.supply_request, "allocate/")


@pytest.fixture
def expiring_offer(story) -> SupplierLead:
    return story.lead(story.line(5_000), stock=5_000, valid_until=date(2020, 4, 20))


def test_offer_can_be_allocated_on_its_last_day_but_not_the_day_after(story, expiring_offer):
    in_burnaby = datetime.fromisoformat("2020-04-20T23:30:00-07:00")
    promised = {"author": story.officer.user, "by": story.officer.by}
    actions.allocate(expiring_offer, expiring_offer.line, 100, at=in_burnaby, **promised)
    with assert_refused("not_ready"):
        actions.allocate(
            expiring_offer, expiring_offer.line, 100, at=in_burnaby + timedelta(hours=1), **promised
        )


def test_expired_offer_cannot_be_ordered_unless_already_ordered(story, expiring_offer):
    day_after = datetime.fromisoformat("2020-04-21T09:00:00-07:00")
    promised = {"author": story.officer.user, "by": story.officer.by}
    first = actions.allocate(expiring_offer, expiring_offer.line, 1_000, at=AT, **promised)
    second = actions.allocate(expiring_offer, expiring_offer.line, 1_000, at=AT, **promised)
    placed = story.placed(first)
    why = {"few_offers_reason": "Only one maker had stock."}
    with assert_refused("not_ready"):
        create_order(story.city, [second], at=day_after, **promised, **why)
    assert record_confirmation(placed, by=story.officer.by, at=day_after).status == "confirmed"
    waiting = story.draft(second)
    with assert_refused("not_ready"):
        approve_order(waiting, by=story.officer.by, at=day_after)
    change_lead(expiring_offer, LeadEdit(valid_until=date(2020, 5, 2)), by=story.officer.by, at=day_after)
    assert approve_order(waiting, by=story.officer.by, at=day_after).status == "approved"

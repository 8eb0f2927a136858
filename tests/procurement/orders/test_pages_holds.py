"""Tests of holds on pages: one order with its banner and button, all orders to a company, and the list."""

from typing import Any

import pytest

from procurement.orders.models import Order
from tests.browsing import Browser
from tests.worlds.need_to_order import Story

pytestmark = pytest.mark.django_db
REASON = "A caller says the licence is forged."


@pytest.fixture(scope="module")
def story(once: Any) -> Any:
    with once():
        story = Story()
        assert story.officer and story.approver and story.logistics and story.observer and story.stranger
        story.first, story.second = story.placed(), story.approved(story.promise())
        yield story


def reloaded_order(order: Order) -> Order:
    return Order.objects.get(pk=order.pk)


def test_hold_is_shown_on_the_order_page_with_a_button_to_resume(story: Any) -> None:
    officer, order = Browser(story.officer.user), story.second
    asks = officer.open(order).follow("Put order on hold")
    wrong = asks.press("Put order on hold", reason="", held_until="2020-04-01")
    assert (wrong.status, set(wrong.wrong)) == (422, {"reason"})
    past = asks.press("Put order on hold", reason=REASON, held_until="2020-04-01")
    assert (past.status, set(past.wrong)) == (422, {"held_until"})
    page = asks.press("Put order on hold", reason=REASON, held_until="2020-05-29")
    for words in ("On hold until the end of", REASON, str(story.officer.user)):
        assert words in page
    assert "Place order" not in page.buttons
    assert officer.open(order).follow("Change hold").value("reason") == REASON
    logistics = Browser(story.logistics.user).open(order)
    assert ("get", f"{order.get_absolute_url()}resume/") not in logistics.ways
    assert ("get", f"{order.get_absolute_url()}hold/") not in Browser(story.observer.user).open(order).ways
    page = officer.open(order).follow("Resume order").press("Resume order", reason="It is genuine.")
    assert "On hold until" not in page
    assert "Place order" in page.buttons


def test_all_orders_to_a_company_are_held_from_the_company_page(story: Any) -> None:
    asks = Browser(story.logistics.user).open(story.supplier).follow("Hold all orders")
    assert story.first.reference in asks
    assert set(asks.press("Put orders on hold", reason=REASON, held_until="2020-04-01").wrong) == {
        "held_until"
    }
    assert reloaded_order(story.first).held_since is None
    page = asks.press("Put orders on hold", reason=REASON)
    assert page.at == story.supplier.get_absolute_url()
    assert [bool(reloaded_order(order).held_since) for order in (story.first, story.second)] == [True, True]
    again = Browser(story.officer.user).open(f"{story.supplier.get_absolute_url()}hold-orders/")
    refused = again.press("Put orders on hold", reason="Twice.")
    assert story.first.reference in refused.alert
    assert reloaded_order(story.first).hold_reason == REASON
    assert Browser(story.observer.user).open(f"{story.supplier.get_absolute_url()}hold-orders/").status == 403


def test_order_list_marks_and_filters_held_orders(story: Any) -> None:
    officer = Browser(story.officer.user)
    officer.open(story.first).follow("Put order on hold").press("Put order on hold", reason=REASON)
    listed = officer.open("/orders/?held=on")
    assert story.first.reference in listed
    assert story.second.reference not in listed
    assert "On hold" in listed

"""Tests of the progress of an order's goods and payments, on its page, in the list, and by the rules."""

from types import SimpleNamespace

import pytest

from procurement.orders.models import Order, OrderLine
from procurement.orders.payments.models import Payment
from procurement.orders.rules.progress import (
    delivery_badge_key,
    delivery_progress,
    is_payment_progress_shown,
    payment_progress,
    payment_progress_of,
)
from tests.browsing import Browser, words
from tests.worlds.completed_orders import completed_order, mark_all_goods_released
from tests.worlds.need_to_order import AT, Story
from workflow.clock import clear_instance_cache


def order_line(quantity=10, departed=0, released=0, failed=0):
    return OrderLine(quantity=quantity, departed=departed, released=released, failed=failed)


@pytest.mark.parametrize(
    ("lines", "progress"),
    [
        ([order_line()], "not_shipped"),
        ([order_line(departed=1), order_line()], "on_the_way"),
        ([order_line(departed=10, released=9)], "partly_delivered"),
        ([order_line(departed=10, released=9, failed=1)], "delivered"),
        ([order_line(departed=10, released=10), order_line()], "partly_delivered"),
        ([order_line(departed=10, failed=10)], "on_the_way"),
        ([], "not_shipped"),
    ],
)
def test_goods_are_delivered_when_every_unit_is_released_or_lost(lines, progress):
    assert delivery_progress(lines) == progress


@pytest.mark.parametrize(
    ("paid", "open_", "progress"),
    [(True, False, "paid"), (True, True, "partly_paid"), (False, True, "unpaid"), (False, False, "unpaid")],
)
def test_order_is_paid_when_no_payment_is_open(paid, open_, progress):
    assert payment_progress(any_paid=paid, any_open=open_) == progress


def test_cancelled_payments_do_not_count_in_the_payment_progress():
    payments = [SimpleNamespace(status=status) for status in ("paid", "cancelled")]
    assert payment_progress_of(payments) == "paid"
    assert payment_progress_of(payments[1:]) == "unpaid"
    assert payment_progress_of([*payments, SimpleNamespace(status="proposed")]) == "partly_paid"


@pytest.mark.parametrize(
    ("kind", "status", "shown", "mark"),
    [
        ("purchase", "approved", False, ""),
        ("purchase", "placed", True, "on_the_way"),
        ("purchase", "completed", True, "delivered"),
        ("purchase", "cancelled", False, ""),
        ("donation", "accepted", False, "on_the_way"),
        ("donation", "thanked", False, ""),
    ],
)
def test_progress_badges_are_shown_from_the_placed_order_on(kind, status, shown, mark):
    order = Order(kind=kind, status=status)
    assert is_payment_progress_shown(order) is shown
    assert delivery_badge_key(order, delivery_progress([order_line(departed=1)])) == mark
    if status != "completed":
        assert delivery_badge_key(order, delivery_progress([order_line()])) == "", "the status says it"


@pytest.fixture
def story(db):
    """Return the example purchase (`Story`) on a practice site, where signing in needs no second factor."""
    story = Story()
    story.practise()
    assert story.officer and story.approver
    yield story
    clear_instance_cache()


def badge_texts(node) -> list[str]:
    return [words(one) for one in node.xpath(".//span[contains(@class, 'status')]")]


def heading_badges(page):
    return page.main.xpath(".//p[@class='sub']")[0]


def test_order_page_shows_delivery_and_payment_badges_and_what_is_left_to_do(story):
    officer = Browser(story.officer.user)
    order = story.ready()
    page = officer.open(order)
    assert badge_texts(heading_badges(page)) == ["Ready to ship", "Unpaid"]
    assert "10,000 units to deliver and release, USD 5,000.00 to pay" in words(heading_badges(page))
    assert page.heading.startswith("Surgical mask (fluid resistant), 10,000 pieces · ")
    assert page.heading.endswith(order.reference)
    mark_all_goods_released(order)
    assert badge_texts(heading_badges(officer.open(order))) == ["Delivered", "Unpaid"]
    Payment.objects.filter(order=order, milestone="deposit").update(
        status="paid", paid_on=AT.date(), proposed_by=story.officer.user, paid_by=story.approver.user
    )
    page = officer.open(order)
    assert badge_texts(heading_badges(page)) == ["Delivered", "Partly paid"]
    assert "Still to do: USD 3,500.00 to pay" in words(heading_badges(page))


def test_completed_order_is_listed_with_goods_supplier_need_and_progress(story):
    order = completed_order(story)
    Payment.objects.filter(order=order).update(
        status="paid", paid_on=AT.date(), proposed_by=story.officer.user, paid_by=story.approver.user
    )
    page = Browser(story.officer.user).open("/orders/")
    (row,) = page.main.xpath(".//tbody/tr")
    need = order.lines.get().allocation.line.supply_request
    for said in ("Surgical mask (fluid resistant), 10,000 pieces", order.supplier.name, need.reference):
        assert said in words(row)
    assert badge_texts(row) == ["Delivered", "Paid"]
    assert "Still to do" not in Browser(story.officer.user).open(order)


def test_payments_not_yet_open_are_shown_in_one_line(story):
    page = Browser(story.officer.user).open(story.placed())
    (card,) = page.main.xpath(".//section[@id='payments']")
    rows = [words(row) for row in card.xpath("./ul[@class='rows']/li")]
    assert ["Deposit" in row for row in rows] == [True]
    (line_,) = card.xpath("./details/summary")
    assert "Not due yet: Against shipping documents 40%" in words(line_)
    assert "After inspection 30%" in words(line_)
    assert "10,000 units have not been shipped yet." in words(card)


def test_supplier_confirmation_is_recorded_on_the_order_page_and_can_mark_goods_ready(story):
    officer = Browser(story.officer.user)
    order = story.placed(bank_account=story.account())
    page = officer.open(order)
    assert page.buttons[:2] == ["Record supplier confirmation", "Record confirmation and mark goods as ready"]
    wrong = page.press("Record supplier confirmation", promised_on="soon")
    assert (wrong.status, set(wrong.wrong)) == (422, {"promised_on"})
    done = page.press("Record confirmation and mark goods as ready", promised_on="2020-05-04")
    assert done.at == f"/shipments/new/?order={order.reference}", "the next step is to plan the shipment"
    assert "the status is now “Ready to ship”" in done
    order.refresh_from_db()
    assert (order.status, order.promised_on.isoformat()) == ("ready_to_ship", "2020-05-04")


def test_every_order_page_has_at_most_one_primary_button(story):
    officer, approver = Browser(story.officer.user), Browser(story.approver.user)
    order = story.draft(bank_account=story.account())
    for label in ("Approve order", "Place order", "Record supplier confirmation", "Mark goods as ready"):
        page = officer.open(order)
        primary = page.main.xpath(".//*[contains(@class, 'btn-primary')]")
        assert [words(one) for one in primary] == [label]
        assert page.press(label).status == 200
    order.refresh_from_db()
    assert order.status == "ready_to_ship"
    for person in (approver, Browser(story.logistics.user)):
        primary = person.open(order).main.xpath(".//*[contains(@class, 'btn-primary')]")
        assert len(primary) <= 1

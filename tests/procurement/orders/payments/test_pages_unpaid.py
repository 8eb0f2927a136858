"""Tests of a received order with unpaid amounts, on its page and on its author's start page ("Today")."""

from collections.abc import Iterator

import pytest

from procurement.orders.actions.approve import mark_ready
from procurement.orders.models import Order
from procurement.orders.payments.models import Payment
from tests.browsing import Browser
from tests.worlds.need_to_order import AT
from tests.worlds.shipments import Journey
from workflow.clock import clear_instance_cache

pytestmark = pytest.mark.django_db


@pytest.fixture
def story() -> Iterator[Journey]:
    """Return the example purchase (`Story`) on a practice site, where signing in needs no second factor."""
    voyage = Journey()
    voyage.practise()
    yield voyage
    clear_instance_cache()


@pytest.fixture
def order(story: Journey) -> Order:
    """Return an order that is delivered, released and closed, with all its payments still planned."""
    found: Order = story.closed().lines.get().order_line.order
    found.refresh_from_db()
    assert found.status == "completed"
    return found


def test_received_unpaid_order_is_shown_on_its_page_and_on_its_authors_today(
    story: Journey, order: Order
) -> None:
    author = Browser(order.author)
    page = author.open(order)
    assert "Received, not paid" in page
    assert ("No bank account has been chosen." in page) == (order.bank_account_id is None)
    today = author.open("/")
    assert f"Pay {order.supplier.name} for the goods you have received: " in today
    assert "received but not paid for" not in Browser(story.logistics.user).open("/")
    assert "received but not paid for" not in Browser(story.stranger.user).open("/")


def test_received_order_without_planned_payments_is_shown_as_unpaid(story: Journey, order: Order) -> None:
    order.payments.update(status=Payment.Status.CANCELLED)
    assert "no payment is planned" in Browser(order.author).open(order)
    assert f"Pay {order.supplier.name} for the goods you have received" in Browser(order.author).open("/")


@pytest.mark.parametrize("left", ["paid", "status"])
def test_paid_or_uncompleted_order_is_not_shown_as_received_unpaid(
    story: Journey, order: Order, left: str
) -> None:
    if left == "paid":
        Payment.objects.filter(order=order).update(
            status="paid", paid_on=AT.date(), proposed_by=story.officer.user, paid_by=story.approver.user
        )
    else:
        Order.objects.filter(pk=order.pk).update(status=Order.Status.READY_TO_SHIP)
    author = Browser(order.author)
    assert "Received, not paid" not in author.open(order)
    assert "received but not paid for" not in author.open("/")


def test_completed_donation_is_never_listed_as_unpaid(story: Journey) -> None:
    gift = mark_ready(story.accepted(), by=story.officer.by, at=AT)
    story.closed(story.plan(gift))
    gift.refresh_from_db()
    assert (gift.kind, gift.status) == ("donation", "completed")
    assert not Order.objects.received_unpaid().exists()

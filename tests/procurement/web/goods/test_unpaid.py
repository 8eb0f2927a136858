"""An order of which everything was received and not everything is paid: on its page, and on its author's Today."""

from collections.abc import Iterator

import pytest

from procurement.orders.actions import deciding
from procurement.orders.models.order import Order
from procurement.orders.models.payment import Payment
from tests.browsing import Browser
from tests.procurement.shipments.play import Voyage
from tests.procurement.story import AT
from workflow import clock

pytestmark = pytest.mark.django_db


@pytest.fixture
def story() -> Iterator[Voyage]:
    """On a practice instance, where the second step is not asked for."""
    voyage = Voyage()
    voyage.practise()
    yield voyage
    clock.forget()


@pytest.fixture
def order(story: Voyage) -> Order:
    """Delivered, released and closed; each payment is still planned."""
    found: Order = story.closed().lines.get().order_line.order
    found.refresh_from_db()
    assert found.status == "completed"
    return found


def test_the_order_and_its_authors_today_say_received_not_paid(story: Voyage, order: Order) -> None:
    author = Browser(order.author)
    page = author.open(order)
    assert "Received, not paid" in page
    assert ("No bank account is chosen." in page) == (order.bank_account_id is None)
    today = author.open("/")
    assert f"{order.reference} is received, not paid: {order.supplier.name}" in today
    assert "received, not paid" not in Browser(story.logistics.user).open("/")
    assert "received, not paid" not in Browser(story.stranger.user).open("/")


def test_without_any_payment_it_is_not_paid_either(story: Voyage, order: Order) -> None:
    order.payments.update(status=Payment.Status.CANCELLED)
    assert "no payment is planned" in Browser(order.author).open(order)
    assert f"{order.reference} is received, not paid" in Browser(order.author).open("/")


@pytest.mark.parametrize("left", ["paid", "status"])
def test_once_paid_or_before_it_is_completed_nothing_is_said(story: Voyage, order: Order, left: str) -> None:
    if left == "paid":
        Payment.objects.filter(order=order).update(
            status="paid", paid_on=AT.date(), proposed_by=story.officer.user, paid_by=story.approver.user
        )
    else:
        Order.objects.filter(pk=order.pk).update(status=Order.Status.READY)
    author = Browser(order.author)
    assert "Received, not paid" not in author.open(order)
    assert "received, not paid" not in author.open("/")


def test_a_gift_is_never_unpaid(story: Voyage) -> None:
    gift = deciding.ready(story.accepted(), by=story.officer.by, at=AT)
    story.closed(story.plan(gift))
    gift.refresh_from_db()
    assert (gift.kind, gift.status) == ("donation", "completed")
    assert not Order.objects.received_unpaid().exists()

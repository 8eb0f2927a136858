"""Tests of the visibility of orders, their lines and their payments, and of their names."""

from procurement.orders.models import Order, OrderLine
from procurement.orders.payments.models import Payment
from tests.worlds.need_to_order import Story


def test_order_lines_and_payments_are_visible_to_their_own_city_only(story: Story) -> None:
    order = story.draft()
    for role in ("officer", "approver", "verifier", "logistics", "observer"):
        powers = getattr(story, role).by
        assert list(Order.objects.visible_to(powers)) == [order]
        assert list(OrderLine.objects.visible_to(powers)) == list(order.lines.all())
        assert Payment.objects.visible_to(powers).count() == 3
    for model in (Order, OrderLine, Payment):
        assert not model.objects.visible_to(story.stranger.by).exists()


def test_order_and_order_line_have_a_reference_as_text(story: Story) -> None:
    order = story.draft()
    assert str(order) == "PO-2020-0001"
    assert str(order.lines.get()).startswith("PO-2020-0001/")

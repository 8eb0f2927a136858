"""Tests of the visibility of orders, their lines and their payments, and of their names."""

from procurement.orders.models import Order, OrderLine
from procurement.orders.payments.models import Payment
from tests.worlds.need_to_order import Story


def test_an_order_is_seen_by_its_own_city_only(story: Story) -> None:
    order = story.draft()
    for role in ("officer", "approver", "verifier", "logistics", "observer"):
        powers = getattr(story, role).by
        assert list(Order.objects.visible_to(powers)) == [order]
        assert list(OrderLine.objects.visible_to(powers)) == list(order.lines.all())
        assert Payment.objects.visible_to(powers).count() == 3
    for model in (Order, OrderLine, Payment):
        assert not model.objects.visible_to(story.stranger.by).exists()


def test_an_order_and_its_lines_have_names(story: Story) -> None:
    order = story.draft()
    assert str(order) == "PO-2020-0001"
    assert str(order.lines.get()).startswith("PO-2020-0001/")

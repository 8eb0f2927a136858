"""Completed orders: every piece is shipped and released; and a donation whose donor was thanked."""

from datetime import timedelta

from django.db import transaction

from procurement.orders.actions.approve import mark_ready
from procurement.orders.actions.close import complete_order, thank_donor
from procurement.orders.actions.quantities import QuantityDelta, apply_quantity_changes
from procurement.orders.models import Order
from tests.worlds.need_to_order import AT, Story

LATE = AT + timedelta(days=5)  # the waiting time of the accounts is over


def mark_all_goods_released(order: Order) -> Order:
    """Record on the order that all goods have arrived and are released, as the shipments app does."""
    deltas = {
        line.pk: QuantityDelta(shipped=line.quantity, departed=line.quantity, released=line.quantity)
        for line in order.lines.all()
    }
    with transaction.atomic():
        apply_quantity_changes(deltas)
    return order


def completed_order(story: Story, *, gift: bool = False) -> Order:
    """Return an order that is completed, with all its goods received."""
    order = mark_ready(story.accepted(), by=story.officer.by, at=AT) if gift else story.ready()
    return complete_order(mark_all_goods_released(order), by=story.logistics.by, at=LATE)


def thanked_donation(story: Story) -> Order:
    """Return a donation whose donor was thanked."""
    return thank_donor(completed_order(story, gift=True), by=story.officer.by, at=LATE)

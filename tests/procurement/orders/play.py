"""Orders at their end, as the shipments stage brings them there: every piece shipped, left and released."""

from datetime import timedelta

from django.db import transaction

from procurement.orders.actions import deciding, ending, pieces
from procurement.orders.actions.pieces import Delta
from procurement.orders.models.order import Order
from tests.procurement.story import AT, Story

LATE = AT + timedelta(days=5)  # accounts have cooled by then


def all_released(order: Order) -> Order:
    """What the shipments stage tells an order when everything has come and was released."""
    deltas = {
        line.pk: Delta(shipped=line.quantity, departed=line.quantity, released=line.quantity)
        for line in order.lines.all()
    }
    with transaction.atomic():
        pieces.move(deltas)
    return order


def completed(story: Story, *, gift: bool = False) -> Order:
    """An order of which everything is here."""
    order = deciding.ready(story.accepted(), by=story.officer.by, at=AT) if gift else story.ready()
    return ending.complete(all_released(order), by=story.logistics.by, at=LATE)


def thanked(story: Story) -> Order:
    """A gift the giver was thanked for."""
    return ending.thank(completed(story, gift=True), by=story.officer.by, at=LATE)

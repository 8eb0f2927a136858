"""Tests of concurrent shipments of one order line, which never exceed the ordered quantity.

A control without the lock exceeds it.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection, transaction

from procurement.orders.actions.quantities import QuantityDelta, apply_quantity_changes
from procurement.orders.models import OrderLine
from tests.worlds.need_to_order import Story
from workflow.errors import Refused

THREADS = 8
PIECES_EACH = 2_000  # five of these fit into 10,000


def count_successes(ship: Callable[[int, Barrier], bool], line: OrderLine) -> int:
    """Let several threads ship a part each at the same moment, and return the number that succeed."""
    barrier = Barrier(THREADS, timeout=20)

    def one(_number: int) -> bool:
        try:
            return ship(line.pk, barrier)
        finally:
            connection.close()

    with ThreadPoolExecutor(THREADS) as pool:
        return sum(pool.map(one, range(THREADS)))


def under_lock(pk: int, barrier: Barrier) -> bool:
    barrier.wait()
    try:
        with transaction.atomic():
            apply_quantity_changes({pk: QuantityDelta(shipped=PIECES_EACH)})
    except Refused as no:
        return no.code != "more_than_ordered"
    return True


def without_lock(pk: int, barrier: Barrier) -> bool:
    line = OrderLine.objects.get(pk=pk)
    barrier.wait()
    if line.unshipped_quantity < PIECES_EACH:
        return False
    line.shipped += PIECES_EACH
    line.save(update_fields=["shipped"])
    return True


@pytest.mark.django_db(transaction=True)
def test_simultaneous_shipments_never_exceed_the_ordered_quantity() -> None:
    line = Story().ready().lines.get()
    assert count_successes(under_lock, line) == 5
    line.refresh_from_db()
    assert line.shipped == 10_000


@pytest.mark.django_db(transaction=True)
def test_without_the_row_lock_simultaneous_shipments_exceed_the_ordered_quantity() -> None:
    line = Story().ready().lines.get()
    told_yes = count_successes(without_lock, line)
    line.refresh_from_db()
    assert told_yes * PIECES_EACH > line.quantity
    assert told_yes * PIECES_EACH > line.shipped

"""Test of two concurrent actions: an order is written off while its goods depart."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from procurement.logistics.actions.journey import record_departure
from procurement.logistics.queries.counter_mismatches import logistics_counter_mismatches
from procurement.orders.actions.close import write_off_order
from procurement.shipments.models import Shipment
from tests.worlds.shipments import DEPARTED_AT, Journey
from workflow.errors import Refused

MAX_WAITS = 100  # times 50 milliseconds


def is_lock_awaited() -> bool:
    """Return True if a statement waits for a lock.

    pg_stat_activity is not used, because it shows one moment for a whole transaction.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
        row = cursor.fetchone()
    return bool(row and row[0])


@pytest.mark.django_db(transaction=True)
def test_order_written_off_at_the_moment_of_departure_stops_the_departure() -> None:
    story = Journey()
    shipment = story.packed()
    story.hand_in_all(shipment, "depart")
    story.clear(shipment, "export")
    order = shipment.lines.get().order_line.order
    officer, logistics = story.officer.by, story.logistics.by

    def depart() -> str:
        try:
            record_departure(Shipment.objects.get(pk=shipment.pk), by=logistics, at=DEPARTED_AT)
        except Refused as no:
            return no.code
        finally:
            connection.close()
        return "departed"

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            write_off_order(order, reason="The maker is gone.", by=officer, at=DEPARTED_AT)
            leaving = pool.submit(depart)
            waited = next((True for _ in range(MAX_WAITS) if is_lock_awaited() or time.sleep(0.05)), False)
        told = leaving.result(timeout=20)
    assert waited
    assert told == "not_ready"
    assert Shipment.objects.get(pk=shipment.pk).status == "packed"
    assert logistics_counter_mismatches() == []

"""Test data for the benchmark: for each need, its lines, offer, check, allocation, order and shipment.

Cities differ in size as in reality, statuses and dates are spread, and some items are shared by
name. So the rows that one reader may see are scattered over every table. Every story is drawn from
its own seed, so two runs insert the same rows.
"""

from collections.abc import Callable, Iterator
from itertools import batched
from typing import Any

from django.db import connection, transaction
from django.db.models import Model

from benchmarks.fill.allocations_to_shipments import trade
from benchmarks.fill.bulk_copy import catch_up, copy, next_id
from benchmarks.fill.journal import entries
from benchmarks.fill.needs_to_checks import needs
from benchmarks.fill.random_facts import STEP, Drawn, World
from procurement.leads.models.leads import SupplierLead
from procurement.orders.models import Order
from workflow.base_models import Counter
from workflow.journal.models import Entry

type Rows = Iterator[dict[str, Any]]
type Maker = Callable[[World, list[Drawn]], list[tuple[type[Model], Rows]]]

MAKERS: tuple[Maker, ...] = (needs, trade, entries)
PREFIXES = ("SR", "SL", "VT", "AL", "PO", "DN", "SH", "CL", "LT")
BATCH = 5_000


def fill_up_to(rows: int, world: World) -> None:
    """Add stories up to a number of orders, then update PostgreSQL's statistics as autovacuum would."""
    known = Order.objects.count()
    first = max(next_id(Entry), next_id(SupplierLead) + STEP)  # after the rows created during measurements
    touched: set[type[Model]] = set()
    for seeds in batched(range(known, rows), BATCH):
        touched |= _add(world, [world.draw(seed, first + (seed - known) * STEP) for seed in seeds])
    catch_up(*touched)
    _count_on(first + (rows - known) * STEP, world.at.year)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")


@transaction.atomic
def _add(world: World, drawn: list[Drawn]) -> set[type[Model]]:
    """Insert one batch without checking foreign keys and without the journal's trigger.

    Both are unnecessary, because the rows are consistent.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
    created = [pair for maker in MAKERS for pair in maker(world, drawn)]
    for model, rows in created:
        copy(model, rows)
    return {model for model, _rows in created}


def _count_on(number: int, year: int) -> None:
    """Set the counters of references, so that new references follow the inserted ones."""
    Counter.objects.filter(prefix__in=PREFIXES).delete()
    Counter.objects.bulk_create(Counter(prefix=prefix, year=year, last=number) for prefix in PREFIXES)

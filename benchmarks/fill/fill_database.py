"""Insertion of the benchmark's test data: stories, each one need and all that follows from it, up to a shipment.

Cities differ in size as in reality, statuses and dates are spread, and some items are shared with one
named city. So the rows that one reader may see are scattered over every table. Every story is drawn
from its own seed, so two runs insert the same rows.
"""

from collections.abc import Callable, Iterator
from itertools import batched
from typing import Any

from django.db import connection, transaction
from django.db.models import Model

from benchmarks.fill.allocations_to_shipments import rows_after_offer
from benchmarks.fill.bulk_copy import advance_sequences, copy_rows, next_id
from benchmarks.fill.journal import journal_rows
from benchmarks.fill.needs_to_checks import need_to_check_rows
from benchmarks.fill.random_stories import IDS_PER_STORY, RandomStory, StorySource
from procurement.leads.models.leads import SupplierLead
from procurement.orders.models import Order
from workflow.base_models import Counter
from workflow.journal.models import Entry

type Rows = Iterator[dict[str, Any]]
type RowFactory = Callable[[StorySource, list[RandomStory]], list[tuple[type[Model], Rows]]]

ROW_FACTORIES: tuple[RowFactory, ...] = (need_to_check_rows, rows_after_offer, journal_rows)
REFERENCE_PREFIXES = ("SR", "SL", "VT", "AL", "PO", "DN", "SH", "CL", "LT")
STORIES_PER_BATCH = 5_000


def fill_to_size(rows: int, world: StorySource) -> None:
    """Add stories up to a number of orders, then update PostgreSQL's statistics as autovacuum would."""
    known = Order.objects.count()
    first = max(
        next_id(Entry), next_id(SupplierLead) + IDS_PER_STORY
    )  # after the rows created during measurements
    touched: set[type[Model]] = set()
    for seeds in batched(range(known, rows), STORIES_PER_BATCH):
        touched |= _add(
            world, [world.random_story(seed, first + (seed - known) * IDS_PER_STORY) for seed in seeds]
        )
    advance_sequences(*touched)
    _set_reference_counters(first + (rows - known) * IDS_PER_STORY, world.latest_time.year)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")


@transaction.atomic
def _add(world: StorySource, drawn: list[RandomStory]) -> set[type[Model]]:
    """Insert one batch without checking foreign keys and without the journal's trigger.

    Both are unnecessary, because the rows are consistent.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
    created = [pair for maker in ROW_FACTORIES for pair in maker(world, drawn)]
    for model, rows in created:
        copy_rows(model, rows)
    return {model for model, _rows in created}


def _set_reference_counters(number: int, year: int) -> None:
    """Set the counters of references, so that new references follow the inserted ones."""
    Counter.objects.filter(prefix__in=REFERENCE_PREFIXES).delete()
    Counter.objects.bulk_create(
        Counter(prefix=prefix, year=year, last=number) for prefix in REFERENCE_PREFIXES
    )

"""A whole story for every need: its lines, an offer, a check of it, a promise, an order and a shipment with its steps.

The cities differ in size as cities do, statuses and days are spread, and some things are shared by name, so that what a reader may see
is a part of every table that lies scattered in it. Every story is drawn from its own seed: two runs fill the same.
"""

from collections.abc import Callable, Iterator
from itertools import batched
from typing import Any

from django.db import connection, transaction
from django.db.models import Model

from benchmarks.fill.before import needs
from benchmarks.fill.copying import catch_up, copy, next_id
from benchmarks.fill.drawn import STEP, Drawn, World
from benchmarks.fill.journal import entries
from benchmarks.fill.later import trade
from procurement.leads.models.offer import SupplierLead
from workflow.models.journal import Entry
from workflow.models.tracked import Counter

type Rows = Iterator[dict[str, Any]]
type Maker = Callable[[World, list[Drawn]], list[tuple[type[Model], Rows]]]

MAKERS: tuple[Maker, ...] = (needs, trade, entries)
PREFIXES = ("SR", "SL", "VT", "AL", "PO", "DN", "SH", "CL", "LT")
BATCH = 5_000


def fill_up_to(rows: int, world: World) -> None:
    """Add stories until there are so many, and let PostgreSQL look at what it holds, as its autovacuum would."""
    known = SupplierLead.objects.count()
    first = max(next_id(Entry), next_id(SupplierLead) + STEP)  # behind what was made while measuring
    touched: set[type[Model]] = set()
    for seeds in batched(range(known, rows), BATCH):
        touched |= _add(world, [world.draw(seed, first + (seed - known) * STEP) for seed in seeds])
    catch_up(*touched)
    _count_on(first + (rows - known) * STEP, world.at.year)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")


@transaction.atomic
def _add(world: World, drawn: list[Drawn]) -> set[type[Model]]:
    """One batch, without foreign keys and the journal's trigger looking at every row: what is made here fits by its making."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
    made = [pair for maker in MAKERS for pair in maker(world, drawn)]
    for model, rows in made:
        copy(model, rows)
    return {model for model, _rows in made}


def _count_on(number: int, year: int) -> None:
    """References given from now on follow those that were given here."""
    Counter.objects.filter(prefix__in=PREFIXES).delete()
    Counter.objects.bulk_create(Counter(prefix=prefix, year=year, last=number) for prefix in PREFIXES)

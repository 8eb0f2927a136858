"""The run: fill, ask, write down. Within every cell the floor, the API and the pages take turns, each of them in every size: what else
the machine does meanwhile falls on all of them alike, and growth compares answers of the same half minute.
"""

import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from itertools import groupby

from django.core.management import call_command

from benchmarks.asking.operation import FLOOR, Operation
from benchmarks.asking.reads import reads
from benchmarks.asking.sampling import samples
from benchmarks.asking.writes import writes
from benchmarks.counting import counted
from benchmarks.figures import Cell, Slice
from benchmarks.fill.drawn import World
from benchmarks.fill.people import Person, people
from benchmarks.fill.story import fill_up_to
from benchmarks.house import BASELINE, PRODUCT, House, Server, between
from benchmarks.loads import Loads, loading
from procurement.catalogue.models.products import Product
from procurement.catalogue.models.standards import Standard
from workflow.clock import create_instance, real_now


@dataclass(frozen=True)
class Wanted:
    """How much is measured: rows, requests at once, and for how long."""

    sizes: Sequence[int]
    at_once: Sequence[int]
    seconds: float  # for each cell
    rounds: int  # into how many turns they are cut
    most: int  # answers after which a cell has seen enough
    only: str = ""  # operations with this word in their name


def measure(house: House, wanted: Wanted) -> Iterator[Cell]:
    """Every cell. The database holds what ships with the program, and nobody yet; each smaller size gets a copy of its own."""
    at = real_now()
    asking = people(at)
    with ExitStack() as stack:
        filled = []
        for rows in sorted(wanted.sizes):
            say(f"Filling up to {rows:,} ...")
            fill_up_to(rows, World.known(at))
            operations = [one for one in operations_of(asking) if wanted.only in one.what]
            queries = counted(house, operations)
            there = house if rows == max(wanted.sizes) else stack.enter_context(house.copied(rows))
            filled.append((there, rows, operations, queries))
        benches = [stack.enter_context(_opened(place, *size)) for place, size in enumerate(filled)]
        yield from in_turns(benches, wanted)


@contextmanager
def _opened(
    place: int, house: House, rows: int, operations: list[Operation], queries: dict[str, int]
) -> Iterator["_Bench"]:
    """One size with servers on ports of its own, and a client that knows the way to them."""
    port = house.port + 2 * place
    with (
        house.serving(PRODUCT, port) as product,
        house.serving(BASELINE, port + 1) as floor,
        loading() as client,
    ):
        bench = _Bench(house, rows, operations, product, floor, client, queries)
        bench.learn()
        yield bench


def in_turns(benches: Sequence["_Bench"], wanted: Wanted) -> Iterator[Cell]:
    """Every operation, what is compared taking turns."""
    sizes = [
        [list(group) for _what, group in groupby(bench.operations, key=lambda one: one.what)]
        for bench in benches
    ]
    for groups in zip(*sizes, strict=True):
        asked = [(bench, one) for bench, group in zip(benches, groups, strict=True) for one in group]
        for bench, one in asked:
            bench.client.run(one, 2, seconds=2, most=1 if one.once else 4)  # what a process learns once
        for many in wanted.at_once:
            slices: list[list[Slice]] = [[] for _one in asked]
            for _round in range(wanted.rounds):
                for (bench, one), known in zip(asked, slices, strict=True):
                    known.append(bench.slice(one, many, wanted))
            for (bench, one), known in zip(asked, slices, strict=True):
                yield bench.cell(one, many, known)


def prepare() -> None:
    """The tables, what ships with the program, and the static files that pages name."""
    say("Making the database ...")
    call_command("migrate", verbosity=0)
    create_instance("real")
    for command in ("load_reference_data", "load_register"):
        call_command(command, verbosity=0, stdout=sys.stderr)
    call_command("collectstatic", interactive=False, verbosity=0)


def operations_of(asking: list[Person]) -> list[Operation]:
    """Everything that is measured, as these people ask for it; the doors to the same stand side by side."""
    known = samples(asking)
    products = list(Product.objects.order_by("pk").values_list("pk", "code"))
    standard = Standard.objects.order_by("pk")[0].code
    return [*reads(known), *writes(known["supply-requests"], products, standard)]


@dataclass(frozen=True)
class _Bench:
    """One size: both servers run, the client waits."""

    house: House
    rows: int
    operations: list[Operation]
    product: Server
    floor: Server
    client: Loads
    queries: dict[str, int]

    def learn(self) -> None:
        """Teach the client every operation."""
        for one in self.operations:
            server = self._server(one)
            self.client.learn(one, server.port, server.host)

    def slice(self, operation: Operation, many: int, wanted: Wanted) -> Slice:
        """One turn of an operation."""
        server = self._server(operation)
        web, before = server.worked(), self.house.database_worked()
        seen = self.client.run(operation, many, wanted.seconds / wanted.rounds, self._most(operation, wanted))
        database = between(before, self.house.database_worked())
        return replace(seen, web=between(web, server.worked()), database=database)

    def cell(self, operation: Operation, many: int, slices: Sequence[Slice]) -> Cell:
        """All turns of an operation, taken together. Raises RuntimeError where nothing was left to ask."""
        known = [each for each in slices if each.times]
        if not known:
            raise RuntimeError(f"{operation.name}: nothing is left to ask; fill in more rows")
        memory = self._server(operation).memory()
        queries = self.queries.get(operation.name)
        cell = Cell.of(operation.what, operation.door, self.rows, many, known, queries, memory)
        say(f"  {self.rows:,} {operation.name}, {many} at once: {cell.rate:.0f}/s, p95 {cell.p95:.1f} ms")
        return cell

    def _most(self, operation: Operation, wanted: Wanted) -> int:
        """Answers in one turn; of what is sent once, a part, so that something is left for every turn."""
        if not operation.once:
            return wanted.most // wanted.rounds
        return max(1, len(operation.asks) // (wanted.rounds * len(wanted.at_once) + 1))

    def _server(self, operation: Operation) -> Server:
        return self.floor if operation.door == FLOOR else self.product


def say(words: str) -> None:
    """To whoever waits; the tables alone go to the standard output."""
    print(f"{time.strftime('%H:%M:%S')} {words}", file=sys.stderr, flush=True)

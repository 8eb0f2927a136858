"""The run: fill, ask, write down. The floor, the API and the pages take turns within every cell, so that what else the machine does
meanwhile falls on all of them alike.
"""

import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from itertools import groupby

from django.core.management import call_command

from benchmarks.asking import FLOOR, Operation
from benchmarks.asking.reads import reads
from benchmarks.asking.sampling import samples
from benchmarks.asking.writes import writes
from benchmarks.counting import counted
from benchmarks.figures import Cell, Slice
from benchmarks.fill import Person, fill_up_to, people
from benchmarks.fill.drawn import World
from benchmarks.house import FLOOR as FLOOR_APPLICATION
from benchmarks.house import PRODUCT, House, Server, between
from benchmarks.loads import Loads, loading
from procurement.catalogue.models import Product, Standard
from workflow import clock


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
    """Every cell, the smallest size first. The database holds what ships with the program, and nobody yet."""
    at = clock.real_now()
    asking = people(at)
    for rows in wanted.sizes:
        say(f"Filling up to {rows:,} ...")
        fill_up_to(rows, World.known(at))
        operations = [one for one in operations_of(asking) if wanted.only in one.what]
        queries = counted(house, operations)
        with ExitStack() as stack:
            product = stack.enter_context(house.serving(PRODUCT, house.port))
            floor = stack.enter_context(house.serving(FLOOR_APPLICATION, house.port + 1))
            client = stack.enter_context(loading())
            yield from _Bench(house, wanted, rows, product, floor, client, queries).cells(operations)


def prepare() -> None:
    """The tables, what ships with the program, and the static files that pages name."""
    say("Making the database ...")
    call_command("migrate", verbosity=0)
    clock.create_instance("real")
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
    wanted: Wanted
    rows: int
    product: Server
    floor: Server
    client: Loads
    queries: dict[str, int]

    def cells(self, operations: list[Operation]) -> Iterator[Cell]:
        """Every operation, what is compared taking turns."""
        for one in operations:
            server = self._server(one)
            self.client.learn(one, server.port, server.host)
        for _what, group in groupby(operations, key=lambda one: one.what):
            together = list(group)
            for one in together:
                self.client.run(one, 2, seconds=2, most=1 if one.once else 4)  # what a process learns once
            for many in self.wanted.at_once:
                yield from self._in_turns(together, many)

    def _in_turns(self, together: list[Operation], many: int) -> Iterator[Cell]:
        slices: dict[str, list[Slice]] = {one.name: [] for one in together}
        share = self.wanted.seconds / self.wanted.rounds
        for _round in range(self.wanted.rounds):
            for one in together:
                slices[one.name].append(self._slice(one, many, share))
        for one in together:
            known = [each for each in slices[one.name] if each.times]
            if not known:
                raise RuntimeError(f"{one.name}: nothing is left to ask; fill in more rows")
            memory = self._server(one).memory()
            cell = Cell.of(one.what, one.door, self.rows, many, known, self.queries.get(one.name), memory)
            say(f"  {one.name}, {many} at once: {cell.rate:.0f}/s, p95 {cell.p95:.1f} ms")
            yield cell

    def _slice(self, operation: Operation, many: int, seconds: float) -> Slice:
        server = self._server(operation)
        web, before = server.worked(), self.house.database_worked()
        seen = self.client.run(operation, many, seconds, self._most(operation))
        database = between(before, self.house.database_worked())
        return replace(seen, web=between(web, server.worked()), database=database)

    def _most(self, operation: Operation) -> int:
        """Answers in one turn; of what is sent once, a part, so that something is left for every turn."""
        if not operation.once:
            return self.wanted.most // self.wanted.rounds
        return max(1, len(operation.asks) // (self.wanted.rounds * len(self.wanted.at_once) + 1))

    def _server(self, operation: Operation) -> Server:
        return self.floor if operation.door == FLOOR else self.product


def say(words: str) -> None:
    """To whoever waits; the tables alone go to the standard output."""
    print(f"{time.strftime('%H:%M:%S')} {words}", file=sys.stderr, flush=True)

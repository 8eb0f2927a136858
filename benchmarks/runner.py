"""Run of the benchmark: fill the database, send requests, and record the results.

The baseline, the API and the pages take turns for every operation, in every size. So other load on the machine
affects all alike, and growth compares answers of the same half minute.
"""

import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from itertools import groupby

from django.core.management import call_command

from benchmarks.client_control import LoadClient, load_client
from benchmarks.fill.fill_database import fill_to_size
from benchmarks.fill.people import Person, create_people
from benchmarks.fill.random_stories import StorySource
from benchmarks.measurements import Measurement, TurnResults
from benchmarks.operations.operation import BASELINE, Operation
from benchmarks.operations.reads import read_operations
from benchmarks.operations.samples import samples_by_collection
from benchmarks.operations.writes import write_operations
from benchmarks.scratch_instance import (
    BASELINE_APPLICATION,
    PRODUCT_APPLICATION,
    Installation,
    Server,
    seconds_between,
)
from benchmarks.sql_counts import statement_counts
from procurement.catalogue.models.products import Product
from procurement.catalogue.models.standards import Standard
from procurement.suppliers.models.suppliers import Supplier
from workflow.clock import create_instance, real_now


@dataclass(frozen=True)
class BenchmarkExtent:
    """Extent of a measurement: rows, simultaneous requests, duration, and the operations to measure.

    A cell is one operation at one size and one number of simultaneous requests.
    """

    order_counts: Sequence[int]  # numbers of orders in the database
    concurrent_request_counts: Sequence[int]
    seconds_per_cell: float  # for each cell
    turns_per_operation: int  # number of turns in which they are measured
    max_answers_per_cell: int  # answers after which a cell is complete
    operation_name_filter: str = ""  # operations with this word in their name


def run_measurements(installation: Installation, wanted: BenchmarkExtent) -> Iterator[Measurement]:
    """Yield every measurement. At the start the database holds the program's reference data and no people.

    Each smaller size is measured on its own copy of the database.
    """
    at = real_now()
    asking = create_people(at)
    with ExitStack() as stack:
        filled = []
        for rows in sorted(wanted.order_counts):
            print_progress(f"Filling up to {rows:,} ...")
            fill_to_size(rows, StorySource.load(at))
            operations = [
                one for one in operations_of(asking) if wanted.operation_name_filter in one.activity
            ]
            queries = statement_counts(installation, operations)
            known_rows = (
                installation
                if rows == max(wanted.order_counts)
                else stack.enter_context(installation.with_database_copy(rows))
            )
            filled.append((known_rows, rows, operations, queries))
        benches = [stack.enter_context(_opened(place, *size)) for place, size in enumerate(filled)]
        yield from measure_in_turns(benches, wanted)


@contextmanager
def _opened(
    place: int, installation: Installation, rows: int, operations: list[Operation], queries: dict[str, int]
) -> Iterator["_SizedBenchmark"]:
    """Open one size, with servers on its own ports and a client that knows its operations."""
    port = installation.first_port + 2 * place
    with (
        installation.run_web_server(PRODUCT_APPLICATION, port) as product,
        installation.run_web_server(BASELINE_APPLICATION, port + 1) as baseline,
        load_client() as client,
    ):
        bench = _SizedBenchmark(installation, rows, operations, product, baseline, client, queries)
        bench.learn()
        yield bench


def measure_in_turns(benches: Sequence["_SizedBenchmark"], wanted: BenchmarkExtent) -> Iterator[Measurement]:
    """Yield the measurements of every operation, which takes turns with those it is compared with."""
    sizes = [
        [list(group) for _what, group in groupby(bench.operations, key=lambda one: one.activity)]
        for bench in benches
    ]
    for groups in zip(*sizes, strict=True):
        operations = [(bench, one) for bench, group in zip(benches, groups, strict=True) for one in group]
        for bench, one in operations:
            bench.client.run(
                one, 2, seconds=2, most=1 if one.is_each_request_sent_once else 4
            )  # warms up each process
        for many in wanted.concurrent_request_counts:
            turns: list[list[TurnResults]] = [[] for _one in operations]
            for _round in range(wanted.turns_per_operation):
                for (bench, one), known in zip(operations, turns, strict=True):
                    known.append(bench.slice(one, many, wanted))
            for (bench, one), known in zip(operations, turns, strict=True):
                yield bench.cell(one, many, known)


def prepare_database() -> None:
    """Create the tables, the program's reference data and the static files."""
    print_progress("Making the database ...")
    call_command("migrate", verbosity=0)
    create_instance("real")
    for command in ("load_reference_data", "load_register"):
        call_command(command, verbosity=0, stdout=sys.stderr)
    call_command("collectstatic", interactive=False, verbosity=0)


def operations_of(asking: list[Person]) -> list[Operation]:
    """Return all operations to measure, sent by these people. Operations to compare follow each other."""
    known = samples_by_collection(asking)
    products = list(Product.objects.order_by("pk").values_list("pk", "code"))
    standard = Standard.objects.order_by("pk")[0].code
    supplier = Supplier.objects.order_by("pk")[0].reference
    return [*read_operations(known), *write_operations(known, products, standard, supplier, real_now())]


@dataclass(frozen=True)
class _SizedBenchmark:
    """One size, with both servers running and its client ready."""

    installation: Installation
    rows: int
    operations: list[Operation]
    product: Server
    baseline: Server
    client: LoadClient
    queries: dict[str, int]

    def learn(self) -> None:
        """Give the client every operation."""
        for one in self.operations:
            server = self._server(one)
            self.client.load_operation(one, server.port, server.host)

    def slice(self, operation: Operation, many: int, wanted: BenchmarkExtent) -> TurnResults:
        """Measure one turn of an operation."""
        server = self._server(operation)
        web, before = server.processor_times(), self.installation.database_processor_times()
        seen = self.client.run(
            operation,
            many,
            wanted.seconds_per_cell / wanted.turns_per_operation,
            self._most(operation, wanted),
        )
        database = seconds_between(before, self.installation.database_processor_times())
        return replace(
            seen,
            web_processor_seconds=seconds_between(web, server.processor_times()),
            database_processor_seconds=database,
        )

    def cell(self, operation: Operation, many: int, turns: Sequence[TurnResults]) -> Measurement:
        """Return the cell of an operation from all its turns.

        Raises RuntimeError if no requests were left.
        """
        known = [each for each in turns if each.response_seconds]
        if not known:
            raise RuntimeError(f"{operation.name}: nothing is left to ask; fill in more rows")
        memory = self._server(operation).memory_megabytes()
        queries = self.queries.get(operation.name)
        cell = Measurement.from_turns(
            operation.activity, operation.interface, self.rows, many, known, queries, memory
        )
        print_progress(
            f"  {self.rows:,} {operation.name}, {many} at once: {cell.responses_per_second:.0f}/s, p95 {cell.p95:.1f} ms"
        )
        return cell

    def _most(self, operation: Operation, wanted: BenchmarkExtent) -> int:
        """Return the most answers in one turn.

        If requests may be sent only once, it is a share, so that some remain for every turn.
        """
        if not operation.is_each_request_sent_once:
            return wanted.max_answers_per_cell // wanted.turns_per_operation
        return max(
            1,
            len(operation.requests)
            // (wanted.turns_per_operation * len(wanted.concurrent_request_counts) + 1),
        )

    def _server(self, operation: Operation) -> Server:
        return self.baseline if operation.interface == BASELINE else self.product


def print_progress(words: str) -> None:
    """Print progress to standard error; standard output is for the tables only."""
    print(f"{time.strftime('%H:%M:%S')} {words}", file=sys.stderr, flush=True)

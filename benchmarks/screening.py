"""`python -m benchmarks.screening`: time the screening of offers and the search for duplicates.

It runs on a scratch instance filled with whole stories (benchmarks/fill). An offer is screened
as on saving: names against the watchlists, landed cost, all facts, all rules, and findings written
(`leads.actions.findings.rescreen_lead`, in its own transaction). The first time its findings are
written. The second time they exist, as when the periodic job screens again after a change. Then
names of new suppliers are compared with all suppliers.
"""

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from benchmarks.scratch_instance import House, between, scratch

DEMANDED = 200  # milliseconds for one offer


@dataclass(frozen=True)
class Took:
    """Measurements of several rounds.

    They are elapsed milliseconds of each round, average processor milliseconds of Python and
    PostgreSQL, and SQL statements of each round.
    """

    what: str
    clock: list[float]
    python: float
    postgres: float
    statements: list[int]

    def __str__(self) -> str:
        """Return a row of the table in docs/benchmarks.md."""
        worst = sorted(self.clock)[int(len(self.clock) * 0.95)]
        counted = f"{statistics.median(self.statements):.0f}"
        middle = statistics.median(self.clock)
        return f"| {self.what} | {len(self.clock)} | {middle:.1f} | {worst:.1f} | {self.python:.1f} | {self.postgres:.1f} | {counted} |"


HEAD = (
    "| | times | ms, median | ms, 95 % | Python ms | PostgreSQL ms | statements |\n"
    "| --- | --: | --: | --: | --: | --: | --: |"
)


def main() -> int:
    """Read the options, fill the database, measure and print."""
    asked = arguments().parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="twinlane-bench-") as folder,
        scratch(Path(folder), asked.port) as house,
    ):
        import django  # noqa: PLC0415 - the settings are known only now

        django.setup()
        from benchmarks.runner import prepare  # noqa: PLC0415

        prepare()
        began = time.monotonic()
        at = fill(asked.leads, asked.certificates, asked.companies)
        print(f"filled in {time.monotonic() - began:.0f} s", file=sys.stderr)
        print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}\n\n{HEAD}")
        for took in measure(at, asked.times, house):
            print(took, flush=True)
    return 0


def arguments() -> argparse.ArgumentParser:
    """Return the parser of the options: size of the database, and number of screened offers."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.screening", description=__doc__)
    parser.add_argument("--leads", type=int, default=100_000)
    parser.add_argument("--certificates", type=int, default=50_000)
    parser.add_argument("--companies", type=int, default=100_000)
    parser.add_argument("--times", type=int, default=300, help="offers that are screened")
    parser.add_argument("--port", type=int, default=8114)
    return parser


def fill(leads: int, certificates: int, companies: int) -> datetime:
    """Fill the empty tables and return the reference time."""
    from benchmarks.fill.people import people  # noqa: PLC0415
    from benchmarks.fill.random_facts import World  # noqa: PLC0415
    from benchmarks.fill.story import fill_up_to  # noqa: PLC0415
    from benchmarks.fill.suppliers import fill_papers  # noqa: PLC0415
    from workflow.clock import real_now  # noqa: PLC0415

    at = real_now()
    people(at)
    fill_up_to(leads, World.known(at))
    fill_papers(certificates, companies, at)
    return at


def measure(at: datetime, times: int, house: House | None = None) -> Iterable[Took]:
    """Screen offers for the first time, again, and with all offers of the product as peers.

    Then compare new suppliers with all others.
    """
    from benchmarks.fill.random_facts import DAYS  # noqa: PLC0415
    from procurement.leads.actions.findings import rescreen_lead  # noqa: PLC0415
    from procurement.leads.models.leads import SupplierLead  # noqa: PLC0415

    newest = at - timedelta(days=40)  # the newest story is 40 days old
    lately = SupplierLead.objects.live().filter(created_at__gte=newest - timedelta(days=30))
    leads = list(lately.order_by("-pk")[:times])

    def look(lead: SupplierLead, when: datetime) -> None:
        rescreen_lead(lead, at=when)

    yield took("an offer screened the first time", leads, lambda one: look(one, newest), house)
    yield took("the same once more, nothing new", leads, lambda one: look(one, newest), house)
    crowded = newest - timedelta(days=DAYS)
    fewer = leads[: max(times // 5, 1)]
    yield took("with all offers of its product as peers", fewer, lambda one: look(one, crowded), house)
    yield from _entered(times, house)


def _entered(times: int, house: House | None) -> Iterable[Took]:
    from benchmarks.watchlist_matching import names  # noqa: PLC0415
    from procurement.suppliers.actions.duplicates import find_duplicates  # noqa: PLC0415
    from procurement.suppliers.models.suppliers import Supplier  # noqa: PLC0415

    _listed, drawn = names(7, max(times // 3, 1))
    new = [Supplier(legal_name_local=one[:-1], name_en=two[:-1], country="CN") for one, two in drawn]
    yield took("a new company held against all others", new, find_duplicates, house)


def took[T](what: str, things: Sequence[T], do: Callable[[T], Any], house: House | None) -> Took:
    """Call `do` with each item, and measure elapsed time, processor time and statements."""
    clock: list[float] = []
    statements: list[int] = []
    before = house.database_worked() if house else {}
    python = time.process_time()
    for one in things:
        with _counted(statements):
            began = time.perf_counter()
            do(one)
            clock.append((time.perf_counter() - began) * 1000)
    each = 1000 / len(things)
    postgres = between(before, house.database_worked()) if house else 0.0
    return Took(what, clock, (time.process_time() - python) * each, postgres * each, statements)


@contextmanager
def _counted(into: list[int]) -> Iterator[None]:
    """Append the number of statements sent in the block."""
    from django.db import connection  # noqa: PLC0415

    sent = [0]

    def count(execute: Any, sql: Any, params: Any, many: Any, context: Any) -> Any:
        sent[0] += 1
        return execute(sql, params, many, context)

    with connection.execute_wrapper(count):
        yield
    into.append(sent[0])


if __name__ == "__main__":
    sys.exit(main())

"""`python -m benchmarks.screening`: how long an offer takes to screen, among so many others, and a company to be held against so many.

On a scratch installation filled with whole stories (benchmarks/fill). An offer is screened as saving it does: names against the lists,
landed price, every fact gathered, every rule judged, findings written (`leads.actions.look_again`, in its own transaction). The first
time its findings are written; the second time they stand, and screening again is what the tick does after a change.
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

from benchmarks.house import House, between, scratch

DEMANDED = 200  # milliseconds for one offer


@dataclass(frozen=True)
class Took:
    """What a number of rounds took: milliseconds by the clock of each, of processor time on average, statements of each."""

    what: str
    clock: list[float]
    python: float
    postgres: float
    statements: list[int]

    def __str__(self) -> str:
        """As a row of the table of docs/figures.md."""
        worst = sorted(self.clock)[int(len(self.clock) * 0.95)]
        counted = f"{statistics.median(self.statements):.0f}"
        middle = statistics.median(self.clock)
        return f"| {self.what} | {len(self.clock)} | {middle:.1f} | {worst:.1f} | {self.python:.1f} | {self.postgres:.1f} | {counted} |"


HEAD = (
    "| | times | ms, median | ms, 95 % | Python ms | PostgreSQL ms | statements |\n"
    "| --- | --: | --: | --: | --: | --: | --: |"
)


def main() -> int:
    """Read the options, fill, measure, print."""
    asked = arguments().parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="twinlane-bench-") as folder,
        scratch(Path(folder), asked.port) as house,
    ):
        import django  # noqa: PLC0415 - the settings are known only now

        django.setup()
        from benchmarks.running import prepare  # noqa: PLC0415

        prepare()
        began = time.monotonic()
        at = fill(asked.leads, asked.certificates, asked.companies)
        print(f"filled in {time.monotonic() - began:.0f} s", file=sys.stderr)
        print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}\n\n{HEAD}")
        for took in measure(at, asked.times, house):
            print(took, flush=True)
    return 0


def arguments() -> argparse.ArgumentParser:
    """How much there is, and how often it is looked at."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.screening", description=__doc__)
    parser.add_argument("--leads", type=int, default=100_000)
    parser.add_argument("--certificates", type=int, default=50_000)
    parser.add_argument("--companies", type=int, default=100_000)
    parser.add_argument("--times", type=int, default=300, help="offers that are screened")
    parser.add_argument("--port", type=int, default=8114)
    return parser


def fill(leads: int, certificates: int, companies: int) -> datetime:
    """Put it all into the empty tables; the moment it is as of."""
    from benchmarks.fill.drawn import World  # noqa: PLC0415
    from benchmarks.fill.papers import fill_papers  # noqa: PLC0415
    from benchmarks.fill.people import people  # noqa: PLC0415
    from benchmarks.fill.story import fill_up_to  # noqa: PLC0415
    from workflow.clock import real_now  # noqa: PLC0415

    at = real_now()
    people(at)
    fill_up_to(leads, World.known(at))
    fill_papers(certificates, companies, at)
    return at


def measure(at: datetime, times: int, house: House | None = None) -> Iterable[Took]:
    """Screen as many offers, the first time and again; then with every offer of the product among the peers; then hold names against
    all companies.
    """
    from benchmarks.fill.drawn import DAYS  # noqa: PLC0415
    from procurement.leads.actions.findings import look_again  # noqa: PLC0415
    from procurement.leads.models.offer import SupplierLead  # noqa: PLC0415

    newest = at - timedelta(days=40)  # as the stories are drawn
    lately = SupplierLead.objects.live().filter(created_at__gte=newest - timedelta(days=30))
    leads = list(lately.order_by("-pk")[:times])

    def look(lead: SupplierLead, when: datetime) -> None:
        look_again(lead, at=when)

    yield took("an offer screened the first time", leads, lambda one: look(one, newest), house)
    yield took("the same once more, nothing new", leads, lambda one: look(one, newest), house)
    crowded = newest - timedelta(days=DAYS)
    fewer = leads[: max(times // 5, 1)]
    yield took("with all offers of its product as peers", fewer, lambda one: look(one, crowded), house)
    yield from _entered(times, house)


def _entered(times: int, house: House | None) -> Iterable[Took]:
    from benchmarks.listing import names  # noqa: PLC0415
    from procurement.suppliers.actions.likely import find_duplicates  # noqa: PLC0415
    from procurement.suppliers.models.company import Supplier  # noqa: PLC0415

    _listed, drawn = names(7, max(times // 3, 1))
    new = [Supplier(legal_name_local=one[:-1], name_en=two[:-1], country="CN") for one, two in drawn]
    yield took("a new company held against all others", new, find_duplicates, house)


def took[T](what: str, things: Sequence[T], do: Callable[[T], Any], house: House | None) -> Took:
    """Do it to each, with the clock and the processors watched."""
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
    """How many statements are sent meanwhile."""
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

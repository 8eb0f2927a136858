"""Clicks and page loads of a whole purchase, part by part: `python -m tests.browser.effort`.

Runs `test_click_budgets.py` in Chromium, in English, and prints the count of each part (such as posting the
need) beside its budget and beside the count before the pages were redesigned. A click is a press on a button,
link, option, tick box or file field: an option of a list counts two, a file two. Typing does not count. A
load is a new document; a part of a page that htmx replaces is none. Taps on the phone count as clicks.
"""

import json
import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import pytest

from tests.browser.keystroke_model import Pace
from tests.browser.translated_browser import Seat

FILE = "EFFORT_FILE"  # variable of the environment: where the test writes what it counted


class Cost(NamedTuple):
    """Clicks and page loads."""

    clicks: int
    loads: int


class Part(NamedTuple):
    """One part of the purchase: its cost before the pages were redesigned, and its budget if it has one."""

    name: str
    before: Cost
    budget: Cost | None = None


PARTS = (
    Part("Sign in", Cost(1, 1)),
    Part("Post a need", Cost(10, 7)),
    Part("Ask a contact", Cost(2, 2)),
    Part("Answer with an offer, phone", Cost(4, 4)),
    Part("Find the offer and answer its findings", Cost(7, 7)),
    Part("Start and assign the checks", Cost(12, 12)),
    Part("Report three checks, phone", Cost(34, 9), Cost(20, 9)),
    Part("Accept the reports and verify the offer", Cost(12, 11)),
    Part("Allocate", Cost(2, 2)),
    Part("Write and submit the order", Cost(5, 5)),
    Part("Approve the order", Cost(2, 2), Cost(2, 1)),
    Part("Place the order, goods ready, plan the shipment", Cost(7, 7)),
    Part("Blocking export documents", Cost(63, 50), Cost(12, 5)),
    Part("Clear export and import", Cost(8, 8), Cost(4, 0)),
    Part("Pack, depart, arrive, deliver", Cost(8, 8), Cost(4, 1)),
    Part("Count 40 whole cartons", Cost(80, 80), Cost(10, 10)),
    Part("Inspect, release, close", Cost(10, 4)),
    Part("Thank the contact", Cost(2, 2)),
)
WHOLE_PURCHASE = Part("The whole purchase", Cost(190, 150), Cost(65, 40))


class Effort:
    """Cost of the parts of a purchase that several people carry out, each in a browser window."""

    def __init__(self, seats: Iterable[Seat]) -> None:
        self.seats = seats
        self.taken: dict[str, Cost] = {}

    @contextmanager
    def part(self, name: str) -> Iterator[None]:
        """Count the clicks and loads of this block. Raises KeyError for a part that has no budget."""
        if name not in {part.name for part in PARTS}:
            raise KeyError(name)
        before = self._so_far()
        yield
        spent = self._so_far() - before
        known = self.taken.get(name, Cost(0, 0))
        self.taken[name] = Cost(known.clicks + spent.presses, known.loads + spent.pages)

    def _so_far(self) -> Pace:
        return sum((seat.pace for seat in self.seats), Pace())

    def write_counts(self) -> None:
        """Write the counts to the file that the environment names, if it names one."""
        if file := os.environ.get(FILE):
            Path(file).write_text(json.dumps(self.taken))


def total(taken: Mapping[str, Cost]) -> Cost:
    """Return the cost of all parts together."""
    return Cost(sum(cost.clicks for cost in taken.values()), sum(cost.loads for cost in taken.values()))


def _rows(taken: Mapping[str, Cost]) -> list[tuple[Part, Cost]]:
    return [*((part, taken[part.name]) for part in PARTS), (WHOLE_PURCHASE, total(taken))]


def over_budget(taken: Mapping[str, Cost]) -> list[str]:
    """Return a line for each part with a budget, and for the whole purchase, that takes more clicks or loads."""
    return [
        f"{part.name}: {_of(cost)}, budget {_of(part.budget)}"
        for part, cost in _rows(taken)
        if part.budget is not None and (cost.clicks > part.budget.clicks or cost.loads > part.budget.loads)
    ]


def table(taken: Mapping[str, Cost]) -> str:
    """Return the clicks and loads of each part, its budget and its earlier cost, as a Markdown table."""
    lines = ["| part | clicks / loads | budget | before |", "|---|---|---|---|"]
    for part, cost in _rows(taken):
        budget = _of(part.budget) if part.budget is not None else ""
        lines.append(f"| {part.name} | {_of(cost)} | {budget} | {_of(part.before)} |")
    return "\n".join(lines)


def _of(cost: Cost) -> str:
    return f"{cost.clicks} / {cost.loads}"


def main() -> int:
    """Run the purchase and print the table; return 1 if the test fails or a part exceeds its budget."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "effort.json"
        os.environ |= {FILE: str(file), "LANE": "all"}
        failed = pytest.main(["-q", "--no-header", "tests/browser/test_click_budgets.py"])
        if file.exists():
            print(table({name: Cost(*cost) for name, cost in json.loads(file.read_text()).items()}))
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())

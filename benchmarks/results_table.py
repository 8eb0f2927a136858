"""Readable table of benchmark results. No database access.

The table has one line for each operation and interface, and a group of columns for each number of
simultaneous requests.
"""

from collections.abc import Iterable, Mapping, Sequence

from benchmarks.measurements import Measurement, ratio
from benchmarks.operations.operation import API, BASELINE

type Cells = Mapping[tuple[str, str, int, int], Measurement]

HEADINGS = ("operation", "interface", "queries", "web ms", "db ms", "MB")
HEADINGS_PER_LOAD = ("req/s", "p50", "p95", "p99", "of baseline")


def measurements_by_key(cells: Iterable[Measurement]) -> dict[tuple[str, str, int, int], Measurement]:
    """Return the measurements by their keys."""
    return {cell.key: cell for cell in cells}


def share_of_baseline(cells: Cells, cell: Measurement) -> float | None:
    """Return the rate of an API measurement relative to the baseline's, or None without a baseline."""
    baseline = cells.get((cell.operation, BASELINE, cell.row_count, cell.concurrent_requests))
    return (
        ratio(cell.responses_per_second, baseline.responses_per_second)
        if baseline is not None and cell.interface == API
        else None
    )


def growth_factor(cells: Cells, cell: Measurement) -> float | None:
    """Return the median time relative to the smallest measured size, or None for that size."""
    fewest = min(key[2] for key in cells)
    first = cells.get((cell.operation, cell.interface, fewest, cell.concurrent_requests))
    return ratio(cell.p50, first.p50) if first is not None and fewest < cell.row_count else None


def markdown_table(cells: Cells, rows: int) -> str:
    """Return the Markdown table of one size, with a growth column if a smaller size was measured."""
    at_once = sorted({key[3] for key in cells if key[2] == rows})
    grown = rows > min(key[2] for key in cells)
    head = [
        *HEADINGS,
        *(f"{name} at {many}" for many in at_once for name in HEADINGS_PER_LOAD),
        *(["growth"] if grown else []),
    ]
    pairs = dict.fromkeys((key[0], key[1]) for key in cells if key[2] == rows)
    lines = [head, ["---", "---", *["--:"] * (len(head) - 2)]]
    for operation, interface in pairs:
        known = [cells[operation, interface, rows, many] for many in at_once]
        lines.append(_line(cells, known, grown=grown))
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"


def _line(cells: Cells, known: Sequence[Measurement], *, grown: bool) -> list[str]:
    first, last = known[0], known[-1]
    worked = [f"{first.web_processor_milliseconds:.1f}", f"{first.database_processor_milliseconds:.1f}"]
    line = [
        first.operation,
        first.interface,
        _number(first.query_count),
        *worked,
        _number(last.memory_megabytes),
    ]
    for cell in known:
        line += [
            f"{cell.responses_per_second:.0f}"
            if cell.responses_per_second >= 10
            else f"{cell.responses_per_second:.1f}"
        ]
        line += [f"{value:.1f}" for value in (cell.p50, cell.p95, cell.p99)]
        line += [_percent(share_of_baseline(cells, cell))]
    return [*line, *([_times(growth_factor(cells, first))] if grown else [])]


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.0f}"


def _percent(part: float | None) -> str:
    return "" if part is None else f"{part:.0%}"


def _times(part: float | None) -> str:
    return "" if part is None else f"{part:.2f}"

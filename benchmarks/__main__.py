"""Benchmark of pages and API requests: speed of each operation, and its growth with the number of rows.

It is for an operator who chooses a machine, and for a developer who changed a list, a rule or an index.
`make bench` fills a scratch installation, sends the requests over HTTP, and prints the table and the
targets. All figures can be written to a JSON file. The baseline is the same work written by hand without
middleware, apps and ORM; it shows what the machine can do at best.
"""

import argparse
import json
import os
import platform
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import psutil

from benchmarks.measurements import Measurement
from benchmarks.results_table import markdown_table, measurements_by_key
from benchmarks.scratch_instance import scratch_installation
from benchmarks.targets import target_results

TABLE_EXPLANATION = (
    "rows of each kind. Milliseconds; “web ms” and “db ms” are processor time for one answer, one at a time."
)


def main() -> int:
    """Read the options, measure and print."""
    options = argument_parser().parse_args()
    began = time.monotonic()
    with scratch_installation(options.port) as installation:
        from benchmarks.runner import BenchmarkExtent, prepare_database, run_measurements  # noqa: PLC0415 - needs settings

        wanted = BenchmarkExtent(
            options.sizes, options.at_once, options.seconds, options.rounds, options.most, options.only
        )
        prepare_database()
        cells = list(run_measurements(installation, wanted))
    write_report(cells, options.json, time.monotonic() - began)
    return 0


def argument_parser() -> argparse.ArgumentParser:
    """Return the parser of the options. The defaults measure both sizes in about ten minutes."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000], help="rows of each kind")
    parser.add_argument("--at-once", type=int, nargs="+", default=[1, 8], help="requests at once")
    parser.add_argument("--seconds", type=float, default=1.2, help="for each cell")
    parser.add_argument("--rounds", type=int, default=2, help="into how many turns they are cut")
    parser.add_argument("--most", type=int, default=600, help="answers after which a cell has seen enough")
    parser.add_argument("--only", default="", help="operations with this word in their name")
    parser.add_argument(
        "--port", type=int, default=8110, help="this port and the next ones, two for each size"
    )
    parser.add_argument("--json", type=Path, help="a file for all figures")
    return parser


def write_report(cells: Sequence[Measurement], file: Path | None, took: float) -> None:
    """Print a table for each size, the results of the targets, and the kind of machine; write all to a file if asked."""
    known = measurements_by_key(cells)
    memory = psutil.virtual_memory().total / 2**30
    machine = f"{_processor()}, {os.cpu_count()} cores, {memory:.0f} GB, Python {platform.python_version()}"
    values = [str(verdict) for verdict in target_results(known)]
    for rows in sorted({cell.row_count for cell in cells}):
        print(f"\n{rows:,} {TABLE_EXPLANATION}\n\n{markdown_table(known, rows)}")
    print("\n".join(values))
    print(f"\n{machine}; {took:.0f} s in all.")
    if file is not None:
        figures = {
            "machine": machine,
            "took": took,
            "cells": [asdict(cell) for cell in cells],
            "demands": values,
        }
        file.write_text(json.dumps(figures, indent=1))


def _processor() -> str:
    known = Path("/proc/cpuinfo")
    lines = known.read_text().splitlines() if known.exists() else []
    return next(
        (line.partition(": ")[2] for line in lines if line.startswith("model name")), platform.machine()
    )


if __name__ == "__main__":
    sys.exit(main())

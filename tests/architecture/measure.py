"""Size and shape of the code: `python -m tests.architecture.measure`.

Prints the figures of the source files, before and after packages were split by domain object. Also prints how
many of the product's files execute a function in five short journeys: in all requests of a journey
(`all_requests`), from URL to response with the middleware, and in the one request that does what the journey
is about (`main_request`). The journeys run in a test database, which takes two minutes. Given the files of a
test run, also prints suite times, coverage floors and the mutation score.
"""

import argparse
import json
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

from coverage.exceptions import CoverageException

from tests.architecture.files_run_by_journeys import Journey, play_journeys
from tests.architecture.sources import ROOT
from tests.architecture.suite_figures import (
    CoverageFloor,
    SuiteTimes,
    coverage_floors,
    mutants,
    mutation_score,
    suite_times,
)
from tests.architecture.tree_figures import Figures, figures_at, tree_figures

PURCHASE_APP = "procurement/"  # other files of a journey sign in, check permissions, render pages


class JourneyFigures(NamedTuple):
    """Numbers of the product's files that execute a function: in all requests of a journey, and in the main one."""

    all_requests: int
    all_requests_in_purchase_app: int
    main_request: int
    main_request_in_purchase_app: int

    @classmethod
    def of(cls, journey: Journey) -> "JourneyFigures":
        """Count the files of a journey that ran."""
        found = (journey.all_requests, journey.main_request)
        return cls(*(count for files in found for count in (len(files), _count_in_purchase_app(files))))


def _count_in_purchase_app(files: frozenset[str]) -> int:
    return sum(file.startswith(PURCHASE_APP) for file in files)


# The last commit before packages were split by domain object (ADR 94). Today's helpers cannot play its journeys, so the
# figures that were counted on it are stored here.
BEFORE = "f334dcfb"
JOURNEYS_BEFORE = {
    "posted-need-is-open": JourneyFigures(87, 37, 36, 5),
    "offer-is-listed-for-officer": JourneyFigures(34, 5, 34, 5),
    "inspected-lot-is-released": JourneyFigures(64, 25, 36, 16),
    "document-submitted-by-link-is-shown-with-its-reference": JourneyFigures(63, 21, 30, 12),
    "periodic-job-sends-inquiry-reminder": JourneyFigures(85, 51, 85, 51),
}
TREE_BEFORE: Figures = {
    "folders": 126,
    "files": 944,
    "files with code": 931,
    "files under 60 lines": 297,
    "files with code under 60 lines": 284,
    "__init__.py that re-export": 73,
    "import lines, % of lines that are not blank": 12.3,
    "lines": 104_181,
    "lines of the longest file": 569,
}


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tests.architecture.measure",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--at",
        metavar="COMMIT",
        help=f"compare the source files with this commit instead of the stored figures of {BEFORE}",
    )
    parser.add_argument("--no-journeys", action="store_true", help="do not play the journeys")
    parser.add_argument(
        "--files",
        metavar="JOURNEY",
        choices=JOURNEYS_BEFORE,
        help=f"list its files: {', '.join(JOURNEYS_BEFORE)}",
    )
    parser.add_argument("--junit", type=Path, metavar="FILE", help="what pytest --junit-xml=FILE wrote")
    parser.add_argument(
        "--coverage",
        type=Path,
        metavar="FILE",
        default=ROOT / ".coverage",
        help="data of make coverage; without this option .coverage, if it is there",
    )
    parser.add_argument(
        "--mutation",
        type=Path,
        metavar="FILE",
        help='JSON: {"package": {"mutants": 9, "killed": 8, "survived": ["file:line: fault"]}}',
    )
    parser.add_argument("--json", action="store_true", help="print JSON instead of tables")
    return parser.parse_args()


def _rows(title: str, rows: list[tuple[Any, ...]], left: int = 1) -> None:
    """Print a table whose first `left` columns hold texts and whose other columns hold figures."""
    widths = [max(len(str(row[column])) for row in rows) for column in range(len(rows[0]))]
    print(f"\n{title}")
    for row in rows:
        cells = [
            f"{value!s:{'<' if column < left else '>'}{width}}"
            for column, (value, width) in enumerate(zip(row, widths, strict=True))
        ]
        print(f"  {'  '.join(cells)}".rstrip())


def _print_tree(commit: str, before: Figures, now: Figures) -> None:
    _rows(
        "Source files of the product, without migrations",
        [
            ("", f"before ({commit})", "now"),
            *((name, before[name], figure) for name, figure in now.items()),
        ],
    )


def _print_journeys(journeys: dict[str, Journey]) -> None:
    rows: list[tuple[Any, ...]] = [("", "", f"before ({BEFORE})", "now")]
    for name, journey in journeys.items():
        titles = (
            (name.replace("-", " "), f"all requests, steps: {len(journey.steps)}"),
            ("", f"of these in {PURCHASE_APP}"),
            ("", f"main request, {journey.main_step.what}"),
            ("", f"of these in {PURCHASE_APP}"),
        )
        figures = zip(titles, JOURNEYS_BEFORE[name], JourneyFigures.of(journey), strict=True)
        rows.extend((*title, before, now) for title, before, now in figures)
    _rows("Files of the product that execute a function", rows, left=2)


def _print_files(name: str, journey: Journey) -> None:
    rows = [
        (
            file,
            len((ROOT / file).read_text(encoding="utf-8").splitlines()),
            "*" * (file in journey.main_request),
        )
        for file in sorted(journey.all_requests)
    ]
    _rows(f"{name}: every file, its lines, and * for the main step", rows)


def _print_suite(times: SuiteTimes | None, floors: list[CoverageFloor], found: dict[str, Any] | None) -> None:
    if times:
        _rows(
            "Suite times",
            [("package", "tests", "seconds"), ("all", times.tests, times.seconds), *times.slowest],
        )
    if floors:
        _rows("Coverage of branches and lines, %", [("part", "files", "reached", "floor"), *floors])
    if found:
        rows = [(name, part["mutants"], part["killed"]) for name, part in sorted(found.items())]
        _rows(f"Mutation score: {mutation_score(found)} %", [("package", "mutants", "killed"), *rows])


def _floors(data: Path) -> list[CoverageFloor]:
    """Return the coverage floors, or nothing without data or with data of another state of the code."""
    try:
        return coverage_floors(data) if data.exists() else []
    except CoverageException as error:
        print(f"Coverage is left out, run make coverage again: {error}", file=sys.stderr)
        return []


def main() -> None:
    """Print the figures that the arguments ask for."""
    asked = _arguments()
    try:
        before = figures_at(asked.at) if asked.at else TREE_BEFORE
    except subprocess.CalledProcessError as error:
        sys.exit(error.stderr.decode())
    commit, now = asked.at or BEFORE, tree_figures(ROOT)
    times = suite_times(asked.junit) if asked.junit else None
    floors = _floors(asked.coverage)
    found = mutants(asked.mutation) if asked.mutation else None
    journeys = {} if asked.no_journeys and not asked.files else play_journeys()
    if asked.json:
        figures = {
            "files": {commit: before, "now": now},
            "journeys": {
                name: {
                    BEFORE: JOURNEYS_BEFORE[name]._asdict(),
                    "now": JourneyFigures.of(journey)._asdict(),
                    "files": {
                        "all_requests": sorted(journey.all_requests),
                        "main_request": sorted(journey.main_request),
                    },
                }
                for name, journey in journeys.items()
            },
            "suite": times._asdict() if times else None,
            "coverage": [floor._asdict() for floor in floors],
            "mutation": found,
        }
        print(json.dumps(figures, indent=2, ensure_ascii=False))
        return
    _print_tree(commit, before, now)
    if journeys:
        _print_journeys(journeys)
    if asked.files:
        _print_files(asked.files, journeys[asked.files])
    _print_suite(times, floors, found)


if __name__ == "__main__":
    main()

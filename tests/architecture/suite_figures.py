"""Figures of a test run, from the files that it left: times, coverage, mutation score."""

import io
import json
import re
import shlex
from collections import Counter
from pathlib import Path
from typing import NamedTuple, TypedDict
from xml.etree import ElementTree as ET

from coverage import Coverage

from tests.architecture.sources import ROOT

SLOWEST = 10  # packages shown


class SuiteTimes(NamedTuple):
    """Times of a test run. `seconds` is the sum over all tests; with two processes it exceeds the elapsed time."""

    tests: int
    seconds: float
    slowest: list[tuple[str, int, float]]  # package, tests, seconds


class CoverageFloor(NamedTuple):
    """A minimum that `make coverage` requires, in percent, and what the last run reached in the files it measured.

    A run of a part of the tests with `--cov=PACKAGE` measures few files, so its figures say little.
    """

    part: str
    files: int
    reached: float
    floor: float


class PackageMutants(TypedDict):
    """Result of mutating one package: every mutant is a small fault that some test should notice."""

    mutants: int
    killed: int
    survived: list[str]


def suite_times(junit: Path) -> SuiteTimes:
    """Return the times in a JUnit file, which `pytest --junit-xml=FILE` writes."""
    seconds: Counter[str] = Counter()
    tests: Counter[str] = Counter()
    for case in ET.parse(junit).iter("testcase"):
        package = _package(case.get("classname", ""))
        seconds[package] += float(case.get("time", "0"))
        tests[package] += 1
    slowest = [(package, tests[package], round(spent, 1)) for package, spent in seconds.most_common(SLOWEST)]
    return SuiteTimes(tests.total(), round(sum(seconds.values()), 1), slowest)


def _package(classname: str) -> str:
    """Return the folder of a test's file: `tests.workflow.pdf.test_pdf.TestPage` is in tests/workflow/pdf."""
    parts = classname.split(".")
    return "/".join(parts[: next((n for n, part in enumerate(parts) if part.startswith("test_")), -1)])


def coverage_floors(data: Path, makefile: Path = ROOT / "Makefile") -> list[CoverageFloor]:
    """Return each `coverage report` of the Makefile with its floor and what the data file reached."""
    text = makefile.read_text(encoding="utf-8")
    domain = re.search(r"^DOMAIN := (\S+)$", text, re.MULTILINE)
    found = []
    for line in re.findall(r"/coverage report (.*--fail-under.*)", text):
        words = shlex.split(line)
        include = domain[1].split(",") if domain and "$(DOMAIN)" in words else None
        floor = float(words[words.index("--fail-under") + 1])
        found.append(CoverageFloor("domain" if include else "whole product", *_reached(data, include), floor))
    return found


def _reached(data: Path, include: list[str] | None) -> tuple[int, float]:
    """Return the number of measured files, and the share of their lines and branches that a test took."""
    coverage = Coverage(data_file=str(data), config_file=str(ROOT / "pyproject.toml"))
    coverage.load()
    table = io.StringIO()
    reached = coverage.report(include=include, file=table)
    return table.getvalue().count(".py "), round(reached, 2)


def mutants(results: Path) -> dict[str, PackageMutants]:
    """Return the results of a mutation run, by package: a JSON object of PackageMutants."""
    found: dict[str, PackageMutants] = json.loads(results.read_text(encoding="utf-8"))
    return found


def mutation_score(found: dict[str, PackageMutants]) -> float:
    """Return the share of mutants that the tests killed, in percent."""
    made = sum(package["mutants"] for package in found.values())
    return round(100 * sum(package["killed"] for package in found.values()) / (made or 1), 1)

"""docs/tour.md names only files and names that exist, and each decision record has a unique number."""

import re
from pathlib import Path

import pytest

from tests.architecture.sources import ROOT, modules

PAGES = sorted((ROOT / "docs").rglob("*.md"))
ROWS = [line for line in (ROOT / "docs/tour.md").read_text().splitlines() if re.match(r"\| \d", line)]
QUOTED = re.compile(r"`([^`]+)`")
PLACES = (ROOT, ROOT / "procurement")


def modules_of(row: str) -> list[str]:
    """The files and folders the last cell of a row of the tour names."""
    return QUOTED.findall(row.rstrip("| ").split("|")[-1])


@pytest.mark.parametrize("row", ROWS, ids=[row.split(".")[0].strip("| ") for row in ROWS])
def test_a_step_of_the_tour_names_modules_that_exist(row: str) -> None:
    named = modules_of(row)
    assert named
    assert [one for one in named if not any((place / one).exists() for place in PLACES)] == []


LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")


@pytest.mark.parametrize(
    "path",
    [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *PAGES],
    ids=lambda path: str(path.relative_to(ROOT)),
)
def test_relative_links_resolve(path: Path) -> None:
    targets = [one for one in LINK.findall(path.read_text()) if not one.startswith("http")]
    assert [one for one in targets if not (path.parent / one).exists()] == []


RECORDS = sorted((ROOT / "docs/adr").glob("[0-9]*.md"))
HEAD = re.compile(
    r"# (\d+)\. .+\n\nDate: \d{4}-\d\d-\d\d\nStatus: (Proposed|Accepted|Superseded by ADR \d+)( \(.+\))?\n\n"
    r"## Context\n.+\n## Decision\n.+\n## Consequences\n.+\n## Alternatives\n.+",
    re.DOTALL,
)
NAMED = re.compile(r"(?:docs/adr/|\badr/|\bADR )(\d{1,4})\b")


def test_every_decision_record_has_a_number_of_its_own() -> None:
    numbers = [path.name[:4] for path in RECORDS]
    assert sorted({number for number in numbers if numbers.count(number) > 1}) == []


@pytest.mark.parametrize("path", RECORDS, ids=lambda path: path.name[:4])
def test_a_decision_record_has_the_common_form(path: Path) -> None:
    assert re.fullmatch(r"\d{4}-[a-z0-9-]+\.md", path.name)
    head = HEAD.match(path.read_text())
    assert head is not None
    assert int(head[1]) == int(path.name[:4])


def test_the_index_lists_every_decision_record() -> None:
    index = (ROOT / "docs/adr/README.md").read_text()
    assert [path.name for path in RECORDS if f"]({path.name})" not in index] == []


def test_a_decision_record_that_is_named_exists() -> None:
    places = [*modules(), *PAGES]
    places += [
        ROOT / name for name in ("pyproject.toml", "README.md", "CONTRIBUTING.md", "Makefile", "Dockerfile")
    ]
    named = {int(number): path for path in places for number in NAMED.findall(path.read_text())}
    there = {int(path.name[:4]) for path in RECORDS}
    assert {30, 56, 92} <= set(named)
    assert {number: path for number, path in named.items() if number not in there} == {}

"""The tour leads somewhere: each file it names is there, and so is what it says stands in it. Choices are told apart by number."""

import re
from pathlib import Path

import pytest

from tests.architecture.sources import ROOT, modules

ROWS = [line for line in (ROOT / "docs/tour.md").read_text().splitlines() if re.match(r"\| \d", line)]
QUOTED = re.compile(r"`([^`]+)`")
PLACES = (ROOT, ROOT / "procurement")


def stops(row: str) -> tuple[list[Path], list[str]]:
    """What the last cell of a row names: files and folders, and names that stand in them. A bare file is beside the last one."""
    files: list[Path] = []
    names: list[str] = []
    for word in QUOTED.findall(row.split("|")[2]):
        if word.isidentifier():
            names.append(word)
        elif word.endswith((".py", "/")):
            around = [files[-1].parent] if "/" not in word and files else PLACES
            found = next((place / word for place in around if (place / word).exists()), None)
            assert found is not None, f"{word} is not there"
            files.append(found)
    return files, names


def text_of(path: Path) -> str:
    """A file's words; those of all files of a folder."""
    return "\n".join(one.read_text() for one in ([path] if path.is_file() else sorted(path.rglob("*.py"))))


@pytest.mark.parametrize("row", ROWS, ids=[row.split(".")[0].strip("| ") for row in ROWS])
def test_a_stop_of_the_tour_is_where_it_says(row: str) -> None:
    files, names = stops(row)
    assert files
    text = "\n".join(text_of(path) for path in files)
    missing = [name for name in names if not re.search(rf"(def|class) {name}\b|[\"']{name}[\"']", text)]
    assert missing == []


CHOICES = sorted((ROOT / "docs/adr").glob("*.md"))
NAMED = re.compile(r"(?:docs/adr/|\badr/|\bADR )(\d{1,4})\b")


def test_every_choice_has_a_number_of_its_own() -> None:
    numbers = [path.name[:4] for path in CHOICES]
    assert sorted({number for number in numbers if numbers.count(number) > 1}) == []


@pytest.mark.parametrize("path", CHOICES, ids=lambda path: path.name[:4])
def test_a_choice_is_told_as_the_others(path: Path) -> None:
    text = path.read_text()
    number = re.fullmatch(r"(\d{4})-[a-z0-9-]+\.md", path.name)
    assert number is not None
    assert text.startswith(f"# {int(number[1])}. ")
    assert "**Choice" in text


def test_a_choice_that_is_named_is_there() -> None:
    places = [*modules(), *(ROOT / "docs").rglob("*.md")]
    places += [
        ROOT / name for name in ("pyproject.toml", "README.md", "CONTRIBUTING.md", "Makefile", "Dockerfile")
    ]
    named = {int(number): path for path in places for number in NAMED.findall(path.read_text())}
    there = {int(path.name[:4]) for path in CHOICES}
    assert {30, 24, 14} <= set(named)
    assert {number: path for number, path in named.items() if number not in there} == {}

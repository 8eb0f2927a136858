"""The tour leads somewhere: each file it names is there, and so is what it says stands in it."""

import re
from pathlib import Path

import pytest

from tests.architecture.sources import ROOT

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

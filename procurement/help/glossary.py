"""Terms of the product in three languages, read from docs/glossary.md, so that the help page and the document agree."""

import csv
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings

GLOSSARY_FILE = Path(settings.BASE_DIR) / "docs/glossary.md"
MEANINGS_FILE = Path(__file__).parent / "data/meanings.csv"
LANGUAGES = ("en", "fr", "zh")


@dataclass(frozen=True)
class Term:
    """Term of the glossary: its meaning and its name, each by language (en, fr, zh)."""

    meaning: dict[str, str]
    names: dict[str, str]


@dataclass(frozen=True)
class Chapter:
    """Heading by language, and its terms in order."""

    title: dict[str, str]
    terms: tuple[Term, ...]


@cache
def chapters() -> tuple[Chapter, ...]:
    """Return the tables of the glossary as chapters. Each process reads them once.

    Raises KeyError if a heading or a meaning has no translation.
    """
    with MEANINGS_FILE.open(newline="", encoding="utf-8") as file:
        rows = {row["en"]: row for row in csv.DictReader(file)}
    found: list[tuple[str, list[Term]]] = []
    for line in GLOSSARY_FILE.read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            found.append((line.removeprefix("## "), []))
        cells = [cell.strip() for cell in line.strip("|").split(" | ")]
        if line.startswith("| ") and len(cells) > len(LANGUAGES) and cells[0] not in ("concept", "---"):
            names = dict(zip(LANGUAGES, map(_plain, cells[1:4]), strict=True))
            found[-1][1].append(Term(rows[cells[0]], names))
    return tuple(Chapter(rows[title], tuple(terms)) for title, terms in found if terms)


def _plain(text: str) -> str:
    """Return the text of a table cell without marks of Markdown."""
    return re.sub(r"[*`]", "", text)

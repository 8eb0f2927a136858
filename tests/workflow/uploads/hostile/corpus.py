"""Corpus of hostile files: each with what it tries and how it has to end. The bytes are the same on every run."""

from collections.abc import Iterator

from tests.workflow.uploads.hostile import books, pdfs, pictures, tables
from tests.workflow.uploads.hostile.hostile_file import Hostile


def corpus() -> Iterator[tuple[str, Hostile]]:
    """Yield every file with the opener it is for: picture, pdf or table."""
    for opener, module in (("picture", pictures), ("pdf", pdfs), ("table", tables), ("table", books)):
        for file in module.FILES:
            yield opener, file

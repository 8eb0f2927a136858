"""The corpus of hostile files, each with its attack and the expected result; the bytes are the same on every run."""

from collections.abc import Iterator

from tests.workflow.uploads.hostile import pdfs, pictures, tables, workbooks
from tests.workflow.uploads.hostile.hostile_file import Hostile


def corpus() -> Iterator[tuple[str, Hostile]]:
    """Yield every file with the opener it is for: picture, pdf or table."""
    for opener, module in (("picture", pictures), ("pdf", pdfs), ("table", tables), ("table", workbooks)):
        for file in module.FILES:
            yield opener, file

"""Data files and the Chinese translations use the punctuation and spaces of their language."""

import csv
import re
from collections.abc import Iterator

from tests.architecture.sources import ROOT
from tests.architecture.test_messages import forms, messages

# No space between Han and Latin letters or figures, and no half-width signs beside Han.
SPACED = re.compile(r"[\u4e00-\u9fff] +[A-Za-z0-9]|[A-Za-z0-9%)] +[\u4e00-\u9fff]")
HALF_WIDTH = re.compile(r"[\u4e00-\u9fff][,;:!?(]|[,;:!?)][\u4e00-\u9fff]|[\u4e00-\u9fff] +[\u4e00-\u9fff]")
FRENCH = re.compile(r"[ \u00a0\u202f][;!?]|(?<!\u00a0):(?!\d|//)|« | »|(?<=\w)'(?=\w)|\d %|\d \$|\$ US")
DESIGNATION = "510(k)"


def cells_of(language: str) -> Iterator[tuple[str, str]]:
    """Yield the file and text of each cell in this language."""
    for path in sorted(ROOT.glob("p*/**/data/*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as file:
            for row in csv.DictReader(file):
                yield from (
                    (path.name, text)
                    for column, text in row.items()
                    if column.split("_")[-1] == language and text
                )


def test_chinese_texts_have_no_space_between_han_and_latin_characters():
    catalogue = [("django.po", text) for message in messages("zh_Hans") for _source, text in forms(message)]
    cells = list(cells_of("zh"))
    assert len(cells) > 1000
    assert not [told for told in (*cells, *catalogue) if SPACED.search(told[1])]


def test_chinese_data_cells_use_full_width_punctuation():
    assert not [told for told in cells_of("zh") if HALF_WIDTH.search(told[1].replace(DESIGNATION, ""))]


def test_french_data_cells_use_canadian_french_punctuation():
    cells = list(cells_of("fr"))
    assert len(cells) > 1000
    assert not [told for told in cells if FRENCH.search(told[1])]

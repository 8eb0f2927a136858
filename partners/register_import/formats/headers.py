"""Detection of the columns of a file, by register names or words in three languages. No database access."""

import re
from collections.abc import Sequence

from partners.register_import.formats.columns import Column
from workflow.i18n import translate_all
from workflow.search import fold_text

_SIGNS = re.compile(r"[\W_]+")


def normalize_heading(heading: str) -> str:
    """Return a heading for comparison: without case, accents, spaces and punctuation."""
    return _SIGNS.sub("", fold_text(heading))


def guess_columns(header: Sequence[str], columns: Sequence[Column]) -> dict[str, int]:
    """Return the position of each column that the header names, by column name.

    A match on the column's own name comes before one on its labels, and that before one on its other
    headings. Of two equal headings, the first counts.
    """
    found: dict[str, int] = {}
    headings = [normalize_heading(one) for one in header]
    for names in (_names_of_column, _labels_of_column, _other_headings):
        for column in columns:
            used = set(found.values())
            known = {normalize_heading(name) for name in names(column)} - {""}
            free = (place for place, heading in enumerate(headings) if heading in known and place not in used)
            if column.name not in found and (place := next(free, None)) is not None:
                found[column.name] = place
    return found


def _names_of_column(column: Column) -> tuple[str, ...]:
    return (column.name,)


def _labels_of_column(column: Column) -> tuple[str, ...]:
    return tuple(translate_all(column.label).values())


def _other_headings(column: Column) -> tuple[str, ...]:
    return column.other_headings


def column_letters(place: int) -> str:
    """Return the spreadsheet letters of a column: A for 0, AA for 26."""
    name, number = "", place + 1
    while number:
        number, rest = divmod(number - 1, 26)
        name = chr(65 + rest) + name
    return name


def column_label(header: Sequence[str], place: int) -> str:
    """Return a column of a file as its letter and heading: “B: Signed”."""
    heading = header[place].strip() if place < len(header) else ""
    return f"{column_letters(place)}: {heading or '–'}"

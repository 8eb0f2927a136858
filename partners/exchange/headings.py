"""Which column of a file is which: by the register's own names or in words of the three languages, in any order. Pure."""

import re
from collections.abc import Sequence

from partners.exchange.columns import Column
from workflow.search import fold
from workflow.tongues import in_three

_SIGNS = re.compile(r"[\W_]+")


def plain(heading: str) -> str:
    """A heading as it is compared: without case, accents, spaces and signs."""
    return _SIGNS.sub("", fold(heading))


def guess(header: Sequence[str], columns: Sequence[Column]) -> dict[str, int]:
    """The position of each column that the header names, by the column's name; the first of two that are called alike.

    A column's own name goes before its words, and those before what else it is called.
    """
    found: dict[str, int] = {}
    headings = [plain(one) for one in header]
    for names in (_own, _words, _also):
        for column in columns:
            taken = set(found.values())
            known = {plain(name) for name in names(column)} - {""}
            free = (place for place, said in enumerate(headings) if said in known and place not in taken)
            if column.name not in found and (place := next(free, None)) is not None:
                found[column.name] = place
    return found


def _own(column: Column) -> tuple[str, ...]:
    return (column.name,)


def _words(column: Column) -> tuple[str, ...]:
    return tuple(in_three(column.label).values())


def _also(column: Column) -> tuple[str, ...]:
    return column.also


def letters(place: int) -> str:
    """A column as a spreadsheet names it: A for 0, AA for 26."""
    name, number = "", place + 1
    while number:
        number, rest = divmod(number - 1, 26)
        name = chr(65 + rest) + name
    return name


def called(header: Sequence[str], place: int) -> str:
    """A column of a file by its letter and its heading: “B: Signed”."""
    heading = header[place].strip() if place < len(header) else ""
    return f"{letters(place)}: {heading or '–'}"

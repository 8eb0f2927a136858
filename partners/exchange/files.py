"""CSV to rows and back: encodings, separators, headers. Knows no column by its meaning."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from partners.exchange.columns import Column
from partners.exchange.faults import Bad, Fault, Faulty
from workflow.cells import guarded, unguarded

MOST_ROWS = 50_000
MOST_BYTES = 10 * 1024 * 1024

type Row = dict[str, Any]
type Numbered = tuple[int, Row]


def read(content: bytes, columns: Sequence[Column]) -> list[Numbered]:
    """The rows of a file with their numbers, each cell read by its column. A column that is absent is absent from the rows.

    Raises Faulty with everything that is wrong with the file's form, its header and its cells.
    """
    header, lines = _lines(content)
    by_name = {column.name: column for column in columns}
    _check_header(header, by_name)
    faults: list[Fault] = []
    rows = [
        (number, _cells(number, header, cells, by_name, faults))
        for number, cells in enumerate(lines, start=2)
        if any(cell.strip() for cell in cells)
    ]
    if faults:
        raise Faulty(faults)
    return rows


def write(columns: Iterable[str], rows: Iterable[Row]) -> Iterator[str]:
    """A CSV file line by line, cells made harmless for spreadsheets."""
    names = list(columns)
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(names)
    yield buffer.getvalue()
    for row in rows:
        buffer.seek(0)
        buffer.truncate()
        writer.writerow([guarded(row[name]) for name in names])
        yield buffer.getvalue()


def _lines(content: bytes) -> tuple[list[str], list[list[str]]]:
    if len(content) > MOST_BYTES:
        raise Faulty([Fault(1, "", _("The file is larger than 10 MB."))])
    try:
        written = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        words = _("The file is not in UTF-8. Save it as “CSV UTF-8” and send it again.")
        raise Faulty([Fault(1, "", words)]) from error
    if "\0" in written:
        raise Faulty([Fault(1, "", _("This is not a CSV file."))])
    first = written.partition("\n")[0]
    separator = max(",;\t", key=first.count)
    try:
        lines = list(csv.reader(io.StringIO(written, newline=""), delimiter=separator, strict=True))
    except csv.Error as error:
        raise Faulty([Fault(1, "", _("The file cannot be read: a quotation mark is missing."))]) from error
    if len(lines) > MOST_ROWS + 1:
        raise Faulty([Fault(MOST_ROWS + 2, "", _("The file has more than 50,000 rows. Send it in parts."))])
    return ([name.strip() for name in lines[0]], lines[1:]) if lines else ([], [])


def _check_header(header: list[str], columns: dict[str, Column]) -> None:
    missing = [name for name, column in columns.items() if column.required and name not in header]
    faults = [Fault(1, name, _("This column is missing.")) for name in missing]
    faults += [Fault(1, name, _("There is no such column.")) for name in header if name not in columns]
    twice = sorted({name for name in header if header.count(name) > 1})
    faults += [Fault(1, name, _("This column stands twice.")) for name in twice]
    if faults:
        raise Faulty(faults)


def _cells(
    number: int, header: list[str], cells: list[str], columns: dict[str, Column], faults: list[Fault]
) -> Row:
    if len(cells) != len(header):
        words = _("This row has %(cells)s cells, the header %(header)s.")
        faults.append(Fault(number, "", words % {"cells": len(cells), "header": len(header)}))
        return {}
    row: Row = {}
    for name, cell in zip(header, cells, strict=True):
        try:
            row[name] = _value(columns[name], unguarded(cell.strip()))
        except Bad as bad:
            faults.append(Fault(number, name, bad.words))
    return row


def _value(column: Column, cell: str) -> Any:
    if column.required and not cell:
        raise Bad(_("This must be filled in."))
    return column.read(cell)

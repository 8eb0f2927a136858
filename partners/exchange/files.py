"""CSV to rows and back: encodings, separators, headers. Knows no column by its meaning."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from django.utils.translation import gettext_lazy as _

from partners.exchange.columns import Column
from partners.exchange.faults import MOST_FOUND, Bad, Fault, Faulty
from partners.exchange.headings import guess
from workflow.cells import MERGED, guarded, unguarded

MOST_ROWS = 50_000
MOST_COLUMNS = 200
MOST_BYTES = 10 * 1024 * 1024

type Row = dict[str, Any]
type Numbered = tuple[int, Row]


def read(content: bytes, columns: Sequence[Column]) -> list[Numbered]:
    """The rows of a file with their numbers, each cell read by its column. A column that is absent is absent from the rows.

    Raises Faulty with everything that is wrong with the file's form, its header and its cells.
    """
    header, lines = _lines(content)
    places = guess(header, columns)
    _check_header(header, columns, places)
    rows, faults = read_cells(lines, columns, places, len(header))
    if faults:
        raise Faulty(faults)
    return rows


def read_cells(
    lines: Iterable[Sequence[Any]],
    columns: Iterable[Column],
    places: Mapping[str, int],
    width: int,
    same: Mapping[str, str] = MappingProxyType({}),
) -> tuple[list[Numbered], list[Fault]]:
    """Lines below a header of so many columns as rows, and what is wrong with them. Lines without any word are passed over.

    `places` tells where each column stands, `same` what one that stands nowhere says in every row. Reading stops where far too much is
    wrong.
    """
    told = [column for column in columns if column.name in places or column.name in same]
    faults: list[Fault] = []
    rows: list[Numbered] = []
    for number, line in enumerate(lines, start=2):
        if len(faults) >= MOST_FOUND:
            break
        cells = [str(cell).strip() for cell in line]
        if not any(cells):
            continue
        if len(cells) != width:
            words = _("This row has %(cells)s cells, the header %(header)s.")
            faults.append(Fault(number, "", words % {"cells": len(cells), "header": width}))
            continue
        row: Row = {}
        for column in told:
            cell = cells[places[column.name]] if column.name in places else same[column.name]
            try:
                row[column.name] = _value(column, cell)
            except Bad as bad:
                faults.append(Fault(number, column.name, bad.words))
        rows.append((number, row))
    return rows, faults


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


def write_workbook(columns: Mapping[str, str], rows: Iterable[Row]) -> bytes:
    """An XLSX file of one sheet, with a heading for each column: numbers as numbers, all else as text that no spreadsheet runs."""
    import xlsxwriter  # noqa: PLC0415 - loading it takes a tenth of the start of a process, and few write workbooks

    names, buffer = list(columns), io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"constant_memory": True, "in_memory": False})
    sheet = book.add_worksheet()
    sheet.freeze_panes(1, 0)
    for place, heading in enumerate(columns.values()):
        sheet.write_string(0, place, heading)
    for number, row in enumerate(rows, start=1):
        for place, name in enumerate(names):
            value = row[name]
            if isinstance(value, int | Decimal):
                sheet.write_number(number, place, value)
            elif value not in (None, ""):
                sheet.write_string(number, place, guarded(value))
    book.close()
    return buffer.getvalue()


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
    lines: list[list[str]] = []
    try:
        for line in csv.reader(io.StringIO(written, newline=""), delimiter=separator, strict=True):
            lines.append(line)
            _refuse_too_much(len(lines), len(line))
    except csv.Error as error:
        raise Faulty([Fault(1, "", _("The file cannot be read: a quotation mark is missing."))]) from error
    return ([name.strip() for name in lines[0]], lines[1:]) if lines else ([], [])


def _refuse_too_much(rows: int, columns: int) -> None:
    """Stop reading a file that is far longer or wider than a list is."""
    if rows > MOST_ROWS + 1:
        raise Faulty([Fault(rows, "", _("The file has more than 50,000 rows. Send it in parts."))])
    if columns > MOST_COLUMNS:
        raise Faulty([Fault(rows, "", _("This row has more than 200 columns. Is it another kind of file?"))])


def _check_header(header: list[str], columns: Sequence[Column], places: Mapping[str, int]) -> None:
    missing = [column.name for column in columns if column.required and column.name not in places]
    faults = [Fault(1, name, _("This column is missing.")) for name in missing]
    known = {header[place] for place in places.values()}
    unknown = [
        name for place, name in enumerate(header) if place not in places.values() and name not in known
    ]
    faults += [Fault(1, name, _("There is no such column.")) for name in unknown]
    twice = sorted({name for name in header if header.count(name) > 1})
    faults += [Fault(1, name, _("This column stands twice.")) for name in twice]
    if faults:
        raise Faulty(faults)


def _value(column: Column, cell: str) -> Any:
    if cell == MERGED:
        raise Bad(_("This cell is merged with another. Take the merging apart and fill in each cell."))
    if cell.startswith("="):
        raise Bad(_("This is a formula, not a value. Save the sheet with its values only."))
    if column.required and not cell:
        raise Bad(_("This must be filled in."))
    return column.read(unguarded(cell))

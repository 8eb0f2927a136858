"""Conversion of CSV and XLSX files to rows and back: encodings, separators, headers."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from django.utils.translation import gettext_lazy as _

from partners.register_import.errors import MAX_ERRORS, CellError, ImportFailed, RowError
from partners.register_import.formats.columns import Column
from partners.register_import.formats.headers import guess_columns
from workflow.csv_safety import MERGED_CELL, escape_formula, unescape_formula

MAX_ROWS = 50_000
MAX_COLUMNS = 200
MAX_BYTES = 10 * 1024 * 1024

type Row = dict[str, Any]
type NumberedRow = tuple[int, Row]


def read_csv(content: bytes, columns: Sequence[Column]) -> list[NumberedRow]:
    """Return the rows of a file with their numbers, each cell read by its column.

    A column that the file lacks is missing from the rows. Raises Faulty with all faults: of the file format, the
    header and the cells.
    """
    header, lines = _lines(content)
    places = guess_columns(header, columns)
    _check_header(header, columns, places)
    rows, faults = read_rows(lines, columns, places, len(header))
    if faults:
        raise ImportFailed(faults)
    return rows


def read_rows(
    lines: Iterable[Sequence[Any]],
    columns: Iterable[Column],
    places: Mapping[str, int],
    width: int,
    same: Mapping[str, str] = MappingProxyType({}),
) -> tuple[list[NumberedRow], list[RowError]]:
    """Return the lines below a header as rows, and their faults. Empty lines are skipped.

    `places` holds the position of each column. `same` holds the text of each column that has the same value
    for every row. `width` is the number of columns in the header. Reading stops after MOST_FOUND faults.
    """
    values = [column for column in columns if column.name in places or column.name in same]
    faults: list[RowError] = []
    rows: list[NumberedRow] = []
    for number, line in enumerate(lines, start=2):
        if len(faults) >= MAX_ERRORS:
            break
        cells = [str(cell).strip() for cell in line]
        if not any(cells):
            continue
        if len(cells) != width:
            words = _("This row has %(cells)s cells, but the header has %(header)s.")
            faults.append(RowError(number, "", words % {"cells": len(cells), "header": width}))
            continue
        row: Row = {}
        for column in values:
            cell = cells[places[column.name]] if column.name in places else same[column.name]
            try:
                row[column.name] = _value(column, cell)
            except CellError as bad:
                faults.append(RowError(number, column.name, bad.words))
        rows.append((number, row))
    return rows, faults


def write_csv(columns: Iterable[str], rows: Iterable[Row]) -> Iterator[str]:
    """Yield a CSV file line by line, with cells made safe for spreadsheets."""
    names = list(columns)
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(names)
    yield buffer.getvalue()
    for row in rows:
        buffer.seek(0)
        buffer.truncate()
        writer.writerow([escape_formula(row[name]) for name in names])
        yield buffer.getvalue()


def write_workbook(columns: Mapping[str, str], rows: Iterable[Row]) -> bytes:
    """Return an XLSX file with one sheet and a heading for each column.

    Numbers are written as numbers, all other values as text that no spreadsheet executes.
    """
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
                sheet.write_string(number, place, escape_formula(value))
    book.close()
    return buffer.getvalue()


def _lines(content: bytes) -> tuple[list[str], list[list[str]]]:
    if len(content) > MAX_BYTES:
        raise ImportFailed([RowError(1, "", _("The file is larger than 10 MB."))])
    try:
        written = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        words = _("The file is not in UTF-8. Save it as “CSV UTF-8” and upload it again.")
        raise ImportFailed([RowError(1, "", words)]) from error
    if "\0" in written:
        raise ImportFailed([RowError(1, "", _("This is not a CSV file."))])
    first = written.partition("\n")[0]
    separator = max(",;\t", key=first.count)
    lines: list[list[str]] = []
    try:
        for line in csv.reader(io.StringIO(written, newline=""), delimiter=separator, strict=True):
            lines.append(line)
            _refuse_too_much(len(lines), len(line))
    except csv.Error as error:
        raise ImportFailed(
            [RowError(1, "", _("The file cannot be read: a quotation mark is missing."))]
        ) from error
    return ([name.strip() for name in lines[0]], lines[1:]) if lines else ([], [])


def _refuse_too_much(rows: int, columns: int) -> None:
    """Refuse a file with too many rows or columns."""
    if rows > MAX_ROWS + 1:
        raise ImportFailed([RowError(rows, "", _("The file has more than 50,000 rows. Upload it in parts."))])
    if columns > MAX_COLUMNS:
        raise ImportFailed(
            [RowError(rows, "", _("This row has more than 200 columns. Is it another type of file?"))]
        )


def _check_header(header: list[str], columns: Sequence[Column], places: Mapping[str, int]) -> None:
    missing = [column.name for column in columns if column.required and column.name not in places]
    faults = [RowError(1, name, _("This column is missing.")) for name in missing]
    known = {header[place] for place in places.values()}
    unknown = [
        name for place, name in enumerate(header) if place not in places.values() and name not in known
    ]
    faults += [RowError(1, name, _("This column does not exist.")) for name in unknown]
    twice = sorted({name for name in header if header.count(name) > 1})
    faults += [RowError(1, name, _("This column appears twice.")) for name in twice]
    if faults:
        raise ImportFailed(faults)


def _value(column: Column, cell: str) -> Any:
    if cell == MERGED_CELL:
        raise CellError(_("This cell is merged with another. Unmerge the cells and fill in each one."))
    if cell.startswith("="):
        raise CellError(_("This is a formula, not a value. Save the sheet with values only."))
    if column.required and not cell:
        raise CellError(_("This cell is required."))
    return column.read(unescape_formula(cell))

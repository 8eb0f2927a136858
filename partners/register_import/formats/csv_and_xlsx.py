"""Reading of CSV files into checked rows, and writing of rows as CSV and XLSX files."""

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
from workflow.csv_safety import MERGED_CELL_MARK, escape_formula, unescape_formula

MAX_ROWS = 50_000
MAX_COLUMNS = 200
MAX_BYTES = 10 * 1024 * 1024

type Row = dict[str, Any]
type NumberedRow = tuple[int, Row]


def read_csv(content: bytes, columns: Sequence[Column]) -> list[NumberedRow]:
    """Return the rows of a CSV file with their row numbers, each cell read by its column.

    A column that the file lacks is missing from the rows. Raises ImportFailed with all errors of the file format, the
    header and the cells.
    """
    header, lines = _parse_csv(content)
    positions = guess_columns(header, columns)
    _check_header(header, columns, positions)
    rows, errors = read_rows(lines, columns, positions, len(header))
    if errors:
        raise ImportFailed(errors)
    return rows


def read_rows(
    lines: Iterable[Sequence[Any]],
    columns: Iterable[Column],
    positions: Mapping[str, int],
    width: int,
    constants: Mapping[str, str] = MappingProxyType({}),
) -> tuple[list[NumberedRow], list[RowError]]:
    """Return the lines below a header as rows, and their errors. Empty lines are skipped.

    `positions` maps the name of a column to its position in the line. `constants` maps the name of a column that the
    file lacks to the text that counts for every row. `width` is the number of columns in the header. Reading stops
    after MAX_ERRORS errors.
    """
    present_columns = [column for column in columns if column.name in positions or column.name in constants]
    errors: list[RowError] = []
    rows: list[NumberedRow] = []
    for number, line in enumerate(lines, start=2):
        if len(errors) >= MAX_ERRORS:
            break
        cells = [str(cell).strip() for cell in line]
        if not any(cells):
            continue
        if len(cells) != width:
            message = _("This row has %(cells)s cells, but the header has %(header)s.")
            errors.append(RowError(number, "", message % {"cells": len(cells), "header": width}))
            continue
        row: Row = {}
        for column in present_columns:
            cell = cells[positions[column.name]] if column.name in positions else constants[column.name]
            try:
                row[column.name] = _read_cell(column, cell)
            except CellError as error:
                errors.append(RowError(number, column.name, error.words))
        rows.append((number, row))
    return rows, errors


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
    for position, heading in enumerate(columns.values()):
        sheet.write_string(0, position, heading)
    for number, row in enumerate(rows, start=1):
        for position, name in enumerate(names):
            value = row[name]
            if isinstance(value, int | Decimal):
                sheet.write_number(number, position, value)
            elif value not in (None, ""):
                sheet.write_string(number, position, escape_formula(value))
    book.close()
    return buffer.getvalue()


def _parse_csv(content: bytes) -> tuple[list[str], list[list[str]]]:
    """Return the header and the lines below it. Refuses a file that is too large or no CSV in UTF-8."""
    if len(content) > MAX_BYTES:
        raise ImportFailed([RowError(1, "", _("The file is larger than 10 MB."))])
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        message = _("The file is not in UTF-8. Save it as “CSV UTF-8” and upload it again.")
        raise ImportFailed([RowError(1, "", message)]) from error
    if "\0" in text:
        raise ImportFailed([RowError(1, "", _("This is not a CSV file."))])
    first = text.partition("\n")[0]
    separator = max(",;\t", key=first.count)
    lines: list[list[str]] = []
    try:
        for line in csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True):
            lines.append(line)
            _refuse_large_file(len(lines), len(line))
    except csv.Error as error:
        raise ImportFailed(
            [RowError(1, "", _("The file cannot be read: a quotation mark is missing."))]
        ) from error
    return ([name.strip() for name in lines[0]], lines[1:]) if lines else ([], [])


def _refuse_large_file(rows: int, columns: int) -> None:
    """Refuse a file with too many rows or columns."""
    if rows > MAX_ROWS + 1:
        raise ImportFailed([RowError(rows, "", _("The file has more than 50,000 rows. Upload it in parts."))])
    if columns > MAX_COLUMNS:
        raise ImportFailed(
            [RowError(rows, "", _("This row has more than 200 columns. Is it another type of file?"))]
        )


def _check_header(header: list[str], columns: Sequence[Column], positions: Mapping[str, int]) -> None:
    """Refuse a header with missing, unknown or repeated columns."""
    missing = [column.name for column in columns if column.required and column.name not in positions]
    errors = [RowError(1, name, _("This column is missing.")) for name in missing]
    known = {header[position] for position in positions.values()}
    unknown = [
        name
        for position, name in enumerate(header)
        if position not in positions.values() and name not in known
    ]
    errors += [RowError(1, name, _("This column does not exist.")) for name in unknown]
    repeated = sorted({name for name in header if header.count(name) > 1})
    errors += [RowError(1, name, _("This column appears twice.")) for name in repeated]
    if errors:
        raise ImportFailed(errors)


def _read_cell(column: Column, cell: str) -> Any:
    if cell == MERGED_CELL_MARK:
        raise CellError(_("This cell is merged with another. Unmerge the cells and fill in each one."))
    if cell.startswith("="):
        raise CellError(_("This is a formula, not a value. Save the sheet with values only."))
    if column.required and not cell:
        raise CellError(_("This cell is required."))
    return column.cell_reader(unescape_formula(cell))

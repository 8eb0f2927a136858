"""Sandboxed parser of CSV and XLSX files for imports: writes their rows as JSON to a second file.

An archive is examined before it is read.
"""

import csv
import io
import json
import math
import re
import zipfile
from pathlib import Path
from typing import Any

from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from workflow.csv_safety import MERGED_CELL_MARK, UNCALCULATED_FORMULA_MARK
from workflow.sandbox.limits import MEGABYTE, ParserRefused, run_confined

MAX_ROWS = 50_000
MAX_COLUMNS = 200
MAX_ARCHIVE_ENTRIES = 2_000  # in the archive of a spreadsheet
MAX_UNPACKED_BYTES = 200 * MEGABYTE
MAX_COMPRESSION_RATIO = 200  # unpacked to packed
BOOK, RELATIONS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
_SHEET = re.compile(rb"<sheet\b[^>]*>")
_SHEETS_ID = re.compile(rb'\br:id="([^"]*)"')
_RELATION = re.compile(rb"<Relationship\b[^>]*>")
_ID, _TARGET = re.compile(rb'\bId="([^"]*)"'), re.compile(rb'\bTarget="([^"]*)"')
CONTENT_TYPES_PATH = "[Content_Types].xml"
_MACROS = ("vbaproject", "macrosheets/", "activex/")
_EXTERNAL_PARTS = ("externallinks/", "embeddings/", "connections.xml", "querytables/")
_SPREADSHEET, _RUNS = b"spreadsheetml", b"macroenabled"  # in the content types of its parts
ZIP_SIGNATURE = b"PK\x03\x04"
MAX_CELL_LENGTH = 131_072  # characters: the reader's own limit, four times what a spreadsheet's cell holds
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")  # what a spreadsheet calls "Unicode text"
_SEPARATOR = re.compile(
    r'"?sep=([,;\t|])"?\r?\n', re.IGNORECASE
)  # the first line of some files, which a spreadsheet does not show
_NO_TEXT = re.compile(r"[\0-\x08\x0e-\x1f\x7f]")  # characters that no spreadsheet writes into text
# A Chinese character between two Latin letters: Montréal in a Western encoding, read in a Chinese encoding.
_MISREAD = re.compile(r"[A-Za-z][\u3400-\u9fff][A-Za-z]")
# A cell with a formula and no value: no spreadsheet has calculated it.
_FORMULA_WITHOUT_RESULT = re.compile(
    rb'<c r="([A-Z]{1,3})([0-9]{1,7})"[^>]*><f(?:/>|[^>]*>([^<]*)</f>)(?:<v\s*/>|<v></v>)?</c>'
)
# A cell whose formula went wrong: #REF!, #DIV/0! and their like.
_ERROR_CELL = re.compile(rb'<c r="([A-Z]{1,3})([0-9]{1,7})"[^>]*\bt="e"')


class CellTooLong(Exception):
    """Error for a cell of a text table that is longer than any cell may be."""


def read_table(source: Path, target: Path) -> dict[str, Any]:
    """Write the rows of the first visible sheet, or of the text, and return how many."""
    with source.open("rb") as file:
        rows = _from_xlsx(source) if file.read(4) == ZIP_SIGNATURE else _from_csv(source)
    target.write_text(json.dumps(rows, ensure_ascii=False), encoding="utf-8")
    return {"rows": len(rows)}


def _from_xlsx(source: Path) -> list[list[Any]]:
    check_archive(source)
    book = CalamineWorkbook.from_path(str(source))
    number = _first_visible_sheet(book)
    sheet = book.get_sheet_by_index(number)
    last_row, last_column = sheet.end or (0, 0)
    _refuse_large_table(last_row + 1, last_column + 1)
    rows = [[_plain(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)]
    _mark_formulas(source, number, rows)
    _mark_merged_cells(sheet, rows)
    return rows


def _first_visible_sheet(book: CalamineWorkbook) -> int:
    """Return the number of the first visible sheet."""
    seen = (
        sheet.visible == SheetVisibleEnum.Visible and sheet.typ == SheetTypeEnum.WorkSheet
        for sheet in book.sheets_metadata
    )
    return next((number for number, is_seen in enumerate(seen) if is_seen), 0)


def _sheet_xml(archive: zipfile.ZipFile, number: int) -> bytes:
    """Return the XML of the sheet with this number, or nothing if it cannot be found in the archive."""
    names = archive.namelist()
    if BOOK not in names or RELATIONS not in names:
        return b""
    sheets = _SHEET.findall(archive.read(BOOK))
    places = {
        _attribute_value(_ID, one): _attribute_value(_TARGET, one)
        for one in _RELATION.findall(archive.read(RELATIONS))
    }
    place = places.get(_attribute_value(_SHEETS_ID, sheets[number]), "") if number < len(sheets) else ""
    name = place.removeprefix("/") if place.startswith("/") else f"xl/{place}"
    return archive.read(name) if name in names else b""


def _attribute_value(attribute: re.Pattern[bytes], tag: bytes) -> str:
    found = attribute.search(tag)
    return found.group(1).decode() if found else ""


def _mark_formulas(source: Path, number: int, rows: list[list[Any]]) -> None:
    """Put `UNCALCULATED_FORMULA_MARK` where a formula has no result or an error.

    Otherwise the cell would look empty, and no error message could name it.
    """
    with zipfile.ZipFile(source) as archive:
        written = _sheet_xml(archive, number)
    found = [
        match.groups()[:2]
        for sign in (_FORMULA_WITHOUT_RESULT, _ERROR_CELL)
        for match in sign.finditer(written)
    ]
    for letters, digits in found:
        row, column = int(digits) - 1, _column(letters)
        if row < len(rows) and column < len(rows[row]):
            rows[row][column] = UNCALCULATED_FORMULA_MARK


def _mark_merged_cells(sheet: Any, rows: list[list[Any]]) -> None:
    """Put `MERGED_CELL_MARK` into each empty cell that is merged with a cell that has a value.

    It is unknown whether the value is meant for all these cells.
    """
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
        if top < len(rows) and left < len(rows[top]) and rows[top][left] != "":
            for row in rows[top : bottom + 1]:
                for column in range(left, min(right + 1, len(row))):
                    row[column] = row[column] if row[column] != "" else MERGED_CELL_MARK


def _column(letters: bytes) -> int:
    """Return the number of a column: A is 0, Z is 25, AA is 26."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1


def check_archive(source: Path) -> None:
    """Refuse an archive that is too large inside, has macros or links outside, before it is unpacked."""
    with zipfile.ZipFile(source) as archive:
        entries = archive.infolist()
        types = archive.read(CONTENT_TYPES_PATH).lower() if _is_small(archive, CONTENT_TYPES_PATH) else b""
    unpacked = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries)
    names = [entry.filename.casefold() for entry in entries]
    if (
        len(entries) > MAX_ARCHIVE_ENTRIES
        or unpacked > MAX_UNPACKED_BYTES
        or unpacked > packed * MAX_COMPRESSION_RATIO
    ):
        raise ParserRefused("too_large_inside")
    if _RUNS in types or any(part in name for name in names for part in _MACROS):
        raise ParserRefused("macros")
    if any(part in name for name in names for part in _EXTERNAL_PARTS):
        raise ParserRefused("outside_links")
    if _SPREADSHEET not in types:
        raise ParserRefused("unreadable")


def _is_small(archive: zipfile.ZipFile, name: str) -> bool:
    """Return True if the entry exists and is small enough to be read whole."""
    return name in archive.namelist() and archive.getinfo(name).file_size <= MEGABYTE


def _plain(cell: Any) -> str | int | float | bool:
    if isinstance(cell, float) and not math.isfinite(cell):
        return UNCALCULATED_FORMULA_MARK  # infinite, or not a number
    if isinstance(cell, float) and cell.is_integer():
        return int(cell)
    if isinstance(cell, str):
        return cell.replace("\0", "")
    return cell if isinstance(cell, int | float) else str(cell).removesuffix(" 00:00:00")


def _from_csv(source: Path) -> list[list[str]]:
    """Return the rows of a text table, with every value as text.

    The separator is the one that the file names, else the most frequent one in the first line.
    """
    text = _decoded(source.read_bytes())
    if values := _SEPARATOR.match(text):
        text, separator = text[values.end() :], values.group(1)
    else:
        separator = max(",;\t", key=text.partition("\n")[0].count)
    rows = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True):
            rows.append(row)
            _refuse_large_table(len(rows), len(row))
    except csv.Error as error:
        if "field limit" in str(error):  # the reader has one class for all its errors
            raise CellTooLong from error
        raise
    return rows


def _decoded(data: bytes) -> str:
    text = _in_its_encoding(data)
    if _NO_TEXT.search(text) or text.lstrip().startswith("<"):  # a web page saved as a table
        raise ParserRefused("unreadable")
    return text


def _in_its_encoding(data: bytes) -> str:
    if data.startswith(_UTF16_MARKS):
        return data.decode("utf-16")
    if b"\0" in data:
        raise ParserRefused("unreadable")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("gb18030")  # what a Chinese spreadsheet writes by default
    if _MISREAD.search(text):
        raise UnicodeError("neither UTF-8 nor GB 18030")
    return text


def _refuse_large_table(rows: int, columns: int) -> None:
    if rows > MAX_ROWS or columns > MAX_COLUMNS:
        raise ParserRefused("too_many_rows")


if __name__ == "__main__":
    run_confined(read_table)

"""CSV and XLSX, for imports only: looked into, then read into rows of plain values (JSON in OUT)."""

import csv
import io
import json
import zipfile
from pathlib import Path
from typing import Any

from python_calamine import CalamineWorkbook

from workflow.opening.limits import MEGA, Refuse, main

MOST_ROWS = 50_000
MOST_COLUMNS = 200
MOST_ENTRIES = 2_000  # in the archive that a spreadsheet is
MOST_UNPACKED = 200 * MEGA
MOST_RATIO = 200  # unpacked to packed
_MACROS = ("vbaproject", "macrosheets/", "activex/")
_OUTSIDE = ("externallinks/", "embeddings/")
ZIP = b"PK\x03\x04"


def open_table(source: Path, target: Path) -> dict[str, Any]:
    """Write the rows of the first sheet, or of the text, and say how many."""
    with source.open("rb") as file:
        rows = _from_xlsx(source) if file.read(4) == ZIP else _from_csv(source)
    target.write_text(json.dumps(rows, ensure_ascii=False), encoding="utf-8")
    return {"rows": len(rows)}


def _from_xlsx(source: Path) -> list[list[Any]]:
    look_into(source)
    sheet = CalamineWorkbook.from_path(str(source)).get_sheet_by_index(0)
    last_row, last_column = sheet.end or (0, 0)
    _count(last_row + 1, last_column + 1)
    return [[_plain(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)]


def look_into(source: Path) -> None:
    """Refuse an archive that would burst, run or reach outside, before anything is unpacked."""
    with zipfile.ZipFile(source) as archive:
        entries = archive.infolist()
    unpacked = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries)
    names = [entry.filename.casefold() for entry in entries]
    if len(entries) > MOST_ENTRIES or unpacked > MOST_UNPACKED or unpacked > packed * MOST_RATIO:
        raise Refuse("too_large_inside")
    if any(part in name for name in names for part in _MACROS):
        raise Refuse("macros")
    if any(part in name for name in names for part in _OUTSIDE):
        raise Refuse("outside_links")


def _plain(cell: Any) -> str | int | float | bool:
    if isinstance(cell, float) and cell.is_integer():
        return int(cell)
    return cell if isinstance(cell, str | int | float) else str(cell)


def _from_csv(source: Path) -> list[list[str]]:
    """In the encoding it is in, with the separator it uses most in its first line; every value stays text."""
    text = _decoded(source.read_bytes())
    separator = max(",;\t", key=text.partition("\n")[0].count)
    rows = []
    for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True):
        rows.append(row)
        _count(len(rows), len(row))
    return rows


def _decoded(data: bytes) -> str:
    if b"\0" in data:
        raise Refuse("unreadable")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("gb18030")  # what a Chinese spreadsheet writes by default


def _count(rows: int, columns: int) -> None:
    if rows > MOST_ROWS or columns > MOST_COLUMNS:
        raise Refuse("too_many_rows")


if __name__ == "__main__":
    main(open_table)

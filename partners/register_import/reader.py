"""Reading of an uploaded file with the columns that a person matched. Nothing is written.

In these rows a place is named as the file names it, not yet by its key in the register.
"""

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from partners.register_import.errors import RowError
from partners.register_import.formats import agreements, cities, exchanges
from partners.register_import.formats.columns import Column, degrees_reader, parse_country, text_reader
from partners.register_import.formats.csv_and_xlsx import NumberedRow, read_rows
from partners.register_import.models import Import, ImportData

type PlaceKey = tuple[str, str, str, str]  # name, country, latitude, longitude

PLACE_COLUMNS_BY_KIND = {
    "cities": (),
    "agreements": ("city_a", "city_b"),
    "exchanges": ("from_city", "to_city"),
}
_COLUMNS = {
    "cities": cities.CITY_COLUMNS,
    "agreements": agreements.AGREEMENT_COLUMNS,
    "exchanges": exchanges.EXCHANGE_COLUMNS,
}
_PLACE_DETAILS = {  # columns about a place: label, reader and headings of other files; `{}` is the side
    "country": (
        _("Country of “{side}”"),
        parse_country,
        ("country {}", "{} country", "country of {}", "pays {}", "国家{}", "{}国家"),
    ),
    "latitude": (_("Latitude of “{side}”"), degrees_reader(90), ("lat {}", "latitude {}")),
    "longitude": (_("Longitude of “{side}”"), degrees_reader(180), ("lng {}", "lon {}", "longitude {}")),
}
# Values for columns that files from outside usually leave out.
DEFAULT_VALUES = {"agreements": {"kind": "sister"}, "cities": {}, "exchanges": {}}
# Columns that files from outside may leave out, though our own files have them; the register then keeps its value.
OPTIONAL_COLUMN_BY_TABLE = {"agreements": "status", "cities": "level", "exchanges": "date_precision"}


@dataclass
class FileReading:
    """Content of a file: its rows, their errors, and how often it names each place."""

    rows: list[NumberedRow]
    row_errors: list[RowError]
    place_counts: Counter[PlaceKey] = field(default_factory=Counter)


def matchable_columns(table: str) -> list[Column]:
    """Return the columns of a file of this kind that a person can match."""
    sides = PLACE_COLUMNS_BY_KIND[table]
    found: list[Column] = []
    for column in _COLUMNS[table]:
        if column.name in sides:
            found += [replace(column, cell_reader=text_reader(200)), *_columns_about_place(column)]
        elif column.name in ("id", "source_url", OPTIONAL_COLUMN_BY_TABLE[table]):
            found.append(replace(column, required=False))
        elif column.name == "country":
            found.append(replace(column, cell_reader=parse_country))
        else:
            found.append(column)
    return found


def _columns_about_place(side: Column) -> list[Column]:
    last = side.name.rpartition("_")[2] if side.name.startswith("city_") else side.name.partition("_")[0]
    return [
        Column(
            f"{side.name}_{name}",
            read,
            label=format_lazy(words, side=side.label),
            other_headings=tuple(one.format(last) for one in also),
        )
        for name, (words, read, also) in _PLACE_DETAILS.items()
    ]


def read_import(source_import: Import, sheet: ImportData) -> FileReading:
    """Return the rows of an import with its matched columns. A place appears in a row as its PlaceKey."""
    positions = {name: column for name, column in source_import.columns.items() if isinstance(column, int)}
    constants = {name: column for name, column in source_import.columns.items() if isinstance(column, str)}
    columns = matchable_columns(source_import.table)
    rows, faults = read_rows(sheet.lines, columns, positions, len(sheet.header), constants)
    faults = [
        RowError(1, column.name, _("This column is missing.")) for column in missing_columns(source_import)
    ] + faults
    reading = FileReading(rows, faults)
    if not faults:
        _name_places(source_import.table, reading)
    return reading


def _name_places(table: str, reading: FileReading) -> None:
    for _number, row in reading.rows:
        for side in PLACE_COLUMNS_BY_KIND[table]:
            row[side] = _place_of(row, side)
            reading.place_counts[row[side]] += 1
        if table == "cities" and not row.get("id"):
            row["id"] = (
                row["name_en"],
                row["country"],
                _written(row.get("latitude")),
                _written(row.get("longitude")),
            )
            reading.place_counts[row["id"]] += 1


def _place_of(row: dict[str, Any], side: str) -> PlaceKey:
    country, latitude, longitude = (row.pop(f"{side}_{name}", None) for name in _PLACE_DETAILS)
    return row[side], country or "", _written(latitude), _written(longitude)


def _written(value: Any) -> str:
    return "" if value is None else str(value)


def missing_columns(source_import: Import) -> list[Column]:
    """Return the required columns that are not matched."""
    return [
        column
        for column in matchable_columns(source_import.table)
        if column.required and column.name not in source_import.columns
    ]

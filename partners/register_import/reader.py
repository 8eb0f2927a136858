"""Reading of a file with the columns that a person matched. Reads only.

Places have names instead of keys.
"""

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from partners.register_import.errors import RowError
from partners.register_import.formats import agreements, cities, exchanges
from partners.register_import.formats.columns import Column, degrees, parse_country, text
from partners.register_import.formats.files import NumberedRow, read_rows
from partners.register_import.models import Import, ImportData

type PlaceKey = tuple[str, str, str, str]  # name, country, latitude, longitude

PLACE_COLUMNS = {"cities": (), "agreements": ("city_a", "city_b"), "exchanges": ("from_city", "to_city")}
_COLUMNS = {"cities": cities.COLUMNS, "agreements": agreements.COLUMNS, "exchanges": exchanges.COLUMNS}
_PLACE_COLUMNS = {  # columns about a place: label, reader and headings of other files; `{}` is the side
    "country": (
        _("Country of “{side}”"),
        parse_country,
        ("country {}", "{} country", "country of {}", "pays {}", "国家{}", "{}国家"),
    ),
    "latitude": (_("Latitude of “{side}”"), degrees(90), ("lat {}", "latitude {}")),
    "longitude": (_("Longitude of “{side}”"), degrees(180), ("lng {}", "lon {}", "longitude {}")),
}
# Values for columns that files from outside usually leave out.
DEFAULT_VALUES = {"agreements": {"kind": "sister"}, "cities": {}, "exchanges": {}}
# Columns that files from outside may leave out, though our own files have them; the register then keeps its value.
OPTIONAL_COLUMN = {"agreements": "status", "cities": "level", "exchanges": "date_precision"}


@dataclass
class FileReading:
    """Content of a file: its rows, their faults, and how often it names each place."""

    rows: list[NumberedRow]
    faults: list[RowError]
    places: Counter[PlaceKey] = field(default_factory=Counter)


def columns_of(table: str) -> list[Column]:
    """Return the columns that a file of this kind may have when a person matches them."""
    sides = PLACE_COLUMNS[table]
    found: list[Column] = []
    for column in _COLUMNS[table]:
        if column.name in sides:
            found += [replace(column, read=text(200)), *_columns_about_place(column)]
        elif column.name in ("id", "source_url", OPTIONAL_COLUMN[table]):
            found.append(replace(column, required=False))
        elif column.name == "country":
            found.append(replace(column, read=parse_country))
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
            also=tuple(one.format(last) for one in also),
        )
        for name, (words, read, also) in _PLACE_COLUMNS.items()
    ]


def read_import(source_import: Import, sheet: ImportData) -> FileReading:
    """Return the rows of an import with its matched columns. A place appears in a row as its PlaceKey."""
    places = {name: said for name, said in source_import.columns.items() if isinstance(said, int)}
    same = {name: said for name, said in source_import.columns.items() if isinstance(said, str)}
    columns = columns_of(source_import.table)
    rows, faults = read_rows(sheet.lines, columns, places, len(sheet.header), same)
    faults = [
        RowError(1, one.name, _("This column is missing.")) for one in missing_columns(source_import)
    ] + faults
    reading = FileReading(rows, faults)
    if not faults:
        _name_places(source_import.table, reading)
    return reading


def _name_places(table: str, reading: FileReading) -> None:
    for _number, row in reading.rows:
        for side in PLACE_COLUMNS[table]:
            row[side] = _place_of(row, side)
            reading.places[row[side]] += 1
        if table == "cities" and not row.get("id"):
            row["id"] = (
                row["name_en"],
                row["country"],
                _written(row.get("latitude")),
                _written(row.get("longitude")),
            )
            reading.places[row["id"]] += 1


def _place_of(row: dict[str, Any], side: str) -> PlaceKey:
    country, latitude, longitude = (row.pop(f"{side}_{name}", None) for name in _PLACE_COLUMNS)
    return row[side], country or "", _written(latitude), _written(longitude)


def _written(value: Any) -> str:
    return "" if value is None else str(value)


def missing_columns(source_import: Import) -> list[Column]:
    """Return the required columns that are not matched."""
    return [
        column
        for column in columns_of(source_import.table)
        if column.required and column.name not in source_import.columns
    ]

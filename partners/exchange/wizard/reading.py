"""A file as the wizard reads it: columns as somebody matched them, places by name instead of by key. Reads only."""

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from partners.exchange import agreements, cities, exchanges
from partners.exchange.columns import Column, degrees, text
from partners.exchange.countries import any_country
from partners.exchange.faults import Fault
from partners.exchange.files import Numbered, read_cells
from partners.models.imports import Import, Sheet

type PlaceKey = tuple[str, str, str, str]  # name, country, latitude, longitude

SIDES = {"cities": (), "agreements": ("city_a", "city_b"), "exchanges": ("from_city", "to_city")}
_OWN = {"cities": cities.COLUMNS, "agreements": agreements.COLUMNS, "exchanges": exchanges.COLUMNS}
_MORE = {  # about a place: what it says, how it is read, and the words that other files have for it, `{}` being the side
    "country": (
        _("Country of “{side}”"),
        any_country,
        ("country {}", "{} country", "country of {}", "pays {}", "国家{}", "{}国家"),
    ),
    "latitude": (_("Latitude of “{side}”"), degrees(90), ("lat {}", "latitude {}")),
    "longitude": (_("Longitude of “{side}”"), degrees(180), ("lng {}", "lon {}", "longitude {}")),
}
# What a file of somebody else leaves out, and what is meant then, where nothing else is said.
USUAL = {"agreements": {"kind": "sister"}, "cities": {}, "exchanges": {}}
# What it may leave out as well, though our own files have it: what the register says of it then stays as it is.
UNSAID = {"agreements": "status", "cities": "level", "exchanges": "date_precision"}


@dataclass
class Reading:
    """What a file says: its rows, what is wrong with them, and how often it names which place."""

    rows: list[Numbered]
    faults: list[Fault]
    places: Counter[PlaceKey] = field(default_factory=Counter)


def columns_of(table: str) -> list[Column]:
    """The columns a file of this kind may have when somebody matches them by hand."""
    sides = SIDES[table]
    found: list[Column] = []
    for column in _OWN[table]:
        if column.name in sides:
            found += [replace(column, read=text(200)), *_about(column)]
        elif column.name in ("id", "source_url", UNSAID[table]):
            found.append(replace(column, required=False))
        elif column.name == "country":
            found.append(replace(column, read=any_country))
        else:
            found.append(column)
    return found


def _about(side: Column) -> list[Column]:
    last = side.name.rpartition("_")[2] if side.name.startswith("city_") else side.name.partition("_")[0]
    return [
        Column(
            f"{side.name}_{name}",
            read,
            label=format_lazy(words, side=side.label),
            also=tuple(one.format(last) for one in also),
        )
        for name, (words, read, also) in _MORE.items()
    ]


def read(batch: Import, sheet: Sheet) -> Reading:
    """The rows of an import as its columns were matched. A place stands in a row as its PlaceKey."""
    places = {name: said for name, said in batch.columns.items() if isinstance(said, int)}
    same = {name: said for name, said in batch.columns.items() if isinstance(said, str)}
    columns = columns_of(batch.table)
    rows, faults = read_cells(sheet.lines, columns, places, len(sheet.header), same)
    faults = [Fault(1, one.name, _("This column is missing.")) for one in missing(batch)] + faults
    reading = Reading(rows, faults)
    if not faults:
        _name_places(batch.table, reading)
    return reading


def _name_places(table: str, reading: Reading) -> None:
    for _number, row in reading.rows:
        for side in SIDES[table]:
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
    country, latitude, longitude = (row.pop(f"{side}_{name}", None) for name in _MORE)
    return row[side], country or "", _written(latitude), _written(longitude)


def _written(value: Any) -> str:
    return "" if value is None else str(value)


def missing(batch: Import) -> list[Column]:
    """The columns that every row needs and that nobody matched."""
    return [
        column for column in columns_of(batch.table) if column.required and column.name not in batch.columns
    ]

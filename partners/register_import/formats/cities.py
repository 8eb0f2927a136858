"""Import and export of cities: one row for each city."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from partners.cities.actions import CityEdit, correct_city
from partners.cities.models import City
from partners.register_import.actions.bulk_create import add_cities, build_city
from partners.register_import.errors import RowError
from partners.register_import.formats import header_aliases
from partners.register_import.formats.columns import (
    Column,
    choice_reader,
    country_reader,
    degrees_reader,
    slug_reader,
    subdivision_reader,
    text_reader,
    time_zone_reader,
    whole_number_reader,
)
from partners.register_import.formats.csv_and_xlsx import NumberedRow, Row
from partners.register_import.import_session import ImportSession, differing_facts

CITY_COLUMNS = (
    Column("id", slug_reader, required=True, label=pgettext_lazy("a place", "Key")),
    Column(
        "name_en",
        text_reader(120),
        required=True,
        label=_("English name"),
        other_headings=header_aliases.CITY_HEADINGS["name_en"],
    ),
    Column(
        "name_fr",
        text_reader(120),
        label=_("French name"),
        other_headings=header_aliases.CITY_HEADINGS["name_fr"],
    ),
    Column(
        "name_zh",
        text_reader(120),
        label=_("Chinese name"),
        other_headings=header_aliases.CITY_HEADINGS["name_zh"],
    ),
    Column("name_local", text_reader(120), label=_("Local name")),
    Column(
        "country",
        country_reader,
        required=True,
        label=_("Country or region"),
        other_headings=header_aliases.CITY_HEADINGS["country"],
    ),
    Column(
        "subdivision",
        subdivision_reader,
        label=_("Province or state"),
        other_headings=header_aliases.CITY_HEADINGS["subdivision"],
    ),
    Column(
        "level",
        choice_reader(City.Level),
        required=True,
        label=_("Level"),
        other_headings=header_aliases.CITY_HEADINGS["level"],
    ),
    Column(
        "latitude",
        degrees_reader(90),
        label=_("Latitude"),
        other_headings=header_aliases.CITY_HEADINGS["latitude"],
    ),
    Column(
        "longitude",
        degrees_reader(180),
        label=_("Longitude"),
        other_headings=header_aliases.CITY_HEADINGS["longitude"],
    ),
    Column(
        "geonames_id",
        whole_number_reader(1, 2**31 - 1),
        label=_("GeoNames number"),
        other_headings=header_aliases.CITY_HEADINGS["geonames_id"],
    ),
    Column(
        "population",
        whole_number_reader(0, 2**31 - 1),
        label=_("Population"),
        other_headings=header_aliases.CITY_HEADINGS["population"],
    ),
    Column(
        "timezone",
        time_zone_reader,
        label=_("Time zone"),
        other_headings=header_aliases.CITY_HEADINGS["timezone"],
    ),
    Column("coord_source", text_reader(80), label=_("Source of the coordinates")),
)


def import_cities(rows: list[NumberedRow], run: ImportSession) -> None:
    """Add new cities and correct those that differ."""
    known = City.objects.in_bulk([row["id"] for _number, row in rows], field_name="slug")
    fresh: list[City] = []
    for number, row in rows:
        facts = _facts_of_row(row)
        if (facts.get("latitude") is None) != (facts.get("longitude") is None):
            run.faults.append(
                RowError(number, "latitude", _("Enter both latitude and longitude, or neither."))
            )
            continue
        run.process_row(
            number,
            row["id"],
            partial(_import_city, row["id"], known.get(row["id"]), facts, fresh, run),
            facts,
        )
    run.create_entries(fresh, add_cities)


def _import_city(
    key: str, city: City | None, facts: dict[str, Any], fresh: list[City], run: ImportSession
) -> None:
    if city is None:
        fresh.append(build_city(key, {"level": City.Level.UNKNOWN, **facts}, run.actor))
    elif not run.only_new and (changes := differing_facts(city, facts)):
        run.note(city, changes)
        correct_city(city, CityEdit(**changes), **run.action_arguments)
        run.changed += 1
    else:
        run.same += 1


# An empty cell in these columns means that the list has no value, not that the city has none.
COLUMNS_KEPT_IF_EMPTY = frozenset({"name_fr", "name_zh", "name_local", "level"})


def _facts_of_row(row: Row) -> dict[str, Any]:
    """Return the facts of the row. Empty names and levels are left out, so that they stay unchanged.

    For China, the local name is also the Chinese name.
    """
    facts = {
        name: value
        for name, value in row.items()
        if name != "id" and (value or name not in COLUMNS_KEPT_IF_EMPTY)
    }
    if row["country"] == "CN" and row.get("name_local") and not row.get("name_zh"):
        facts["name_zh"] = row["name_local"]
    return facts


def export_cities() -> Iterator[Row]:
    """Yield every city, in the order of entry into the register."""
    for city in City.objects.order_by("pk").iterator():
        yield {"id": city.slug, **{column.name: getattr(city, column.name) for column in CITY_COLUMNS[1:]}}

"""Cities as a file: one row per place."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from django.utils.translation import gettext_lazy as _

from partners.actions.many import add_cities, new_city
from partners.actions.register import correct_city
from partners.exchange import called
from partners.exchange.columns import Column, choice, country, degrees, slug, subdivision, text, whole, zone
from partners.exchange.faults import Fault
from partners.exchange.files import Numbered, Row
from partners.exchange.runs import Run, differing
from partners.models.cities import City

COLUMNS = (
    Column("id", slug, required=True, label=_("Key")),
    Column("name_en", text(120), required=True, label=_("English name"), also=called.PLACES["name_en"]),
    Column("name_fr", text(120), label=_("French name"), also=called.PLACES["name_fr"]),
    Column("name_zh", text(120), label=_("Chinese name"), also=called.PLACES["name_zh"]),
    Column("name_local", text(120), label=_("Local name")),
    Column("country", country, required=True, label=_("Country or region"), also=called.PLACES["country"]),
    Column("subdivision", subdivision, label=_("Province or state"), also=called.PLACES["subdivision"]),
    Column("level", choice(City.Level), required=True, label=_("Level"), also=called.PLACES["level"]),
    Column("latitude", degrees(90), label=_("Latitude"), also=called.PLACES["latitude"]),
    Column("longitude", degrees(180), label=_("Longitude"), also=called.PLACES["longitude"]),
    Column("geonames_id", whole(1, 2**31 - 1), label=_("GeoNames number"), also=called.PLACES["geonames_id"]),
    Column("population", whole(0, 2**31 - 1), label=_("Population"), also=called.PLACES["population"]),
    Column("timezone", zone, label=_("Time zone"), also=called.PLACES["timezone"]),
    Column("coord_source", text(80), label=_("Source of the position")),
)


def bring(rows: list[Numbered], run: Run) -> None:
    """Add the places that are new, correct those that differ."""
    known = City.objects.in_bulk([row["id"] for _number, row in rows], field_name="slug")
    fresh: list[City] = []
    for number, row in rows:
        facts = _facts(row)
        if (facts.get("latitude") is None) != (facts.get("longitude") is None):
            run.faults.append(Fault(number, "latitude", _("Latitude and longitude go together.")))
            continue
        run.row(
            number, row["id"], partial(_bring_one, row["id"], known.get(row["id"]), facts, fresh, run), facts
        )
    run.enter(fresh, add_cities)


def _bring_one(key: str, city: City | None, facts: dict[str, Any], fresh: list[City], run: Run) -> None:
    if city is None:
        fresh.append(new_city(key, {"level": City.Level.UNKNOWN, **facts}, run.by))
    elif not run.only_new and (changes := differing(city, facts)):
        run.note(city, changes)
        correct_city(city, **run.who, **changes)
        run.changed += 1
    else:
        run.same += 1


# Of these an empty cell says that its list has none, not that the place has none.
KEPT = frozenset({"name_fr", "name_zh", "name_local", "level"})


def _facts(row: Row) -> dict[str, Any]:
    """The row's facts. In China the local name is the Chinese name; a name or level that is not told stays what it is."""
    facts = {name: value for name, value in row.items() if name != "id" and (value or name not in KEPT)}
    if row["country"] == "CN" and row.get("name_local") and not row.get("name_zh"):
        facts["name_zh"] = row["name_local"]
    return facts


def rows() -> Iterator[Row]:
    """Every place, in the order it came into the register."""
    for city in City.objects.order_by("pk").iterator():
        yield {"id": city.slug, **{column.name: getattr(city, column.name) for column in COLUMNS[1:]}}

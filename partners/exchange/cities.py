"""Cities as a file: one row per place."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from django.utils.translation import gettext_lazy as _

from partners.actions import add_city, correct_city
from partners.exchange.columns import (
    Column,
    choice,
    country,
    degrees,
    slug,
    subdivision,
    text,
    whole,
    zone,
)
from partners.exchange.faults import Fault
from partners.exchange.files import Numbered, Row
from partners.exchange.runs import Run, differing
from partners.models import City

COLUMNS = (
    Column("id", slug, required=True),
    Column("name_en", text(120), required=True),
    Column("name_fr", text(120)),
    Column("name_zh", text(120)),
    Column("name_local", text(120)),
    Column("country", country, required=True),
    Column("subdivision", subdivision),
    Column("level", choice(City.Level), required=True),
    Column("latitude", degrees(90)),
    Column("longitude", degrees(180)),
    Column("geonames_id", whole(1, 2**31 - 1)),
    Column("population", whole(0, 2**31 - 1)),
    Column("timezone", zone),
    Column("coord_source", text(80)),
)


def bring(rows: list[Numbered], run: Run) -> None:
    """Add the places that are new, correct those that differ."""
    known = City.objects.in_bulk([row["id"] for _number, row in rows], field_name="slug")
    for number, row in rows:
        facts = _facts(row)
        if (facts.get("latitude") is None) != (facts.get("longitude") is None):
            run.faults.append(Fault(number, "latitude", _("Latitude and longitude go together.")))
            continue
        run.row(number, row["id"], partial(_bring_one, row["id"], known.get(row["id"]), facts, run))


def _bring_one(key: str, city: City | None, facts: dict[str, Any], run: Run) -> None:
    if city is None:
        add_city(slug=key, **run.who, **facts)
        run.added += 1
    elif not run.only_new and (changes := differing(city, facts)):
        correct_city(city, **run.who, **changes)
        run.changed += 1
    else:
        run.same += 1


def _facts(row: Row) -> dict[str, Any]:
    """The row's facts. In China the local name is the Chinese name."""
    facts = {name: value for name, value in row.items() if name != "id"}
    if row["country"] == "CN" and row.get("name_local") and not row.get("name_zh"):
        facts["name_zh"] = row["name_local"]
    return facts


def rows() -> Iterator[Row]:
    """Every place, in the order it came into the register."""
    for city in City.objects.order_by("pk").iterator():
        yield {"id": city.slug, **{column.name: getattr(city, column.name) for column in COLUMNS[1:]}}

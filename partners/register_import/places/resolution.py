"""Matching of the places in a file to cities of the register.

This module writes nothing; the actions on imports save the result.
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from partners.cities.gazetteer import find_places, normalize_name, normalize_names
from partners.cities.models import City
from partners.cities.rules import fresh_slug
from partners.register_import.formats.csv_and_xlsx import NumberedRow
from partners.register_import.models import Import, ImportPlace
from partners.register_import.places.matching import (
    MAX_CITY_OPTIONS,
    PlaceInFile,
    PlaceMatch,
    RegisterPlace,
    is_plausible,
    match_place,
)
from partners.register_import.reader import PLACE_COLUMNS_BY_KIND, FileReading, PlaceKey

_NAMES = ("slug", "name_en", "name_fr", "name_zh", "name_local")


def resolve_places(source_import: Import, reading: FileReading) -> list[ImportPlace]:
    """Return every place that the file names, with its match, unsaved.

    Earlier answers of a person are kept.
    """
    answered = {place.key: place for place in source_import.places.filter(answered=True)}
    open_keys = [key for key in reading.place_counts if key not in answered]
    by_name, by_number, used_slugs = _register_places()
    # A file of cities has the facts of new cities itself; only agreements and exchanges need facts from GeoNames.
    world = (
        {}
        if source_import.table == Import.Table.CITIES
        else find_places(normalize_names(key[0] for key in open_keys))
    )
    found = []
    for key in open_keys:
        name = normalize_name(key[0])
        judged = match_place(_named_place(key), by_name.get(name, ()), world.get(name, ()), by_number)
        if (
            source_import.table == Import.Table.CITIES
            and judged.verdict == ImportPlace.Verdict.DOUBTFUL
            and not judged.other_options
        ):
            judged = PlaceMatch(
                ImportPlace.Verdict.NEW,
                new_city_facts=ImportPlace(name=key[0], country=key[1]).facts_from_file(),
            )
        found.append(_import_place(source_import, key, judged))
    places = [_with_earlier_answer(place) for key, place in answered.items() if key in reading.place_counts]
    for place in found + places:
        place.times = reading.place_counts[place.key]
    _give_slugs(found + places, used_slugs)
    return found + places


def _register_places() -> tuple[dict[str, list[RegisterPlace]], dict[int, RegisterPlace], set[str]]:
    by_name: dict[str, list[RegisterPlace]] = {}
    by_number: dict[int, RegisterPlace] = {}
    used_slugs: set[str] = set()
    for city in City.objects.only(
        *_NAMES, "country", "latitude", "longitude", "geonames_id", "population"
    ).iterator():
        here = RegisterPlace(
            city.slug,
            city.name_en,
            city.country,
            _float(city.latitude),
            _float(city.longitude),
            city.geonames_id,
            city.population,
        )
        used_slugs.add(city.slug)
        for name in normalize_names(getattr(city, name) for name in _NAMES):
            by_name.setdefault(name, []).append(here)
        if city.geonames_id:
            by_number[city.geonames_id] = here
    return by_name, by_number, used_slugs


def _float(value: Decimal | None) -> float | None:
    return None if value is None else float(value)


def _named_place(key: PlaceKey) -> PlaceInFile:
    name, country, latitude, longitude = key
    if latitude and longitude:
        return PlaceInFile(name, country, float(latitude), float(longitude))
    return PlaceInFile(name, country)


def _import_place(source_import: Import, key: PlaceKey, judged: PlaceMatch) -> ImportPlace:
    name, country, latitude, longitude = key
    return ImportPlace(
        source_import=source_import,
        name=name,
        country=country,
        latitude=latitude,
        longitude=longitude,
        verdict=judged.verdict,
        slug=judged.slug,
        facts=judged.new_city_facts,
        options=judged.other_options,
    )


def _with_earlier_answer(place: ImportPlace) -> ImportPlace:
    place.pk = None
    if place.verdict == ImportPlace.Verdict.NEW:
        place.slug = ""
    return place


def finalize_places(places: Iterable[ImportPlace]) -> list[ImportPlace]:
    """Match the places to the current register, and give each new city a key.

    A new place that has entered the register since the check is matched to that city and not added again.
    Such places are returned changed, but not saved.
    """
    found = list(places)
    by_name, by_number, used_slugs = _register_places()
    for place in found:
        if place.verdict == ImportPlace.Verdict.NEW and (
            came := _find_newer_match(place, by_name, by_number)
        ):
            place.verdict, place.slug = ImportPlace.Verdict.KNOWN, came.slug
    _give_slugs(found, used_slugs)
    return found


def _find_newer_match(
    place: ImportPlace, by_name: Mapping[str, list[RegisterPlace]], by_number: Mapping[int, RegisterPlace]
) -> RegisterPlace | None:
    """Return the city that entered the register since the check and that a new place matches, or None.

    Cities that were in the register at the check were considered then or offered as an option.
    """
    number = place.facts.get("geonames_id")
    if number in by_number:
        return by_number[number]
    if len(place.options) >= MAX_CITY_OPTIONS:
        return None  # options were cut off: a city that was not offered may have been there at the check
    offered = {option["slug"] for option in place.options}
    wanted = (
        _named_place(place.key)
        if place.country
        else _named_place((place.name, place.facts["country"], *place.key[2:]))
    )
    near = [
        one
        for one in by_name.get(normalize_name(place.name), ())
        if one.slug not in offered and is_plausible(wanted, one)
    ]
    return near[0] if len(near) == 1 else None


def _give_slugs(places: Iterable[ImportPlace], taken: set[str]) -> None:
    """Give a key to each new place. Two spellings of one city of GeoNames get the same key."""
    known: dict[object, str] = {}
    for place in places:
        if place.verdict == ImportPlace.Verdict.NEW:
            same = place.facts.get("geonames_id") or (
                normalize_name(place.name),
                place.country,
                place.latitude,
                place.longitude,
            )
            if same not in known:
                known[same] = fresh_slug(place.facts["name_en"], place.facts["country"], taken)
            place.slug = known[same]


def resolved_rows(
    table: str, rows: Iterable[NumberedRow], places: Mapping[PlaceKey, ImportPlace]
) -> list[NumberedRow]:
    """Return the rows with keys of the register instead of names, without rows of open or excluded places."""
    sides = PLACE_COLUMNS_BY_KIND[table] or ("id",)
    resolved = []
    for number, row in rows:
        slugs = {side: row[side] if isinstance(row[side], str) else places[row[side]].slug for side in sides}
        if all(slugs.values()):
            resolved.append((number, row | slugs))
    return resolved


def places_to_add(
    table: str, rows: Iterable[NumberedRow], places: Iterable[ImportPlace]
) -> list[tuple[int, ImportPlace]]:
    """Return the new cities that rows name, each once, with the number of the first row that names it.

    A file of cities adds its own cities, so the result is empty.
    """
    first: dict[str, int] = {}
    for number, row in rows:
        for side in PLACE_COLUMNS_BY_KIND[table]:
            first.setdefault(row[side], number)
    new = {
        place.slug: place
        for place in places
        if place.verdict == ImportPlace.Verdict.NEW and place.slug in first
    }
    return [(first[slug], place) for slug, place in new.items()]


def new_place_facts(place: ImportPlace) -> dict[str, Any]:
    """Return the facts with which a new city is added."""
    exact = {name: Decimal(place.facts[name]) for name in ("latitude", "longitude") if name in place.facts}
    return {"level": City.Level.UNKNOWN, **place.facts, **exact}

"""The places a file names, each with the place of the register it is taken for. Reads; what it makes is saved by an action."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from partners.exchange.files import Numbered
from partners.exchange.wizard.places import gazetteer
from partners.exchange.wizard.places.names import alike, all_alike
from partners.exchange.wizard.places.whereabouts import (
    MOST_OPTIONS,
    Here,
    Judged,
    Wanted,
    fits,
    fresh_slug,
    judge,
)
from partners.exchange.wizard.reading import SIDES, PlaceKey, Reading
from partners.models.cities import City
from partners.models.imports import Import, ImportPlace

_NAMES = ("slug", "name_en", "name_fr", "name_zh", "name_local")


def resolve(batch: Import, reading: Reading) -> list[ImportPlace]:
    """Every place the file names, judged; what somebody has answered before stays answered. Not saved yet."""
    answered = {place.key: place for place in batch.places.filter(answered=True)}
    asked = [key for key in reading.places if key not in answered]
    by_name, by_number, taken = _register()
    # A file of cities says itself what a new place is like; only agreements and exchanges need facts from elsewhere.
    world = {} if batch.table == Import.Table.CITIES else gazetteer.find(all_alike(key[0] for key in asked))
    found = []
    for key in asked:
        name = alike(key[0])
        judged = judge(_wanted(key), by_name.get(name, ()), world.get(name, ()), by_number)
        if (
            batch.table == Import.Table.CITIES
            and judged.verdict == ImportPlace.Verdict.DOUBTFUL
            and not judged.options
        ):
            judged = Judged(
                ImportPlace.Verdict.NEW, facts=ImportPlace(name=key[0], country=key[1]).own_facts()
            )
        found.append(_place(batch, key, judged))
    kept = [_again(place) for key, place in answered.items() if key in reading.places]
    for place in found + kept:
        place.times = reading.places[place.key]
    _give_slugs(found + kept, taken)
    return found + kept


def _register() -> tuple[dict[str, list[Here]], dict[int, Here], set[str]]:
    by_name: dict[str, list[Here]] = {}
    by_number: dict[int, Here] = {}
    taken: set[str] = set()
    for city in City.objects.only(
        *_NAMES, "country", "latitude", "longitude", "geonames_id", "population"
    ).iterator():
        here = Here(
            city.slug,
            city.name_en,
            city.country,
            _float(city.latitude),
            _float(city.longitude),
            city.geonames_id,
            city.population,
        )
        taken.add(city.slug)
        for name in all_alike(getattr(city, name) for name in _NAMES):
            by_name.setdefault(name, []).append(here)
        if city.geonames_id:
            by_number[city.geonames_id] = here
    return by_name, by_number, taken


def _float(value: Decimal | None) -> float | None:
    return None if value is None else float(value)


def _wanted(key: PlaceKey) -> Wanted:
    name, country, latitude, longitude = key
    if latitude and longitude:
        return Wanted(name, country, float(latitude), float(longitude))
    return Wanted(name, country)


def _place(batch: Import, key: PlaceKey, judged: Judged) -> ImportPlace:
    name, country, latitude, longitude = key
    return ImportPlace(
        batch=batch,
        name=name,
        country=country,
        latitude=latitude,
        longitude=longitude,
        verdict=judged.verdict,
        slug=judged.slug,
        facts=judged.facts,
        options=judged.options,
    )


def _again(place: ImportPlace) -> ImportPlace:
    place.pk = None
    if place.verdict == ImportPlace.Verdict.NEW:
        place.slug = ""
    return place


def settle(places: Iterable[ImportPlace]) -> list[ImportPlace]:
    """The places as the register is now, with a key for each that is to be added: some were decided since the check.

    One that came into the register since then is that one, and not added a second time; those are returned changed, not saved.
    """
    found = list(places)
    by_name, by_number, taken = _register()
    for place in found:
        if place.verdict == ImportPlace.Verdict.NEW and (came := _came_since(place, by_name, by_number)):
            place.verdict, place.slug = ImportPlace.Verdict.KNOWN, came.slug
    _give_slugs(found, taken)
    return found


def _came_since(
    place: ImportPlace, by_name: Mapping[str, list[Here]], by_number: Mapping[int, Here]
) -> Here | None:
    """The place of the register that a new one turned out to be. What was there at the check was looked at then, or asked about."""
    number = place.facts.get("geonames_id")
    if number in by_number:
        return by_number[number]
    if len(place.options) >= MOST_OPTIONS:
        return None  # not all that it might have been were offered: whoever said that it is new knew them
    offered = {option["slug"] for option in place.options}
    wanted = (
        _wanted(place.key) if place.country else _wanted((place.name, place.facts["country"], *place.key[2:]))
    )
    near = [
        one for one in by_name.get(alike(place.name), ()) if one.slug not in offered and fits(wanted, one)
    ]
    return near[0] if len(near) == 1 else None


def _give_slugs(places: Iterable[ImportPlace], taken: set[str]) -> None:
    """A key for each new place; two spellings of one place of GeoNames are one."""
    known: dict[object, str] = {}
    for place in places:
        if place.verdict == ImportPlace.Verdict.NEW:
            same = place.facts.get("geonames_id") or (
                alike(place.name),
                place.country,
                place.latitude,
                place.longitude,
            )
            if same not in known:
                known[same] = fresh_slug(place.facts["name_en"], place.facts["country"], taken)
            place.slug = known[same]


def with_keys(table: str, rows: Iterable[Numbered], places: Mapping[PlaceKey, ImportPlace]) -> list[Numbered]:
    """The rows with keys of the register in place of names, without those of a place that is open or left out."""
    sides = SIDES[table] or ("id",)
    kept = []
    for number, row in rows:
        slugs = {side: row[side] if isinstance(row[side], str) else places[row[side]].slug for side in sides}
        if all(slugs.values()):
            kept.append((number, row | slugs))
    return kept


def to_add(
    table: str, rows: Iterable[Numbered], places: Iterable[ImportPlace]
) -> list[tuple[int, ImportPlace]]:
    """The new places that rows name, each once with the first of its rows. A file of cities adds its own."""
    first: dict[str, int] = {}
    for number, row in rows:
        for side in SIDES[table]:
            first.setdefault(row[side], number)
    new = {
        place.slug: place
        for place in places
        if place.verdict == ImportPlace.Verdict.NEW and place.slug in first
    }
    return [(first[slug], place) for slug, place in new.items()]


def facts_of(place: ImportPlace) -> dict[str, Any]:
    """What a new place is entered with."""
    exact = {name: Decimal(place.facts[name]) for name in ("latitude", "longitude") if name in place.facts}
    return {"level": City.Level.UNKNOWN, **place.facts, **exact}

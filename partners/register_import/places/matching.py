"""Decision about which city a file means, by name, country and position. No database access.

The candidates come from the register and from GeoNames. If it is not clear which one is meant, the place is doubtful
and a person decides, because a wrong agreement is worse than a question.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import cos, hypot, radians
from typing import Any

from partners.cities.gazetteer import GazetteerPlace, city_name_columns
from partners.register_import.models import ImportPlace

MAX_DISTANCE_KM = 30.0  # kilometres: the centre of a city rarely differs by more between two lists
KM_PER_DEGREE = 111.2
# Another city of the same name causes doubt if it is large or has a tenth of the people of the first, and if it has at
# least the minimum.
LARGE_CITY_POPULATION, NAMESAKE_POPULATION_RATIO, MIN_NAMESAKE_POPULATION = 100_000, 10, 1_000
MAX_CITY_OPTIONS = 8  # options offered to a person


@dataclass(frozen=True)
class PlaceInFile:
    """Place as a file names it. The country is a code or empty; the position is None if the file has none."""

    name: str
    country: str
    latitude: float | None = None
    longitude: float | None = None


@dataclass(frozen=True)
class RegisterPlace:
    """City of the register."""

    slug: str
    name: str
    country: str
    latitude: float | None = None
    longitude: float | None = None
    geonames_id: int | None = None
    population: int | None = None


@dataclass
class PlaceMatch:
    """Result of a match: verdict, key of the city, facts of a city to add, and other options."""

    verdict: str
    slug: str = ""
    new_city_facts: dict[str, Any] = field(default_factory=dict)
    other_options: list[dict[str, Any]] = field(default_factory=list)


def match_place(
    wanted: PlaceInFile,
    registered: Sequence[RegisterPlace],
    known_places: Sequence[GazetteerPlace],
    by_number: dict[int, RegisterPlace],
) -> PlaceMatch:
    """Match a place to the cities of the same name in the register (`registered`) and in GeoNames (`known_places`).

    `by_number` maps GeoNames numbers to cities of the register, to recognize a city that has another name
    there.
    """
    same_key = [place for place in registered if place.slug == wanted.name]
    if same_key:
        return PlaceMatch(ImportPlace.Verdict.KNOWN, same_key[0].slug)
    likely_registered = [place for place in registered if is_plausible(wanted, place)]
    if (
        len(likely_registered) == 1
        and (wanted.country or not known_places)
        and not _other_candidates(wanted, likely_registered[0], known_places, by_number)
    ):
        return PlaceMatch(ImportPlace.Verdict.KNOWN, likely_registered[0].slug)
    likely_known = [place for place in known_places if is_plausible(wanted, place)]
    if (
        not likely_registered
        and likely_known
        and (wanted.latitude is not None or (len(likely_known) == 1 and wanted.country))
    ):
        return _match_of_gazetteer_place(wanted, likely_known[0], by_number)
    return PlaceMatch(
        ImportPlace.Verdict.DOUBTFUL, other_options=_options(wanted, registered, known_places, by_number)
    )


def _match_of_gazetteer_place(
    wanted: PlaceInFile, found: GazetteerPlace, by_number: dict[int, RegisterPlace]
) -> PlaceMatch:
    known = by_number.get(found.geonames_id)
    if known is not None:
        return PlaceMatch(ImportPlace.Verdict.KNOWN, known.slug)
    return PlaceMatch(ImportPlace.Verdict.NEW, new_city_facts=_facts(wanted, found))


def _facts(wanted: PlaceInFile, found: GazetteerPlace) -> dict[str, Any]:
    """Return the facts with which a city of GeoNames is added."""
    return {
        **city_name_columns(wanted.name, found.name, found.country),
        "country": found.country,
        **found.register_facts,
    }


def _other_candidates(
    wanted: PlaceInFile,
    ours: RegisterPlace,
    there: Sequence[GazetteerPlace],
    by_number: dict[int, RegisterPlace],
) -> list[GazetteerPlace]:
    """Return other cities of the same name and country that the file may mean.

    Example: the register has one Suzhou, but China has two.
    """
    if wanted.latitude is not None:
        return []
    least = min(LARGE_CITY_POPULATION, (ours.population or 0) // NAMESAKE_POPULATION_RATIO)
    return [
        one
        for one in there
        if one.country == ours.country
        and one.population >= max(least, MIN_NAMESAKE_POPULATION)
        and one.geonames_id not in by_number
        and distance_km(ours, one) > MAX_DISTANCE_KM
    ]


def _options(
    wanted: PlaceInFile,
    here: Sequence[RegisterPlace],
    there: Sequence[GazetteerPlace],
    by_number: dict[int, RegisterPlace],
) -> list[dict[str, Any]]:
    """Return a few possible cities, those of the register first.

    A key with a colon is that of a city of GeoNames, which would be added.
    """
    registered_options = [
        _option(one.slug, one, {}) for one in here if not wanted.country or one.country == wanted.country
    ]
    fits = [one for one in there if not wanted.country or one.country == wanted.country]
    gazetteer_options = [
        _option(
            f"geonames:{one.geonames_id}",
            one,
            _facts(wanted, one),
        )
        for one in fits
        if one.geonames_id not in by_number
    ]
    return (registered_options + gazetteer_options)[:MAX_CITY_OPTIONS]


def _option(slug: str, one: RegisterPlace | GazetteerPlace, facts: dict[str, Any]) -> dict[str, Any]:
    values = {"name": one.name, "country": one.country, "population": one.population}
    return {"slug": slug, **values, "latitude": one.latitude, "longitude": one.longitude, "facts": facts}


def is_plausible(wanted: PlaceInFile, one: RegisterPlace | GazetteerPlace) -> bool:
    """Return True if a city of that name can be meant: same country, and near the position, if known."""
    if wanted.country and one.country != wanted.country:
        return False
    return distance_km(wanted, one) <= MAX_DISTANCE_KM


def distance_km(one: PlaceInFile | RegisterPlace, other: RegisterPlace | GazetteerPlace) -> float:
    """Return the distance of two places in kilometres; 0 if one has no position.

    For near places, the error is a few per cent.
    """
    if one.latitude is None or one.longitude is None or other.latitude is None or other.longitude is None:
        return 0.0
    east = abs(one.longitude - other.longitude)
    east = min(east, 360 - east) * cos(radians(one.latitude))
    return hypot(one.latitude - other.latitude, east) * KM_PER_DEGREE

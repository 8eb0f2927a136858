"""Queries that the page and the command to add a city share: places of GeoNames, and an unused key."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from partners.cities.gazetteer import (
    GazetteerPlace,
    city_name_columns,
    currency_of,
    find_places,
    normalize_name,
)
from partners.cities.models import City
from partners.cities.rules import fresh_slug


class FoundPlace(NamedTuple):
    """Place of GeoNames, and the same place in the city register, or None if the register lacks it."""

    place: GazetteerPlace
    city: City | None


def look_up_places(name: str, country: str = "") -> Sequence[FoundPlace]:
    """Return the places of GeoNames with this name in any spelling, the most populous first.

    `country` is a two-letter code, or empty for all. Takes some seconds.
    """
    wanted = normalize_name(name)
    found = find_places({wanted}).get(wanted, ()) if wanted else ()
    places = [one for one in found if not country or one.country == country]
    numbers = [one.geonames_id for one in places]
    known = {city.geonames_id: city for city in City.objects.filter(geonames_id__in=numbers)}
    return [FoundPlace(one, known.get(one.geonames_id)) for one in places]


def facts_of_place(place: GazetteerPlace, name: str) -> dict[str, Any]:
    """Return the facts of a place of GeoNames as values for the form of a city.

    `name` is the name that the person searched for; in another script than Latin, it becomes the local name.
    """
    return {
        **city_name_columns(name, place.name, place.country),
        "name_en": place.name,
        "country": place.country,
        "currency": currency_of(place.country),
        **place.register_facts,
    }


def unused_slug(name: str, country: str) -> str:
    """Return a key for a new city that no city has, such as burnaby-ca."""
    return fresh_slug(name, country, set(City.objects.values_list("slug", flat=True)))

"""Tables of tracking codes, published transit times and places.

The tables are read once from the files in data/. Their sources are in data/README.md.
"""

import csv
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.utils.translation import get_language

from partners.maps.great_circle import GeoPoint, angular_distance
from procurement.catalogue.models.reference_rows import market_of_country

DATA_FOLDER = Path(__file__).parent / "data"
CLEARED_CODE = (
    "cleared"  # a step in the table; the place decides whether the export or the import was cleared
)


def _localized_name(row: Mapping[str, str]) -> str:
    """Return the name in the reader's language."""
    language = (get_language() or "en")[:2]
    return row[f"name_{language}"] if language in ("fr", "zh") else row["name_en"]


@dataclass(frozen=True)
class TrackingEventCode:
    """Tracking code of a standard (DCSA, IATA or IFTSTA).

    `step` is a step of a journey (`Step`), "cleared", or "" if the code is no step. `place_role` is the place
    for which the code has this meaning: "origin", "destination" or "customs". `shipment_problem` is "held",
    "discrepancy" or "lost" if the code reports that.
    """

    step: str
    place_role: str
    shipment_problem: str
    names: Mapping[str, str]

    @property
    def name(self) -> str:
        """Meaning of the code in the reader's language."""
        return _localized_name(self.names)


@dataclass(frozen=True)
class PublishedTransit:
    """Published transit time of a route: `min_days` to `max_days` days. `source_is_reliable` is True if its source is reliable."""

    min_days: int
    max_days: int
    source_is_reliable: bool
    source_url: str


@cache
def known_codes() -> dict[tuple[str, str], TrackingEventCode]:
    """Return every known code, by system and code in capitals."""
    return {
        (row["system"], row["code"]): TrackingEventCode(row["step"], row["at"], row["state"], row)
        for row in _read_rows("tracking_codes")
    }


def find_code(system: str, code: str) -> TrackingEventCode | None:
    """Return a code as received, ignoring case and surrounding spaces; None if the standard lacks it."""
    return known_codes().get((system, code.strip().upper()))


@cache
def _transit_times() -> dict[tuple[str, str, str], PublishedTransit]:
    return {
        (row["mode"], row["origin"], row["destination"]): PublishedTransit(
            int(row["low_days"]),
            int(row["high_days"]),
            row["confidence"] == "published",
            row["source_url"],
        )
        for row in _read_rows("transit_times")
    }


def published_transit(mode: str, origin: str, destination: str) -> PublishedTransit | None:
    """Return the days from departure to arrival for a pair of UN/LOCODEs.

    The most specific published time is used: between the two places, else between their countries, else from
    the country to the EU (for a destination there), else that of the mode of transport. None if there is
    none.
    """
    here, there = origin[:2], destination[:2]
    ends = [(origin, destination), (here, there), ("", "")]
    if market_of_country(there) == "EU":
        ends.insert(2, (here, "EU"))
    ways = _transit_times()
    return next((ways[mode, *pair] for pair in ends if (mode, *pair) in ways), None)


@cache
def _places_by_code() -> dict[str, dict[str, str]]:
    return {row["locode"]: row for row in _read_rows("places")}


@cache
def _countries_by_airport() -> dict[str, str]:
    return {code: locode for locode, row in _places_by_code().items() for code in row["airports"].split()}


def country_of(place: str) -> str:
    """Return the country of a place as a carrier writes it; "" for an unknown airport.

    The place is a UN/LOCODE or the three letters of an airport.
    """
    written = place.strip().upper()
    return _countries_by_airport().get(written, "")[:2] if len(written) == 3 else written[:2]


def place_name(locode: str) -> str:
    """Return a place's name in the reader's language; the code itself if the place is not in the table.

    The place is a UN/LOCODE or an airport.
    """
    known = _places_by_code().get(_countries_by_airport().get(locode, locode))
    return _localized_name(known) if known else locode


def place_label(locode: str) -> str:
    """Return a place's name with its code, such as Guangzhou (CNCAN); the code alone if the place is unknown."""
    name = place_name(locode)
    if name == locode:
        return locode
    return f"{name}（{locode}）" if (get_language() or "").startswith("zh") else f"{name} ({locode})"


def locode_of(place: str) -> str:
    """Return the UN/LOCODE of a known place; "" for an unknown one.

    The text is a UN/LOCODE or the three letters of an airport.
    """
    written = place.strip().upper()
    code = _countries_by_airport().get(written, written)
    return code if code in _places_by_code() else ""


NAME_COLUMNS = ("name_en", "name_fr", "name_zh")
_CODE_IN_LABEL = re.compile(r"[(（]([A-Za-z]{2}[A-Za-z2-9]{3})[)）]\s*$")


def locode_of_typed_place(text: str) -> str:
    """Return the UN/LOCODE of a place by its name in any language of the site, or by its label; "" if unknown.

    Case, accents and surrounding spaces do not matter. A UN/LOCODE or an airport is found as well.
    """
    labelled = _CODE_IN_LABEL.search(text)
    code = locode_of(labelled[1] if labelled else text)
    return code or _places_by_name().get(_normalized_name(text), "")


@cache
def _places_by_name() -> dict[str, str]:
    return {
        _normalized_name(row[name]): locode
        for locode, row in reversed(_places_by_code().items())
        for name in NAME_COLUMNS
    }


def _normalized_name(text: str) -> str:
    parts = unicodedata.normalize("NFKD", text.strip().casefold())
    return "".join(sign for sign in parts if not unicodedata.combining(sign))


def known_places() -> list[tuple[str, str]]:
    """Return the label of every known place in the reader's language, with its names in all languages."""
    return [
        (place_label(locode), " · ".join(dict.fromkeys(row[name] for name in NAME_COLUMNS)))
        for locode, row in _places_by_code().items()
    ]


def nearest_place_locode(spot: GeoPoint, country: str) -> str:
    """Return the UN/LOCODE of the known place in a country that is nearest to a position; "" if there is none."""
    found = [
        (angular_distance(spot, there), code)
        for code in _places_by_code()
        if code[:2] == country and (there := coordinates_of(code)) is not None
    ]
    return min(found)[1] if found else ""


def coordinates_of(locode: str) -> GeoPoint | None:
    """Return the position of a place; None if the place or its position is unknown."""
    known = _places_by_code().get(locode)
    if known is None or not known["latitude"]:
        return None
    return GeoPoint(float(known["latitude"]), float(known["longitude"]))


def time_zone_of(locode: str) -> str:
    """Return the time zone of a place given by UN/LOCODE; "" if unknown."""
    known = _places_by_code().get(locode)
    return known["timezone"] if known else ""


def _read_rows(name: str) -> list[dict[str, str]]:
    with (DATA_FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))

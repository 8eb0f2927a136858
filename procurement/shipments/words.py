"""Words of the road: what carriers' codes mean, how long a way takes as published, where a place is. Tables that ship with it. Pure.

Read once from the files in data/; data/README.md says where each comes from.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.utils.translation import get_language

from partners.geo.globe import Spot
from procurement.catalogue.models.facts import market_of

DATA = Path(__file__).parent / "data"
CLEARED = "cleared"  # a step of the table: whose customs let it go, only the place says


def _in_our_language(row: Mapping[str, str]) -> str:
    """The name in the reader's language."""
    language = (get_language() or "en")[:2]
    return row[f"name_{language}"] if language in ("fr", "zh") else row["name_en"]


@dataclass(frozen=True)
class Code:
    """A code that a standard knows.

    `step` is ours or "cleared" or "" where it is none; `at` says where it counts: "origin", "destination", or "customs".
    `state` is "held", "discrepancy" or "lost" where the code says so.
    """

    step: str
    at: str
    state: str
    names: Mapping[str, str]

    @property
    def name(self) -> str:
        """What it means, in the reader's language."""
        return _in_our_language(self.names)


@dataclass(frozen=True)
class Published:
    """How many days a way takes, as somebody published it; `firm` where there is a source."""

    low: int
    high: int
    firm: bool
    source_url: str


@cache
def codes() -> dict[tuple[str, str], Code]:
    """Every known code by its system and itself, in capitals."""
    return {
        (row["system"], row["code"]): Code(row["step"], row["at"], row["state"], row)
        for row in _rows("tracking_codes")
    }


def code_of(system: str, code: str) -> Code | None:
    """A code as it came, whatever its case and the spaces around it. None: the standard does not know it."""
    return codes().get((system, code.strip().upper()))


@cache
def _ways() -> dict[tuple[str, str, str], Published]:
    return {
        (row["mode"], row["origin"], row["destination"]): Published(
            int(row["low_days"]),
            int(row["high_days"]),
            row["confidence"] == "published",
            row["source_url"],
        )
        for row in _rows("transit_times")
    }


def published(mode: str, origin: str, destination: str) -> Published | None:
    """The days from departure to arrival, by UN/LOCODEs: of the two ports, else of the two countries, else of the mode."""
    here, there = origin[:2], destination[:2]
    ends = [(origin, destination), (here, there), ("", "")]
    if market_of(there) == "EU":
        ends.insert(2, (here, "EU"))
    ways = _ways()
    return next((ways[mode, *pair] for pair in ends if (mode, *pair) in ways), None)


@cache
def _places() -> dict[str, dict[str, str]]:
    return {row["locode"]: row for row in _rows("places")}


@cache
def _airports() -> dict[str, str]:
    return {code: locode for locode, row in _places().items() for code in row["airports"].split()}


def country_of(place: str) -> str:
    """The country of a place as a carrier writes it: by its UN/LOCODE, or by an airport's three letters; "" where we know it not."""
    written = place.strip().upper()
    return _airports().get(written, "")[:2] if len(written) == 3 else written[:2]


def place_name(locode: str) -> str:
    """A place's name in the reader's language, by its UN/LOCODE or its airport; its code where we know no name."""
    known = _places().get(_airports().get(locode, locode))
    return _in_our_language(known) if known else locode


def place_label(locode: str) -> str:
    """A place's name in the reader's language with its code: Guangzhou (CNCAN); the code alone where we know no name."""
    name = place_name(locode)
    if name == locode:
        return locode
    return f"{name}（{locode}）" if (get_language() or "").startswith("zh") else f"{name} ({locode})"


def locode_of(place: str) -> str:
    """The UN/LOCODE of a place that we know, as somebody writes it: by that code or an airport's three letters; else ""."""
    written = place.strip().upper()
    code = _airports().get(written, written)
    return code if code in _places() else ""


def spot_of(locode: str) -> Spot | None:
    """Where a place lies; None where we know no such place, or not where it is."""
    known = _places().get(locode)
    if known is None or not known["latitude"]:
        return None
    return Spot(float(known["latitude"]), float(known["longitude"]))


def zone_of(locode: str) -> str:
    """The time zone of a place by its UN/LOCODE, or ""."""
    known = _places().get(locode)
    return known["timezone"] if known else ""


def _rows(name: str) -> list[dict[str, str]]:
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))

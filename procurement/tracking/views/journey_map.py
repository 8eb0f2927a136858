"""Small map of one shipment's journey: its places, what is travelled and what is still planned."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from django.utils.translation import gettext as _

from partners.maps.clusters import MapDot, MapPlace, cluster_places
from partners.maps.great_circle import GeoPoint
from partners.maps.labels import MapLabel, place_labels
from partners.maps.map_sections import choose_small_map_section
from partners.maps.projections import MapSection, svg_line_between
from partners.maps.section_land import land_path
from procurement.shipments.models import Shipment
from procurement.shipments.reference_tables import coordinates_of, place_name
from procurement.tracking.models import TrackingEvent
from procurement.tracking.rules import PLACE_CODE_PATTERN, current_place
from workflow.charts.labels import text_width

WIDTH, HEIGHTS = 320, range(110, 171)  # of the map, in pixels of the side column
MIN_MARK_DISTANCE = 10.0  # minimum distance of two marks
DONE, NOW, AHEAD = "done", "now", "ahead"


@dataclass(frozen=True)
class JourneyLeg:
    """Way between two places of the journey: an SVG path, and whether the goods have travelled it already."""

    path: str
    state: str


@dataclass(frozen=True)
class JourneyStop:
    """Place of the journey as a mark with its name."""

    map_label: MapLabel
    state: str


@dataclass(frozen=True)
class JourneyMap:
    """Data for the map, with the sentence that says the same. `land_path` is an SVG path."""

    map_section: MapSection
    land_path: str
    legs: list[JourneyLeg]
    stops: list[JourneyStop]
    text_alternative: str


def journey_map(thing: Shipment, events: Iterable[TrackingEvent]) -> JourneyMap | None:
    """Return the map of a shipment; None if it was cancelled or one of its ends has no known position.

    `events` are those of the shipment, newest first. A place beside the planned route is drawn too if the
    goods were reported there.
    """
    if thing.status == Shipment.Status.CANCELLED:
        return None
    here = current_place(thing.status, thing.origin, thing.destination, _last_place(events))
    spots = {
        code: spot
        for code in _places_in_order(thing, here)
        if (spot := _position_of(thing, code)) is not None
    }
    way = list(spots)
    if thing.origin not in spots or thing.destination not in spots or len(way) < 2:
        return None
    legs = [(spots[a], spots[b]) for a, b in pairwise(way)]
    map_section = choose_small_map_section(legs, list(spots.values()), WIDTH, HEIGHTS)
    passed = way.index(here) if here in way else 0
    under_way = thing.status == Shipment.Status.IN_TRANSIT
    states = [DONE] * passed + [NOW if under_way else AHEAD] + [AHEAD] * len(way)
    return JourneyMap(
        map_section,
        land_path(map_section),
        [
            JourneyLeg(svg_line_between(a, b, map_section), state)
            for (a, b), state in zip(legs, states, strict=False)
        ],
        _map_stops(way, passed, spots, map_section),
        _map_sentence(thing, way, here),
    )


def _position_of(thing: Shipment, code: str) -> GeoPoint | None:
    """Return the position of a place; for the end at the city, that of the city if the port's is unknown."""
    known = coordinates_of(code)
    city, end = thing.city, thing.origin if thing.is_return else thing.destination
    if known is None and code == end and city.latitude is not None and city.longitude is not None:
        return GeoPoint(float(city.latitude), float(city.longitude))
    return known


def _last_place(events: Iterable[TrackingEvent]) -> str:
    """Return the place code of the last event that happened and is not marked as wrong."""
    told = (
        one.place
        for one in events
        if one.is_actual and one.wrong_at is None and re.match(PLACE_CODE_PATTERN, one.place)
    )
    return next(told, "")


def _places_in_order(thing: Shipment, here: str) -> list[str]:
    """Return the places in order, each once: origin, ports, the place where the goods are, destination."""
    ports = [*thing.via] if here in (thing.origin, *thing.via, thing.destination) else [*thing.via, here]
    return list(dict.fromkeys((thing.origin, *ports, thing.destination)))


def _map_stops(
    way: Sequence[str], passed: int, spots: Mapping[str, GeoPoint], map_section: MapSection
) -> list[JourneyStop]:
    """Return the marks. Where two places are one mark, the one where the goods are gives its state."""
    states = {code: DONE if n < passed else NOW if n == passed else AHEAD for n, code in enumerate(way)}
    dots = [
        MapDot(
            MapPlace(place_name(code), spots[code], code),
            map_section.project_point(spots[code]),
            _stop_weight(states[code]),
        )
        for code in way
    ]
    labels = place_labels(cluster_places(dots, min_distance=MIN_MARK_DISTANCE), text_width, map_section)
    return [JourneyStop(label, states[label.place.key]) for label in labels]


def _stop_weight(state: str) -> int:
    """Return the weight of a place: the place where the goods are is named first."""
    return {NOW: 2, DONE: 1}.get(state, 0)


def _map_sentence(thing: Shipment, way: Sequence[str], here: str) -> str:
    names = {"route": " → ".join(place_name(code) for code in way), "place": place_name(here)}
    if thing.status in (Shipment.Status.IN_TRANSIT, Shipment.Status.LOST):
        return _("Map of the route %(route)s. The goods were last reported at %(place)s.") % names
    return _("Map of the route %(route)s. The goods are at %(place)s.") % names

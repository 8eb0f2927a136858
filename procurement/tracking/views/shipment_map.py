"""Map of shipments under way, as marks on the project's own map and as a table of places."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from typing import Any, NamedTuple

from django.utils.translation import ngettext

from partners.maps.clusters import MapDot, MapPlace, cluster_places
from partners.maps.great_circle import GeoPoint
from partners.maps.labels import MapLabel, place_labels
from partners.maps.map_sections import choose_map_section
from partners.maps.projections import MapSection, svg_line_between
from procurement.logistics.queries.public_tracking import last_reported_place
from procurement.shipments.models import ShipmentQuerySet
from procurement.shipments.reference_tables import coordinates_of, place_name
from procurement.tracking.rules import current_place
from workflow.charts.labels import text_width

MAX_SHIPMENTS = 2_000  # limit of shipments on one map, soonest first; the board lists all
HELD, LATE, FINE = "held", "late", "fine"
MAP_STATES = (HELD, LATE, FINE)  # most severe first


class MappedShipment(NamedTuple):
    """Shipment under way: its state, its route and its current place."""

    reference: str
    state: str
    route: tuple[str, ...]  # origin, ports on the way, destination
    current_place: str


@dataclass
class MapStop:
    """Place with the shipments that are there now."""

    code: str
    name: str
    shipments: list[MappedShipment] = field(default_factory=list)

    @property
    def held_count(self) -> int:
        """Number of shipments held by customs."""
        return sum(one.state == HELD for one in self.shipments)

    @property
    def late_count(self) -> int:
        """Number of late shipments."""
        return sum(one.state == LATE for one in self.shipments)


@dataclass(frozen=True)
class MapMark:
    """Mark on the map: the shipments at one or several places, or a port without any."""

    map_label: MapLabel
    shipments: Sequence[MappedShipment]

    @property
    def state(self) -> str:
        """Most severe state of its shipments; "" for a port without any."""
        return next((state for state in MAP_STATES if any(one.state == state for one in self.shipments)), "")

    @property
    def key(self) -> str:
        """Key that selects the mark in an address of the page."""
        return self.map_label.place.key

    @property
    def label(self) -> str:
        """Text of the mark for screen readers: the place and the numbers of shipments, held and late."""
        number = len(self.shipments)
        held, late = (sum(one.state == state for one in self.shipments) for state in (HELD, LATE))
        words = ngettext(
            "%(place)s: %(number)s shipment, held: %(held)s, late: %(late)s",
            "%(place)s: %(number)s shipments, held: %(held)s, late: %(late)s",
            number,
        )
        return words % {"place": self.map_label.name, "number": number, "held": held, "late": late}


@dataclass(frozen=True)
class ShipmentMap:
    """Data for the map and the table.

    `leg_paths` are SVG paths of routes. `shipment_count` counts the shipments on the map, `omitted_count` those beyond its
    limit.
    """

    marks: list[MapMark]
    leg_paths: list[str]
    map_section: MapSection
    table_rows: list[MapStop]
    unmapped_places: list[MapStop]  # places without a known position
    shipment_count: int
    omitted_count: int

    @property
    def ports(self) -> list[MapMark]:
        """Marks without a shipment now, on the route of one."""
        return [mark for mark in self.marks if not mark.shipments]

    @property
    def marks_with_shipments(self) -> list[MapMark]:
        """Marks with a shipment now."""
        return [mark for mark in self.marks if mark.shipments]

    @property
    def unmapped_count(self) -> int:
        """Number of shipments at places that the map cannot show."""
        return sum(len(at.shipments) for at in self.unmapped_places)


def map_of_open_shipments(rows: ShipmentQuerySet, today: date) -> ShipmentMap:
    """Return the map and table of the shipments that are under way, of those given. Two queries."""
    open_ones = rows.under_way()
    facts = ("reference", "status", "origin", "destination", "via", "held", "alerts", "expected_on")
    found = (
        open_ones.annotate(last_place=last_reported_place())
        .order_by("expected_on", "pk")
        .values_list(*facts, "last_place")
    )
    ones = [_mapped_shipment(row, today) for row in found[:MAX_SHIPMENTS]]
    left_out = open_ones.count() - MAX_SHIPMENTS if len(ones) == MAX_SHIPMENTS else 0
    return draw_map(ones, left_out=left_out)


def _mapped_shipment(row: Sequence[Any], today: date) -> MappedShipment:
    reference, status, origin, destination, via, held, alerts, expected_on, last_place = row
    late = "late_for_need" in alerts or (expected_on is not None and expected_on < today)
    state = HELD if held else LATE if late else FINE
    way = (origin, *via, destination)
    return MappedShipment(reference, state, way, current_place(status, origin, destination, last_place or ""))


def draw_map(ones: Sequence[MappedShipment], *, left_out: int = 0) -> ShipmentMap:
    """Return the map of these shipments: the marks, the routes between them, and the table.

    `left_out` is the number of shipments beyond the limit, which the map does not show.
    """
    table = _shipments_by_place(ones)
    spots = {
        code: spot
        for one in ones
        for code in (*one.route, one.current_place)
        if (spot := coordinates_of(code))
    }
    legs = list(dict.fromkeys(leg for one in ones for leg in _route_legs(one, spots)))
    map_section = choose_map_section([(spots[a], spots[b]) for a, b in legs], list(spots.values()))
    here = {at.code: at for at in table}
    dots = [
        MapDot(
            MapPlace(place_name(code), spots[code], code),
            map_section.project_point(spots[code]),
            len(here[code].shipments) if code in here else 0,
        )
        for code in sorted(spots)
    ]
    groups = cluster_places(dots)
    for group in groups:
        group.is_large = any(place.key in here for place in group.places)
    marks = [
        MapMark(
            named, [one for place in named.places if place.key in here for one in here[place.key].shipments]
        )
        for named in place_labels(groups, text_width, map_section)
    ]
    ways = [svg_line_between(spots[a], spots[b], map_section) for a, b in legs]
    unmapped_places = [at for at in table if at.code not in spots]
    return ShipmentMap(marks, ways, map_section, table, unmapped_places, len(ones), left_out)


def _shipments_by_place(ones: Iterable[MappedShipment]) -> list[MapStop]:
    """Return the places with their shipments, those with most first."""
    found: dict[str, MapStop] = {}
    for one in ones:
        found.setdefault(
            one.current_place, MapStop(one.current_place, place_name(one.current_place))
        ).shipments.append(one)
    return sorted(found.values(), key=lambda at: (-len(at.shipments), at.name, at.code))


def _route_legs(one: MappedShipment, spots: dict[str, GeoPoint]) -> Iterable[tuple[str, str]]:
    """Return the legs of a route, between places whose position is known."""
    way = [code for code in one.route if code in spots]
    return [(a, b) for a, b in pairwise(way) if a != b]

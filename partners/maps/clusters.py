"""Grouping of places that are too close to be distinguished on the map: one mark with a count. No database access."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from math import dist
from typing import NamedTuple

from partners.maps.globe import GeoPoint
from partners.maps.projections import Point

MIN_DISTANCE = 26.0  # minimum distance of marks in map units: the width of a finger
MAX_MARKS = 400  # maximum number of marks; if there are more, the minimum distance grows


class MapPlace(NamedTuple):
    """Named place. `key` is its name in addresses of pages."""

    name: str
    spot: GeoPoint
    key: str = ""


class MapDot(NamedTuple):
    """Place on the map with the number of its agreements."""

    place: MapPlace
    point: Point
    ties: int


@dataclass
class Cluster:
    """Mark for one or more places. The place with the most agreements gives it its name and position."""

    place: MapPlace
    point: Point
    places: list[MapPlace] = field(default_factory=list)
    large: bool = False  # drawn in the size of a mark for many places, even if it has one

    @property
    def size(self) -> int:
        """Number of places of the mark."""
        return len(self.places)


def cluster_places(
    dots: Iterable[MapDot], most: int = MAX_MARKS, near: float = MIN_DISTANCE
) -> list[Cluster]:
    """Return at most `most` marks for these places, at least `near` units apart.

    The mark with the most agreements comes first.
    """
    order = sorted(dots, key=lambda dot: (-dot.ties, dot.place.name, dot.place.key))
    groups = _clusters_within(order, near)
    while len(groups) > most:
        near *= 1.15
        groups = _clusters_within(order, near)
    return groups


def _clusters_within(order: Iterable[MapDot], near: float) -> list[Cluster]:
    """Add each place to the nearest mark within `near`, or to a new one.

    Only the neighbouring squares are searched.
    """
    groups: list[Cluster] = []
    squares: dict[tuple[int, int], list[Cluster]] = {}
    for dot in order:
        square = int(dot.point.x // near), int(dot.point.y // near)
        mark = _nearest(dot.point, near, square, squares)
        if mark is None:
            mark = Cluster(dot.place, dot.point)
            groups.append(mark)
            squares.setdefault(square, []).append(mark)
        mark.places.append(dot.place)
    return groups


def _nearest(
    point: Point, near: float, square: tuple[int, int], squares: dict[tuple[int, int], list[Cluster]]
) -> Cluster | None:
    """Return the nearest mark within `near`; of several at the same distance, the first."""
    found = None
    for x in range(square[0] - 1, square[0] + 2):
        for y in range(square[1] - 1, square[1] + 2):
            for group in squares.get((x, y), ()):
                apart = dist(group.point, point)
                if apart < near:
                    found, near = group, apart
    return found

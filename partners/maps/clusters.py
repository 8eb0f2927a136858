"""Grouping of places that are too close on the map into one mark with a count. No database access."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from math import dist
from typing import NamedTuple

from partners.maps.great_circle import GeoPoint
from partners.maps.projections import Point

MIN_MARK_DISTANCE = 26.0  # minimum distance of marks in map units: the width of a finger
MAX_MARKS = 400  # maximum number of marks; if there are more, the minimum distance grows


class MapPlace(NamedTuple):
    """Named place. `key` identifies it in the addresses of pages, such as the slug of a city."""

    name: str
    geo_point: GeoPoint
    key: str = ""


class MapDot(NamedTuple):
    """Place on the map, with the number of its agreements (`agreement_count`)."""

    place: MapPlace
    point: Point
    agreement_count: int


@dataclass
class Cluster:
    """Mark for one or more places. The place with the most agreements gives it its name and position."""

    place: MapPlace
    point: Point
    places: list[MapPlace] = field(default_factory=list)
    is_large: bool = False  # drawn in the size of a mark for many places, even if it has one

    @property
    def place_count(self) -> int:
        """Number of places of the mark."""
        return len(self.places)


def cluster_places(
    dots: Iterable[MapDot], max_marks: int = MAX_MARKS, min_distance: float = MIN_MARK_DISTANCE
) -> list[Cluster]:
    """Return at most `max_marks` marks for these places, at least `min_distance` units apart.

    The mark with the most agreements comes first.
    """
    order = sorted(dots, key=lambda dot: (-dot.agreement_count, dot.place.name, dot.place.key))
    clusters = _clusters_within(order, min_distance)
    while len(clusters) > max_marks:
        min_distance *= 1.15
        clusters = _clusters_within(order, min_distance)
    return clusters


def _clusters_within(order: Iterable[MapDot], min_distance: float) -> list[Cluster]:
    """Add each place to the nearest mark within `min_distance`, or to a new mark.

    Only the neighbouring squares are searched.
    """
    clusters: list[Cluster] = []
    squares: dict[tuple[int, int], list[Cluster]] = {}
    for dot in order:
        square = int(dot.point.x // min_distance), int(dot.point.y // min_distance)
        mark = _nearest(dot.point, min_distance, square, squares)
        if mark is None:
            mark = Cluster(dot.place, dot.point)
            clusters.append(mark)
            squares.setdefault(square, []).append(mark)
        mark.places.append(dot.place)
    return clusters


def _nearest(
    point: Point, max_distance: float, square: tuple[int, int], squares: dict[tuple[int, int], list[Cluster]]
) -> Cluster | None:
    """Return the nearest mark within `max_distance`; of several at the same distance, the first."""
    nearest = None
    for x in range(square[0] - 1, square[0] + 2):
        for y in range(square[1] - 1, square[1] + 2):
            for cluster in squares.get((x, y), ()):
                distance = dist(cluster.point, point)
                if distance < max_distance:
                    nearest, max_distance = cluster, distance
    return nearest

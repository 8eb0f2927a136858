"""Outline of the land, made once for each map by `manage.py draw_land`. It has no borders. No database access."""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from math import hypot
from typing import Any

from partners.maps.great_circle import GeoPoint
from partners.maps.map_sections import PACIFIC_WORLD_MAP
from partners.maps.projections import EqualEarth, MapCanvas, Point, svg_path


def land_rings(topology: dict[str, Any]) -> list[list[GeoPoint]]:
    """Return the outlines of a TopoJSON land file as points.

    In the file, each arc is a list of integers: the steps from one point to the next.
    """
    scale, shift = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = []
    for steps in topology["arcs"]:
        x = y = 0
        spots = []
        for dx, dy in steps:
            x, y = x + dx, y + dy
            spots.append(GeoPoint(y * scale[1] + shift[1], x * scale[0] + shift[0]))
        arcs.append(spots)
    (land,) = topology["objects"]["land"]["geometries"]
    return [_joined(ring, arcs) for polygon in land["arcs"] for ring in polygon]


def _joined(ring: Sequence[int], arcs: Sequence[list[GeoPoint]]) -> list[GeoPoint]:
    """Return the arcs of a ring, joined. A negative number means the reversed arc."""
    spots: list[GeoPoint] = []
    for number in ring:
        arc = arcs[number] if number >= 0 else arcs[~number][::-1]
        spots.extend(arc[1:] if spots else arc)
    return spots


def land_path(
    land: Iterable[Sequence[GeoPoint]], canvas: MapCanvas = PACIFIC_WORLD_MAP, smallest: float = 3.0
) -> str:
    """Return one SVG path of the land inside the map, cut at its edges.

    Outlines smaller than `smallest` and steps under two units are left out.
    """
    paths = []
    for ring in land:
        if canvas.hides_ring(ring):
            continue
        for piece in _pieces(ring, canvas.middle_longitude) if isinstance(canvas, EqualEarth) else [ring]:
            points = _thinned(_cut([canvas.project_point(spot) for spot in piece], canvas))
            if len(points) > 3 and _extent(points) > smallest:
                paths.append(svg_path(points, closed=True))
    return "".join(paths)


def _pieces(ring: Sequence[GeoPoint], middle: float) -> list[list[GeoPoint]]:
    """Cut a ring at the edge of the sheet, opposite its middle, and move the rest to the other side."""
    turns, unrolled = 0.0, [ring[0]]
    for before, spot in pairwise(ring):
        if abs(step := spot.longitude - before.longitude) > 180:
            turns -= 360 if step > 0 else -360
        unrolled.append(GeoPoint(spot.latitude, spot.longitude + turns))
    pieces = []
    for turn in (-360, 0, 360):
        points = [Point(spot.longitude + turn, spot.latitude) for spot in unrolled]
        inside = _cut_at(_cut_at(points, 0, middle - 180, keep_below=False), 0, middle + 180, keep_below=True)
        pieces.append([GeoPoint(point.y, point.x) for point in inside])
    return [piece for piece in pieces if piece]


def _thinned(points: Sequence[Point]) -> list[Point]:
    thinned: list[Point] = []
    for point in points:
        rounded = Point(round(point.x), round(point.y))
        if not thinned or hypot(rounded.x - thinned[-1].x, rounded.y - thinned[-1].y) >= 2:
            thinned.append(rounded)
    return thinned


def _extent(points: Sequence[Point]) -> float:
    xs, ys = [point.x for point in points], [point.y for point in points]
    return max(max(xs) - min(xs), max(ys) - min(ys))


def _cut(points: list[Point], canvas: MapCanvas) -> list[Point]:
    """Return the part of a ring inside the map and a margin, by the Sutherland-Hodgman algorithm."""
    margin = 4.0
    for axis, limit, keep_below in (
        (0, -margin, False),
        (0, canvas.width + margin, True),
        (1, -margin, False),
        (1, canvas.height + margin, True),
    ):
        points = _cut_at(points, axis, limit, keep_below)
    return points


def _cut_at(points: Sequence[Point], axis: int, limit: float, keep_below: bool) -> list[Point]:
    remaining: list[Point] = []
    for before, point in zip([points[-1], *points[:-1]] if points else [], points, strict=True):
        was_in = (before[axis] <= limit) == keep_below
        is_in = (point[axis] <= limit) == keep_below
        if was_in != is_in:
            part = (limit - before[axis]) / (point[axis] - before[axis])
            remaining.append(
                Point(before.x + part * (point.x - before.x), before.y + part * (point.y - before.y))
            )
        if is_in:
            remaining.append(point)
    return remaining

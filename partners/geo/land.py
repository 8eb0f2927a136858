"""The outline of the land, made once for each map by `manage.py draw_land`. No borders are drawn anywhere. Pure."""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from math import hypot

from partners.geo.globe import Spot
from partners.geo.paper import EqualEarth, Paper, Point, path
from partners.geo.sheets import PACIFIC


def rings(topology: dict[str, object]) -> list[list[Spot]]:
    """The outlines of a TopoJSON land file, as places; its arcs are whole numbers, each the step from the one before."""
    scale, shift = topology["transform"]["scale"], topology["transform"]["translate"]  # type: ignore[index]
    arcs = []
    for steps in topology["arcs"]:  # type: ignore[attr-defined]
        x = y = 0
        spots = []
        for dx, dy in steps:
            x, y = x + dx, y + dy
            spots.append(Spot(y * scale[1] + shift[1], x * scale[0] + shift[0]))
        arcs.append(spots)
    (land,) = topology["objects"]["land"]["geometries"]  # type: ignore[index]
    return [_joined(ring, arcs) for polygon in land["arcs"] for ring in polygon]


def _joined(ring: Sequence[int], arcs: Sequence[list[Spot]]) -> list[Spot]:
    """The arcs of a ring end to end; a negative number means the arc turned round."""
    spots: list[Spot] = []
    for number in ring:
        arc = arcs[number] if number >= 0 else arcs[~number][::-1]
        spots.extend(arc[1:] if spots else arc)
    return spots


def outline(land: Iterable[Sequence[Spot]], paper: Paper = PACIFIC, smallest: float = 3.0) -> str:
    """One SVG path of the land inside the map: cut at its edges, specks and steps under a unit left out."""
    paths = []
    for ring in land:
        if paper.hides(ring):
            continue
        for piece in _pieces(ring, paper.middle) if isinstance(paper, EqualEarth) else [ring]:
            points = _thinned(_cut([paper.point(spot) for spot in piece], paper))
            if len(points) > 3 and _extent(points) > smallest:
                paths.append(path(points, closed=True))
    return "".join(paths)


def _pieces(ring: Sequence[Spot], middle: float) -> list[list[Spot]]:
    """A ring cut where the sheet is: opposite its middle, with the part beyond the cut on the other side."""
    turns, unrolled = 0.0, [ring[0]]
    for before, spot in pairwise(ring):
        if abs(step := spot.longitude - before.longitude) > 180:
            turns -= 360 if step > 0 else -360
        unrolled.append(Spot(spot.latitude, spot.longitude + turns))
    pieces = []
    for turn in (-360, 0, 360):
        points = [Point(spot.longitude + turn, spot.latitude) for spot in unrolled]
        inside = _cut_at(_cut_at(points, 0, middle - 180, keep_below=False), 0, middle + 180, keep_below=True)
        pieces.append([Spot(point.y, point.x) for point in inside])
    return [piece for piece in pieces if piece]


def _thinned(points: Sequence[Point]) -> list[Point]:
    kept: list[Point] = []
    for point in points:
        whole = Point(round(point.x), round(point.y))
        if not kept or hypot(whole.x - kept[-1].x, whole.y - kept[-1].y) >= 2:
            kept.append(whole)
    return kept


def _extent(points: Sequence[Point]) -> float:
    xs, ys = [point.x for point in points], [point.y for point in points]
    return max(max(xs) - min(xs), max(ys) - min(ys))


def _cut(points: list[Point], paper: Paper) -> list[Point]:
    """The part of a ring inside the map and a margin: Sutherland and Hodgman's cut, one edge after the other."""
    margin = 4.0
    for axis, limit, keep_below in (
        (0, -margin, False),
        (0, paper.width + margin, True),
        (1, -margin, False),
        (1, paper.height + margin, True),
    ):
        points = _cut_at(points, axis, limit, keep_below)
    return points


def _cut_at(points: Sequence[Point], axis: int, limit: float, keep_below: bool) -> list[Point]:
    kept: list[Point] = []
    for before, point in zip([points[-1], *points[:-1]] if points else [], points, strict=True):
        was_in = (before[axis] <= limit) == keep_below
        is_in = (point[axis] <= limit) == keep_below
        if was_in != is_in:
            part = (limit - before[axis]) / (point[axis] - before[axis])
            kept.append(Point(before.x + part * (point.x - before.x), before.y + part * (point.y - before.y)))
        if is_in:
            kept.append(point)
    return kept

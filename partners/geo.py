"""The map of ties: a projection, great circles, and labels that keep apart. Pure: coordinates in, positions on paper out.

No borders are drawn anywhere. The outline of the land is made once by `manage.py draw_land` with the same projection.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import acos, asin, atan2, cos, degrees, hypot, radians, sin, sqrt
from typing import Literal, NamedTuple

WIDTH, HEIGHT = 1120, 400


class Spot(NamedTuple):
    """A place on the globe, in degrees."""

    latitude: float
    longitude: float


class Point(NamedTuple):
    """A place on paper, in units of the map's viewBox; y grows downwards."""

    x: float
    y: float


@dataclass(frozen=True)
class Projection:
    """Lambert's azimuthal equal-area projection around a centre: near it, great circles are almost straight.

    Source: J. P. Snyder, Map Projections: A Working Manual, USGS Professional Paper 1395 (1987), p. 185, equations 24-2 to 24-4.
    """

    centre: Spot
    scale: float
    origin: Point

    def point(self, spot: Spot) -> Point:
        """Where a place lies on paper."""
        lat, lat0 = radians(spot.latitude), radians(self.centre.latitude)
        turn = radians(spot.longitude - self.centre.longitude)
        closeness = 1 + sin(lat0) * sin(lat) + cos(lat0) * cos(lat) * cos(turn)
        k = sqrt(2 / max(closeness, 1e-9))
        x = k * cos(lat) * sin(turn)
        y = k * (cos(lat0) * sin(lat) - sin(lat0) * cos(lat) * cos(turn))
        return Point(round(self.origin.x + self.scale * x, 1), round(self.origin.y - self.scale * y, 1))

    def shows(self, spot: Spot) -> bool:
        """Whether a place falls inside the map."""
        x, y = self.point(spot)
        return 0 <= x <= WIDTH and 0 <= y <= HEIGHT


# The North Pacific in the middle: China and Canada to its sides, the pole above.
PACIFIC = Projection(centre=Spot(58, -160), scale=480, origin=Point(633, 313))


def distance(a: Spot, b: Spot) -> float:
    """The angle between two places as seen from the centre of the earth, in radians."""
    lat_a, lat_b = radians(a.latitude), radians(b.latitude)
    turn = radians(b.longitude - a.longitude)
    cosine = sin(lat_a) * sin(lat_b) + cos(lat_a) * cos(lat_b) * cos(turn)
    return acos(max(-1.0, min(1.0, cosine)))


def great_circle(a: Spot, b: Spot, steps: int = 24) -> list[Spot]:
    """Places evenly along the shortest way from one place to another, both ends included.

    Spherical interpolation between the two unit vectors; the same place twice, and opposite places, give the ends only.
    """
    angle = distance(a, b)
    if sin(angle) < 1e-9:
        return [a, b]
    return [_between(a, b, angle, step / steps) for step in range(steps + 1)]


def _between(a: Spot, b: Spot, angle: float, part: float) -> Spot:
    wa, wb = sin((1 - part) * angle) / sin(angle), sin(part * angle) / sin(angle)
    (xa, ya, za), (xb, yb, zb) = _vector(a), _vector(b)
    x, y, z = wa * xa + wb * xb, wa * ya + wb * yb, wa * za + wb * zb
    return Spot(degrees(asin(max(-1.0, min(1.0, z)))), degrees(atan2(y, x)))


def _vector(spot: Spot) -> tuple[float, float, float]:
    lat, lon = radians(spot.latitude), radians(spot.longitude)
    return cos(lat) * cos(lon), cos(lat) * sin(lon), sin(lat)


def path(points: Iterable[Point], closed: bool = False) -> str:
    """An SVG path through the points."""
    steps = [f"{point.x:g} {point.y:g}" for point in points]
    return "M" + "L".join(steps) + ("Z" if closed else "")


# ---- a map of ties -------------------------------------------------------------------------------------------------

type Kind = Literal["helping", "quiet", "never"]


class Place(NamedTuple):
    """A named place; `width` is how wide its name is on paper."""

    name: str
    spot: Spot
    width: float


class Tie(NamedTuple):
    """A tie to draw."""

    a: Place
    b: Place
    kind: Kind

    @property
    def mark(self) -> str:
        """The name of its mark in the table of statuses."""
        return "never_asked" if self.kind == "never" else self.kind


class Arc(NamedTuple):
    """A drawn tie."""

    kind: Kind
    path: str


class Named(NamedTuple):
    """A drawn place; its name is left out (and stands in the table only) where it would touch another."""

    x: float
    y: float
    name: str
    text_x: float
    text_y: float
    anchor: Literal["start", "middle", "end"]
    labelled: bool


@dataclass(frozen=True)
class Map:
    """What the template draws over the land; a phone shows the ties as two columns of names instead, all of them."""

    ties: Sequence[Tie]
    arcs: list[Arc]
    places: list[Named]
    width: int = WIDTH
    height: int = HEIGHT


def draw(ties: Sequence[Tie], projection: Projection = PACIFIC) -> Map:
    """The arcs and places of the ties that fall inside the map. Names are placed in the order the ties come in."""
    shown = [tie for tie in ties if projection.shows(tie.a.spot) and projection.shows(tie.b.spot)]
    arcs = [Arc(tie.kind, path(map(projection.point, great_circle(tie.a.spot, tie.b.spot)))) for tie in shown]
    places = dict.fromkeys(place for tie in shown for place in (tie.a, tie.b))
    dots = [(place, projection.point(place.spot)) for place in places]
    return Map(ties, arcs, spread(dots))


class Box(NamedTuple):
    """The paper a name or a dot covers."""

    left: float
    top: float
    right: float
    bottom: float

    def touches(self, other: "Box") -> bool:
        """Whether two boxes share paper."""
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )


GAP, LINE, DOT = 11, 16, 6


def spread(dots: Sequence[tuple[Place, Point]]) -> list[Named]:
    """Give each dot its name on the first of eight sides where it touches no other dot, no other name and no edge."""
    taken = [Box(point.x - DOT, point.y - DOT, point.x + DOT, point.y + DOT) for _place, point in dots]
    named = []
    for number, (place, point) in enumerate(dots):
        others = taken[:number] + taken[number + 1 :]
        found = next((side for side in _sides(point, place.width) if _free(side[0], others)), None)
        if found is None:
            named.append(Named(point.x, point.y, place.name, point.x, point.y, "start", labelled=False))
            continue
        box, x, y, anchor = found
        taken.append(box)
        named.append(Named(point.x, point.y, place.name, x, y, anchor, labelled=True))
    return named


type Side = tuple[Box, float, float, Literal["start", "middle", "end"]]


def _sides(point: Point, width: float) -> Iterable[Side]:
    """Right, left, above, below, then the four corners."""
    x, y = point
    half = LINE / 2
    for dx, dy, anchor in (
        (GAP, 0, "start"),
        (-GAP, 0, "end"),
        (0, -LINE, "middle"),
        (0, LINE, "middle"),
        (GAP, -half - 3, "start"),
        (GAP, half + 3, "start"),
        (-GAP, -half - 3, "end"),
        (-GAP, half + 3, "end"),
    ):
        left = {"start": x + dx, "middle": x - width / 2, "end": x + dx - width}[anchor]
        yield Box(left, y + dy - half, left + width, y + dy + half), x + dx, round(y + dy + 5, 1), anchor  # type: ignore[misc]  # anchor is one of three


def _free(box: Box, others: Iterable[Box]) -> bool:
    inside = box.left >= 0 and box.right <= WIDTH and box.top >= 0 and box.bottom <= HEIGHT
    return inside and not any(box.touches(other) for other in others)


# ---- the outline of the land -----------------------------------------------------------------------------------------


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


def outline(land: Iterable[Sequence[Spot]], projection: Projection = PACIFIC, smallest: float = 3.0) -> str:
    """One SVG path of the land inside the map: cut at its edges, specks and steps under a unit left out."""
    paths = []
    for ring in land:
        if min(distance(projection.centre, spot) for spot in ring) > 1.7:
            continue  # beyond the horizon of the map, where the projection tears
        points = _thinned(_cut([projection.point(spot) for spot in ring]))
        if len(points) > 3 and _extent(points) > smallest:
            paths.append(path(points, closed=True))
    return "".join(paths)


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


def _cut(points: list[Point]) -> list[Point]:
    """The part of a ring inside the map and a margin: Sutherland and Hodgman's cut, one edge after the other."""
    margin = 4.0
    for axis, limit, keep_below in (
        (0, -margin, False),
        (0, WIDTH + margin, True),
        (1, -margin, False),
        (1, HEIGHT + margin, True),
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

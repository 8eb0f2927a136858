"""Places on the globe and on paper: two projections and great circles. Pure: coordinates in, positions on paper out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import acos, asin, atan2, cos, degrees, radians, sin, sqrt
from typing import NamedTuple, Protocol

WIDTH, HEIGHT = 1120, 400


class Spot(NamedTuple):
    """A place on the globe, in degrees."""

    latitude: float
    longitude: float


class Point(NamedTuple):
    """A place on paper, in units of the map's viewBox; y grows downwards."""

    x: float
    y: float


class Paper(Protocol):
    """A map to draw on."""

    @property
    def name(self) -> str: ...

    @property
    def width(self) -> int: ...

    @property
    def height(self) -> int: ...

    def point(self, spot: Spot) -> Point:
        """Where a place lies on paper."""

    def hides(self, ring: Sequence[Spot]) -> bool:
        """Whether a piece of land lies where the projection tears."""


def shows(paper: Paper, spot: Spot) -> bool:
    """Whether a place falls inside the map."""
    x, y = paper.point(spot)
    return 0 <= x <= paper.width and 0 <= y <= paper.height


@dataclass(frozen=True)
class Projection:
    """Lambert's azimuthal equal-area projection around a centre: near it, great circles are almost straight.

    Source: J. P. Snyder, Map Projections: A Working Manual, USGS Professional Paper 1395 (1987), p. 185, equations 24-2 to 24-4.
    """

    centre: Spot
    scale: float
    origin: Point
    name: str = "pacific"
    width: int = WIDTH
    height: int = HEIGHT

    def point(self, spot: Spot) -> Point:
        """Where a place lies on paper."""
        lat, lat0 = radians(spot.latitude), radians(self.centre.latitude)
        turn = radians(spot.longitude - self.centre.longitude)
        closeness = 1 + sin(lat0) * sin(lat) + cos(lat0) * cos(lat) * cos(turn)
        k = sqrt(2 / max(closeness, 1e-9))
        x = k * cos(lat) * sin(turn)
        y = k * (cos(lat0) * sin(lat) - sin(lat0) * cos(lat) * cos(turn))
        return Point(round(self.origin.x + self.scale * x, 1), round(self.origin.y - self.scale * y, 1))

    def hides(self, ring: Sequence[Spot]) -> bool:
        """Whether a piece of land lies beyond the horizon, where the projection tears."""
        return min(distance(self.centre, spot) for spot in ring) > 1.7


# The North Pacific in the middle: China and Canada to its sides, the pole above.
PACIFIC = Projection(centre=Spot(58, -160), scale=480, origin=Point(633, 313))


@dataclass(frozen=True)
class EqualEarth:
    """The whole world on one sheet, areas true, cut at the antimeridian.

    Source: B. Šavrič, T. Patterson, B. Jenny, The Equal Earth map projection, Int. J. of Geographical Information Science 33 (2019),
    equations 4 and 5.
    """

    scale: float
    origin: Point
    name: str = "world"
    width: int = WIDTH
    height: int = 484

    def point(self, spot: Spot) -> Point:
        """Where a place lies on paper."""
        t = asin(sqrt(3) / 2 * sin(radians(spot.latitude)))
        t2 = t * t
        t6 = t2**3
        bent = 1.340264 - 3 * 0.081106 * t2 + t6 * (7 * 0.000893 + 9 * 0.003796 * t2)
        x = 2 * sqrt(3) * radians(spot.longitude) * cos(t) / (3 * bent)
        y = t * (1.340264 - 0.081106 * t2 + t6 * (0.000893 + 0.003796 * t2))
        return Point(round(self.origin.x + self.scale * x, 1), round(self.origin.y - self.scale * y, 1))

    def hides(self, ring: Sequence[Spot]) -> bool:
        """Antarctica, where nobody twins and which would take a fifth of the sheet."""
        return max(spot.latitude for spot in ring) < -60


WORLD = EqualEarth(scale=206, origin=Point(560, 273))


def distance(a: Spot, b: Spot) -> float:
    """The angle between two places as seen from the centre of the earth, in radians."""
    lat_a, lat_b = radians(a.latitude), radians(b.latitude)
    turn = radians(b.longitude - a.longitude)
    cosine = sin(lat_a) * sin(lat_b) + cos(lat_a) * cos(lat_b) * cos(turn)
    return acos(max(-1.0, min(1.0, cosine)))


type Vector = tuple[float, float, float]


def great_circle(a: Spot, b: Spot, steps: int = 24) -> list[Spot]:
    """Places evenly along the shortest way from one place to another, both ends included.

    Spherical interpolation between the two unit vectors; the same place twice, and opposite places, give the ends only.
    """
    angle = distance(a, b)
    if sin(angle) < 1e-9:
        return [a, b]
    ends = _vector(a), _vector(b)
    return [_between(*ends, angle, step / steps) for step in range(steps + 1)]


def _between(a: Vector, b: Vector, angle: float, part: float) -> Spot:
    wa, wb = sin((1 - part) * angle) / sin(angle), sin(part * angle) / sin(angle)
    x, y, z = (wa * one + wb * other for one, other in zip(a, b, strict=True))
    return Spot(degrees(asin(max(-1.0, min(1.0, z)))), degrees(atan2(y, x)))


def _vector(spot: Spot) -> Vector:
    lat, lon = radians(spot.latitude), radians(spot.longitude)
    return cos(lat) * cos(lon), cos(lat) * sin(lon), sin(lat)


def path(points: Iterable[Point], closed: bool = False) -> str:
    """An SVG path through the points."""
    steps = [f"{point.x:g} {point.y:g}" for point in points]
    return "M" + "L".join(steps) + ("Z" if closed else "")


def way(points: Sequence[Point], width: int) -> str:
    """An SVG path through the points, begun anew where it leaves the sheet on one side and comes back on the other."""
    parts: list[list[Point]] = [[]]
    for point in points:
        if parts[-1] and abs(point.x - parts[-1][-1].x) > width / 2:
            parts.append([])
        parts[-1].append(point)
    return "".join(path(part) for part in parts if len(part) > 1)

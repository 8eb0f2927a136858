"""Places on paper: the projections, and lines as SVG paths. Pure: places in, positions out. Which sheets there are: sheets.py."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt
from typing import NamedTuple, Protocol

from partners.geo.globe import Spot, distance

WIDTH, HEIGHT = 1120, 400
POLAR = 80.0  # degrees: a line that goes beyond leaves a sheet of the world at its edge


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

    @property
    def margin(self) -> int: ...

    def point(self, spot: Spot) -> Point:
        """Where a place lies on paper."""

    def hides(self, ring: Sequence[Spot]) -> bool:
        """Whether a piece of land lies where the projection tears."""

    def stretches(self, spot: Spot) -> bool:
        """Whether a line through a place would be drawn far longer than it is."""


def shows(paper: Paper, spot: Spot) -> bool:
    """Whether a place falls inside the map."""
    return within(paper, paper.point(spot))


def within(paper: Paper, point: Point) -> bool:
    """Whether a position lies on the sheet."""
    left, right, bottom = paper.margin, paper.width - paper.margin, paper.height - paper.margin
    return left <= point.x <= right and left <= point.y <= bottom


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
    margin: int = 0  # beyond which no place is shown, lest its mark be cut

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

    def stretches(self, spot: Spot) -> bool:
        """Nowhere on the sheet: it tears beyond the horizon only."""
        return False


@dataclass(frozen=True)
class EqualEarth:
    """The whole world on one sheet, areas true, cut opposite the meridian in its middle.

    Source: B. Šavrič, T. Patterson, B. Jenny, The Equal Earth map projection, Int. J. of Geographical Information Science 33 (2019),
    equations 4 and 5.
    """

    scale: float
    origin: Point
    middle: float = 0
    name: str = "world"
    width: int = WIDTH
    height: int = 484
    margin: int = 0

    def point(self, spot: Spot) -> Point:
        """Where a place lies on paper."""
        t = asin(sqrt(3) / 2 * sin(radians(spot.latitude)))
        t2 = t * t
        t6 = t2**3
        bent = 1.340264 - 3 * 0.081106 * t2 + t6 * (7 * 0.000893 + 9 * 0.003796 * t2)
        x = 2 * sqrt(3) * radians(self.turn(spot.longitude)) * cos(t) / (3 * bent)
        y = t * (1.340264 - 0.081106 * t2 + t6 * (0.000893 + 0.003796 * t2))
        return Point(round(self.origin.x + self.scale * x, 1), round(self.origin.y - self.scale * y, 1))

    def turn(self, longitude: float) -> float:
        """How far east of the middle a meridian lies, in degrees; on the cut itself it stays on the side it came from."""
        turn = longitude - self.middle
        return turn - 360 if turn > 180 else turn + 360 if turn < -180 else turn

    def hides(self, ring: Sequence[Spot]) -> bool:
        """Antarctica, where nobody twins and which would take a fifth of the sheet."""
        return max(spot.latitude for spot in ring) < -60

    def stretches(self, spot: Spot) -> bool:
        """Near the poles, which this sheet draws as lines of more than half its width."""
        return abs(spot.latitude) > POLAR


def path(points: Iterable[Point], closed: bool = False) -> str:
    """An SVG path through the points."""
    steps = [f"{point.x:g} {point.y:g}" for point in points]
    return "M" + "L".join(steps) + ("Z" if closed else "")


def way(spots: Iterable[Spot], paper: Paper) -> str:
    """An SVG path through the places, begun anew where it leaves the sheet at an edge and comes back at another."""
    parts: list[list[Point]] = [[]]
    for spot in spots:
        if paper.stretches(spot):
            parts.append([])
            continue
        point = paper.point(spot)
        if parts[-1] and abs(point.x - parts[-1][-1].x) > paper.width / 2:
            parts.append([])
        parts[-1].append(point)
    return "".join(path(part) for part in parts if len(part) > 1)

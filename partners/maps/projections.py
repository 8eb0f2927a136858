"""Map projections, and lines as SVG paths. Pure functions. The sheets are in map_sheets.py."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt
from typing import NamedTuple, Protocol

from partners.maps.globe import Spot, angular_distance

WIDTH, HEIGHT = 1120, 400
POLAR = 80.0  # degrees of latitude beyond which a line is interrupted on a world map


class Point(NamedTuple):
    """Position on the map, in units of its viewBox; y grows downwards."""

    x: float
    y: float


class MapCanvas(Protocol):
    """Protocol of a map to draw on."""

    @property
    def name(self) -> str: ...

    @property
    def width(self) -> int: ...

    @property
    def height(self) -> int: ...

    @property
    def margin(self) -> int: ...

    def point(self, spot: Spot) -> Point:
        """Return the position of a point on the map."""

    def hides(self, ring: Sequence[Spot]) -> bool:
        """Return True if a piece of land must not be drawn."""

    def stretches(self, spot: Spot) -> bool:
        """Return True if a line through a point would be drawn much longer than it is."""


def contains_place(canvas: MapCanvas, spot: Spot) -> bool:
    """Return True if a point falls inside the map."""
    return is_on_canvas(canvas, canvas.point(spot))


def is_on_canvas(canvas: MapCanvas, point: Point) -> bool:
    """Return True if a position is on the sheet."""
    left, right, bottom = canvas.margin, canvas.width - canvas.margin, canvas.height - canvas.margin
    return left <= point.x <= right and left <= point.y <= bottom


@dataclass(frozen=True)
class Projection:
    """Lambert azimuthal equal-area projection. Near its centre, great circles are almost straight.

    Source: J. P. Snyder, Map Projections: A Working Manual, USGS Professional Paper 1395 (1987), p. 185,
    equations 24-2 to 24-4.
    """

    centre: Spot
    scale: float
    origin: Point
    name: str = "pacific"
    width: int = WIDTH
    height: int = HEIGHT
    margin: int = 0  # no place is shown in the margin, because its mark would be cut off

    def point(self, spot: Spot) -> Point:
        """Return the position of a point on the map."""
        lat, lat0 = radians(spot.latitude), radians(self.centre.latitude)
        turn = radians(spot.longitude - self.centre.longitude)
        closeness = 1 + sin(lat0) * sin(lat) + cos(lat0) * cos(lat) * cos(turn)
        k = sqrt(2 / max(closeness, 1e-9))
        x = k * cos(lat) * sin(turn)
        y = k * (cos(lat0) * sin(lat) - sin(lat0) * cos(lat) * cos(turn))
        return Point(round(self.origin.x + self.scale * x, 1), round(self.origin.y - self.scale * y, 1))

    def hides(self, ring: Sequence[Spot]) -> bool:
        """Return True if a piece of land is beyond the horizon, where the projection tears."""
        return min(angular_distance(self.centre, spot) for spot in ring) > 1.7

    def stretches(self, spot: Spot) -> bool:
        """Return False: the projection tears beyond the horizon only."""
        return False


@dataclass(frozen=True)
class EqualEarth:
    """Equal-area projection of the whole world, cut opposite the meridian in its middle.

    Source: B. Šavrič, T. Patterson, B. Jenny, The Equal Earth map projection, Int. J. of Geographical
    Information Science 33 (2019), equations 4 and 5.
    """

    scale: float
    origin: Point
    middle: float = 0
    name: str = "world"
    width: int = WIDTH
    height: int = 484
    margin: int = 0

    def point(self, spot: Spot) -> Point:
        """Return the position of a point on the map."""
        t = asin(sqrt(3) / 2 * sin(radians(spot.latitude)))
        t2 = t * t
        t6 = t2**3
        bent = 1.340264 - 3 * 0.081106 * t2 + t6 * (7 * 0.000893 + 9 * 0.003796 * t2)
        x = 2 * sqrt(3) * radians(self.turn(spot.longitude)) * cos(t) / (3 * bent)
        y = t * (1.340264 - 0.081106 * t2 + t6 * (0.000893 + 0.003796 * t2))
        return Point(round(self.origin.x + self.scale * x, 1), round(self.origin.y - self.scale * y, 1))

    def turn(self, longitude: float) -> float:
        """Return how far east of the middle a meridian is, in degrees.

        A meridian exactly on the cut stays on the side it came from.
        """
        turn = longitude - self.middle
        return turn - 360 if turn > 180 else turn + 360 if turn < -180 else turn

    def hides(self, ring: Sequence[Spot]) -> bool:
        """Return True for Antarctica, which has no agreements and would take a fifth of the sheet."""
        return max(spot.latitude for spot in ring) < -60

    def stretches(self, spot: Spot) -> bool:
        """Return True near the poles, which this map draws as lines of more than half its width."""
        return abs(spot.latitude) > POLAR


def svg_path(points: Iterable[Point], closed: bool = False) -> str:
    """Return an SVG path through the points."""
    steps = [f"{point.x:g} {point.y:g}" for point in points]
    return "M" + "L".join(steps) + ("Z" if closed else "")


def svg_arc(spots: Iterable[Spot], canvas: MapCanvas) -> str:
    """Return an SVG path through the points, interrupted where it leaves the sheet and returns elsewhere."""
    parts: list[list[Point]] = [[]]
    for spot in spots:
        if canvas.stretches(spot):
            parts.append([])
            continue
        point = canvas.point(spot)
        if parts[-1] and abs(point.x - parts[-1][-1].x) > canvas.width / 2:
            parts.append([])
        parts[-1].append(point)
    return "".join(svg_path(part) for part in parts if len(part) > 1)

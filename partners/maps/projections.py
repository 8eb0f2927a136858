"""Map projection with north at the top, sections of it, and lines as SVG paths. No database access."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import asin, cos, dist, radians, sin, sqrt
from typing import NamedTuple, Protocol

from partners.maps.great_circle import GeoPoint, great_circle

WIDTH, HEIGHT = 1120, 484
LINE_INTERRUPTION_LATITUDE = 80.0  # degrees of latitude beyond which a line is interrupted on a world map
LINE_BOWING_LATITUDE = (
    70.0  # degrees of latitude beyond which a line is bowed instead, because the map tears it apart there
)
BOW_HEIGHT = 0.3  # height of the control point of a bowed line, as a share of its length


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

    def project_point(self, spot: GeoPoint) -> Point:
        """Return the position of a point on the map."""

    def hides_ring(self, ring: Sequence[GeoPoint]) -> bool:
        """Return True if this map does not show a ring of land, so that it must not be drawn."""

    def is_stretched_near(self, spot: GeoPoint) -> bool:
        """Return True if the map draws lines near this point much longer than they are on the globe."""

    def line_crosses_edge(self, a: GeoPoint, b: GeoPoint) -> bool:
        """Return True if the shorter way between two points crosses the edge of the map."""


@dataclass(frozen=True)
class EqualEarth:
    """Equal-area projection of the whole world, cut opposite the meridian in its middle.

    Source: B. Šavrič, T. Patterson, B. Jenny, The Equal Earth map projection, Int. J. of Geographical
    Information Science 33 (2019), equations 4 and 5.
    """

    scale: float
    origin: Point
    middle_longitude: float = 0
    name: str = "world"
    width: int = WIDTH
    height: int = HEIGHT

    def project_point(self, spot: GeoPoint) -> Point:
        """Return the position of a point on the map."""
        t = asin(sqrt(3) / 2 * sin(radians(spot.latitude)))
        t2 = t * t
        t6 = t2**3
        bent = 1.340264 - 3 * 0.081106 * t2 + t6 * (7 * 0.000893 + 9 * 0.003796 * t2)
        x = 2 * sqrt(3) * radians(self.degrees_east_of_middle(spot.longitude)) * cos(t) / (3 * bent)
        y = t * (1.340264 - 0.081106 * t2 + t6 * (0.000893 + 0.003796 * t2))
        return Point(round(self.origin.x + self.scale * x, 1), round(self.origin.y - self.scale * y, 1))

    def degrees_east_of_middle(self, longitude: float) -> float:
        """Return how far east of the middle a meridian is, in degrees.

        A meridian exactly on the cut stays on the side it came from.
        """
        turn = longitude - self.middle_longitude
        return turn - 360 if turn > 180 else turn + 360 if turn < -180 else turn

    def hides_ring(self, ring: Sequence[GeoPoint]) -> bool:
        """Return True for Antarctica, which has no agreements and would take a fifth of the sheet."""
        return max(spot.latitude for spot in ring) < -60

    def is_stretched_near(self, spot: GeoPoint) -> bool:
        """Return True near the poles, which this map draws as lines of more than half its width."""
        return abs(spot.latitude) > LINE_INTERRUPTION_LATITUDE

    def line_crosses_edge(self, a: GeoPoint, b: GeoPoint) -> bool:
        """Return True if the shorter way between two meridians crosses the edge of the sheet."""
        return abs(self.degrees_east_of_middle(a.longitude) - self.degrees_east_of_middle(b.longitude)) > 180


@dataclass(frozen=True)
class MapSection:
    """Part of a world map, enlarged to the full width. North stays up."""

    world_map: EqualEarth
    left: float
    top: float
    zoom: float
    height: int
    width: int = WIDTH

    @property
    def name(self) -> str:
        """Name of the land that lies under it."""
        return self.world_map.name

    @property
    def land_transform(self) -> str:
        """SVG transform that brings the land of the whole world to this section."""
        return f"scale({self.zoom:g}) translate({-self.left:g} {-self.top:g})"

    def project_point(self, spot: GeoPoint) -> Point:
        """Return the position of a point on the section."""
        x, y = self.world_map.project_point(spot)
        return Point(round((x - self.left) * self.zoom, 1), round((y - self.top) * self.zoom, 1))

    def hides_ring(self, ring: Sequence[GeoPoint]) -> bool:
        """Return True for land that the world map leaves out."""
        return self.world_map.hides_ring(ring)

    def is_stretched_near(self, spot: GeoPoint) -> bool:
        """Return True where the world map stretches a line."""
        return self.world_map.is_stretched_near(spot)

    def line_crosses_edge(self, a: GeoPoint, b: GeoPoint) -> bool:
        """Return True if the shorter way between two points crosses the edge of the world map."""
        return self.world_map.line_crosses_edge(a, b)


def svg_path(points: Iterable[Point], closed: bool = False) -> str:
    """Return an SVG path through the points, back to the first one if it is `closed`."""
    steps = [f"{point.x:g} {point.y:g}" for point in points]
    return "M" + "L".join(steps) + ("Z" if closed else "")


def svg_arc(spots: Iterable[GeoPoint], canvas: MapCanvas) -> str:
    """Return an SVG path through the points, interrupted where it leaves the sheet and returns elsewhere."""
    parts: list[list[Point]] = [[]]
    for spot in spots:
        if canvas.is_stretched_near(spot):
            parts.append([])
            continue
        point = canvas.project_point(spot)
        if parts[-1] and abs(point.x - parts[-1][-1].x) > canvas.width / 2:
            parts.append([])
        parts[-1].append(point)
    return "".join(svg_path(part) for part in parts if len(part) > 1)


def svg_line_between(a: GeoPoint, b: GeoPoint, canvas: MapCanvas) -> str:
    """Return an SVG path for the shortest way between two points.

    It is the great circle. A way close to a pole, where the map stretches every line, is drawn as a bow instead.
    """
    way = great_circle(a, b)
    if canvas.line_crosses_edge(a, b) or max(abs(spot.latitude) for spot in way) <= LINE_BOWING_LATITUDE:
        return svg_arc(way, canvas)
    start, end = canvas.project_point(a), canvas.project_point(b)
    middle, height = (start.x + end.x) / 2, min(start.y, end.y) - BOW_HEIGHT * dist(start, end) / 2
    return f"M{start.x:g} {start.y:g}Q{middle:g} {max(height, 0):g} {end.x:g} {end.y:g}"

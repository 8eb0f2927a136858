"""Great circles: the distance of two points on the globe, and the shortest path. No database access."""

from math import acos, asin, atan2, cos, degrees, radians, sin
from typing import NamedTuple


class GeoPoint(NamedTuple):
    """Point on the globe, in degrees."""

    latitude: float
    longitude: float


def angular_distance(a: GeoPoint, b: GeoPoint) -> float:
    """Return the central angle between two points, in radians."""
    lat_a, lat_b = radians(a.latitude), radians(b.latitude)
    turn = radians(b.longitude - a.longitude)
    cosine = sin(lat_a) * sin(lat_b) + cos(lat_a) * cos(lat_b) * cos(turn)
    return acos(max(-1.0, min(1.0, cosine)))


type Vector = tuple[float, float, float]


def great_circle(a: GeoPoint, b: GeoPoint, steps: int = 24) -> list[GeoPoint]:
    """Return evenly spaced points on the shortest path between two points, both ends included.

    Uses spherical interpolation between the two unit vectors. For equal and for opposite points, only the
    ends are returned.
    """
    angle = angular_distance(a, b)
    if sin(angle) < 1e-9:
        return [a, b]
    ends = _vector(a), _vector(b)
    return [_between(*ends, angle, step / steps) for step in range(steps + 1)]


def _between(a: Vector, b: Vector, angle: float, part: float) -> GeoPoint:
    wa, wb = sin((1 - part) * angle) / sin(angle), sin(part * angle) / sin(angle)
    x, y, z = (wa * one + wb * other for one, other in zip(a, b, strict=True))
    return GeoPoint(degrees(asin(max(-1.0, min(1.0, z)))), degrees(atan2(y, x)))


def _vector(spot: GeoPoint) -> Vector:
    lat, lon = radians(spot.latitude), radians(spot.longitude)
    return cos(lat) * cos(lon), cos(lat) * sin(lon), sin(lat)

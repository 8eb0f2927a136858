"""Places that lie too near each other to be told apart on paper become one mark with its count. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from math import hypot
from typing import NamedTuple

from partners.geo.globe import Point, Spot

NEAR = 26.0  # units of the map between marks at least: one finger's width
MARKS = 400  # drawn at most; places stand further apart where there are more


class Place(NamedTuple):
    """A named place; `width` is how wide its name is on paper, `key` its name in addresses."""

    name: str
    spot: Spot
    width: float
    key: str = ""


class Dot(NamedTuple):
    """A place on paper, and how many ties end there."""

    place: Place
    point: Point
    ties: int


@dataclass
class Group:
    """A mark: the place with most ties gives its name and position, and those around it."""

    place: Place
    point: Point
    places: list[Place] = field(default_factory=list)

    @property
    def size(self) -> int:
        """How many places it stands for."""
        return len(self.places)


def grouped(dots: Iterable[Dot], most: int = MARKS, near: float = NEAR) -> list[Group]:
    """The marks for these places, at least `near` units apart and at most `most` of them; the one with most ties first."""
    order = sorted(dots, key=lambda dot: (-dot.ties, dot.place.name, dot.place.key))
    groups = _at(order, near)
    while len(groups) > most:
        near *= 1.15
        groups = _at(order, near)
    return groups


def _at(order: Iterable[Dot], near: float) -> list[Group]:
    """Each place joins the nearest mark within reach, or makes a new one. Looks only into the squares around it."""
    groups: list[Group] = []
    squares: dict[tuple[int, int], list[Group]] = {}
    for dot in order:
        x, y = int(dot.point.x // near), int(dot.point.y // near)
        around = [one for dx in (-1, 0, 1) for dy in (-1, 0, 1) for one in squares.get((x + dx, y + dy), ())]
        apart, number = min(
            ((_apart(one.point, dot.point), number) for number, one in enumerate(around)), default=(near, 0)
        )
        if apart < near:
            around[number].places.append(dot.place)
            continue
        group = Group(dot.place, dot.point, [dot.place])
        groups.append(group)
        squares.setdefault((x, y), []).append(group)
    return groups


def _apart(one: Point, other: Point) -> float:
    return hypot(one.x - other.x, one.y - other.y)

"""Places that lie too near each other to be told apart on paper become one mark with its count. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from math import dist
from typing import NamedTuple

from partners.geo.globe import Spot
from partners.geo.paper import Point

NEAR = 26.0  # units of the map between marks at least: one finger's width
MARKS = 400  # drawn at most; places stand further apart where there are more


class Place(NamedTuple):
    """A named place; `key` is its name in addresses."""

    name: str
    spot: Spot
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
    large: bool = False  # drawn as large as a mark of many places, though it may be of one

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
        square = int(dot.point.x // near), int(dot.point.y // near)
        mark = _nearest(dot.point, near, square, squares)
        if mark is None:
            mark = Group(dot.place, dot.point)
            groups.append(mark)
            squares.setdefault(square, []).append(mark)
        mark.places.append(dot.place)
    return groups


def _nearest(
    point: Point, near: float, square: tuple[int, int], squares: dict[tuple[int, int], list[Group]]
) -> Group | None:
    """The nearest mark nearer than `near`; of several as near, the first."""
    found = None
    for x in range(square[0] - 1, square[0] + 2):
        for y in range(square[1] - 1, square[1] + 2):
            for group in squares.get((x, y), ()):
                apart = dist(group.point, point)
                if apart < near:
                    found, near = group, apart
    return found

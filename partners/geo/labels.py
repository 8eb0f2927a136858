"""Names on a map that touch no mark, no other name and no edge. Pure."""

from collections.abc import Callable, Iterable, Sequence
from typing import Literal, NamedTuple

from partners.geo.groups import Group, Place
from partners.geo.paper import Paper, Point
from partners.geo.sheets import PACIFIC

NAMES = 60  # tried at most, those with most ties first: more would be a wall of words


class Named(NamedTuple):
    """A drawn mark; its name is left out (and stands in the table only) where it would touch another."""

    x: float
    y: float
    name: str
    text_x: float
    text_y: float
    anchor: Literal["start", "middle", "end"]
    labelled: bool
    places: Sequence[Place] = ()

    @property
    def size(self) -> int:
        """How many places it stands for."""
        return len(self.places)

    @property
    def place(self) -> Place:
        """The place it is named by."""
        return self.places[0]


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


GAP, LINE, DOT, MANY = 11, 16, 6, 12
EDGE = 8  # kept free at the sides: another font may be wider


type Wide = Callable[[str], float]  # how wide a name is on paper; asked only of the names that are tried


def spread(groups: Sequence[Group], wide: Wide, paper: Paper = PACIFIC) -> list[Named]:
    """Give each mark its name on the first of eight sides where it touches no other mark, no other name and no edge."""
    taken = [_around(group) for group in groups]
    named = []
    for number, group in enumerate(groups):
        x, y = group.point
        found = None
        if number < NAMES:
            found = _side_of(group, wide(group.place.name), taken[:number] + taken[number + 1 :], paper)
        if found is None:
            named.append(Named(x, y, group.place.name, x, y, "start", labelled=False, places=group.places))
            continue
        box, text_x, text_y, anchor = found
        taken.append(box)
        named.append(
            Named(x, y, group.place.name, text_x, text_y, anchor, labelled=True, places=group.places)
        )
    return named


type Side = tuple[Box, float, float, Literal["start", "middle", "end"]]


def _side_of(group: Group, width: float, others: Sequence[Box], paper: Paper) -> Side | None:
    gap = GAP + (MANY - DOT if group.size > 1 or group.large else 0)
    return next((side for side in _sides(group.point, width, gap) if _free(side[0], others, paper)), None)


def _around(group: Group) -> Box:
    """The paper a mark covers."""
    (x, y), half = group.point, MANY if group.size > 1 or group.large else DOT
    return Box(x - half, y - half, x + half, y + half)


def _sides(point: Point, width: float, gap: float) -> Iterable[Side]:
    """Right, left, above, below, then the four corners."""
    x, y = point
    half = LINE / 2
    for dx, dy, anchor in (
        (gap, 0, "start"),
        (-gap, 0, "end"),
        (0, -gap - 5, "middle"),
        (0, gap + 5, "middle"),
        (gap, -half - 3, "start"),
        (gap, half + 3, "start"),
        (-gap, -half - 3, "end"),
        (-gap, half + 3, "end"),
    ):
        left = {"start": x + dx, "middle": x - width / 2, "end": x + dx - width}[anchor]
        yield Box(left, y + dy - half, left + width, y + dy + half), x + dx, round(y + dy + 5, 1), anchor  # type: ignore[misc]  # anchor is one of three


def _free(box: Box, others: Iterable[Box], paper: Paper) -> bool:
    inside = (
        box.left >= EDGE and box.right <= paper.width - EDGE and box.top >= 0 and box.bottom <= paper.height
    )
    return inside and not any(box.touches(other) for other in others)

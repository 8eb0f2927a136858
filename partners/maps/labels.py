"""Placement of names on a map so that they touch no mark, no other name and no edge. No database access."""

from collections.abc import Callable, Iterable, Sequence
from typing import Literal, NamedTuple

from partners.maps.clusters import Cluster, MapPlace
from partners.maps.map_sections import WORLD_PACIFIC
from partners.maps.projections import MapCanvas, Point

MAX_NAMES = 60  # maximum number of names, those with most agreements first; more would be unreadable


class MapLabel(NamedTuple):
    """Mark to draw, with its name if there is room. Otherwise the name appears in the table only."""

    x: float
    y: float
    name: str
    text_x: float
    text_y: float
    anchor: Literal["start", "middle", "end"]
    labelled: bool
    places: Sequence[MapPlace] = ()

    @property
    def size(self) -> int:
        """Number of places of the mark."""
        return len(self.places)

    @property
    def place(self) -> MapPlace:
        """Place that gives the mark its name."""
        return self.places[0]


class Box(NamedTuple):
    """Area of the map that a name or mark covers."""

    left: float
    top: float
    right: float
    bottom: float

    def touches(self, other: "Box") -> bool:
        """Return True if two boxes overlap."""
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )


GAP, LINE, DOT, MANY = 11, 16, 6, 12
EDGE_MARGIN = 8  # margin at the sides, because another font may be wider


type TextWidth = Callable[[str], float]  # width of a name on the map; called only for names that are tried


def place_labels(
    groups: Sequence[Cluster], wide: TextWidth, canvas: MapCanvas = WORLD_PACIFIC
) -> list[MapLabel]:
    """Give each mark its name on the first of eight sides where the name touches nothing else."""
    taken = [_mark_box(group) for group in groups]
    named = []
    for number, group in enumerate(groups):
        x, y = group.point
        found = None
        if number < MAX_NAMES:
            found = _side_of(group, wide(group.place.name), taken[:number] + taken[number + 1 :], canvas)
        if found is None:
            named.append(MapLabel(x, y, group.place.name, x, y, "start", labelled=False, places=group.places))
            continue
        box, text_x, text_y, anchor = found
        taken.append(box)
        named.append(
            MapLabel(x, y, group.place.name, text_x, text_y, anchor, labelled=True, places=group.places)
        )
    return named


type Side = tuple[Box, float, float, Literal["start", "middle", "end"]]


def _side_of(group: Cluster, width: float, others: Sequence[Box], canvas: MapCanvas) -> Side | None:
    gap = GAP + (MANY - DOT if group.size > 1 or group.large else 0)
    return next((side for side in _sides(group.point, width, gap) if _is_free(side[0], others, canvas)), None)


def _mark_box(group: Cluster) -> Box:
    """Return the area that a mark covers."""
    (x, y), half = group.point, MANY if group.size > 1 or group.large else DOT
    return Box(x - half, y - half, x + half, y + half)


def _sides(point: Point, width: float, gap: float) -> Iterable[Side]:
    """Yield the positions for a name: right, left, above, below, then the four corners."""
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


def _is_free(box: Box, others: Iterable[Box], canvas: MapCanvas) -> bool:
    inside = (
        box.left >= EDGE_MARGIN
        and box.right <= canvas.width - EDGE_MARGIN
        and box.top >= 0
        and box.bottom <= canvas.height
    )
    return inside and not any(box.touches(other) for other in others)

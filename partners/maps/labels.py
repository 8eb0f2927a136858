"""Placement of names on a map so that they touch no mark, no other name and no edge. No database access."""

from collections.abc import Callable, Iterable, Sequence
from typing import Literal, NamedTuple

from partners.maps.clusters import Cluster, MapPlace
from partners.maps.map_sections import PACIFIC_WORLD_MAP
from partners.maps.projections import MapCanvas, Point

MAX_PLACE_NAMES = 60  # maximum number of names, those with most agreements first; more would be unreadable


class MapLabel(NamedTuple):
    """Mark to draw, with its name if there is room for it (`is_labelled`). Otherwise only the table shows the name."""

    x: float
    y: float
    name: str
    text_x: float
    text_y: float
    anchor: Literal["start", "middle", "end"]
    is_labelled: bool
    places: Sequence[MapPlace] = ()

    @property
    def place_count(self) -> int:
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


NAME_GAP, LINE_HEIGHT, DOT_RADIUS, CLUSTER_RADIUS = 11, 16, 6, 12
EDGE_MARGIN = 8  # margin at the sides, because another font may be wider


type TextWidth = Callable[[str], float]  # width of a name on the map; called only for names that are tried


def place_labels(
    clusters: Sequence[Cluster], text_width: TextWidth, canvas: MapCanvas = PACIFIC_WORLD_MAP
) -> list[MapLabel]:
    """Give each mark its name on the first of eight sides where the name touches nothing else."""
    occupied = [_mark_box(cluster) for cluster in clusters]
    labels = []
    for number, cluster in enumerate(clusters):
        x, y = cluster.point
        side = None
        if number < MAX_PLACE_NAMES:
            side = _free_side_of(
                cluster, text_width(cluster.place.name), occupied[:number] + occupied[number + 1 :], canvas
            )
        if side is None:
            labels.append(
                MapLabel(x, y, cluster.place.name, x, y, "start", is_labelled=False, places=cluster.places)
            )
            continue
        box, text_x, text_y, anchor = side
        occupied.append(box)
        labels.append(
            MapLabel(
                x, y, cluster.place.name, text_x, text_y, anchor, is_labelled=True, places=cluster.places
            )
        )
    return labels


type Side = tuple[Box, float, float, Literal["start", "middle", "end"]]


def _free_side_of(cluster: Cluster, width: float, others: Sequence[Box], canvas: MapCanvas) -> Side | None:
    gap = NAME_GAP + (CLUSTER_RADIUS - DOT_RADIUS if cluster.place_count > 1 or cluster.is_large else 0)
    return next(
        (side for side in _sides(cluster.point, width, gap) if _is_free(side[0], others, canvas)), None
    )


def _mark_box(cluster: Cluster) -> Box:
    """Return the area that a mark covers."""
    (x, y), half = (
        cluster.point,
        CLUSTER_RADIUS if cluster.place_count > 1 or cluster.is_large else DOT_RADIUS,
    )
    return Box(x - half, y - half, x + half, y + half)


def _sides(point: Point, width: float, gap: float) -> Iterable[Side]:
    """Yield the positions for a name: right, left, above, below, then the four corners."""
    x, y = point
    half = LINE_HEIGHT / 2
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

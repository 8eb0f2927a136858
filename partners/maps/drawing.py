"""Map of agreements: marks for cities and arcs between them, on the section of a world map that shows them. Pure."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from partners.maps.clusters import MARKS, Cluster, MapDot, MapPlace, cluster_places
from partners.maps.labels import MapLabel, Wide, place_labels
from partners.maps.map_sheets import choose_map
from partners.maps.projections import MapCanvas, Section, line_between

ARCS = 400  # maximum number drawn, the best kind and most agreements first; the table lists all

type Kind = Literal["active", "in_force", "undated", "unknown", "ended"]

# An arc has the best kind of all its agreements.
KINDS: tuple[Kind, ...] = ("active", "in_force", "undated", "unknown", "ended")
RANK = {kind: rank for rank, kind in enumerate(KINDS)}


class MapTie(NamedTuple):
    """Agreement to draw."""

    a: MapPlace
    b: MapPlace
    kind: Kind


class MapArc(NamedTuple):
    """Line to draw, with the number of agreements it represents."""

    kind: Kind
    path: str
    ties: int


@dataclass(frozen=True)
class TieMap:
    """Content that the template draws over the land."""

    arcs: list[MapArc]
    places: list[MapLabel]
    canvas: Section
    left_out: int = 0  # agreements without a line, because the map would have too many

    @property
    def kinds(self) -> list[Kind]:
        """Kinds of lines that the legend explains."""
        drawn = {arc.kind for arc in self.arcs}
        return [kind for kind in KINDS if kind in drawn]

    @property
    def torn(self) -> bool:
        """True if a line leaves the sheet at one edge and returns at another."""
        return any("M" in arc.path[1:] for arc in self.arcs)


def draw_map(ties: Sequence[MapTie], wide: Wide, *, marks: int = MARKS, arcs: int = ARCS) -> TieMap:
    """Return the map of these agreements: marks and lines, on the section that shows them."""
    canvas = choose_map([(tie.a.spot, tie.b.spot) for tie in ties])
    ends = Counter(place for tie in ties for place in (tie.a, tie.b))
    groups = cluster_places(
        (MapDot(place, canvas.point(place.spot), number) for place, number in ends.items()), marks
    )
    lines, left_out = _lines(ties, groups, canvas, arcs)
    return TieMap(lines, place_labels(groups, wide, canvas), canvas, left_out)


def _lines(
    ties: Sequence[MapTie], groups: Sequence[Cluster], canvas: MapCanvas, most: int
) -> tuple[list[MapArc], int]:
    """Return one line for all agreements between two marks, and the number of agreements without a line.

    The weakest lines come first, so that stronger ones are drawn over them. A mark has no line to itself.
    """
    at = {place: number for number, group in enumerate(groups) for place in group.places}
    best: dict[tuple[int, int], int] = {}
    counted: Counter[tuple[int, int]] = Counter()
    for tie in ties:
        one, other = at[tie.a], at[tie.b]
        if one == other:
            continue
        pair, rank = (one, other) if one < other else (other, one), RANK[tie.kind]
        counted[pair] += 1
        if rank < best.get(pair, len(KINDS)):
            best[pair] = rank
    order = sorted(best, key=lambda pair: (best[pair], -counted[pair], pair))
    drawn = [
        MapArc(
            KINDS[best[one, other]],
            line_between(groups[one].place.spot, groups[other].place.spot, canvas),
            counted[one, other],
        )
        for one, other in reversed(order[:most])
    ]
    return drawn, sum(counted[pair] for pair in order[most:])

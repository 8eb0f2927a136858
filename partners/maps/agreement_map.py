"""Map of agreements: marks for cities and arcs between them, on the section of a world map that shows them. No database access."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from partners.maps.clusters import MAX_MARKS, Cluster, MapDot, MapPlace, cluster_places
from partners.maps.labels import MapLabel, TextWidth, place_labels
from partners.maps.map_sections import choose_map
from partners.maps.projections import MapCanvas, Section, line_between

MAX_ARCS = 400  # maximum number drawn, the best kind and most agreements first; the table lists all

type LineKind = Literal["active", "in_force", "undated", "unknown", "ended"]

# An arc has the best kind of all its agreements.
LINE_KINDS: tuple[LineKind, ...] = ("active", "in_force", "undated", "unknown", "ended")
KIND_RANK = {kind: rank for rank, kind in enumerate(LINE_KINDS)}


class MapAgreement(NamedTuple):
    """Agreement to draw."""

    a: MapPlace
    b: MapPlace
    kind: LineKind


class MapArc(NamedTuple):
    """Line to draw, with the number of agreements it represents."""

    kind: LineKind
    path: str
    agreements: int


@dataclass(frozen=True)
class AgreementMap:
    """Content that the template draws over the land."""

    arcs: list[MapArc]
    places: list[MapLabel]
    canvas: Section
    left_out: int = 0  # agreements without a line, because the map would have too many

    @property
    def kinds(self) -> list[LineKind]:
        """Kinds of lines that the legend explains."""
        drawn = {arc.kind for arc in self.arcs}
        return [kind for kind in LINE_KINDS if kind in drawn]

    @property
    def torn(self) -> bool:
        """True if a line leaves the sheet at one edge and returns at another."""
        return any("M" in arc.path[1:] for arc in self.arcs)


def draw_map(
    agreements: Sequence[MapAgreement], wide: TextWidth, *, marks: int = MAX_MARKS, arcs: int = MAX_ARCS
) -> AgreementMap:
    """Return the map of these agreements: marks and lines, on the section that shows them."""
    canvas = choose_map([(tie.a.spot, tie.b.spot) for tie in agreements])
    ends = Counter(place for tie in agreements for place in (tie.a, tie.b))
    groups = cluster_places(
        (MapDot(place, canvas.point(place.spot), number) for place, number in ends.items()), marks
    )
    lines, left_out = _lines(agreements, groups, canvas, arcs)
    return AgreementMap(lines, place_labels(groups, wide, canvas), canvas, left_out)


def _lines(
    agreements: Sequence[MapAgreement], groups: Sequence[Cluster], canvas: MapCanvas, most: int
) -> tuple[list[MapArc], int]:
    """Return one line for all agreements between two marks, and the number of agreements without a line.

    The weakest lines come first, so that stronger ones are drawn over them. A mark has no line to itself.
    """
    at = {place: number for number, group in enumerate(groups) for place in group.places}
    best: dict[tuple[int, int], int] = {}
    counted: Counter[tuple[int, int]] = Counter()
    for tie in agreements:
        one, other = at[tie.a], at[tie.b]
        if one == other:
            continue
        pair, rank = (one, other) if one < other else (other, one), KIND_RANK[tie.kind]
        counted[pair] += 1
        if rank < best.get(pair, len(LINE_KINDS)):
            best[pair] = rank
    order = sorted(best, key=lambda pair: (best[pair], -counted[pair], pair))
    drawn = [
        MapArc(
            LINE_KINDS[best[one, other]],
            line_between(groups[one].place.spot, groups[other].place.spot, canvas),
            counted[one, other],
        )
        for one, other in reversed(order[:most])
    ]
    return drawn, sum(counted[pair] for pair in order[most:])

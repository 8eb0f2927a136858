"""Map of agreements: marks for cities and lines between them, on a section of a world map. No database access."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from partners.maps.clusters import MAX_MARKS, Cluster, MapDot, MapPlace, cluster_places
from partners.maps.labels import MapLabel, TextWidth, place_labels
from partners.maps.map_sections import choose_map_section
from partners.maps.projections import MapCanvas, MapSection, svg_line_between

MAX_ARCS = 400  # maximum number drawn, the best kind and most agreements first; the table lists all

type LineKind = Literal["active", "in_force", "undated", "unknown", "ended"]

# An arc has the best kind of all its agreements.
LINE_KINDS: tuple[LineKind, ...] = ("active", "in_force", "undated", "unknown", "ended")
LINE_KIND_RANKS = {kind: rank for rank, kind in enumerate(LINE_KINDS)}


class MapAgreement(NamedTuple):
    """Agreement to draw: its two places (`place_a` and `place_b`), and the kind of its line."""

    place_a: MapPlace
    place_b: MapPlace
    kind: LineKind


class MapArc(NamedTuple):
    """Line to draw, with the number of agreements it represents."""

    kind: LineKind
    path: str
    agreement_count: int


@dataclass(frozen=True)
class AgreementMap:
    """Content that the template draws over the land."""

    arcs: list[MapArc]
    labels: list[MapLabel]
    map_section: MapSection
    omitted_agreement_count: int = 0  # agreements without a line, because the map would have too many

    @property
    def drawn_line_kinds(self) -> list[LineKind]:
        """Kinds of lines that the legend explains."""
        drawn = {arc.kind for arc in self.arcs}
        return [kind for kind in LINE_KINDS if kind in drawn]

    @property
    def has_interrupted_line(self) -> bool:
        """True if a line leaves the map at one edge and continues at another."""
        return any("M" in arc.path[1:] for arc in self.arcs)


def draw_map(
    agreements: Sequence[MapAgreement], text_width: TextWidth, *, marks: int = MAX_MARKS, arcs: int = MAX_ARCS
) -> AgreementMap:
    """Return the map of these agreements: marks and lines, on the section that shows them."""
    map_section = choose_map_section(
        [(agreement.place_a.geo_point, agreement.place_b.geo_point) for agreement in agreements]
    )
    agreement_counts = Counter(
        place for agreement in agreements for place in (agreement.place_a, agreement.place_b)
    )
    clusters = cluster_places(
        (
            MapDot(place, map_section.project_point(place.geo_point), number)
            for place, number in agreement_counts.items()
        ),
        marks,
    )
    lines, left_out = _arcs_between_marks(agreements, clusters, map_section, arcs)
    return AgreementMap(lines, place_labels(clusters, text_width, map_section), map_section, left_out)


def _arcs_between_marks(
    agreements: Sequence[MapAgreement], groups: Sequence[Cluster], canvas: MapCanvas, max_arcs: int
) -> tuple[list[MapArc], int]:
    """Return one line for all agreements between two marks, and the number of agreements without a line.

    The weakest lines come first, so that stronger ones are drawn over them. A mark has no line to itself.
    """
    mark_of_place = {place: number for number, group in enumerate(groups) for place in group.places}
    best_rank: dict[tuple[int, int], int] = {}
    agreement_counts: Counter[tuple[int, int]] = Counter()
    for agreement in agreements:
        first, second = mark_of_place[agreement.place_a], mark_of_place[agreement.place_b]
        if first == second:
            continue
        pair, rank = (first, second) if first < second else (second, first), LINE_KIND_RANKS[agreement.kind]
        agreement_counts[pair] += 1
        if rank < best_rank.get(pair, len(LINE_KINDS)):
            best_rank[pair] = rank
    pairs = sorted(best_rank, key=lambda pair: (best_rank[pair], -agreement_counts[pair], pair))
    drawn = [
        MapArc(
            LINE_KINDS[best_rank[first, second]],
            svg_line_between(groups[first].place.geo_point, groups[second].place.geo_point, canvas),
            agreement_counts[first, second],
        )
        for first, second in reversed(pairs[:max_arcs])
    ]
    return drawn, sum(agreement_counts[pair] for pair in pairs[max_arcs:])

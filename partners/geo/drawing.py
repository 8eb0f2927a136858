"""A map of ties: marks for places, arcs between them, on the sheet that shows them all. Pure."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from partners.geo.globe import great_circle
from partners.geo.groups import MARKS, Dot, Group, Place, grouped
from partners.geo.labels import Named, Wide, spread
from partners.geo.paper import Paper, way, within
from partners.geo.sheets import sheet_for

__all__ = ["ARCS", "Arc", "Kind", "Map", "Place", "Tie", "draw"]

ARCS = 400  # drawn at most, the best and strongest first; the table has every tie

type Kind = Literal["active", "in_force", "undated", "unknown", "ended"]

# What an arc between two marks is drawn as: the best that any of its ties is.
KINDS: tuple[Kind, ...] = ("active", "in_force", "undated", "unknown", "ended")
RANK = {kind: rank for rank, kind in enumerate(KINDS)}


class Tie(NamedTuple):
    """A tie to draw."""

    a: Place
    b: Place
    kind: Kind


class Arc(NamedTuple):
    """A drawn line, and how many ties it stands for."""

    kind: Kind
    path: str
    ties: int


@dataclass(frozen=True)
class Map:
    """What the template draws over the land."""

    arcs: list[Arc]
    places: list[Named]
    paper: Paper
    left_out: int = 0  # ties whose line is not drawn: there would be too many lines
    beyond: int = 0  # ties with a side that the sheet does not show

    @property
    def kinds(self) -> list[Kind]:
        """What the legend explains."""
        drawn = {arc.kind for arc in self.arcs}
        return [kind for kind in KINDS if kind in drawn]

    @property
    def torn(self) -> bool:
        """Whether a line leaves the sheet at an edge and comes back at another."""
        return any("M" in arc.path[1:] for arc in self.arcs)


def draw(ties: Sequence[Tie], wide: Wide, *, marks: int = MARKS, arcs: int = ARCS) -> Map:
    """The marks and lines of these ties, on the sheet that suits them."""
    paper = sheet_for([(tie.a.spot, tie.b.spot) for tie in ties])
    ends = _ends(ties)
    points = {place: paper.point(place.spot) for place in ends}
    shown = {place for place, point in points.items() if within(paper, point)}
    inside = ties
    if len(shown) < len(points):
        inside = [tie for tie in ties if tie.a in shown and tie.b in shown]
        ends = _ends(inside)
    groups = grouped((Dot(place, points[place], number) for place, number in ends.items()), marks)
    lines, left_out = _lines(inside, groups, paper, arcs)
    return Map(lines, spread(groups, wide, paper), paper, left_out, len(ties) - len(inside))


def _ends(ties: Sequence[Tie]) -> Counter[Place]:
    """How many of the ties end at each place."""
    return Counter(place for tie in ties for place in (tie.a, tie.b))


def _lines(ties: Sequence[Tie], groups: Sequence[Group], paper: Paper, most: int) -> tuple[list[Arc], int]:
    """One line for all ties between two marks, those under the others first; and how many ties go without. Within a mark is no line."""
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
        Arc(
            KINDS[best[one, other]],
            way(great_circle(groups[one].place.spot, groups[other].place.spot), paper),
            counted[one, other],
        )
        for one, other in reversed(order[:most])
    ]
    return drawn, sum(counted[pair] for pair in order[most:])

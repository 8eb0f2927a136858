"""The sheets a map of ties is drawn on, and which suits the ties that are shown. Pure."""

from collections.abc import Sequence

from partners.geo.globe import Spot
from partners.geo.paper import EqualEarth, Paper, Point, Projection, shows

# The North Pacific in the middle: China and Canada to its sides, the pole above.
PACIFIC = Projection(centre=Spot(58, -160), scale=480, origin=Point(633, 313))
# The north from its pole, the Pacific below: no tie between Asia, Europe and North America runs along an edge.
NORTH = Projection(
    centre=Spot(85, -160), scale=425, origin=Point(560, 445), name="north", height=700, margin=14
)
# The whole world, cut in the Pacific; and cut in the Atlantic, through Greenland.
WORLD = EqualEarth(scale=206, origin=Point(560, 273))
WORLD_PACIFIC = EqualEarth(scale=206, origin=Point(560, 273), middle=150, name="world_pacific")

NEARLY_ALL, FAR_PART = 0.9, 0.2  # of the ties
ENOUGH = 1000  # ties, to tell which sheet suits

type Way = tuple[Spot, Spot]

SHEETS: tuple[Paper, ...] = (PACIFIC, NORTH, WORLD, WORLD_PACIFIC)


def sheet_for(ties: Sequence[Way]) -> Paper:
    """The sheet that suits these ties: the Pacific where it shows them all; else the north, where it shows nearly all of them and many
    go far round the earth; else the world, as it cuts fewer of them. Of very many ties, some spread evenly speak for all.
    """
    if all(_shown(PACIFIC, tie) for tie in ties):
        return PACIFIC
    ties = ties[:: max(1, len(ties) // ENOUGH)]
    far, seen = sum(_far(a, b) for a, b in ties), sum(_shown(NORTH, tie) for tie in ties)
    if far >= FAR_PART * len(ties) and seen >= NEARLY_ALL * len(ties):
        return NORTH
    return min((WORLD, WORLD_PACIFIC), key=lambda world: sum(_cuts(world, a, b) for a, b in ties))


def _shown(paper: Paper, tie: Way) -> bool:
    return all(shows(paper, spot) for spot in tie)


def _far(a: Spot, b: Spot) -> bool:
    """Whether two places lie more than a quarter of the way round the earth from each other: their tie passes near the pole."""
    return 90 < abs(a.longitude - b.longitude) < 270


def _cuts(world: EqualEarth, a: Spot, b: Spot) -> bool:
    """Whether the shorter way round between two meridians passes the edge of the sheet."""
    return abs(world.turn(a.longitude) - world.turn(b.longitude)) > 180

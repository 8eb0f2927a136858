"""Sheets (sections and sizes) for the map of agreements, and the choice of the best one. Pure."""

from collections.abc import Sequence

from partners.maps.globe import Spot
from partners.maps.projections import EqualEarth, MapCanvas, Point, Projection, contains_place

# The North Pacific in the middle, China and Canada at the sides, the pole above.
PACIFIC = Projection(centre=Spot(58, -160), scale=480, origin=Point(633, 313))
# The north from the pole, the Pacific below: no line between Asia, Europe and North America runs along an edge.
NORTH = Projection(
    centre=Spot(85, -160), scale=425, origin=Point(560, 445), name="north", height=700, margin=14
)
# The whole world, cut in the Pacific; and the same cut in the Atlantic, through Greenland.
WORLD = EqualEarth(scale=206, origin=Point(560, 273))
WORLD_PACIFIC = EqualEarth(scale=206, origin=Point(560, 273), middle=150, name="world_pacific")

NEARLY_ALL, FAR_PART = 0.9, 0.2  # shares of all agreements
ENOUGH = 1000  # agreements that suffice to choose a sheet

type LongWay = tuple[Spot, Spot]

MAP_VIEWS: tuple[MapCanvas, ...] = (PACIFIC, NORTH, WORLD, WORLD_PACIFIC)


def choose_map(ties: Sequence[LongWay]) -> MapCanvas:
    """Return the sheet for these agreements.

    The Pacific, if it shows them all. Otherwise the north, if it shows nearly all and many go far round the
    earth. Otherwise the world map that cuts fewer of the lines. If there are very many agreements, an even
    sample decides.
    """
    if all(_shown(PACIFIC, tie) for tie in ties):
        return PACIFIC
    ties = ties[:: max(1, len(ties) // ENOUGH)]
    far, seen = sum(_far(a, b) for a, b in ties), sum(_shown(NORTH, tie) for tie in ties)
    if far >= FAR_PART * len(ties) and seen >= NEARLY_ALL * len(ties):
        return NORTH
    return min((WORLD, WORLD_PACIFIC), key=lambda world: sum(_cuts(world, a, b) for a, b in ties))


def _shown(canvas: MapCanvas, tie: LongWay) -> bool:
    return all(contains_place(canvas, spot) for spot in tie)


def _far(a: Spot, b: Spot) -> bool:
    """Return True if two points are more than 90 degrees of longitude apart.

    Their line passes near the pole.
    """
    return 90 < abs(a.longitude - b.longitude) < 270


def _cuts(world: EqualEarth, a: Spot, b: Spot) -> bool:
    """Return True if the shorter way between two meridians crosses the edge of the sheet."""
    return abs(world.turn(a.longitude) - world.turn(b.longitude)) > 180

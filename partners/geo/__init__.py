"""The map of ties: projections, great circles, groups of near places, and labels that keep apart. Pure: coordinates in, paper out."""

from partners.geo.drawing import ARCS, Arc, Kind, Map, Place, Tie, draw
from partners.geo.globe import Spot, distance, great_circle
from partners.geo.groups import MARKS, NEAR, Dot, Group, grouped
from partners.geo.labels import DOT, Box, Named, spread
from partners.geo.land import outline, rings
from partners.geo.paper import (
    HEIGHT,
    POLAR,
    WIDTH,
    EqualEarth,
    Paper,
    Point,
    Projection,
    path,
    shows,
    way,
    within,
)
from partners.geo.sheets import NORTH, PACIFIC, SHEETS, WORLD, WORLD_PACIFIC, sheet_for

__all__ = [
    "ARCS", "DOT", "HEIGHT", "MARKS", "NEAR", "NORTH", "PACIFIC", "POLAR", "SHEETS", "WIDTH", "WORLD", "WORLD_PACIFIC", "Arc", "Box",
    "Dot", "EqualEarth", "Group", "Kind", "Map", "Named", "Paper", "Place", "Point", "Projection", "Spot", "Tie", "distance", "draw",
    "great_circle", "grouped", "outline", "path", "rings", "sheet_for", "shows", "spread", "way", "within",
]  # fmt: skip

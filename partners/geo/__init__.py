"""The map of ties: projections, great circles, groups of near places, and labels that keep apart. Pure: coordinates in, paper out."""

from partners.geo.drawing import ARCS, Arc, Kind, Map, Place, Tie, draw
from partners.geo.globe import (
    HEIGHT,
    PACIFIC,
    WIDTH,
    WORLD,
    EqualEarth,
    Paper,
    Point,
    Projection,
    Spot,
    distance,
    great_circle,
    path,
    shows,
    way,
)
from partners.geo.groups import MARKS, NEAR, Dot, Group, grouped
from partners.geo.labels import DOT, Box, Named, spread
from partners.geo.land import outline, rings

__all__ = [
    "ARCS", "DOT", "HEIGHT", "MARKS", "NEAR", "PACIFIC", "WIDTH", "WORLD", "Arc", "Box", "Dot", "EqualEarth", "Group", "Kind", "Map",
    "Named", "Paper", "Place", "Point", "Projection", "Spot", "Tie", "distance", "draw", "great_circle", "grouped", "outline", "path",
    "rings", "shows", "spread", "way",
]  # fmt: skip

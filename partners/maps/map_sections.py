"""Choice of the world map and of its section for the places and lines to draw. No database access."""

from collections.abc import Sequence
from math import floor

from partners.maps.great_circle import GeoPoint, great_circle
from partners.maps.projections import HEIGHT, WIDTH, EqualEarth, MapSection, Point

# The Pacific in the middle, China and Canada at its sides, cut in the Atlantic; and the same cut in the Pacific.
PACIFIC_WORLD_MAP = EqualEarth(scale=206, origin=Point(560, 273), middle_longitude=150, name="world_pacific")
ATLANTIC_WORLD_MAP = EqualEarth(scale=206, origin=Point(560, 273))
WORLD_MAPS = (PACIFIC_WORLD_MAP, ATLANTIC_WORLD_MAP)

MAX_AGREEMENTS_COMPARED = 1000  # agreements that suffice to choose a world map
MARGIN = 60.0  # around what is shown, in units of the world map: room for names
NAME_WIDTH, NAME_HEIGHT = 44, 24  # room for names beside the places of a small map, in its own units
MAX_ZOOM = 2.5  # the outline of the land is too coarse beyond
MIN_HEIGHT, MAX_HEIGHT = 320, 520  # of a section, in its own units

type GeoLine = tuple[GeoPoint, GeoPoint]


def choose_map_section(lines: Sequence[GeoLine], spots: Sequence[GeoPoint] = ()) -> MapSection:
    """Return the section that shows these lines and places.

    It is a section of one of two world maps: the one whose edge cuts fewer of the lines, or, if both cut as many, the
    one with the Pacific in the middle. If there are very many lines, an evenly spaced sample of them is compared.
    """
    sample = lines[:: max(1, len(lines) // MAX_AGREEMENTS_COMPARED)]
    world = min(WORLD_MAPS, key=lambda view: sum(view.line_crosses_edge(a, b) for a, b in sample))
    is_cut = any(world.line_crosses_edge(a, b) for a, b in lines)
    shown = [world.project_point(spot) for spot in (*spots, *(end for line in lines for end in line))]
    return _section(world, shown, whole_map=is_cut or not shown)


def _section(world: EqualEarth, points: Sequence[Point], whole_map: bool) -> MapSection:
    """Return the section around these points; the whole map if a line leaves it at an edge."""
    if whole_map:
        return MapSection(world, 0, 0, 1, HEIGHT)
    xs, ys = [point.x for point in points], [point.y for point in points]
    section_width = max(xs) - min(xs) + 2 * MARGIN
    # Lines bow towards the pole, so the wider the section, the more room is above the places.
    top_margin = MARGIN + (max(xs) - min(xs)) / 6
    section_height = max(ys) - min(ys) + top_margin + MARGIN
    zoom = floor(100 * max(1.0, min(WIDTH / section_width, MAX_HEIGHT / section_height, MAX_ZOOM))) / 100
    height = round(min(max(section_height * zoom, MIN_HEIGHT), MAX_HEIGHT, HEIGHT * zoom))
    left = _clamp((max(xs) + min(xs)) / 2 - WIDTH / zoom / 2, WIDTH - WIDTH / zoom)
    top = _clamp(min(ys) - top_margin, HEIGHT - height / zoom)
    return MapSection(world, left, top, zoom, height)


def choose_small_map_section(
    ways: Sequence[GeoLine], spots: Sequence[GeoPoint], width: int, heights: range
) -> MapSection:
    """Return a section that shows a few places on a map `width` pixels wide, where one unit is one pixel.

    It shows the lines (`ways`) whole, with room for the names, and is as high as they need. The first and the last
    number of `heights` limit its height.
    """
    world = choose_map_section(ways, spots).world_map
    lines = [spot for a, b in ways for spot in great_circle(a, b)]
    shown = [world.project_point(spot) for spot in (*spots, *lines)]
    xs, ys = [point.x for point in shown], [point.y for point in shown]
    extent = Point(max(xs) - min(xs), max(ys) - min(ys))
    zoom = min(
        (width - 2 * NAME_WIDTH) / max(extent.x, 1),
        (heights[-1] - 2 * NAME_HEIGHT) / max(extent.y, 1),
        MAX_ZOOM,
    )
    zoom = floor(100 * max(zoom, width / WIDTH)) / 100
    height = min(max(round(extent.y * zoom) + 2 * NAME_HEIGHT, heights[0]), heights[-1])
    left = _clamp((max(xs) + min(xs)) / 2 - width / zoom / 2, WIDTH - width / zoom)
    top = _clamp((max(ys) + min(ys)) / 2 - height / zoom / 2, HEIGHT - height / zoom)
    return MapSection(world, left, top, zoom, height, width)


def _clamp(start: float, most: float) -> float:
    return round(min(max(start, 0.0), max(most, 0.0)), 1)

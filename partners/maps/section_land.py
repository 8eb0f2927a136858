"""Land for a small section of a world map, drawn to the pixel: a fraction of the size of the whole world's land."""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import groupby, pairwise

from django.conf import settings

from partners.maps.projections import MapSection, Point

_RING = re.compile(r"M([^MZ]+)Z")
MIN_LAND_PIXELS = 3  # pixels of a visible piece of land


@cache
def _rings(name: str) -> Sequence[Sequence[Point]]:
    """Return the outlines of all land of a world map, in its units, from the file that `draw_land` wrote."""
    file = settings.BASE_DIR / f"templates/components/charts/land_{name}.svg"
    outlines = _RING.findall(file.read_text(encoding="utf-8"))
    return [[Point(*map(float, step.split())) for step in outline.split("L")] for outline in outlines]


def land_path(section: MapSection) -> str:
    """Return one SVG path of the land that a section shows, in whole pixels of the section.

    Each step is relative to the one before: small numbers, which compress well.
    """
    return "".join(_relative_path(ring) for ring in _shown(section))


def _relative_path(ring: Sequence[Point]) -> str:
    steps = [f"{b.x - a.x:g} {b.y - a.y:g}" for a, b in pairwise(ring)]
    return f"M{ring[0].x:g} {ring[0].y:g}l{'l'.join(steps)}z"


def _shown(section: MapSection) -> Iterator[Sequence[Point]]:
    """Yield the outlines that reach into the section, without points that fall on the one before."""
    for ring in _rings(section.name):
        pixels = [
            Point(
                round((point.x - section.left) * section.zoom), round((point.y - section.top) * section.zoom)
            )
            for point in ring
        ]
        steps = [point for point, _same in groupby(pixels)]
        xs, ys = [point.x for point in steps], [point.y for point in steps]
        inside = min(xs) <= section.width and max(xs) >= 0 and min(ys) <= section.height and max(ys) >= 0
        if inside and max(xs) - min(xs) >= MIN_LAND_PIXELS and max(ys) - min(ys) >= MIN_LAND_PIXELS:
            yield steps

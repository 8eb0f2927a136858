"""Command that makes the outlines of the land for the maps of agreements.

Source: the land of Natural Earth, in the public domain, from the npm package world-atlas.
"""

import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from partners.maps import map_sections
from partners.maps.land import land_path, land_rings

LAND_DATA_PATH = Path("world-atlas/land-110m.json")
TEMPLATE_FOLDER = Path("templates/components/charts")
ATTRIBUTION_COMMENT = (
    "{# Natural Earth, 1:110m land, public domain, through npm's world-atlas. "
    "Made by manage.py draw_land; do not edit. #}\n"
)


class Command(BaseCommand):
    """Write the templates that the maps include. Run it again only after a projection changed."""

    help = "Draw the outlines of the land for the maps of agreements."

    def handle(self, *args: Any, **options: Any) -> None:
        topology = json.loads((settings.NODE_MODULES / LAND_DATA_PATH).read_text())
        rings = land_rings(topology)
        for canvas in map_sections.WORLD_MAPS:
            target = TEMPLATE_FOLDER / f"land_{canvas.name}.svg"
            drawn = land_path(rings, canvas)
            (settings.BASE_DIR / target).write_text(
                f'{ATTRIBUTION_COMMENT}<path class="land" d="{drawn}"/>\n'
            )
            self.stdout.write(f"{target}: {len(drawn)} characters")

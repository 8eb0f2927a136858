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

SOURCE = Path("world-atlas/land-110m.json")
FOLDER = Path("templates/components/charts")
NOTE = "{# Natural Earth, 1:110m land, public domain, through npm's world-atlas. Made by manage.py draw_land; do not edit. #}\n"


class Command(BaseCommand):
    """Write the templates that the maps include. Run it again only after a projection changed."""

    help = "Draw the outlines of the land for the maps of agreements."

    def handle(self, *args: Any, **options: Any) -> None:
        topology = json.loads((settings.NODE_MODULES / SOURCE).read_text())
        rings = land_rings(topology)
        for canvas in map_sections.MAP_VIEWS:
            target = FOLDER / f"land_{canvas.name}.svg"
            drawn = land_path(rings, canvas)
            (settings.BASE_DIR / target).write_text(f'{NOTE}<path class="land" d="{drawn}"/>\n')
            self.stdout.write(f"{target}: {len(drawn)} characters")

"""Makes the outlines of the land for the maps of ties, once: Natural Earth's land, in the public domain, from npm's world-atlas."""

import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from partners.geo import land, sheets

SOURCE = Path("world-atlas/land-110m.json")
FOLDER = Path("templates/components/charts")
NOTE = "{# Natural Earth, 1:110m land, public domain, through npm's world-atlas. Made by manage.py draw_land; do not edit. #}\n"


class Command(BaseCommand):
    """Writes the templates that the maps include. To be run again only when a projection changes."""

    help = "Draw the outlines of the land for the maps of ties."

    def handle(self, *args: Any, **options: Any) -> None:
        topology = json.loads((settings.NODE_MODULES / SOURCE).read_text())
        rings = land.rings(topology)
        for paper in sheets.SHEETS:
            target = FOLDER / f"land_{paper.name}.svg"
            drawn = land.outline(rings, paper)
            (settings.BASE_DIR / target).write_text(f'{NOTE}<path class="land" d="{drawn}"/>\n')
            self.stdout.write(f"{target}: {len(drawn)} characters")

"""Makes the outline of the land for the map of ties, once: Natural Earth's land, in the public domain, from npm's world-atlas."""

import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from partners import geo

SOURCE = Path("world-atlas/land-110m.json")
TARGET = Path("templates/components/charts/land.svg")
NOTE = "{# Natural Earth, 1:110m land, public domain, through npm's world-atlas. Made by manage.py draw_land; do not edit. #}\n"


class Command(BaseCommand):
    """Writes the template that the map includes. To be run again only when the projection changes."""

    help = "Draw the outline of the land for the map of ties."

    def handle(self, *args: Any, **options: Any) -> None:
        topology = json.loads((settings.NODE_MODULES / SOURCE).read_text())
        drawn = geo.outline(geo.rings(topology))
        (settings.BASE_DIR / TARGET).write_text(f'{NOTE}<path class="land" d="{drawn}"/>\n')
        self.stdout.write(f"{TARGET}: {len(drawn)} characters")

"""The command that draws the outline of the land into the map template."""

import json

from django.core.management import call_command

from partners.management.commands.draw_land import LAND_DATA_PATH, TEMPLATE_FOLDER
from partners.maps import map_sections


def test_land_outline_is_drawn_into_the_map_templates(settings, tmp_path, capsys):
    settings.NODE_MODULES = settings.BASE_DIR = tmp_path
    for folder in (LAND_DATA_PATH.parent, TEMPLATE_FOLDER):
        (tmp_path / folder).mkdir(parents=True)
    island = [[[-165, 50], [10, 0], [0, 10], [-10, 0], [0, -10]]]
    land = {"geometries": [{"arcs": [[[0]]]}]}
    (tmp_path / LAND_DATA_PATH).write_text(
        json.dumps(
            {"transform": {"scale": [1, 1], "translate": [0, 0]}, "arcs": island, "objects": {"land": land}}
        )
    )
    call_command("draw_land")
    output = capsys.readouterr().out
    for sheet in map_sections.WORLD_MAPS:
        target = TEMPLATE_FOLDER / f"land_{sheet.name}.svg"
        drawn = (tmp_path / target).read_text()
        assert '<path class="land" d="M' in drawn
        assert "do not edit" in drawn
        assert str(target) in output

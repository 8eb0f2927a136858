"""The outline of the land, drawn from the npm package's file into the map's template."""

import json

from django.core.management import call_command

from partners.management.commands.draw_land import SOURCE, TARGET, WORLD


def test_the_land_is_drawn_into_the_template(settings, tmp_path, capsys):
    settings.NODE_MODULES = settings.BASE_DIR = tmp_path
    for path in (SOURCE, TARGET):
        (tmp_path / path).parent.mkdir(parents=True)
    island = [[[-165, 50], [10, 0], [0, 10], [-10, 0], [0, -10]]]
    land = {"geometries": [{"arcs": [[[0]]]}]}
    (tmp_path / SOURCE).write_text(
        json.dumps(
            {"transform": {"scale": [1, 1], "translate": [0, 0]}, "arcs": island, "objects": {"land": land}}
        )
    )
    call_command("draw_land")
    assert '<path class="land" d="M' in (tmp_path / WORLD).read_text()
    drawn = (tmp_path / TARGET).read_text()
    assert '<path class="land" d="M' in drawn
    assert "do not edit" in drawn
    assert str(TARGET) in capsys.readouterr().out

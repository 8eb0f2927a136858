"""The font subsets built by config/fonts.py contain every character for which a page loads them, in the weights in use."""

from functools import cache
from pathlib import Path

import pytest
from django.conf import settings
from fontTools.ttLib import TTFont

from config.fonts import BUILT_FONT_FOLDER, FONT_WEIGHTS, SOURCE_FONT_FOLDER, characters_by_script

CHARACTERS = characters_by_script()
CONTROLS = frozenset(range(0x20))  # no font has them


@cache
def built_font(script: str) -> TTFont:
    return TTFont(BUILT_FONT_FOLDER / f"inter-{script}.woff2")


@pytest.mark.parametrize("script", CHARACTERS)
def test_font_file_has_each_character_of_its_range_that_the_package_has(script):
    packaged = TTFont(SOURCE_FONT_FOLDER / f"inter-{script}-wght-normal.woff2").getBestCmap()
    wanted = (CHARACTERS[script] & packaged.keys()) - CONTROLS
    assert wanted
    assert wanted <= built_font(script).getBestCmap().keys() <= CHARACTERS[script]


@pytest.mark.parametrize("script", CHARACTERS)
def test_font_file_has_the_weights_of_the_style_sheet(script):
    (axis,) = built_font(script)["fvar"].axes
    assert (axis.axisTag, axis.minValue, axis.maxValue) == ("wght", *FONT_WEIGHTS)
    styles = (Path(settings.BASE_DIR) / "static/css/app.css").read_text()
    assert styles.count("font-weight: {} {};".format(*FONT_WEIGHTS)) == len(CHARACTERS)


def test_font_file_keeps_tabular_figures():
    features = built_font("latin")["GSUB"].table.FeatureList.FeatureRecord
    assert "tnum" in {record.FeatureTag for record in features}


@pytest.mark.parametrize(
    "name", ["Łódź", "Huế", "Žilina", "Αθήνα", "Київ", "Iași", "Đà Nẵng", "Reykjavík", "“Łuków – 10:30”"]
)
def test_each_letter_of_a_name_is_in_the_font_file_that_the_page_loads(name):
    for letter in name:
        loaded = [script for script, characters in CHARACTERS.items() if ord(letter) in characters]
        assert loaded, letter
        assert ord(letter) in built_font(loaded[-1]).getBestCmap(), (
            letter
        )  # of two faces the last one is used


def test_font_files_stay_within_their_size_limit():
    size = {script: (BUILT_FONT_FOLDER / f"inter-{script}.woff2").stat().st_size for script in CHARACTERS}
    assert size.pop("latin") <= 30_000
    assert max(size.values()) <= 15_000, size

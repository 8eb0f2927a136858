"""Web fonts of the pages: Inter's files, cut to what the pages use. `python -m config.fonts` writes them.

Make and the image's build run it before static files are collected. The style sheet names one file for each script,
with its characters: a browser loads a file only for a page that shows at least one of them.
"""

import re
from collections.abc import Mapping
from itertools import chain
from pathlib import Path

from fontTools.subset import Options, Subsetter, load_font, save_font
from fontTools.varLib.instancer import instantiateVariableFont

from config.settings import BASE_DIR, NODE_MODULES

SOURCE_FONT_FOLDER = NODE_MODULES / "@fontsource-variable/inter/files"
BUILT_FONT_FOLDER = NODE_MODULES / ".built/fonts"
FONT_WEIGHTS = (400, 700)  # no rule of the style sheet is lighter or bolder
# Kerning, marks over letters, figures of one width, and the colon between figures; the font has 40 more.
FONT_FEATURES = ["kern", "mark", "mkmk", "ccmp", "locl", "tnum", "calt"]
FONT_FACE_PATTERN = re.compile(r'inter-([\w-]+)\.woff2"\)[^}]*unicode-range:([^;]+);')


def characters_by_script() -> Mapping[str, frozenset[int]]:
    """Return the characters of each font file, by the name of its script, as the style sheet lists them."""
    styles = (BASE_DIR / "static/css/app.css").read_text()
    return {
        script: frozenset(chain.from_iterable(map(_span, ranges.split(","))))
        for script, ranges in FONT_FACE_PATTERN.findall(styles)
    }


def _span(text: str) -> range:
    first, _dash, last = text.strip().removeprefix("U+").partition("-")
    return range(int(first, 16), int(last or first, 16) + 1)


def write_font_subset(source: Path, target: Path, characters: frozenset[int]) -> None:
    """Write a variable font with these characters and our weights and features only, compressed as WOFF2."""
    options = Options(layout_features=FONT_FEATURES, flavor="woff2", hinting=False)
    font = load_font(str(source), options)
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=characters)
    subsetter.subset(font)
    instantiateVariableFont(font, {"wght": FONT_WEIGHTS}, inplace=True)
    save_font(font, str(target), options)


if __name__ == "__main__":
    BUILT_FONT_FOLDER.mkdir(parents=True, exist_ok=True)
    for script, characters in characters_by_script().items():
        write_font_subset(
            SOURCE_FONT_FOLDER / f"inter-{script}-wght-normal.woff2",
            BUILT_FONT_FOLDER / f"inter-{script}.woff2",
            characters,
        )

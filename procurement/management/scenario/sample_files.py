"""Invented evidence files: a plain drawing of boxes marked DEMO, never mistaken for a real photo."""

from functools import cache
from typing import Literal

import typst

DRAWING_TEMPLATE = """\
#set page(width: 12cm, height: 8cm, margin: 1cm, fill: rgb("eef1f0"))
#set text(fill: rgb("1c3038"), font: "New Computer Modern", size: 15pt)
#let box-of = rect(width: 1.7cm, height: 1.2cm, fill: rgb("c4d3d0"), stroke: 1pt + rgb("1c3038"))
#align(center + bottom, stack(dir: ttb, spacing: 2pt, ..range(3, 6).map(n => stack(dir: ltr, spacing: 2pt, ..(box-of,) * n))))
#v(6pt)
#sys.inputs.words
#linebreak()
#text(size: 10pt, sys.inputs.mark)
"""


def sample_png(words: str, mark: str) -> bytes:
    """Return a PNG of boxes with a caption and a mark that it is invented. Latin letters only."""
    return _render_drawing(words, mark, "png")


def sample_pdf(words: str, mark: str) -> bytes:
    """Return the same drawing as a PDF of one page."""
    return _render_drawing(words, mark, "pdf")


def _render_drawing(words: str, mark: str, kind: Literal["png", "pdf"]) -> bytes:
    inputs = {"words": words, "mark": mark}
    drawn = typst.compile(
        DRAWING_TEMPLATE.encode(), format=kind, ppi=144, font_paths=_fonts(), sys_inputs=inputs
    )
    assert isinstance(drawn, bytes)  # one page
    return drawn


@cache
def _fonts() -> typst.Fonts:
    """Return the compiler's own fonts, which are the same on every machine."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True)

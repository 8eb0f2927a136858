"""Sandboxed renderer that draws one page of a PDF, or a picture, as a small or large WebP picture.

Run as `python -m workflow.sandbox.preview IN OUT WIDTH PAGE`, with the same limits as every sandboxed parser.
Only files that were found clean are drawn.
"""

import json
import sys
from pathlib import Path
from typing import Any

import pypdfium2  # type: ignore[import-untyped]  # comes without types
from PIL import Image

from workflow.sandbox.limits import ParserRefused, apply_limits, print_answer
from workflow.sandbox.picture import MAX_PIXELS

PDF_SIGNATURE = b"%PDF"
MAX_HEIGHT_RATIO = 3  # times as high as wide: of a longer page only the top is shown
WEBP_QUALITY = {True: 38, False: 80}  # of the small picture, which is part of a page, and of the large one


def draw_preview(source: Path, target: Path, width: int, number: int, *, small: bool) -> dict[str, Any]:
    """Write the page as a picture `width` pixels wide, but never enlarge a source picture.

    `number` is the page, counted from 1. With `small`, the picture has the quality of a small preview.
    """
    with source.open("rb") as file:
        is_pdf = file.read(1024).lstrip().startswith(PDF_SIGNATURE)
    drawn = _of_pdf(source, width, number) if is_pdf else _of_picture(source, width, number)
    drawn.thumbnail((width, width * MAX_HEIGHT_RATIO))
    drawn.save(target, format="WEBP", quality=WEBP_QUALITY[small], method=4)
    return {"width": drawn.width, "height": drawn.height}


def _of_pdf(source: Path, width: int, number: int) -> Image.Image:
    """Draw a page of any size at the wanted width.

    Forms, scripts and annotations are not run.
    """
    paper = pypdfium2.PdfDocument(source)
    try:
        if not 1 <= number <= len(paper):
            raise ParserRefused("unreadable")
        page = paper[number - 1]
        across, down = page.get_size()
        scale = min(width / across, width * MAX_HEIGHT_RATIO / down)
        drawn: Image.Image = page.render(scale=scale, may_draw_forms=False).to_pil().convert("RGB")
        return drawn
    finally:
        paper.close()


def _of_picture(source: Path, width: int, number: int) -> Image.Image:
    if number != 1:
        raise ParserRefused("unreadable")
    Image.MAX_IMAGE_PIXELS = None  # our own limit comes before any pixel is decoded
    with Image.open(source, formats=("JPEG", "PNG", "WEBP")) as picture:
        if picture.width * picture.height > MAX_PIXELS:
            raise ParserRefused("too_many_pixels")
        picture.draft("RGB", (width, width * MAX_HEIGHT_RATIO))
        flat = picture.convert("RGBA") if picture.has_transparency_data else picture.convert("RGB")
    if flat.mode == "RGBA":
        paper = Image.new("RGB", flat.size, "white")
        paper.paste(flat, mask=flat.getchannel("A"))
        return paper
    return flat


def run_preview(line: list[str]) -> None:
    """Draw the page named on the command line, within the limits, and print the answer."""
    source, target, width, number, size = line
    apply_limits()

    def opener(from_: Path, to: Path) -> dict[str, Any]:
        return draw_preview(from_, to, int(width), int(number), small=size == "small")

    sys.stdout.write(json.dumps(print_answer(opener, source, target)) + "\n")


if __name__ == "__main__":
    run_preview(sys.argv[1:])

"""One page of a PDF, or a picture, drawn anew as a small or a large picture in WebP, to be shown beside its facts.

Run as `python -m workflow.opening.page IN OUT WIDTH PAGE`, with the same bounds as every opener. What is drawn is what was found clean.
"""

import json
import sys
from pathlib import Path
from typing import Any

import pypdfium2  # type: ignore[import-untyped]  # comes without types
from PIL import Image

from workflow.opening.limits import Refuse, answer, confine
from workflow.opening.picture import MOST_PIXELS

PDF = b"%PDF"
TALLEST = 3  # times as high as wide: of a longer strip the head is shown
QUALITY = {True: 38, False: 80}  # of the small picture, which stands on a page, and of the large one


def draw(source: Path, target: Path, width: int, number: int, *, small: bool) -> dict[str, Any]:
    """Write the page as a picture so many pixels wide, never larger than the picture it was made of. Pages count from 1."""
    with source.open("rb") as file:
        is_pdf = file.read(1024).lstrip().startswith(PDF)
    drawn = _of_pdf(source, width, number) if is_pdf else _of_picture(source, width, number)
    drawn.thumbnail((width, width * TALLEST))
    drawn.save(target, format="WEBP", quality=QUALITY[small], method=4)
    return {"width": drawn.width, "height": drawn.height}


def _of_pdf(source: Path, width: int, number: int) -> Image.Image:
    """A page of any size, drawn at the wanted width: forms, scripts and annotations are not run."""
    paper = pypdfium2.PdfDocument(source)
    try:
        if not 1 <= number <= len(paper):
            raise Refuse("unreadable")
        page = paper[number - 1]
        across, down = page.get_size()
        scale = min(width / across, width * TALLEST / down)
        drawn: Image.Image = page.render(scale=scale, may_draw_forms=False).to_pil().convert("RGB")
        return drawn
    finally:
        paper.close()


def _of_picture(source: Path, width: int, number: int) -> Image.Image:
    if number != 1:
        raise Refuse("unreadable")
    Image.MAX_IMAGE_PIXELS = None  # our own limit comes before any pixel is decoded
    with Image.open(source, formats=("JPEG", "PNG", "WEBP")) as picture:
        if picture.width * picture.height > MOST_PIXELS:
            raise Refuse("too_many_pixels")
        picture.draft("RGB", (width, width * TALLEST))
        flat = picture.convert("RGBA") if picture.has_transparency_data else picture.convert("RGB")
    if flat.mode == "RGBA":
        paper = Image.new("RGB", flat.size, "white")
        paper.paste(flat, mask=flat.getchannel("A"))
        return paper
    return flat


def main(line: list[str]) -> None:
    """Draw what the command line names, confined."""
    source, target, width, number, size = line
    confine()

    def opener(from_: Path, to: Path) -> dict[str, Any]:
        return draw(from_, to, int(width), int(number), small=size == "small")

    sys.stdout.write(json.dumps(answer(opener, source, target)) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])

"""Command that takes the pictures of the help section: `python -m tests.browser.help_pictures [NAME …]`.

Runs `test_help_pictures.py`, which opens each page as the person who works there, in three languages. With
this command the test also draws a ring around each button to press, and writes that part of the page to a
WebP file under `static/`, and its size and the words of its buttons to `procurement/help/data/pictures.csv`.
With NAME, only these pictures are taken.
"""

import csv
import os
import sys
from io import BytesIO

import pytest
from PIL import Image

from procurement.help.pictures import PICTURE_FOLDER, SIZES_FILE, PictureSize, picture_sizes

NAMES = "HELP_PICTURES"  # variable of the environment: the pictures to write, or "all"
MAX_FILE_BYTES = 48 * 1024  # bytes of a file
SHARPNESS = 2  # pixels of the file to one of the page
COLOUR_COUNT = 64


def is_written(name: str) -> bool:
    """Return True if the command asks for this picture."""
    asked = os.environ.get(NAMES, "").split()
    return name in asked or "all" in asked


def write(name: str, language: str, screenshot: bytes, presses: tuple[str, ...]) -> None:
    """Write a picture to its file, and its row to pictures.csv. `language` is en, fr or zh.

    `presses` are the words of the buttons that the picture highlights.
    """
    picture = Image.open(BytesIO(screenshot)).convert("RGB")
    PICTURE_FOLDER.mkdir(parents=True, exist_ok=True)
    (PICTURE_FOLDER / f"{name}.{language}.webp").write_bytes(compact(picture))
    picture_sizes()[name, language] = PictureSize(
        picture.width // SHARPNESS, picture.height // SHARPNESS, presses
    )
    with SIZES_FILE.open("w", newline="", encoding="utf-8") as file:
        lines = csv.writer(file, lineterminator="\n")
        lines.writerow(("name", "language", "width", "height", "presses"))
        for (one, where), known in sorted(picture_sizes().items()):
            lines.writerow((one, where, known.width, known.height, " | ".join(known.button_labels)))


def compact(picture: Image.Image) -> bytes:
    """Return a picture as lossless WebP with few colours: letters on flat ground stay sharp and the file small.

    Raises ValueError if it is larger than `MAX_FILE_BYTES`.
    """
    file = BytesIO()
    picture.quantize(COLOUR_COUNT, dither=Image.Dither.NONE).convert("RGB").save(
        file, "WEBP", lossless=True, method=4
    )
    if file.tell() > MAX_FILE_BYTES:
        raise ValueError(f"{file.tell()} bytes, more than {MAX_FILE_BYTES}: show a smaller part")
    return file.getvalue()


def main() -> int:
    """Take the pictures; return 1 if one cannot be taken."""
    os.environ |= {NAMES: " ".join(sys.argv[1:]) or "all", "LANE": "all"}
    return int(pytest.main(["-q", "--no-header", "tests/browser/test_help_pictures.py"]))


if __name__ == "__main__":
    sys.exit(main())

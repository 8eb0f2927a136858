"""Sandboxed cleaner of JPEG, PNG and WebP files: re-encodes them, so that only the picture is left."""

from pathlib import Path
from typing import Any

from PIL import Image, ImageOps

from workflow.sandbox.limits import ParserRefused, run_confined

MAX_PIXELS = 40_000_000
# A phone may put a second picture behind the first (its depth, a preview): such a JPEG is read as MPO, and kept as JPEG.
_STORED_AS = {"MPO": "JPEG"}
_MODES = {"JPEG": ("RGB", "L"), "PNG": ("RGB", "RGBA", "L", "LA"), "WEBP": ("RGB", "RGBA")}


def clean_picture(source: Path, target: Path) -> dict[str, Any]:
    """Write the bare picture, upright, without place, device, names or appended data.

    Of a moving picture, only the first frame is kept.
    """
    Image.MAX_IMAGE_PIXELS = None  # our own limit is stricter, and comes before any pixel is decoded
    with Image.open(source, formats=tuple(_MODES)) as picture:
        if picture.width * picture.height > MAX_PIXELS:
            raise ParserRefused("too_many_pixels")
        kind = _STORED_AS.get(str(picture.format), str(picture.format))
        plain = _plain(ImageOps.exif_transpose(picture), _MODES[kind])
    bare = Image.new(plain.mode, plain.size)
    bare.paste(plain)
    bare.save(target, format=kind, **({} if kind == "PNG" else {"quality": 88}))
    return {"width": bare.width, "height": bare.height}


def _plain(picture: Image.Image, modes: tuple[str, ...]) -> Image.Image:
    """Return the picture in a mode that the format can hold, with its transparency if possible."""
    if picture.mode in modes:
        return picture
    see_through = picture.has_transparency_data and "RGBA" in modes
    return picture.convert("RGBA" if see_through else "RGB")


if __name__ == "__main__":
    run_confined(clean_picture)

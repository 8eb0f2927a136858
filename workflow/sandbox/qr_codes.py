"""Sandboxed reader of the QR codes in a photo.

A phone's photo is larger than its code requires. It is made smaller before the codes are searched, and
searched again at full size if none is found.
"""

import json
from pathlib import Path
from typing import Any

import zxingcpp
from PIL import Image, ImageOps

from workflow.sandbox.limits import ParserRefused, run_confined
from workflow.sandbox.picture import MAX_PIXELS

MAX_SIDE_PIXELS = 1600  # pixels: a label that fills a tenth of the photo is still read
MAX_CODES = 20
MAX_TEXT_LENGTH = 1000  # characters of one code
QR_CODE_FORMAT = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)


def read_qr_codes(source: Path, target: Path) -> dict[str, Any]:
    """Write the texts of the QR codes in a picture as a JSON list, and return their number."""
    Image.MAX_IMAGE_PIXELS = None  # our own limit is stricter, and comes before any pixel is decoded
    with Image.open(source, formats=("JPEG", "PNG", "WEBP")) as picture:
        if picture.width * picture.height > MAX_PIXELS:
            raise ParserRefused("too_many_pixels")
        plain = ImageOps.exif_transpose(picture).convert("L")
    small = plain.copy()
    small.thumbnail((MAX_SIDE_PIXELS, MAX_SIDE_PIXELS))
    found = _texts(small) or (_texts(plain) if small.size != plain.size else [])
    target.write_text(json.dumps(found, ensure_ascii=False), encoding="utf-8")
    return {"codes": len(found)}


def _texts(picture: Image.Image) -> list[str]:
    """Return each text once, in the order of the codes in the picture."""
    codes = zxingcpp.read_barcodes(picture, formats=QR_CODE_FORMAT)
    return list(dict.fromkeys(code.text[:MAX_TEXT_LENGTH] for code in codes))[:MAX_CODES]


if __name__ == "__main__":
    run_confined(read_qr_codes)

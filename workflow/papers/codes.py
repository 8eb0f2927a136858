"""A QR code for a printed paper."""

from io import BytesIO

import segno


def qr(url: str) -> str:
    """An address as an SVG of a QR code; of a quarter it may lose and still be read, as a paper is folded and copied."""
    picture = BytesIO()
    segno.make(url, error="q", micro=False).save(picture, kind="svg", xmldecl=False, border=0)
    return picture.getvalue().decode()

"""Hostile pictures: decompression bombs, hidden content, and files that are no pictures."""

import io
import struct
import zlib

from PIL import Image, PngImagePlugin

from tests.workflow import files
from tests.workflow.files import photo_with_location
from tests.workflow.uploads.hostile.hostile_file import SECRET, Hostile, burst

UNREADABLE = frozenset({"unreadable"})
TOO_LARGE = frozenset({"too_many_pixels", "too_large_inside", "unreadable"})
PNG = b"\x89PNG\r\n\x1a\n"


def chunk(kind: bytes, data: bytes) -> bytes:
    """Return one chunk of a PNG."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width: int, height: int, *parts: bytes, depth: int = 8, colour: int = 2) -> bytes:
    """Return a PNG that declares this size, with any chunks inside."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0))
    return PNG + head + b"".join(parts) + chunk(b"IEND", b"")


def jpeg(width: int, height: int) -> bytes:
    """Return a JPEG that declares this size."""
    data = bytearray(files.picture("JPEG"))
    place = data.index(b"\xff\xc0")
    data[place + 5 : place + 9] = struct.pack(">HH", height, width)
    return bytes(data)


def webp(width: int, height: int) -> bytes:
    """Return a WebP that declares a canvas of this size."""
    body = (
        b"VP8X"
        + struct.pack("<I", 10)
        + bytes(4)
        + struct.pack("<I", width - 1)[:3]
        + struct.pack("<I", height - 1)[:3]
    )
    body += files.picture("WEBP")[12:]
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body


def animated_webp(count: int) -> bytes:
    """Return a WebP with so many frames."""
    frames = [Image.new("RGB", (40, 30), (number % 256, 0, 0)) for number in range(count)]
    out = io.BytesIO()
    frames[0].save(out, format="WEBP", save_all=True, append_images=frames[1:])
    return out.getvalue()


def png_with_text(**words: str) -> bytes:
    """Return a PNG with text chunks."""
    info = PngImagePlugin.PngInfo()
    for name, value in words.items():
        info.add_text(name, value, zip=True)
    return files.picture("PNG", pnginfo=info)


def repeated_scans(count: int) -> bytes:
    """Return a progressive JPEG with its scans repeated: small to send, slow to decode."""
    data = files.picture("JPEG", size=(2000, 2000), progressive=True)
    start = data.rindex(b"\xff\xda")
    return data[:-2] + data[start:-2] * count + data[-2:]


SMALL_JPEG, SMALL_PNG, SMALL_WEBP = (files.picture(kind) for kind in ("JPEG", "PNG", "WEBP"))
NOISE_PNG = png(40, 30, chunk(b"IDAT", zlib.compress(bytes(range(121)) * 30)))
BURSTS = burst(150)
HTML = b"<html><script>" + SECRET + b"</script></html>"

FILES = (
    Hostile("nothing.jpg", b"", UNREADABLE),
    Hostile("mark alone.jpg", b"\xff\xd8\xff\xe0", UNREADABLE),
    Hostile("torn.jpg", SMALL_JPEG[: len(SMALL_JPEG) // 2], UNREADABLE),
    Hostile("torn.png", NOISE_PNG[: len(NOISE_PNG) // 2], UNREADABLE),
    Hostile("torn.webp", SMALL_WEBP[: len(SMALL_WEBP) // 2], UNREADABLE),
    Hostile("wrong sum.png", SMALL_PNG.replace(b"IDAT", b"IDAX"), UNREADABLE),
    Hostile("no pixels.png", png(0, 0), UNREADABLE),
    Hostile("wide.png", files.picture("PNG", size=(40_001, 1000), mode="1"), TOO_LARGE),
    Hostile("endless.png", png(2**31 - 1, 2**31 - 1, chunk(b"IDAT", zlib.compress(b"0"))), TOO_LARGE),
    Hostile("bursts.png", png(60_000, 60_000, chunk(b"IDAT", BURSTS), depth=1, colour=0), TOO_LARGE),
    Hostile("less than it says.png", png(6_000, 6_000, chunk(b"IDAT", zlib.compress(b"0"))), UNREADABLE),
    Hostile("more than it says.png", png(10, 10, chunk(b"IDAT", BURSTS))),
    Hostile("endless.jpg", jpeg(65_500, 65_500), TOO_LARGE),
    Hostile("endless.webp", webp(16_384, 16_384), TOO_LARGE),
    Hostile("bursting words.png", png(4, 4, chunk(b"zTXt", b"a\0\0" + BURSTS)), UNREADABLE),
    Hostile("bursting colours.png", png(4, 4, chunk(b"iCCP", b"a\0\0" + BURSTS)), UNREADABLE),
    Hostile("many paintings.jpg", repeated_scans(400)),
    Hostile("a thousand frames.webp", animated_webp(300)),
    Hostile("place and device.jpg", photo_with_location()),
    Hostile(
        "hidden words.png", png_with_text(Comment=SECRET.decode(), XML_adobe="<x:xmpmeta>" + SECRET.decode())
    ),
    Hostile("page behind.png", SMALL_PNG + HTML),
    Hostile("program behind.webp", SMALL_WEBP + b"MZ" + SECRET),
    Hostile("archive behind.jpg", SMALL_JPEG + files.archive(a=SECRET)),
    Hostile("comment.jpg", files.picture("JPEG", comment=b"<?php " + SECRET * 4_000)),
    Hostile(
        "broken facts.jpg", files.picture("JPEG", exif=b"Exif\0\0MM\0*\0\0\0\x08\xff\xff" + b"\xff" * 200)
    ),
    Hostile("a page.jpg", HTML, UNREADABLE),
    Hostile("drawing.png", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", UNREADABLE),
    Hostile("program.png", b"MZ\x90\0" + bytes(400), UNREADABLE),
    Hostile("moving.png", files.picture("GIF"), UNREADABLE),
    Hostile("raw.png", files.picture("BMP"), UNREADABLE),
    Hostile("layers.png", files.picture("TIFF"), UNREADABLE),
    Hostile("a page with a mark.png", PNG + HTML, UNREADABLE),
    Hostile("a page with a mark.jpg", b"\xff\xd8\xff\xe0" + HTML, UNREADABLE),
)

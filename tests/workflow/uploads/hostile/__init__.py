"""Hostile files, made here: each with what it tries and how it has to end. A fixed corpus: the same bytes on every run."""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module

SECRET = b"TheSecretWord"  # stands in whatever must not come out of a file
MILLION = 1_000_000
_ADLER = 65_521  # RFC 1950: the sums at the end of packed data are taken modulo this


@dataclass(frozen=True)
class Hostile:
    """One file. `ends`: the refusals that are right, or none where a harmless copy is; `type`: what its first bytes make of it."""

    name: str
    data: bytes
    ends: frozenset[str] = frozenset()

    @property
    def passes(self) -> bool:
        """Whether a harmless copy of it may be kept."""
        return not self.ends


def burst(millions: int, before: bytes = b"") -> bytes:
    """So many million zeros as zlib packs them, put together of one packed block: packing them all takes seconds, whenever tests are
    collected.
    """
    maker = zlib.compressobj(9)
    first = maker.compress(before + bytes(MILLION)) + maker.flush(zlib.Z_FULL_FLUSH)
    block = maker.compress(bytes(MILLION)) + maker.flush(zlib.Z_FULL_FLUSH)  # refers to nothing before it
    sums = zlib.adler32(before)
    low, high = sums & 0xFFFF, sums >> 16
    high = (high + millions * MILLION * low) % _ADLER
    return first + block * (millions - 1) + b"\x03\x00" + (high << 16 | low).to_bytes(4, "big")


def corpus() -> Iterator[tuple[str, Hostile]]:
    """Every file with the opener it is for: picture, pdf or table."""
    for opener, module in (
        ("picture", "pictures"),
        ("pdf", "pdfs"),
        ("table", "tables"),
        ("table", "books"),
    ):
        made = import_module(f"{__name__}.{module}")
        for file in made.FILES:
            yield opener, file

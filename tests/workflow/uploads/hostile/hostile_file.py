"""The type of a hostile file in the corpus, and parts that several of them share."""

import zlib
from dataclasses import dataclass

SECRET = b"TheSecretWord"  # in every text that must not come out of a file
MILLION = 1_000_000
_ADLER = 65_521  # RFC 1950: the sums at the end of packed data are taken modulo this


@dataclass(frozen=True)
class Hostile:
    """One hostile file. `ends` holds the refusals that are correct for it; empty if a harmless copy may be kept."""

    name: str
    data: bytes
    ends: frozenset[str] = frozenset()

    @property
    def passes(self) -> bool:
        """Return True if a harmless copy may be kept."""
        return not self.ends


def burst(millions: int, before: bytes = b"") -> bytes:
    """Return this many million zeros as zlib packs them, built from one packed block.

    Packing all of them would take seconds at each collection of the tests.
    """
    maker = zlib.compressobj(9)
    first = maker.compress(before + bytes(MILLION)) + maker.flush(zlib.Z_FULL_FLUSH)
    block = maker.compress(bytes(MILLION)) + maker.flush(zlib.Z_FULL_FLUSH)  # refers to nothing before it
    sums = zlib.adler32(before)
    low, high = sums & 0xFFFF, sums >> 16
    high = (high + millions * MILLION * low) % _ADLER
    return first + block * (millions - 1) + b"\x03\x00" + (high << 16 | low).to_bytes(4, "big")

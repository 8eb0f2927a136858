"""Typefaces of generated documents, and the characters they have.

A document for the archive may not hold a character that its fonts lack, so typed text is checked first:
control characters are removed, and a text with a character that no typeface has is not printed (`missing_glyph`).
"""

import struct
import unicodedata
from functools import cache
from itertools import chain
from pathlib import Path

from django.conf import settings

# Family, its folder, its weights: Chinese, kana and Latin; Hangul; more of Latin, Greek and Cyrillic; pictures of telephones.
TYPEFACES = (
    ("Noto Sans SC", "noto-sans-sc", ("400Regular", "700Bold")),
    ("Noto Sans KR", "noto-sans-kr", ("400Regular", "700Bold")),
    ("Noto Sans", "noto-sans", ("400Regular", "700Bold")),
    ("Noto Emoji", "noto-emoji", ("400Regular", "700Bold")),
)
FONT_FAMILIES = [family for family, _folder, _weights in TYPEFACES]
LINE_BREAKS = "\n\t"
INVISIBLE_CHARACTERS = frozenset(
    {"Cc", "Cf", "Cs", "Mn", "Zl", "Zp"}
)  # combining marks that no typeface has are removed as well
BY_SEGMENTS, BY_GROUPS = 4, 12  # the two formats of character tables in these fonts
CMAP_SEGMENT_END = 0xFFFF  # closes a table by segments; not a character
UNICODE_ENCODINGS = frozenset({(0, 3), (0, 4), (3, 1), (3, 10)})  # platform and encoding


def font_folders() -> list[str]:
    """Return the folders of the font files, weight by weight."""
    root = Path(settings.NODE_MODULES) / "@expo-google-fonts"
    return [str(root / folder / weight) for _family, folder, weights in TYPEFACES for weight in weights]


def printable_text(text: str) -> str:
    """Return the text without the invisible characters."""
    return "".join(sign for sign in text if sign in LINE_BREAKS or ord(sign) in supported_characters())


def missing_glyph(text: str) -> str:
    """Return the first visible character of a text that no typeface has; "" if all can be printed."""
    return next((sign for sign in text if _is_missing(sign)), "")


def _is_missing(sign: str) -> bool:
    known = sign in LINE_BREAKS or ord(sign) in supported_characters()
    no_character = ord(sign) & 0xFFFE == 0xFFFE  # the last two code points of each plane are never characters
    return not known and not no_character and unicodedata.category(sign) not in INVISIBLE_CHARACTERS


@cache
def supported_characters() -> frozenset[int]:
    """Return every visible character that one of the typefaces has in its plain weight."""
    files = chain.from_iterable(sorted(Path(folder).glob("*.ttf")) for folder in font_folders()[::2])
    found = set(chain.from_iterable(_characters_of(file.read_bytes()) for file in files))
    return frozenset(code for code in found if unicodedata.category(chr(code)) not in ("Cc", "Cf", "Cs"))


def _characters_of(font: bytes) -> set[int]:
    """Return the characters of a TrueType file.

    Reads the `cmap` table of its specification, which is big-endian throughout.
    """
    (count,) = struct.unpack_from(">H", font, 4)
    for entry in range(count):
        tag, _sum, start, _length = struct.unpack_from(">4sIII", font, 12 + 16 * entry)
        if tag == b"cmap":
            return _tables(font, start)
    return set()


def _tables(font: bytes, start: int) -> set[int]:
    found: set[int] = set()
    (count,) = struct.unpack_from(">H", font, start + 2)
    for entry in range(count):
        platform, encoding, offset = struct.unpack_from(">HHI", font, start + 4 + 8 * entry)
        if (platform, encoding) in UNICODE_ENCODINGS:
            (form,) = struct.unpack_from(">H", font, start + offset)
            read = {BY_SEGMENTS: _characters_by_segment, BY_GROUPS: _characters_by_group}.get(form)
            found |= read(font, start + offset) if read else set()
    return found


def _characters_by_segment(font: bytes, at: int) -> set[int]:
    (doubled,) = struct.unpack_from(">H", font, at + 6)
    count = doubled // 2
    ends = struct.unpack_from(f">{count}H", font, at + 14)
    starts = struct.unpack_from(f">{count}H", font, at + 16 + doubled)
    found = {code for first, last in zip(starts, ends, strict=True) for code in range(first, last + 1)}
    return found - {CMAP_SEGMENT_END}


def _characters_by_group(font: bytes, at: int) -> set[int]:
    (count,) = struct.unpack_from(">I", font, at + 12)
    groups = (struct.unpack_from(">III", font, at + 16 + 12 * group) for group in range(count))
    return {code for first, last, _glyph in groups for code in range(first, last + 1)}

"""Normalization of city names for comparison. Pure."""

import re
from collections.abc import Iterable

from workflow.search import fold

_CITY = "市"  # ends the full name of a Chinese or Japanese city, and is often left out
_SIGNS = re.compile(r"[\W_]+")
_LATIN = re.compile(r"[A-Za-z]")
_HAN = re.compile(r"[\u3400-\u9fff]+")


def normalize_name(name: str) -> str:
    """Return a name without case, accents, spaces, punctuation and the suffix for “city”: Xi’an, 中山市."""
    plain = fold(name)
    plain = plain if plain.isalnum() else _SIGNS.sub("", plain)
    return plain.removesuffix(_CITY) if len(plain) > len(_CITY) + 1 else plain


def normalize_names(names: Iterable[str]) -> set[str]:
    """Return the normalized names, without empty ones."""
    return {normalize_name(name) for name in names if name} - {""}


def name_columns(name: str, known_as: str, country: str) -> dict[str, str]:
    """Return the names of a new city in the columns of the register.

    `name` is its name in the file, `known_as` its name in GeoNames. A name in a script other than Latin is
    the local name. It is also the Chinese name if it is written in Han characters and the city is not in
    Japan or Korea.
    """
    if _LATIN.search(fold(name)):
        return {"name_en": name}
    names = {"name_en": known_as, "name_local": name}
    return names | {"name_zh": name} if _HAN.fullmatch(name) and country not in ("JP", "KR") else names

"""Names of places as they are compared. Pure."""

import re
from collections.abc import Iterable

from workflow.search import fold

_CITY = "市"  # ends the full name of a Chinese or Japanese city, and is left out as often as not
_SIGNS = re.compile(r"[\W_]+")
_LATIN = re.compile(r"[A-Za-z]")
_HAN = re.compile(r"[\u3400-\u9fff]+")


def alike(name: str) -> str:
    """A name without case, accents, blanks and signs, and a city’s without the word that only says so: Xi’an, 中山市."""
    plain = fold(name)
    plain = plain if plain.isalnum() else _SIGNS.sub("", plain)
    return plain.removesuffix(_CITY) if len(plain) > len(_CITY) + 1 else plain


def all_alike(names: Iterable[str]) -> set[str]:
    """Names as they are compared, without empty ones."""
    return {alike(name) for name in names if name} - {""}


def names_of(name: str, known_as: str, country: str) -> dict[str, str]:
    """The names with which a new place is entered that a file calls so and GeoNames `known_as`, in the columns of the register.

    A name in other letters is the local one, and a Chinese one where it is written as Chinese is and not in Japan.
    """
    if _LATIN.search(fold(name)):
        return {"name_en": name}
    names = {"name_en": known_as, "name_local": name}
    return names | {"name_zh": name} if _HAN.fullmatch(name) and country not in ("JP", "KR") else names

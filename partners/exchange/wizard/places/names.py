"""Names of places as they are compared. Pure."""

from collections.abc import Iterable

from workflow.search import fold

_CITY = "市"  # ends the full name of a Chinese or Japanese city, and is left out as often as not


def alike(name: str) -> str:
    """A name without case and accents, and a city's without the word that only says so: 中山市 is 中山."""
    plain = fold(name).strip()
    return plain.removesuffix(_CITY) if len(plain) > len(_CITY) + 1 else plain


def all_alike(names: Iterable[str]) -> set[str]:
    """Names as they are compared, without empty ones."""
    return {alike(name) for name in names if name}

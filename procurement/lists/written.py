"""Several names in one cell, and a name with its aliases in brackets, as lists write them. Pure."""

import re

_SIGNS = re.compile(r"[;|\r\n；、｜]")
_ALSO = re.compile(
    r"\s*[(（]\s*(?:(?:and|including)\s+(?P<count>\w+)\s+alias(?:\(es\)|es)?|(?:a\.?k\.?a\.?|also known as)(?=[\s:])"
    r"|又名|别名|曾用名|原名)\s*[:：]?\s*",
    re.IGNORECASE,
)
_AND = re.compile(r"^and\s+", re.IGNORECASE)
_LISTED = re.compile(r",?\s+and\s+|,\s+", re.IGNORECASE)
_COUNTS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def several(cell: str) -> list[str]:
    """What stands in a cell between semicolons, bars, line breaks or Chinese commas of a list; no comma, for names hold commas."""
    return [part.strip() for part in _SIGNS.split(cell) if part.strip()]


def with_aliases(name: str) -> tuple[str, list[str], str]:
    """A name without the aliases that stand in brackets behind it, those aliases, and what is said after the bracket.

    “X Co. Ltd. (including two aliases: Y; and Z)” is X Co. Ltd., Y and Z. Where nothing stands before the bracket, or it is never
    closed, the name stays as it is written.
    """
    found = _ALSO.search(name)
    if found is None or not name[: found.start()].strip():
        return name, [], ""
    end = _closed(name, found.end())
    if end is None:
        return name, [], ""
    count = (found["count"] or "").lower()
    many = _COUNTS.index(count) if count in _COUNTS else int(count) if count.isdecimal() else 0
    return name[: found.start()].strip(), _split(name[found.end() : end], many), name[end + 1 :].strip()


def _closed(name: str, start: int) -> int | None:
    """Where the bracket that was opened before is closed."""
    depth = 1
    for place in range(start, len(name)):
        depth += (name[place] in "(（") - (name[place] in ")）")
        if depth == 0:
            return place
    return None


def _split(told: str, many: int) -> list[str]:
    """The aliases of a bracket: by semicolons; by commas and “and” only where that makes as many as it says there are."""
    parts = [_AND.sub("", part) for part in several(told)]
    by_words = [part.strip() for part in _LISTED.split(told) if part.strip()]
    return by_words if len(parts) != many and len(by_words) == many else parts

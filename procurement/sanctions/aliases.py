"""Parsing of several names in one cell, and of aliases in brackets, as lists write them."""

import re

_SEPARATORS = re.compile(r"[;|\r\n；、｜]")
_ALIAS_MARKER = re.compile(
    r"\s*[(（]\s*(?:(?:and|including)\s+(?P<count>\w+)\s+alias(?:\(es\)|es)?|(?:a\.?k\.?a\.?|also known as)(?=[\s:])"
    r"|又名|别名|曾用名|原名)\s*[:：]?\s*",
    re.IGNORECASE,
)
_LEADING_AND = re.compile(r"^and\s+", re.IGNORECASE)
_LIST_SEPARATOR = re.compile(r",?\s+and\s+|,\s+", re.IGNORECASE)
_COUNT_WORDS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def split_names(cell: str) -> list[str]:
    """Split a cell at semicolons, bars, line breaks and Chinese list commas.

    Other commas do not split, because names contain them.
    """
    return [part.strip() for part in _SEPARATORS.split(cell) if part.strip()]


def split_aliases(name: str) -> tuple[str, list[str], str]:
    """Return a name without its bracketed aliases, the aliases, and the text after the bracket.

    “X Co. Ltd. (including two aliases: Y; and Z)” gives X Co. Ltd., Y and Z. If there is no text before the
    bracket, or the bracket is never closed, the name stays as written.
    """
    found = _ALIAS_MARKER.search(name)
    if found is None or not name[: found.start()].strip():
        return name, [], ""
    end = _closing_bracket(name, found.end())
    if end is None:
        return name, [], ""
    count = (found["count"] or "").lower()
    many = _COUNT_WORDS.index(count) if count in _COUNT_WORDS else int(count) if count.isdecimal() else 0
    return (
        name[: found.start()].strip(),
        _split_aliases(name[found.end() : end], many),
        name[end + 1 :].strip(),
    )


def _closing_bracket(name: str, start: int) -> int | None:
    """Return the position of the closing bracket, or None."""
    depth = 1
    for place in range(start, len(name)):
        depth += (name[place] in "(（") - (name[place] in ")）")
        if depth == 0:
            return place
    return None


def _split_aliases(values: str, many: int) -> list[str]:
    """Split the aliases in a bracket at semicolons.

    Splits at commas and “and” only if this alone gives the number of aliases that the text states.
    """
    parts = [_LEADING_AND.sub("", part) for part in split_names(values)]
    by_words = [part.strip() for part in _LIST_SEPARATOR.split(values) if part.strip()]
    return by_words if len(parts) != many and len(by_words) == many else parts

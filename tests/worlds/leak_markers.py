"""Leak markers: a unique word in every text about an object, and figures that do not occur by chance.

Tests search a response for all markers at once; each one found must belong to an object that its reader may read
(tests/rights/reading_rights_table.py).
"""

import re
from collections.abc import Iterator
from typing import Any

PRICES = {
    "burnaby": "3.7713",
    "markham": "4.9171",
}  # per piece; no other figure in these objects has these digits
ACCOUNTS = {"burnaby": "6222 0204 7713 1171", "markham": "6222 0804 9171 1719"}  # never shown in full
WORD = re.compile(r"QZ[0-9]{3}[A-Z]Q")
_NUMBER = re.compile(r"\b[A-Z]{2}-20[0-9]{2}-[0-9]{4,9}\b")
_GROUPS = re.compile(r"(?<=[0-9])[,. \u00a0\u202f'](?=[0-9])")


class Marks:
    """Object and city of each mark and each reference."""

    def __init__(self) -> None:
        self.things: dict[str, tuple[str, str]] = {}

    def word(self, thing: str, city: str) -> str:
        """Return the leak marker of an object, made on first use."""
        for word, known in self.things.items():
            if known == (thing, city) and WORD.fullmatch(word):
                return word
        word = f"QZ{len(self.things):03}{city[0].upper()}Q"
        self.things[word] = (thing, city)
        return word

    def number(self, thing: str, city: str, row: Any) -> None:
        """Register the reference of an object."""
        self.things[row.reference] = (thing, city)

    def found_in(self, text: str) -> Iterator[tuple[str, tuple[str, str]]]:
        """Yield every mark, reference and figure in a text, with its object and city."""
        for found in {*WORD.findall(text), *_NUMBER.findall(text)}:
            if found in self.things:
                yield found, self.things[found]
        plain = _GROUPS.sub("", text)
        for city, price in PRICES.items():
            digits = price.replace(".", "")
            if re.search(rf"(?<![\w.]){digits}(?:0|00)?(?!\w)", plain):
                yield price, ("price", city)
        for city, account in ACCOUNTS.items():
            if account in text or account.replace(" ", "") in plain:
                yield account, ("account number", city)

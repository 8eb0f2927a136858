"""Canaries: a word of its own in every text a city's people type about a thing, and figures nobody would meet by chance.

An answer is searched for all of them at once: what is found there must belong to things that its reader may read (table.py).
"""

import re
from collections.abc import Iterator
from typing import Any

PRICES = {
    "burnaby": "3.7713",
    "markham": "4.9171",
}  # per piece: no other figure in the story has these digits
ACCOUNTS = {"burnaby": "6222 0204 7713 1171", "markham": "6222 0804 9171 1719"}  # nobody ever reads one whole
_WORD = re.compile(r"QZ[0-9]{3}[A-Z]Q")
_NUMBER = re.compile(r"\b[A-Z]{2}-20[0-9]{2}-[0-9]{4,9}\b")
_GROUPS = re.compile(r"(?<=[0-9])[,. \u00a0\u202f'](?=[0-9])")


class Marks:
    """Which word stands for which thing of which city, and which public number belongs to which."""

    def __init__(self) -> None:
        self.things: dict[str, tuple[str, str]] = {}

    def word(self, thing: str, city: str) -> str:
        """The word that every text about this thing holds; made when it is first asked for."""
        for word, known in self.things.items():
            if known == (thing, city) and _WORD.fullmatch(word):
                return word
        word = f"QZ{len(self.things):03}{city[0].upper()}Q"
        self.things[word] = (thing, city)
        return word

    def number(self, thing: str, city: str, row: Any) -> None:
        """Remember to what a public number belongs."""
        self.things[row.reference] = (thing, city)

    def told_by(self, text: str) -> Iterator[tuple[str, tuple[str, str]]]:
        """Every word, number and figure of somebody's thing that stands in a text."""
        for found in {*_WORD.findall(text), *_NUMBER.findall(text)}:
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

"""The numbers and days that stand in a text, so that one text in two languages can be compared. Pure; knows nothing of goods."""

import re
import unicodedata
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from typing import NamedTuple

from babel import Locale

LOCALES = ("en", "fr_CA")  # whose months have names; Chinese counts them
TIMES = {
    "万": 10**4,
    "百万": 10**6,
    "亿": 10**8,
    "千": 1000,
    "thousand": 1000,
    "mille": 1000,
} | dict.fromkeys(("million", "millions"), 10**6)
_ISO = re.compile(r"\b(?P<y>\d{4})[-/](?P<m>\d{1,2})[-/](?P<d>\d{1,2})\b")
_CHINESE = re.compile(r"(?:(?P<y>\d{4})\s*年\s*)?(?P<m>\d{1,2})\s*月\s*(?P<d>\d{1,2})\s*[日号]")
# Thousands stand in threes behind a comma or a space, narrow and unbreakable ones too; a point or a comma before anything else
# begins the decimals.
_NUMBER = re.compile(
    r"(?P<whole>\d{1,3}(?:[, \u00a0\u202f]\d{3})+(?!\d)|\d+)(?:[.,](?P<rest>\d+))?"
    r"(?:\s*(?P<times>" + "|".join(sorted(TIMES, key=len, reverse=True)) + r"))?"
)


class Figure(NamedTuple):
    """What stands in the text, and what it means: ("number", value) or ("day", year or 0, month, day)."""

    written: str
    means: tuple[str, Decimal | int, *tuple[int, ...]]


class Differences(NamedTuple):
    """The figures of two texts that stand in one and not in the other, as they are written there."""

    only_first: list[str]
    only_second: list[str]

    def __bool__(self) -> bool:
        """Whether there are any."""
        return bool(self.only_first or self.only_second)


def compare(first: str, second: str) -> Differences:
    """Which figures stand in one text and not in the other. How often one is said does not matter, nor how it is written."""
    here, there = list(figures(first)), list(figures(second))
    return Differences(_missing(here, there), _missing(there, here))


def figures(text: str) -> Iterator[Figure]:
    """The days of a text, then its numbers."""
    plain = "".join(unicodedata.normalize("NFKC", sign) if sign.isdigit() else sign for sign in text)
    for pattern in (_ISO, _CHINESE, *_named_days()):
        for found in pattern.finditer(plain):
            yield Figure(found[0].strip(), _day(found))
        plain = pattern.sub(" · ", plain)
    for found in _NUMBER.finditer(plain):
        yield Figure(found[0].strip(), ("number", _value(found)))


def _missing(here: list[Figure], there: list[Figure]) -> list[str]:
    known = {figure.means for figure in there}
    return list(dict.fromkeys(figure.written for figure in here if figure.means not in known))


def _value(found: re.Match[str]) -> Decimal:
    whole = re.sub(r"\D", "", found["whole"])
    value = Decimal(f"{whole}.{found['rest'] or '0'}") * TIMES.get(found["times"] or "", 1)
    return value.normalize()


def _day(found: re.Match[str]) -> tuple[str, int, int, int]:
    month = found["m"]
    number = int(month) if month.isdigit() else _months()[month.casefold().rstrip(".")]
    return ("day", int(found["y"] or 0), number, int(found["d"]))


@cache
def _months() -> dict[str, int]:
    """The months by their names, whole and short, in small letters and without a point."""
    names = {"sept": 9}  # as Django writes it
    for code in LOCALES:
        for width in ("wide", "abbreviated"):
            months = Locale.parse(code).months["format"][width]
            names |= {name.casefold().rstrip("."): number for number, name in months.items()}
    return names


@cache
def _named_days() -> tuple[re.Pattern[str], ...]:
    """12 April 2020, le 1er avril 2020; April 12, 2020."""
    month = "(?P<m>" + "|".join(sorted(map(re.escape, _months()), key=len, reverse=True)) + r")\b\.?"
    year = r"(?:,?\s+(?P<y>\d{4})\b)?"
    return (
        re.compile(rf"\b(?P<d>\d{{1,2}})(?:er|st|nd|rd|th)?\s+{month}{year}", re.IGNORECASE),
        re.compile(rf"\b{month}\s+(?P<d>\d{{1,2}})(?:st|nd|rd|th)?\b{year}", re.IGNORECASE),
    )

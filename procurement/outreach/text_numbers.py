"""Numbers and dates in a text, so that one text in two languages can be compared."""

import re
import unicodedata
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from typing import NamedTuple

from babel import Locale

MONTH_NAME_LOCALES = ("en", "fr_CA")  # locales with month names; Chinese numbers its months
MULTIPLIERS = {
    "万": 10**4,
    "百万": 10**6,
    "亿": 10**8,
    "千": 1000,
    "thousand": 1000,
    "mille": 1000,
} | dict.fromkeys(("million", "millions"), 10**6)
_ISO = re.compile(r"\b(?P<y>\d{4})[-/](?P<m>\d{1,2})[-/](?P<d>\d{1,2})\b")
_CHINESE = re.compile(r"(?:(?P<y>\d{4})\s*年\s*)?(?P<m>\d{1,2})\s*月\s*(?P<d>\d{1,2})\s*[日号]")
# Groups of three digits follow a comma or a space, also a narrow or non-breaking one; any other point or comma
# starts the decimals.
_NUMBER = re.compile(
    r"(?P<whole>\d{1,3}(?:[, \u00a0\u202f]\d{3})+(?!\d)|\d+)(?:[.,](?P<rest>\d+))?"
    r"(?:\s*(?P<times>" + "|".join(sorted(MULTIPLIERS, key=len, reverse=True)) + r"))?"
)


class TextNumber(NamedTuple):
    """A number or date in a text, as written, and its meaning.

    The meaning is ("number", value) or ("day", year or 0, month, day).
    """

    written_text: str
    value: tuple[str, Decimal | int, *tuple[int, ...]]


class NumberDifferences(NamedTuple):
    """Numbers and dates that appear in only one of two texts, as written there."""

    only_in_first: list[str]
    only_in_second: list[str]

    def __bool__(self) -> bool:
        """Return True if there are any differences."""
        return bool(self.only_in_first or self.only_in_second)


def compare_numbers(first: str, second: str) -> NumberDifferences:
    """Return the numbers and dates that appear in only one of two texts.

    How often each appears, and how it is written, does not matter.
    """
    here, there = list(find_numbers(first)), list(find_numbers(second))
    return NumberDifferences(_missing_numbers(here, there), _missing_numbers(there, here))


def find_numbers(text: str) -> Iterator[TextNumber]:
    """Yield the dates of a text, then its numbers."""
    plain = "".join(unicodedata.normalize("NFKC", sign) if sign.isdigit() else sign for sign in text)
    for pattern in (_ISO, _CHINESE, *_month_name_patterns()):
        for found in pattern.finditer(plain):
            yield TextNumber(found[0].strip(), _day(found))
        plain = pattern.sub(" · ", plain)
    for found in _NUMBER.finditer(plain):
        yield TextNumber(found[0].strip(), ("number", _value(found)))


def _missing_numbers(here: list[TextNumber], there: list[TextNumber]) -> list[str]:
    known = {figure.value for figure in there}
    return list(dict.fromkeys(figure.written_text for figure in here if figure.value not in known))


def _value(found: re.Match[str]) -> Decimal:
    whole = re.sub(r"\D", "", found["whole"])
    value = Decimal(f"{whole}.{found['rest'] or '0'}") * MULTIPLIERS.get(found["times"] or "", 1)
    return value.normalize()


def _day(found: re.Match[str]) -> tuple[str, int, int, int]:
    month = found["m"]
    number = int(month) if month.isdigit() else _month_numbers()[month.casefold().rstrip(".")]
    return ("day", int(found["y"] or 0), number, int(found["d"]))


@cache
def _month_numbers() -> dict[str, int]:
    """Return month numbers by name, full and abbreviated, in lower case without a final point."""
    names = {"sept": 9}  # as Django writes it
    for code in MONTH_NAME_LOCALES:
        for width in ("wide", "abbreviated"):
            months = Locale.parse(code).months["format"][width]
            names |= {name.casefold().rstrip("."): number for number, name in months.items()}
    return names


@cache
def _month_name_patterns() -> tuple[re.Pattern[str], ...]:
    """Return patterns for dates with month names: 12 April 2020, le 1er avril 2020; April 12, 2020."""
    month = "(?P<m>" + "|".join(sorted(map(re.escape, _month_numbers()), key=len, reverse=True)) + r")\b\.?"
    year = r"(?:,?\s+(?P<y>\d{4})\b)?"
    return (
        re.compile(rf"\b(?P<d>\d{{1,2}})(?:er|st|nd|rd|th)?\s+{month}{year}", re.IGNORECASE),
        re.compile(rf"\b{month}\s+(?P<d>\d{{1,2}})(?:st|nd|rd|th)?\b{year}", re.IGNORECASE),
    )

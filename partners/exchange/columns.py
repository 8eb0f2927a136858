"""How the cells of a column are read: each reader takes the text of a cell and gives a value, or says what is wrong with it."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache, partial
from types import MappingProxyType
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from partners.dates import Known, OutOfRange, Precision, read
from partners.exchange.faults import Bad
from partners.places import country_code, in_capitals, key, subdivision_code, time_zone, web_address
from workflow.errors import Words
from workflow.search import fold
from workflow.tongues import in_three

type Reader = Callable[[str], Any]

_WHOLE = re.compile(r"[0-9]{1,10}")  # bounded: Python refuses to read a number of thousands of digits
_YEAR_LAST = re.compile(r"[0-9]{1,2}([-/.])[0-9]{1,2}\1([0-9]{2}|[0-9]{4})")
_SERIAL = re.compile(r"[0-9]{5}")
_DEGREES = re.compile(r"[+-]?[0-9]{1,3}(\.[0-9]{1,30})?")  # no exponents: 1e9999999 is no place


@dataclass(frozen=True)
class Column:
    """A column: its name in the header, how its cells are read, whether a row needs one, and what else its heading may say."""

    name: str
    read: Reader
    required: bool = False
    label: Words = ""  # what a heading in words says, in the reader's language
    also: tuple[str, ...] = ()  # other headings that files of this kind bear


def within(longest: int, cell: str) -> str:
    """The cell, if it is not too long."""
    if len(cell) > longest:
        raise Bad(_("At most %(longest)s characters, please.") % {"longest": longest})
    return cell


def text(longest: int) -> Reader:
    """Words, of at most so many characters."""
    return partial(within, longest)


def choice(choices: type[TextChoices], also: Mapping[str, tuple[str, ...]] = MappingProxyType({})) -> Reader:
    """One of a list of words: as the register writes it, or as people call it in one of the three languages; `also`: and otherwise."""

    @cache
    def called() -> dict[str, str]:
        names = [
            (fold(name), value)
            for value in choices.values
            for name in (*in_three(choices(value).label).values(), *also.get(value, ()))
        ]
        return dict(reversed(names))  # the first of two that are called alike

    def read(cell: str) -> str:
        if not cell:
            return ""
        known = cell if cell in choices.values else called().get(fold(cell))
        if known is None:
            words = _("“%(cell)s” is not one of: %(choices)s.")
            raise Bad(words % {"cell": cell, "choices": ", ".join(str(one.label) for one in choices)})
        return known

    return read


def whole(least: int = 0, most: int = 10**9) -> Reader:
    """A whole number without separators; nothing for an empty cell."""

    def read(cell: str) -> int | None:
        if not cell:
            return None
        if not (_WHOLE.fullmatch(cell) and least <= int(cell) <= most):
            raise Bad(
                _("Write a whole number between %(least)s and %(most)s.") % {"least": least, "most": most}
            )
        return int(cell)

    return read


def degrees(most: int) -> Reader:
    """A latitude or longitude in decimal degrees; nothing for an empty cell."""

    def read(cell: str) -> Decimal | None:
        if not cell:
            return None
        if _DEGREES.fullmatch(cell) is None:
            raise Bad(_("Write degrees with a decimal point, for example 49.26636."))
        value = Decimal(cell)
        if abs(value) > most:
            raise Bad(_("Write degrees between -%(most)s and %(most)s.") % {"most": most})
        return value.quantize(Decimal("0.00001"))

    return read


def checked(check: Callable[[str], None], longest: int = 600) -> Reader:
    """Text that one of the validators of places.py takes; an empty cell stays empty."""

    def read(cell: str) -> str:
        if cell:
            try:
                check(cell)
            except ValidationError as error:
                raise Bad(error.messages[0]) from error
        return within(longest, cell)

    return read


def code(check: Callable[[str], None]) -> Reader:
    """A code that a validator of places.py takes, kept in capitals however it was typed."""
    read = checked(check)
    return lambda cell: read(in_capitals(cell))


def day(cell: str) -> Known:
    """A day as exactly as it is known."""
    try:
        return read(cell)
    except OutOfRange as error:
        raise Bad(error.words) from error
    except ValueError as error:
        raise Bad(_no_day(cell)) from error


def _no_day(cell: str) -> Words:
    if _YEAR_LAST.fullmatch(cell):
        words = _("In “%(cell)s” day and month can be mixed up. Write the year first: YYYY-MM-DD.")
        return words % {"cell": cell}
    if _SERIAL.fullmatch(cell):
        words = _(
            "“%(cell)s” is how a spreadsheet counts days. Format the column as dates and save the file again."
        )
        return words % {"cell": cell}
    return _("Write the day as YYYY, YYYY-MM or YYYY-MM-DD, as exactly as it is known.")


def whole_day(cell: str) -> date | None:
    """A day that is known exactly."""
    known = day(cell)
    if known and known.precision != Precision.DAY:
        raise Bad(_("Write the whole day, for example 2020-04-30."))
    return known.on


slug = checked(key, 80)
country = code(country_code)
subdivision = code(subdivision_code)
zone = checked(time_zone)
address = checked(web_address)

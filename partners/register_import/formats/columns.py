"""Columns of register files, and the readers that convert their cells to values or raise `CellError`."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache, partial
from types import MappingProxyType
from typing import Any

import pycountry
from django.core.exceptions import ValidationError
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from partners.partial_dates import PartialDate, Precision, YearOutOfRange, read_partial_date
from partners.place_labels import country_label
from partners.register_import.errors import CellError
from partners.validators import (
    EXTRA_COUNTRIES,
    is_country_code,
    normalize_code,
    validate_country_code,
    validate_key,
    validate_subdivision_code,
    validate_time_zone,
    validate_web_address,
)
from workflow.errors import LazyText
from workflow.i18n import translate_all
from workflow.search import fold_text

type Reader = Callable[[str], Any]

_WHOLE = re.compile(r"[0-9]{1,10}")  # bounded, because Python refuses to parse thousands of digits
_YEAR_LAST = re.compile(r"[0-9]{1,2}([-/.])[0-9]{1,2}\1([0-9]{2}|[0-9]{4})")
_SERIAL = re.compile(r"[0-9]{5}")
_DEGREES = re.compile(r"[+-]?[0-9]{1,3}(\.[0-9]{1,30})?")  # no exponents, such as 1e9999999


@dataclass(frozen=True)
class Column:
    """Column of a file: its name, the reader of its cells, whether it is required, and its other headings."""

    name: str
    cell_reader: Reader
    required: bool = False
    label: LazyText = ""  # heading in the language of the reader
    other_headings: tuple[str, ...] = ()  # other headings used in files of this kind


def limited_text(longest: int, cell: str) -> str:
    """Return the cell. Raises `CellError` if it is too long."""
    if len(cell) > longest:
        raise CellError(_("Enter at most %(longest)s characters.") % {"longest": longest})
    return cell


def text_reader(longest: int) -> Reader:
    """Return a reader for text with a maximum length."""
    return partial(limited_text, longest)


def choice_reader(
    choices: type[TextChoices], also: Mapping[str, tuple[str, ...]] = MappingProxyType({})
) -> Reader:
    """Return a reader for a choice: its value, its label in any of three languages, or a word of `also`."""

    @cache
    def values_by_name() -> dict[str, str]:
        names = [
            (fold_text(name), value)
            for value in choices.values
            for name in (*translate_all(choices(value).label).values(), *also.get(value, ()))
        ]
        return dict(reversed(names))  # of two values with the same word, the first counts

    def read(cell: str) -> str:
        if not cell:
            return ""
        known = cell if cell in choices.values else values_by_name().get(fold_text(cell))
        if known is None:
            message = _("“%(cell)s” is not one of these: %(choices)s.")
            raise CellError(message % {"cell": cell, "choices": ", ".join(str(one.label) for one in choices)})
        return known

    return read


def whole_number_reader(least: int = 0, most: int = 10**9) -> Reader:
    """Return a reader for a whole number without separators; None for an empty cell."""

    def read(cell: str) -> int | None:
        if not cell:
            return None
        if not (_WHOLE.fullmatch(cell) and least <= int(cell) <= most):
            raise CellError(
                _("Enter a whole number between %(least)s and %(most)s.") % {"least": least, "most": most}
            )
        return int(cell)

    return read


def degrees_reader(most: int) -> Reader:
    """Return a reader for a latitude or longitude in decimal degrees; None for an empty cell."""

    def read(cell: str) -> Decimal | None:
        if not cell:
            return None
        if _DEGREES.fullmatch(cell) is None:
            raise CellError(_("Enter degrees with a decimal point, for example 49.26636."))
        value = Decimal(cell)
        if abs(value) > most:
            raise CellError(_("Enter degrees between -%(most)s and %(most)s.") % {"most": most})
        return value.quantize(Decimal("0.00001"))

    return read


def validated_text_reader(check: Callable[[str], None], longest: int = 600) -> Reader:
    """Return a reader for text that a validator such as `validate_web_address` accepts. An empty cell stays empty."""

    def read(cell: str) -> str:
        if cell:
            try:
                check(cell)
            except ValidationError as error:
                raise CellError(error.messages[0]) from error
        return limited_text(longest, cell)

    return read


def code_reader(check: Callable[[str], None]) -> Reader:
    """Return a reader for a code that a validator such as `validate_country_code` accepts, in capitals."""
    read = validated_text_reader(check)
    return lambda cell: read(normalize_code(cell))


def read_partial_date_cell(cell: str) -> PartialDate:
    """Read a date with its precision."""
    try:
        return read_partial_date(cell)
    except YearOutOfRange as error:
        raise CellError(error.words) from error
    except ValueError as error:
        raise CellError(_date_error(cell)) from error


def _date_error(cell: str) -> LazyText:
    """Return the message for a cell that is not a date, with the likely mistake."""
    if _YEAR_LAST.fullmatch(cell):
        message = _("In “%(cell)s”, the day and month could be confused. Put the year first: YYYY-MM-DD.")
        return message % {"cell": cell}
    if _SERIAL.fullmatch(cell):
        message = _(
            "“%(cell)s” is a spreadsheet date number. Format the column as dates and save the file again."
        )
        return message % {"cell": cell}
    return _("Enter the date as YYYY, YYYY-MM or YYYY-MM-DD, as precisely as known.")


def read_whole_day_cell(cell: str) -> date | None:
    """Read a date that is known to the day. Raises `CellError` for a less exact one."""
    day = read_partial_date_cell(cell)
    if day and day.precision != Precision.DAY:
        raise CellError(_("Enter the full date, for example 2020-04-30."))
    return day.first_day


slug_reader = validated_text_reader(validate_key, 80)
country_reader = code_reader(validate_country_code)
subdivision_reader = code_reader(validate_subdivision_code)
time_zone_reader = validated_text_reader(validate_time_zone)
web_address_reader = validated_text_reader(validate_web_address)


def parse_country(cell: str) -> str:
    """Return the two-letter code of a country, or "" for an empty cell. Raises `CellError` for an unknown country."""
    code = normalize_code(cell)
    if not cell or is_country_code(code):
        return code
    found = _country_codes().get(fold_text(cell))
    if found is None:
        raise CellError(
            _("“%(cell)s” is not a country or region. Enter its name or a two-letter code such as CA.")
            % {"cell": cell}
        )
    return found


@cache
def _country_codes() -> dict[str, str]:
    """Return the two-letter codes by name, in all languages and forms, as `fold_text` writes it."""
    found: dict[str, str] = {}
    for country in pycountry.countries:
        labels = translate_all(partial(country_label, country.alpha_2)).values()
        for name in (country.alpha_3, country.name, getattr(country, "common_name", country.name), *labels):
            found.setdefault(fold_text(name), country.alpha_2)
    for code in EXTRA_COUNTRIES:
        for name in translate_all(partial(country_label, code)).values():
            found.setdefault(fold_text(name), code)
    return found

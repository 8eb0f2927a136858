"""Dates with the precision of their source: 2011, 2015-06, 2019-01-14, by the end of April 2020.

The functions use neither the database nor the current time.
"""

import calendar
import re
import unicodedata
from datetime import date
from typing import NamedTuple, Protocol

from django.db import models
from django.utils.translation import gettext_lazy as _

FIRST_YEAR, LAST_YEAR = 1800, 2199  # cities twin since the 20th century; other years are typing errors
_WRITTEN = re.compile(r"^(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?$", re.ASCII)
# Other notations with the year first: 1985/5/1, 1985.5.1, 1985年5月, 1985-05-01 00:00:00. Two parts with a
# point are not accepted, because a spreadsheet reads 1985.10 as a number and writes 1985.1.
_YEAR_FIRST = re.compile(
    r"(\d{4})(?:年|[-/年](\d{1,2})月?|[-/.年](\d{1,2})[-/.月](\d{1,2})日?)?(?:[T ]\d{1,2}:\d{2}(?::\d{2})?)?",
    re.ASCII,
)


class Precision(models.TextChoices):
    """Precision of a date. The stored date is the first day of the known period."""

    DAY = "day", _("exact date")
    MONTH = "month", _("month only")
    YEAR = "year", _("year only")
    BY_END_OF_MONTH = "by_end_of_month", _("by the end of the month")
    FROM_DATE = "from_date", _("on or after the date")


class PartialDate(NamedTuple):
    """Date with its precision; both are empty if no source gives a date."""

    first_day: date | None = None
    precision: str = ""

    def __bool__(self) -> bool:
        return self.first_day is not None

    @property
    def last_day(self) -> date | None:
        """Last possible date, as far as the source limits it: the end of its month or year."""
        if self.first_day is None or self.precision in (Precision.DAY, Precision.FROM_DATE):
            return self.first_day
        month = 12 if self.precision == Precision.YEAR else self.first_day.month
        return date(self.first_day.year, month, calendar.monthrange(self.first_day.year, month)[1])

    @property
    def iso_text(self) -> str:
        """Date as written in a file, with as many parts as are known."""
        if self.first_day is None:
            return ""
        length = {Precision.YEAR: 4, Precision.MONTH: 7, Precision.BY_END_OF_MONTH: 7}.get(
            Precision(self.precision), 10
        )
        return self.first_day.isoformat()[:length]

    @property
    def iso_text_with_precision(self) -> str:
        """Date as in `iso_text`, plus a precision that the parts do not show: 2020-04 by_end_of_month.

        `read_partial_date` accepts this format.
        """
        special = self.precision in (Precision.BY_END_OF_MONTH, Precision.FROM_DATE)
        return f"{self.iso_text} {self.precision}" if special else self.iso_text


UNKNOWN_DATE = PartialDate()


class AgreementDateColumns(Protocol):
    """Columns of the dates of an agreement; each date has two."""

    @property
    def signed_on(self) -> date | None: ...
    @property
    def signed_precision(self) -> str: ...
    @property
    def expires_on(self) -> date | None: ...
    @property
    def expires_precision(self) -> str: ...
    @property
    def ended_on(self) -> date | None: ...
    @property
    def ended_precision(self) -> str: ...


class PartialDatesMixin:
    """Mixin that gives the dates of an agreement as values.

    It works for any object with these columns: a row of the register, or a tuple of some of its columns.
    """

    __slots__ = ()

    @property
    def signed(self: AgreementDateColumns) -> PartialDate:
        """Date of the signing, as exact as the source."""
        return PartialDate(self.signed_on, self.signed_precision)

    @property
    def expires(self: AgreementDateColumns) -> PartialDate:
        """Date until which the agreement was concluded."""
        return PartialDate(self.expires_on, self.expires_precision)

    @property
    def ended(self: AgreementDateColumns) -> PartialDate:
        """Date when the agreement was ended or suspended."""
        return PartialDate(self.ended_on, self.ended_precision)


class YearOutOfRange(ValueError):
    """Date in a year that no source of the register has, such as 0201 or 20119. Carries the error message."""

    def __init__(self) -> None:
        self.words = _("Enter a year between %(first)s and %(last)s.") % {
            "first": FIRST_YEAR,
            "last": LAST_YEAR,
        }
        super().__init__(str(self.words))


def parse_partial_date(text: str, precision: str = "") -> PartialDate:
    """Parse YYYY, YYYY-MM or YYYY-MM-DD. The precision follows from the parts unless one is given.

    Raises ValueError for any other text, for a date that does not exist, and for a precision that does not
    fit the parts. Raises YearOutOfRange, a ValueError, for a year before 1800 or after 2199.
    """
    if not text:
        return UNKNOWN_DATE
    match = _WRITTEN.match(text)
    if match is None:
        raise ValueError(text)
    year, month, day = match.groups()
    parts = Precision.DAY if day else Precision.MONTH if month else Precision.YEAR
    named = Precision(precision) if precision else parts
    if named not in _BORNE_BY[parts]:
        raise ValueError(precision)
    if not FIRST_YEAR <= int(year) <= LAST_YEAR:
        raise YearOutOfRange
    return PartialDate(date(int(year), int(month or 1), int(day or 1)), named)


def read_partial_date(text: str) -> PartialDate:
    """Read a date as `PartialDate.exact` writes it, or in a common notation with the year first.

    The precision follows from the parts, unless the text ends with one. Raises ValueError as
    `parse_partial_date` does, and also if the year comes last: 05/06/1985 may mean 5 June or 6 May.
    """
    text = unicodedata.normalize("NFKC", text).strip()
    day, _space, precision = text.rpartition(" ")
    if precision not in Precision.values:
        day, precision = text, ""
    elif not day:
        raise ValueError(text)
    day = day.replace(" ", "") if "年" in day else day
    match = _YEAR_FIRST.fullmatch(day)
    return parse_partial_date(
        "-".join(part.zfill(2) for part in match.groups() if part) if match else day, precision
    )


_BORNE_BY = {
    Precision.DAY: (Precision.DAY, Precision.FROM_DATE),
    Precision.MONTH: (Precision.MONTH, Precision.BY_END_OF_MONTH),
    Precision.YEAR: (Precision.YEAR,),
}

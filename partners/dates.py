"""Days as a source knows them: 2011, 2015-06, 2019-01-14, by the end of April 2020. Values only: no rows, no clock."""

import calendar
import re
import unicodedata
from datetime import date
from typing import NamedTuple, Protocol

from django.db import models
from django.utils.translation import gettext_lazy as _

FIRST_YEAR, LAST_YEAR = 1800, 2199  # towns twin since the twentieth century; a year beyond is a slip
_WRITTEN = re.compile(r"^(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?$", re.ASCII)
# The same as people and spreadsheets write it, the year first: 1985/5/1, 1985.5.1, 1985年5月, 1985-05-01 00:00:00. Two parts with a
# point are none: a spreadsheet takes 1985.10 for a number, and writes 1985.1.
_YEAR_FIRST = re.compile(
    r"(\d{4})(?:年|[-/年](\d{1,2})月?|[-/.年](\d{1,2})[-/.月](\d{1,2})日?)?(?:[T ]\d{1,2}:\d{2}(?::\d{2})?)?",
    re.ASCII,
)


class Precision(models.TextChoices):
    """How exactly a source knows a day. The stored date is the first day of what is known."""

    DAY = "day", _("on the day")
    MONTH = "month", _("in the month")
    YEAR = "year", _("in the year")
    BY_END_OF_MONTH = "by_end_of_month", _("by the end of the month")
    FROM_DATE = "from_date", _("on or after the day")


class Known(NamedTuple):
    """A day and how exactly it is known; no day and no precision for one that no source gives."""

    on: date | None = None
    precision: str = ""

    def __bool__(self) -> bool:
        return self.on is not None

    @property
    def last(self) -> date | None:
        """The last day it can be, as far as the source limits it: the end of its month or year."""
        if self.on is None or self.precision in (Precision.DAY, Precision.FROM_DATE):
            return self.on
        month = 12 if self.precision == Precision.YEAR else self.on.month
        return date(self.on.year, month, calendar.monthrange(self.on.year, month)[1])

    @property
    def written(self) -> str:
        """As it stands in a file: as many parts as are known."""
        if self.on is None:
            return ""
        length = {Precision.YEAR: 4, Precision.MONTH: 7, Precision.BY_END_OF_MONTH: 7}.get(
            Precision(self.precision), 10
        )
        return self.on.isoformat()[:length]

    @property
    def exact(self) -> str:
        """The same, followed by its precision where the parts do not show it: 2020-04 by_end_of_month. `read` takes it back."""
        special = self.precision in (Precision.BY_END_OF_MONTH, Precision.FROM_DATE)
        return f"{self.written} {self.precision}" if special else self.written


UNKNOWN = Known()


class Columns(Protocol):
    """The days of an agreement in the two columns each of them stands in."""

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


class Days:
    """The days of an agreement as values, for whatever has their columns: a row of the register, or a tuple of a few of its columns."""

    __slots__ = ()

    @property
    def signed(self: Columns) -> Known:
        """When it was signed, as exactly as the source says."""
        return Known(self.signed_on, self.signed_precision)

    @property
    def expires(self: Columns) -> Known:
        """Until when it was agreed."""
        return Known(self.expires_on, self.expires_precision)

    @property
    def ended(self: Columns) -> Known:
        """When it was ended, or suspended."""
        return Known(self.ended_on, self.ended_precision)


class OutOfRange(ValueError):
    """A day in a year of which no source of the register speaks: 0201 or 20119. Carries the sentence that says so."""

    def __init__(self) -> None:
        self.words = _("Give a year between %(first)s and %(last)s.") % {
            "first": FIRST_YEAR,
            "last": LAST_YEAR,
        }
        super().__init__(str(self.words))


def parse(text: str, precision: str = "") -> Known:
    """Read YYYY, YYYY-MM or YYYY-MM-DD. The parts given are the precision, unless one is named that fits them.

    Raises ValueError for anything else, for a day that does not exist, and for a precision the parts do not bear; OutOfRange, which
    is one too, for a year before 1800 or after 2199.
    """
    if not text:
        return UNKNOWN
    match = _WRITTEN.match(text)
    if match is None:
        raise ValueError(text)
    year, month, day = match.groups()
    parts = Precision.DAY if day else Precision.MONTH if month else Precision.YEAR
    named = Precision(precision) if precision else parts
    if named not in _BORNE_BY[parts]:
        raise ValueError(precision)
    if not FIRST_YEAR <= int(year) <= LAST_YEAR:
        raise OutOfRange
    return Known(date(int(year), int(month or 1), int(day or 1)), named)


def read(text: str) -> Known:
    """A day as `Known.exact` writes it, or as people do with the year first; the parts are the precision unless one follows them.

    Raises ValueError as `parse` does: also where the year comes last, since nobody can tell 5 June from 6 May in 05/06/1985.
    """
    text = unicodedata.normalize("NFKC", text).strip()
    day, _space, precision = text.rpartition(" ")
    if precision not in Precision.values:
        day, precision = text, ""
    elif not day:
        raise ValueError(text)
    day = day.replace(" ", "") if "年" in day else day
    match = _YEAR_FIRST.fullmatch(day)
    return parse("-".join(part.zfill(2) for part in match.groups() if part) if match else day, precision)


_BORNE_BY = {
    Precision.DAY: (Precision.DAY, Precision.FROM_DATE),
    Precision.MONTH: (Precision.MONTH, Precision.BY_END_OF_MONTH),
    Precision.YEAR: (Precision.YEAR,),
}

"""Exchanges grouped by year, the newest year first; those known only to their year separately. No database access."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

from partners.partial_dates import PartialDate, Precision


class HasPartialDate(Protocol):
    """Protocol of an object with a date of some precision."""

    @property
    def when(self) -> PartialDate: ...


@dataclass(frozen=True)
class TimelineYear[D: HasPartialDate]:
    """Year with its events: those with a known day or month, and those known only to the year."""

    year: int
    dated: list[D] = field(default_factory=list)
    known_only_to_year: list[D] = field(default_factory=list)

    @property
    def when(self) -> PartialDate:
        """The year as a partial date, to show it like other dates."""
        return PartialDate(date(self.year, 1, 1), Precision.YEAR)


def group_by_year[D: HasPartialDate](things: Iterable[D]) -> list[TimelineYear[D]]:
    """Return the years that have events, the newest first, with their events in the given order.

    An event "by the end of April 2020" or "on or after" a date belongs to the year of that date; its text
    shows the precision.
    """
    years: dict[int, TimelineYear[D]] = {}
    for thing in things:
        when = thing.when
        if when.first_day is None:
            continue
        year = years.setdefault(when.first_day.year, TimelineYear(when.first_day.year))
        (year.known_only_to_year if when.precision == Precision.YEAR else year.dated).append(thing)
    return [years[number] for number in sorted(years, reverse=True)]

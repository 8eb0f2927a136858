"""What passed, told by years: the newest first, and apart what is known to its year alone. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

from partners.dates import Known, Precision


class Dated(Protocol):
    """Something with a day, as exactly as it is known."""

    @property
    def when(self) -> Known: ...


@dataclass(frozen=True)
class Year[D: Dated]:
    """A year with what happened on a known day or month of it, the newest first; and what is known to the year alone."""

    number: int
    dated: list[D] = field(default_factory=list)
    undated: list[D] = field(default_factory=list)

    @property
    def when(self) -> Known:
        """The year itself."""
        return Known(date(self.number, 1, 1), Precision.YEAR)


def by_year[D: Dated](things: Iterable[D]) -> list[Year[D]]:
    """The years in which something happened, the newest first, each with what it holds in the order given.

    What happened "by the end of April 2020" or "on or after" a day stands in the year of that day: its words say how exact it is.
    """
    found: dict[int, Year[D]] = {}
    for thing in things:
        when = thing.when
        if when.on is None:
            continue
        year = found.setdefault(when.on.year, Year(when.on.year))
        (year.undated if when.precision == Precision.YEAR else year.dated).append(thing)
    return [found[number] for number in sorted(found, reverse=True)]

"""Offers side by side: which of several values is best, whether they differ at all, and when goods would be in hand. Pure."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from enum import Enum
from typing import Any, NamedTuple

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from workflow.errors import Words

LEAST, MOST = 2, 5  # offers side by side


class Best(Enum):
    """What makes a value the best of several, and the word it is marked with."""

    LOWEST = "lowest"
    MOST = "most"
    SOONEST = "soonest"
    LATEST = "latest"
    FEWEST = "fewest"
    BEST = "best"

    @property
    def word(self) -> Words:
        """The word beside the best value."""
        return _WORDS[self]


_WORDS = {
    Best.LOWEST: pgettext_lazy("the best of several", "lowest"),
    Best.MOST: pgettext_lazy("the best of several", "most"),
    Best.SOONEST: pgettext_lazy("the best of several", "soonest"),
    Best.LATEST: pgettext_lazy("the best of several", "latest"),
    Best.FEWEST: pgettext_lazy("the best of several", "fewest"),
    Best.BEST: pgettext_lazy("the best of several", "best"),
}
_PICK: dict[Best, Callable[[Sequence[Any]], Any]] = {
    Best.LOWEST: min,
    Best.SOONEST: min,
    Best.FEWEST: min,
    Best.MOST: max,
    Best.LATEST: max,
    Best.BEST: max,
}
NOT_KNOWN: Words = _("not known")


class Value(NamedTuple):
    """One attribute of one offer: what it is compared by (None: not known), how it reads, and the plain figure of a sheet."""

    rank: Any
    text: Words
    plain: Any = None


UNKNOWN = Value(None, NOT_KNOWN)


def best_of(ranks: Sequence[Any], best: Best | None) -> frozenset[int]:
    """The places of the best values. None where nothing is better than anything else: under two known, or all known alike.

    A tie marks each of the best. What is not known is never the best, and never makes another worse.
    """
    known = [rank for rank in ranks if rank is not None]
    if best is None or len(known) < LEAST or len(set(known)) == 1:
        return frozenset()
    winner = _PICK[best](known)
    return frozenset(place for place, rank in enumerate(ranks) if rank == winner)


def differ(values: Sequence[Value]) -> bool:
    """Whether any two differ. One that is not known differs from one that is; what cannot be ranked differs by its words."""
    return len({value.rank if value.rank is not None else str(value.text) for value in values}) > 1


def in_hand(on: date, *, ready_on: date | None, lead_days: int | None, travel: int | None) -> date | None:
    """The first day the goods could be here by one way of freight; None where the days of that way are not said.

    Counted from the day the goods are ready, or from `on` where that is past or not said, with the days to make them on top.
    """
    if travel is None:
        return None
    return max(on, ready_on or on) + timedelta(days=(lead_days or 0) + travel)

"""Rules for comparing offers: the best of several values, differences, and arrival dates."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from enum import Enum
from typing import Any, NamedTuple

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from workflow.errors import LazyText

MIN_COMPARED, MAX_COMPARED = 2, 5  # offers side by side


class BestRule(Enum):
    """The rule that picks the best of several values, and the word that marks it."""

    LOWEST = "lowest"
    MOST = "most"
    SOONEST = "soonest"
    LATEST = "latest"
    FEWEST = "fewest"
    BEST = "best"

    @property
    def label(self) -> LazyText:
        """The word shown beside the best value."""
        return _BEST_LABELS[self]


_BEST_LABELS = {
    BestRule.LOWEST: pgettext_lazy("the best of several", "lowest"),
    BestRule.MOST: pgettext_lazy("the best of several", "most"),
    BestRule.SOONEST: pgettext_lazy("the best of several", "soonest"),
    BestRule.LATEST: pgettext_lazy("the best of several", "latest"),
    BestRule.FEWEST: pgettext_lazy("the best of several", "fewest"),
    BestRule.BEST: pgettext_lazy("the best of several", "best"),
}
_PICK_BY_RULE: dict[BestRule, Callable[[Sequence[Any]], Any]] = {
    BestRule.LOWEST: min,
    BestRule.SOONEST: min,
    BestRule.FEWEST: min,
    BestRule.MOST: max,
    BestRule.LATEST: max,
    BestRule.BEST: max,
}
UNKNOWN_LABEL: LazyText = _("unknown")


class ComparedValue(NamedTuple):
    """One attribute of one offer.

    `rank` is the value to compare by (None: not known), `text` the words on the page, `spreadsheet_value` the figure
    for a spreadsheet.
    """

    rank: Any
    text: LazyText
    spreadsheet_value: Any = None


UNKNOWN_VALUE = ComparedValue(None, UNKNOWN_LABEL)


def best_positions(ranks: Sequence[Any], best: BestRule | None) -> frozenset[int]:
    """Return the positions of the best values.

    Empty if fewer than two values are known, or if all known values are equal. If values tie, each of the
    best is marked. An unknown value is never the best and never makes another value worse.
    """
    known = [rank for rank in ranks if rank is not None]
    if best is None or len(known) < MIN_COMPARED or len(set(known)) == 1:
        return frozenset()
    winner = _PICK_BY_RULE[best](known)
    return frozenset(position for position, rank in enumerate(ranks) if rank == winner)


def is_different(values: Sequence[ComparedValue]) -> bool:
    """Return True if any two values differ.

    A known value differs from an unknown one. Values that cannot be ranked are compared by their words.
    """
    return len({value.rank if value.rank is not None else str(value.text) for value in values}) > 1


def arrival_day(on: date, *, ready_on: date | None, lead_days: int | None, travel: int | None) -> date | None:
    """Return the first day the goods could arrive by one mode of freight, or None without travel days.

    Counts from the day the goods are ready, or from `on` if that day is past or unknown. `lead_days` and
    `travel` are days.
    """
    if travel is None:
        return None
    return max(on, ready_on or on) + timedelta(days=(lead_days or 0) + travel)

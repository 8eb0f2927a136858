"""What passed between two places, and what that makes of the tie: active, given through, or neither. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from partners.register.standing import Agreement

ACTIVE_SINCE = date(2015, 1, 1)  # the article's rule: at least one exchange since 2015
DONATION = "ppe_donation"

type Pair = frozenset[int]


class Passed(Protocol):
    """The facts of an exchange that count here: an Exchange, or anything with the same values."""

    @property
    def from_city_id(self) -> int: ...

    @property
    def to_city_id(self) -> int: ...

    @property
    def on(self) -> date: ...

    @property
    def kind(self) -> str: ...

    @property
    def counts(self) -> bool: ...


@dataclass(frozen=True)
class Tie:
    """An agreement seen from one of its sides."""

    city: int
    partner: int
    agreement: Agreement

    @property
    def pair(self) -> Pair:
        """Both sides, whichever looks."""
        return frozenset((self.city, self.partner))


def active_pairs(exchanges: Iterable[Passed], since: date, on: date) -> frozenset[Pair]:
    """The pairs of places with at least one exchange between the two days. Cancelled visits and undelivered offers do not count.

    An exchange known only to its month or year counts from the first day of it.
    """
    return frozenset(
        frozenset((passed.from_city_id, passed.to_city_id))
        for passed in exchanges
        if passed.counts and since <= passed.on <= on
    )


def gifts(exchanges: Iterable[Passed], since: date, on: date) -> frozenset[tuple[int, int]]:
    """Who gave protective equipment to whom between the two days, as (giver, receiver)."""
    return frozenset(
        (passed.from_city_id, passed.to_city_id)
        for passed in exchanges
        if passed.kind == DONATION and since <= passed.on <= on
    )

"""Which ties could carry more than they do: who gives to others and not here, who was never asked, and how many there are. Pure."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from partners.register.passed import ACTIVE_SINCE, Passed, Tie, active_pairs, gifts
from partners.register.standing import Standing, holds, status_on


class Untried(StrEnum):
    """Why a tie is worth a question."""

    GIVES_TO_OTHERS = "gives_to_others"  # has given equipment to others, and nothing here
    NEVER_ASKED = "never_asked"


@dataclass(frozen=True)
class Untapped:
    """A tie that could carry more, and why."""

    tie: Tie
    reasons: frozenset[Untried]


def untapped(
    ties: Iterable[Tie],
    exchanges: Collection[Passed],
    asked: Collection[tuple[int, int]],
    *,
    since: date,
    on: date,
    active_since: date = ACTIVE_SINCE,
) -> list[Untapped]:
    """The ties in force and active on a day whose partner has given equipment to others since `since` and nothing to this side,
    and those whose partner this side has never asked (`asked` holds (city, partner)). In the order of the ties.

    A gift to this side counts whenever it came: nobody is told of having given nothing who gave before `since`.
    """
    active, given = active_pairs(exchanges, active_since, on), gifts(exchanges, date.min, on)
    givers = {giver for giver, _receiver in gifts(exchanges, since, on)}
    found = []
    for tie in ties:
        if status_on(tie.agreement, on) is not Standing.IN_FORCE or tie.pair not in active:
            continue
        reasons = set()
        if tie.partner in givers and (tie.partner, tie.city) not in given:
            reasons.add(Untried.GIVES_TO_OTHERS)
        if (tie.city, tie.partner) not in asked:
            reasons.add(Untried.NEVER_ASKED)
        if reasons:
            found.append(Untapped(tie, frozenset(reasons)))
    return found


@dataclass(frozen=True, kw_only=True)
class Figures:
    """The article's questions, answered from the rows there are."""

    agreements: int
    cities_here: int
    cities_there: int
    active: int
    donors_abroad: int
    donors_with_active_ties: int
    donors_here: int


def figures(
    ties: Iterable[Tie],
    exchanges: Collection[Passed],
    there: Collection[int],
    on: date,
    active_since: date = ACTIVE_SINCE,
) -> Figures:
    """Count over ties seen from here to places `there`, ended ones left out: how many, between how many cities, how many active.

    Of the places there that have a tie: how many gave equipment abroad, how many of those have an active tie, how many gave here.
    """
    standing = [tie for tie in ties if tie.partner in there and holds(tie.agreement, on)]
    active, given = active_pairs(exchanges, active_since, on), gifts(exchanges, date.min, on)
    here, partners = {tie.city for tie in standing}, {tie.partner for tie in standing}
    abroad = {giver for giver, receiver in given if giver in partners and receiver not in there}
    with_active = {tie.partner for tie in standing if tie.pair in active}
    return Figures(
        agreements=len(standing),
        cities_here=len(here),
        cities_there=len(partners),
        active=sum(tie.pair in active for tie in standing),
        donors_abroad=len(abroad),
        donors_with_active_ties=len(abroad & with_active),
        donors_here=len({giver for giver, receiver in given if giver in partners and receiver in here}),
    )

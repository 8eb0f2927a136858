"""What the register says on a day: whether a tie holds, whether it is active, whom nobody has asked. Pure.

Works on plain values, so that one reading of the rows answers for a city, a page and the whole network.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Protocol

from partners.dates import Known

ACTIVE_SINCE = date(2015, 1, 1)  # the article's rule: at least one exchange since 2015


class Standing(StrEnum):
    """What holds between two places on a day."""

    IN_FORCE = "in_force"
    EXPIRED = "expired"
    TERMINATED = "terminated"
    SUSPENDED = "suspended"
    UNKNOWN = "unknown"


ENDED = frozenset({Standing.EXPIRED, Standing.TERMINATED, Standing.SUSPENDED})


class Agreement(Protocol):
    """The facts of a tie that its standing rests on: a Twinning, or anything with the same values."""

    @property
    def status(self) -> str: ...

    @property
    def ended_why(self) -> str: ...

    @property
    def certain(self) -> bool: ...

    @property
    def recorded_on(self) -> date: ...

    @property
    def signed(self) -> Known: ...

    @property
    def expires(self) -> Known: ...

    @property
    def ended(self) -> Known: ...


def status_on(twinning: Agreement, on: date) -> Standing:
    """What holds on a day.

    A signing known to the year or month counts from its first day: the agreement is one of that year. Before it, nothing is known
    to hold. An expiry counts from the day after it, an end from its own day; one known only to the year or month is settled after
    the span, and within it nobody knows: unknown. Ended without a day: from the day after its expiry, or else from its
    source's day. No signed date and not ended: in force, since an unknown day, unless no source says that it is.
    """
    signed, expires = twinning.signed, twinning.expires
    if signed.on is not None and on < signed.on:
        return Standing.UNKNOWN
    past_end = _past(_end_of(twinning), on) if twinning.status != "recorded" else False
    if past_end:
        return Standing(twinning.ended_why or "suspended")
    past_expiry = _past(_day_after(expires), on) if expires else False
    if past_expiry:
        return Standing.EXPIRED
    if past_end is None or past_expiry is None or not twinning.certain:
        return Standing.UNKNOWN
    return Standing.IN_FORCE


def begun(twinning: Agreement, on: date) -> bool:
    """Whether a tie had been signed by a day, as far as its sources say."""
    return twinning.signed.on is None or twinning.signed.on <= on


def holds(twinning: Agreement, on: date) -> bool:
    """Whether a tie may be used on a day: signed by then, and neither ended, expired nor suspended."""
    return begun(twinning, on) and status_on(twinning, on) not in ENDED


def _end_of(twinning: Agreement) -> Known:
    if twinning.ended:
        return twinning.ended
    expired = twinning.ended_why == Standing.EXPIRED and twinning.expires
    return _day_after(twinning.expires) if expired else Known(twinning.recorded_on, "day")


def _day_after(known: Known) -> Known:
    """The first day on which something agreed until a day holds no more; none after the calendar's last day."""
    if known.on is None or known.on == date.max:
        return Known()
    return Known(known.on + timedelta(days=1), known.precision) if known.on == known.last else known


def _past(known: Known, on: date) -> bool | None:
    """Whether a day has come: yes, no, or None where the source is too coarse to say."""
    first, last = known.on, known.last
    if first is None or last is None or on < first:
        return False
    return True if first == last or on > last else None


# --- what passed between places ---------------------------------------------------------------------------------
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
        if passed.kind == "ppe_donation" and since <= passed.on <= on
    )


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
    """
    active, given = active_pairs(exchanges, active_since, on), gifts(exchanges, since, on)
    givers = {giver for giver, _receiver in given}
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

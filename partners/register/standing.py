"""What holds between two places on a day: in force, expired, terminated, suspended, or nobody knows. Pure: facts in, a word out."""

from datetime import date, timedelta
from enum import StrEnum
from typing import Protocol

from partners.dates import Known


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
    signed = twinning.signed.on
    return signed is None or signed <= on


def holds(twinning: Agreement, on: date) -> bool:
    """Whether a tie may be used on a day: signed by then, and neither ended, expired nor suspended.

    What somebody ended or suspended "in 2020" may be over on any day of 2020: nobody is asked through it from the first on, though
    the register cannot say for such a day what held.
    """
    return begun(twinning, on) and status_on(twinning, on) not in ENDED and not _may_be_over(twinning, on)


def how_it_ended(twinning: Agreement, on: date) -> Standing | None:
    """How a tie that began and may not be used on a day came to its end; None for one that may, or that has yet to begin."""
    if not begun(twinning, on) or holds(twinning, on):
        return None
    standing = status_on(twinning, on)
    return standing if standing in ENDED else Standing(twinning.ended_why or Standing.SUSPENDED)


def _may_be_over(twinning: Agreement, on: date) -> bool:
    return twinning.status != "recorded" and _past(_end_of(twinning), on) is not False


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

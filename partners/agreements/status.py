"""Status of an agreement on a date: in force, expired, terminated, suspended or unknown. No database access."""

from datetime import date, timedelta
from enum import StrEnum
from typing import Protocol

from partners.partial_dates import PartialDate


class AgreementStatus(StrEnum):
    """Status of an agreement on a date."""

    IN_FORCE = "in_force"
    EXPIRED = "expired"
    TERMINATED = "terminated"
    SUSPENDED = "suspended"
    UNKNOWN = "unknown"


ENDED_STATUSES = frozenset({AgreementStatus.EXPIRED, AgreementStatus.TERMINATED, AgreementStatus.SUSPENDED})


class AgreementStatusFacts(Protocol):
    """Protocol of the values that decide the status of an agreement."""

    @property
    def status(self) -> str: ...

    @property
    def ended_why(self) -> str: ...

    @property
    def certain(self) -> bool: ...

    @property
    def recorded_on(self) -> date: ...

    @property
    def signed(self) -> PartialDate: ...

    @property
    def expires(self) -> PartialDate: ...

    @property
    def ended(self) -> PartialDate: ...


def agreement_status_on(agreement: AgreementStatusFacts, on: date) -> AgreementStatus:
    """Return the status of an agreement on a date.

    - Signing: a signing known only to its year or month counts from the first day of that period. Before the
      signing, the status is unknown.
    - Expiry: the agreement is expired from the day after the expiry date.
    - End: it is ended from the date of its end on. If the date of the end is not known, it is ended from the
      day after its expiry if it expired, otherwise from the date of its source.
    - An expiry or end known only to its year or month is certain after that period. Within the period, the
      status is unknown.
    - An agreement that has not ended and has no known signing date is in force, unless no source confirms
      that.
    """
    signed, expires = agreement.signed, agreement.expires
    if signed.first_day is not None and on < signed.first_day:
        return AgreementStatus.UNKNOWN
    past_end = _is_past(_first_day_after_end(agreement), on) if agreement.status != "recorded" else False
    if past_end:
        return AgreementStatus(agreement.ended_why or "suspended")
    past_expiry = _is_past(_day_after(expires), on) if expires else False
    if past_expiry:
        return AgreementStatus.EXPIRED
    if past_end is None or past_expiry is None or not agreement.certain:
        return AgreementStatus.UNKNOWN
    return AgreementStatus.IN_FORCE


def has_begun(agreement: AgreementStatusFacts, on: date) -> bool:
    """Return True if an agreement was signed by a date, as far as its sources show."""
    signed = agreement.signed.first_day
    return signed is None or signed <= on


def is_in_force(agreement: AgreementStatusFacts, on: date) -> bool:
    """Return True if an agreement may be used on a date: signed, and not ended, expired or suspended.

    An agreement that was ended or suspended "in 2020" may not be used from the first day of 2020 on, because
    it may be over on any day of that year.
    """
    return (
        has_begun(agreement, on)
        and agreement_status_on(agreement, on) not in ENDED_STATUSES
        and not _may_have_ended(agreement, on)
    )


def ended_status(agreement: AgreementStatusFacts, on: date) -> AgreementStatus | None:
    """Return how an agreement has ended (expired, terminated or suspended) by a date, or None.

    None if it may still be used on that date, or was not signed by then.
    """
    if not has_begun(agreement, on) or is_in_force(agreement, on):
        return None
    status = agreement_status_on(agreement, on)
    return (
        status
        if status in ENDED_STATUSES
        else AgreementStatus(agreement.ended_why or AgreementStatus.SUSPENDED)
    )


def _may_have_ended(agreement: AgreementStatusFacts, on: date) -> bool:
    return agreement.status != "recorded" and _is_past(_first_day_after_end(agreement), on) is not False


def _first_day_after_end(agreement: AgreementStatusFacts) -> PartialDate:
    """Return the first day on which an ended agreement no longer holds, as exactly as it is known."""
    if agreement.ended:
        return agreement.ended
    expired = agreement.ended_why == AgreementStatus.EXPIRED and agreement.expires
    return _day_after(agreement.expires) if expired else PartialDate(agreement.recorded_on, "day")


def _day_after(expires: PartialDate) -> PartialDate:
    """Return the first day after an expiry date; an unknown date after the last day of the calendar."""
    if expires.first_day is None or expires.first_day == date.max:
        return PartialDate()
    return (
        PartialDate(expires.first_day + timedelta(days=1), expires.precision)
        if expires.first_day == expires.last_day
        else expires
    )


def _is_past(partial_date: PartialDate, on: date) -> bool | None:
    """Return True if `on` has reached a date, False if not, and None if the date is not exact enough to tell."""
    first, last = partial_date.first_day, partial_date.last_day
    if first is None or last is None or on < first:
        return False
    return True if first == last or on > last else None

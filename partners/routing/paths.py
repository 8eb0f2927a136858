"""Paths from an asking city to possible contacts: own city, partner city, or through a partner. No database access."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import IntEnum
from typing import NamedTuple

from partners.agreements.status import (
    AgreementStatus,
    AgreementStatusFacts,
    agreement_status_on,
    has_begun,
    is_in_force,
)
from workflow.errors import LazyText


@dataclass(frozen=True, kw_only=True)
class RoutingPlace:
    """Location of a city, or of the subject of an inquiry.

    The location of a subject may lack the city, or also the province, or also the country.
    """

    city_id: int | None = None
    subdivision: str = ""
    country: str = ""

    def holds(self, other: "RoutingPlace") -> bool:
        """Return True if another place is this one or inside it, as far as this one is specified."""
        if self.city_id is not None:
            return self.city_id == other.city_id
        if self.subdivision:
            return self.subdivision == other.subdivision
        return not self.country or self.country == other.country


@dataclass(frozen=True, kw_only=True)
class AgreementLink:
    """Agreement of a city for routing: the other city and its name, the agreement, and if it is active."""

    city_id: int
    name: LazyText
    agreement: AgreementStatusFacts
    active: bool = False


@dataclass(frozen=True, kw_only=True)
class RoutingInquiry:
    """Inquiry for which contacts are ranked: the asking city, the place, the goods and the languages.

    An empty family, check or language means any.
    """

    city_id: int
    place: RoutingPlace
    ties: tuple[AgreementLink, ...] = ()  # agreements of the asking city
    family: str = ""
    check: str = ""
    language: str = ""


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """Contact who might answer, with the agreements of their city.

    `off` means that the date is a holiday where they are. `deputies` are the contacts who answer when this
    one cannot; `name` is shown when a deputy does. `mail_returned` means that e-mail to this contact bounces.
    """

    contact_id: int
    place: RoutingPlace
    ties: tuple[AgreementLink, ...] = ()
    languages: frozenset[str] = frozenset()
    families: frozenset[str] = frozenset()
    checks: frozenset[str] = frozenset()
    open_questions: int = 0
    task_limit: int = 5
    answer_hours: int | None = None
    away_until: date | None = None
    off: bool = False
    checks_this_company: bool = False
    mail_returned: bool = False
    deputies: tuple[int, ...] = ()
    name: LazyText = ""

    @property
    def full(self) -> bool:
        """True if they have reached their limit of open inquiries."""
        return self.open_questions >= self.task_limit

    def away(self, on: date) -> bool:
        """Return True if they are away on a date, by their own entry."""
        return self.away_until is not None and on <= self.away_until

    def absent(self, on: date) -> bool:
        """Return True if a deputy steps in: away, at the limit, or out of reach. A holiday needs no deputy."""
        return self.mail_returned or self.full or self.away(on)


class Degree(IntEnum):
    """Degree of a path from the asking city to a contact, the nearest first."""

    PARTNER_AT_PLACE = 1  # in a partner city of the asking city, at the place asked about
    PARTNER_NEARBY = 2  # in a partner city in the same province or state
    SECOND_DEGREE = 3  # in a partner of a partner city, which is asked first, at the place asked about
    ALREADY_CHECKING = 4  # already checks this supplier
    PARTNER_ELSEWHERE = 5  # in a partner city in the same country: can phone and read, but not visit


class ContactPath(NamedTuple):
    """Path from the asking city to a contact.

    Its status is that of the agreement it uses, None if it uses none.
    """

    degree: Degree
    status: AgreementStatus | None = None
    active: bool = False
    via: AgreementLink | None = None  # the partner city to ask first

    @property
    def nearness(self) -> int:
        """Rank of the path, below 32; smaller is better.

        The criteria: an agreement known to be in force, then the degree, then an active agreement.
        """
        return (self.status is AgreementStatus.UNKNOWN) * 16 + self.degree * 2 + (not self.active)


class Paths:
    """Best path to each contact.

    Contacts of one city share its place and agreements, so the path is computed once for each city.
    """

    def __init__(self, question: RoutingInquiry, on: date) -> None:
        self.question = question
        self.on = on
        self._known: dict[tuple[int, int, bool], tuple[ContactPath | None, Candidate]] = {}

    def to(self, candidate: Candidate) -> ContactPath | None:
        """Return the best open path.

        None if there is none, or if every agreement with the asking city has ended.
        """
        known = id(candidate.place), id(candidate.ties), candidate.checks_this_company
        found = self._known.get(known)
        if found is None:  # keep the candidate alive, so that no other object gets these ids
            found = self._known[known] = (_path(self.question, candidate, self.on), candidate)
        return found[0]


def _path(question: RoutingInquiry, candidate: Candidate, on: date) -> ContactPath | None:
    direct = [
        tie for tie in candidate.ties if tie.city_id == question.city_id and has_begun(tie.agreement, on)
    ]
    tie = _best(direct, on)
    if direct and tie is None:
        return None
    return min(_paths(question, candidate, tie, on), key=_nearness, default=None)


def _paths(
    question: RoutingInquiry, candidate: Candidate, tie: AgreementLink | None, on: date
) -> Iterable[ContactPath]:
    asked, place = question.place, candidate.place
    if asked.holds(place):
        yield from _second_degree(question, candidate, on)
    if candidate.checks_this_company and tie is None:
        yield ContactPath(Degree.ALREADY_CHECKING)
    if tie is None:
        return
    found = agreement_status_on(tie.agreement, on), tie.active
    if asked.holds(place):
        yield ContactPath(Degree.PARTNER_AT_PLACE, *found)
    if asked.subdivision and asked.subdivision == place.subdivision:
        yield ContactPath(Degree.PARTNER_NEARBY, *found)
    if candidate.checks_this_company:
        yield ContactPath(Degree.ALREADY_CHECKING, *found)
    if asked.country == place.country:
        yield ContactPath(Degree.PARTNER_ELSEWHERE, *found)


def _nearness(path: ContactPath) -> int:
    return path.nearness


def _best(ties: Iterable[AgreementLink], on: date) -> AgreementLink | None:
    """Return the most useful of several agreements with one city, or None if all have ended."""
    usable = [tie for tie in ties if is_in_force(tie.agreement, on)]
    return min(
        usable,
        key=lambda tie: (_USABLE.index(agreement_status_on(tie.agreement, on)), not tie.active),
        default=None,
    )


_USABLE = (AgreementStatus.IN_FORCE, AgreementStatus.UNKNOWN)


def _second_degree(question: RoutingInquiry, candidate: Candidate, on: date) -> Iterable[ContactPath]:
    """Yield a path through each partner of the asking city that is also a partner of the contact's city.

    Both agreements must be usable; the weaker one counts.
    """
    for partner in sorted({tie.city_id for tie in question.ties}):
        ours = _best((tie for tie in question.ties if tie.city_id == partner), on)
        theirs = _best((tie for tie in candidate.ties if tie.city_id == partner), on)
        if ours is not None and theirs is not None:
            weaker = max(
                (agreement_status_on(tie.agreement, on) for tie in (ours, theirs)), key=_USABLE.index
            )
            yield ContactPath(Degree.SECOND_DEGREE, weaker, ours.active and theirs.active, ours)

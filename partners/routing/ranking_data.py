"""Data types of a ranking: the inquiry, the candidates, their agreements, and the path to each."""

from dataclasses import dataclass
from datetime import date
from enum import IntEnum
from typing import NamedTuple

from partners.agreements.status import AgreementFacts, AgreementStatus
from workflow.errors import Words


class Degree(IntEnum):
    """Degree of a path from the asking city to a contact, the nearest first."""

    TWIN_AT_PLACE = 1  # in a partner city of the asking city, at the place asked about
    TWIN_NEARBY = 2  # in a partner city in the same province or state
    SECOND_DEGREE = 3  # in a partner of a partner city, which is asked first, at the place asked about
    ALREADY_CHECKING = 4  # already checks this supplier
    TWIN_ELSEWHERE = 5  # in a partner city in the same country: can phone and read, but not visit


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
class TieLink:
    """Agreement of a city for routing: the other city and its name, the agreement, and if it is active."""

    city_id: int
    name: Words
    agreement: AgreementFacts
    active: bool = False


@dataclass(frozen=True, kw_only=True)
class RoutingQuestion:
    """Inquiry to rank for: the asking city, the place, and what is needed.

    An empty family, check or language means any.
    """

    city_id: int
    place: RoutingPlace
    ties: tuple[TieLink, ...] = ()  # agreements of the asking city
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
    ties: tuple[TieLink, ...] = ()
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
    name: Words = ""

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


class ContactPath(NamedTuple):
    """Path from the asking city to a contact.

    Its status is that of the agreement it uses, None if it uses none.
    """

    degree: Degree
    standing: AgreementStatus | None = None
    active: bool = False
    via: TieLink | None = None  # the partner city to ask first

    @property
    def nearness(self) -> int:
        """Rank of the path, below 32; smaller is better.

        The criteria: an agreement known to be in force, then the degree, then an active agreement.
        """
        return (self.standing is AgreementStatus.UNKNOWN) * 16 + self.degree * 2 + (not self.active)

"""What a ranking is about: the question, the contacts who might answer, their ties, and the way to each. Plain values."""

from dataclasses import dataclass
from datetime import date
from enum import IntEnum
from typing import NamedTuple

from partners.register.standing import Agreement, Standing
from workflow.errors import Words


class Degree(IntEnum):
    """How the asking city comes to a contact, nearest first."""

    TWIN_AT_PLACE = 1  # a twin of the asking city, where the answer lies
    TWIN_NEARBY = 2  # a twin in the same province or state
    SECOND_DEGREE = 3  # a twin of a partner city, where the answer lies: the partner city is asked first
    ALREADY_CHECKING = 4  # looks into this very company already
    TWIN_ELSEWHERE = 5  # a twin in the same country: can phone and read, not visit


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a city or an answer is. An answer's place may leave out the city, then the province, then the country."""

    city_id: int | None = None
    subdivision: str = ""
    country: str = ""

    def holds(self, other: "Place") -> bool:
        """Whether another place is this one or lies in it, as far as this one says."""
        if self.city_id is not None:
            return self.city_id == other.city_id
        if self.subdivision:
            return self.subdivision == other.subdivision
        return not self.country or self.country == other.country


@dataclass(frozen=True, kw_only=True)
class Link:
    """A tie of one city to another, as routing sees it: the other side, its name, the agreement, and whether it is active."""

    city_id: int
    name: Words
    agreement: Agreement
    active: bool = False


@dataclass(frozen=True, kw_only=True)
class Question:
    """What is asked, by whom, about where. Empty family, check or language: any will do."""

    city_id: int
    place: Place
    ties: tuple[Link, ...] = ()  # of the asking city
    family: str = ""
    check: str = ""
    language: str = ""


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """A contact who might answer, with the ties of their city. `off` says that the day is a holiday where they are.

    `deputies` are the contacts who answer when this one cannot; `name` is told when one of them does. `mail_returned`: what is
    written to them comes back.
    """

    contact_id: int
    place: Place
    ties: tuple[Link, ...] = ()
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
        """Whether they have as many open questions as they want at most."""
        return self.open_questions >= self.task_limit

    def away(self, on: date) -> bool:
        """Whether they said they are away on a day."""
        return self.away_until is not None and on <= self.away_until

    def absent(self, on: date) -> bool:
        """Whether a deputy steps in: away, with no room left, or out of reach. A holiday of a day needs nobody."""
        return self.mail_returned or self.full or self.away(on)


class Path(NamedTuple):
    """How the asking city comes to a contact. `standing` is that of the tie it rests on, None where it rests on none."""

    degree: Degree
    standing: Standing | None = None
    active: bool = False
    via: Link | None = None  # the partner city to ask first

    @property
    def nearness(self) -> int:
        """The smaller the better, below 32: a tie known to be in force, then the degree, then an active tie."""
        return (self.standing is Standing.UNKNOWN) * 16 + self.degree * 2 + (not self.active)

"""What a ranking is about: the question, the contacts who might answer, their ties, and the way to each. Plain values."""

from dataclasses import dataclass
from datetime import date
from enum import IntEnum
from fractions import Fraction
from typing import NamedTuple

from partners.register import Agreement, Standing
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
    """A contact who might answer, with the ties of their city. `off` says that the day is a holiday where they are."""

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

    @property
    def full(self) -> bool:
        """Whether they have as many open questions as they want at most."""
        return self.open_questions >= self.task_limit

    @property
    def load(self) -> Fraction:
        """Open questions against the limit."""
        return Fraction(self.open_questions, max(self.task_limit, 1))

    def skills(self, question: Question) -> int:
        """How many of the asked skills they have: the product family, the check."""
        asked = ((question.family, self.families), (question.check, self.checks))
        return sum(bool(skill) and skill in known for skill, known in asked)

    def here(self, on: date) -> bool:
        """Neither away nor on holiday."""
        return not self.off and (self.away_until is None or self.away_until < on)


class Path(NamedTuple):
    """How the asking city comes to a contact. `standing` is that of the tie it rests on, None where it rests on none."""

    degree: Degree
    standing: Standing | None = None
    active: bool = False
    via: Link | None = None  # the partner city to ask first

"""Who comes before whom, and who may not be asked at all. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from partners.register import Standing, begun, status_on
from partners.routing.reasons import Reason, reasons_of
from partners.routing.values import Candidate, Degree, Link, Path, Question

NEVER_ANSWERED = 10**6  # hours: stands after every known answer time


@dataclass(frozen=True, kw_only=True)
class Ranked:
    """A candidate, how the asking city comes to them, and why they stand where they do."""

    candidate: Candidate
    path: Path
    reasons: tuple[Reason, ...]

    @property
    def via(self) -> Link | None:
        """The partner city to ask first, if there is one."""
        return self.path.via


def rank(question: Question, candidates: Iterable[Candidate], on: date) -> list[Ranked]:
    """The candidates who may be asked, best first, each with the reasons.

    Order: ties known to be in force before those of which nobody knows; the degree; an active tie; languages; skills; room for
    one more question; here or away; load; answer time; and the contact's number, so that the order is total and stable.
    """
    found = [ranked for candidate in candidates if (ranked := _place_in(question, candidate, on)) is not None]
    return sorted(found, key=lambda ranked: _key(question, ranked, on))


# --- how the asking city comes to a contact -----------------------------------------------------------------------
def _place_in(question: Question, candidate: Candidate, on: date) -> Ranked | None:
    path = _path(question, candidate, on)
    if path is None:
        return None
    return Ranked(candidate=candidate, path=path, reasons=tuple(reasons_of(question, candidate, path, on)))


def _path(question: Question, candidate: Candidate, on: date) -> Path | None:
    """The best way that is open. None where there is none, or where every agreement with the asking city has ended."""
    direct = [tie for tie in candidate.ties if tie.city_id == question.city_id and begun(tie.agreement, on)]
    tie = _best(direct, on)
    if direct and tie is None:
        return None
    return min(_ways(question, candidate, tie, on), key=_nearness, default=None)


def _ways(question: Question, candidate: Candidate, tie: Link | None, on: date) -> Iterable[Path]:
    asked, place = question.place, candidate.place
    if asked.holds(place):
        yield from _second_degree(question, candidate, on)
    if candidate.checks_this_company and tie is None:
        yield Path(Degree.ALREADY_CHECKING)
    if tie is None:
        return
    found = status_on(tie.agreement, on), tie.active
    if asked.holds(place):
        yield Path(Degree.TWIN_AT_PLACE, *found)
    if asked.subdivision and asked.subdivision == place.subdivision:
        yield Path(Degree.TWIN_NEARBY, *found)
    if candidate.checks_this_company:
        yield Path(Degree.ALREADY_CHECKING, *found)
    if asked.country == place.country:
        yield Path(Degree.TWIN_ELSEWHERE, *found)


def _nearness(path: Path) -> tuple[bool, Degree, bool]:
    return path.standing is Standing.UNKNOWN, path.degree, not path.active


def _best(ties: Iterable[Link], on: date) -> Link | None:
    """Of several agreements with one city, the one that carries most; None where every one has ended."""
    usable = [tie for tie in ties if status_on(tie.agreement, on) in _USABLE and begun(tie.agreement, on)]
    return min(
        usable, key=lambda tie: (_USABLE.index(status_on(tie.agreement, on)), not tie.active), default=None
    )


_USABLE = (Standing.IN_FORCE, Standing.UNKNOWN)


def _second_degree(question: Question, candidate: Candidate, on: date) -> Iterable[Path]:
    """Through each partner of the asking city that is a twin of the contact's city. Both ties must hold; the weaker counts."""
    for partner in sorted({tie.city_id for tie in question.ties}):
        ours = _best((tie for tie in question.ties if tie.city_id == partner), on)
        theirs = _best((tie for tie in candidate.ties if tie.city_id == partner), on)
        if ours is not None and theirs is not None:
            weaker = max((status_on(tie.agreement, on) for tie in (ours, theirs)), key=_USABLE.index)
            yield Path(Degree.SECOND_DEGREE, weaker, ours.active and theirs.active, ours)


# --- what comes before what ---------------------------------------------------------------------------------------
def _key(question: Question, ranked: Ranked, on: date) -> tuple[Any, ...]:
    candidate, path = ranked.candidate, ranked.path
    return (
        *_nearness(path),
        bool(question.language) and question.language not in candidate.languages,
        -candidate.skills(question),
        candidate.full,
        not candidate.here(on),
        candidate.load,
        NEVER_ANSWERED if candidate.answer_hours is None else candidate.answer_hours,
        candidate.contact_id,
    )

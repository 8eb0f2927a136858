"""How the asking city comes to a contact: the best way that is open, or none. Pure."""

from collections.abc import Iterable
from datetime import date

from partners.register.standing import Standing, begun, holds, status_on
from partners.routing.values import Candidate, Degree, Link, Path, Question


class Paths:
    """The best way to each contact. Contacts of one city share its place and ties, so the way is looked for once a city."""

    def __init__(self, question: Question, on: date) -> None:
        self.question = question
        self.on = on
        self._known: dict[tuple[int, int, bool], tuple[Path | None, Candidate]] = {}

    def to(self, candidate: Candidate) -> Path | None:
        """The best way that is open. None where there is none, or where every agreement with the asking city has ended."""
        known = id(candidate.place), id(candidate.ties), candidate.checks_this_company
        found = self._known.get(known)
        if found is None:  # the candidate is kept beside the way, so that no other object gets these ids
            found = self._known[known] = (_path(self.question, candidate, self.on), candidate)
        return found[0]


def _path(question: Question, candidate: Candidate, on: date) -> Path | None:
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


def _nearness(path: Path) -> int:
    return path.nearness


def _best(ties: Iterable[Link], on: date) -> Link | None:
    """Of several agreements with one city, the one that carries most; None where every one has ended."""
    usable = [tie for tie in ties if holds(tie.agreement, on)]
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

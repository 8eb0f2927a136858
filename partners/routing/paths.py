"""Search for the best open path from the asking city to a contact. Pure."""

from collections.abc import Iterable
from datetime import date

from partners.agreements.status import AgreementStatus, agreement_status_on, has_begun, is_in_force
from partners.routing.ranking_data import Candidate, ContactPath, Degree, RoutingQuestion, TieLink


class Paths:
    """Best path to each contact.

    Contacts of one city share its place and agreements, so the path is computed once for each city.
    """

    def __init__(self, question: RoutingQuestion, on: date) -> None:
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


def _path(question: RoutingQuestion, candidate: Candidate, on: date) -> ContactPath | None:
    direct = [
        tie for tie in candidate.ties if tie.city_id == question.city_id and has_begun(tie.agreement, on)
    ]
    tie = _best(direct, on)
    if direct and tie is None:
        return None
    return min(_ways(question, candidate, tie, on), key=_nearness, default=None)


def _ways(
    question: RoutingQuestion, candidate: Candidate, tie: TieLink | None, on: date
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
        yield ContactPath(Degree.TWIN_AT_PLACE, *found)
    if asked.subdivision and asked.subdivision == place.subdivision:
        yield ContactPath(Degree.TWIN_NEARBY, *found)
    if candidate.checks_this_company:
        yield ContactPath(Degree.ALREADY_CHECKING, *found)
    if asked.country == place.country:
        yield ContactPath(Degree.TWIN_ELSEWHERE, *found)


def _nearness(path: ContactPath) -> int:
    return path.nearness


def _best(ties: Iterable[TieLink], on: date) -> TieLink | None:
    """Return the most useful of several agreements with one city, or None if all have ended."""
    usable = [tie for tie in ties if is_in_force(tie.agreement, on)]
    return min(
        usable,
        key=lambda tie: (_USABLE.index(agreement_status_on(tie.agreement, on)), not tie.active),
        default=None,
    )


_USABLE = (AgreementStatus.IN_FORCE, AgreementStatus.UNKNOWN)


def _second_degree(question: RoutingQuestion, candidate: Candidate, on: date) -> Iterable[ContactPath]:
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

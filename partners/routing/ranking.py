"""Ranking of the contacts for an inquiry, and exclusion of those who may not be asked. No database access.

It must be fast: a page ranks up to ten thousand contacts.
"""

from collections.abc import Container, Iterable, Mapping
from datetime import date
from typing import NamedTuple

from partners.routing.paths import AgreementLink, Candidate, ContactPath, Paths, RoutingInquiry
from partners.routing.reasons import RankReason, reasons_of

NEVER_ANSWERED = 10**6  # hours; greater than every real answer time
WITH_ROOM, FULL, OUT_OF_REACH = range(
    3
)  # contacts at their limit come after all others, and those whose e-mail bounces last

type Key = tuple[int, float, int, int]


class RankedContact(NamedTuple):
    """Candidate with the path to them and, for a deputy, the contact they replace.

    Reasons are computed on access.
    """

    candidate: Candidate
    path: ContactPath
    question: RoutingInquiry
    on: date
    substitutes_for: Candidate | None = None

    @property
    def via(self) -> AgreementLink | None:
        """Partner city to ask first, or None."""
        return self.path.via

    @property
    def reasons(self) -> tuple[RankReason, ...]:
        """Reasons for the rank, the most important first."""
        return tuple(reasons_of(self.question, self.candidate, self.path, self.on, self.substitutes_for))

    @property
    def needs_written_reason(self) -> bool:
        """True if asking them requires a written reason: they have reached their limit of open inquiries."""
        return self.candidate.full


def rank_contacts(question: RoutingInquiry, candidates: Iterable[Candidate], on: date) -> list[RankedContact]:
    """Return the candidates who may be asked, best first.

    The criteria, in this order: room for another inquiry (candidates at their limit come later, those whose
    e-mail bounces last); an agreement known to be in force before an unknown one; the degree; an active
    agreement; language; skills; present or away; load; answer time; and the id of the contact, so that the
    order is total and stable. The best available deputy of a candidate who is away, at the limit or out of
    reach takes the place that the candidate would have with the path of the deputy.
    """
    paths = Paths(question, on)
    found: dict[int, tuple[Key, RankedContact]] = {}
    absent: list[Candidate] = []
    for candidate in candidates:
        path = paths.to(candidate)
        if path is not None:
            key = _key(question, candidate, path, on)
            found[candidate.contact_id] = key, RankedContact(candidate, path, question, on)
            if candidate.deputies and candidate.absent(on):
                absent.append(candidate)
    if absent:
        found |= dict(_substitutes(question, absent, found, on))
    return [ranked for _key, ranked in sorted(found.values(), key=_first)]


def best_unasked(ranked: Iterable[RankedContact], asked: Container[int]) -> RankedContact | None:
    """Return the best candidate who was not asked yet, has room and receives e-mail.

    A city asks this candidate first, or next if there was no answer.
    """
    open_to = (one for one in ranked if one.candidate.contact_id not in asked)
    return next(
        (one for one in open_to if not one.needs_written_reason and not one.candidate.mail_returned), None
    )


def _first(pair: tuple[Key, RankedContact]) -> Key:
    return pair[0]


def _substitutes(
    question: RoutingInquiry,
    absent: Iterable[Candidate],
    found: Mapping[int, tuple[Key, RankedContact]],
    on: date,
) -> Iterable[tuple[int, tuple[Key, RankedContact]]]:
    """Yield the deputies who step in, each at the best rank available to them.

    A deputy is ranked by their own path, with the skills of the absent candidate, and just before that
    candidate where both are away from work today.
    """
    places: dict[int, list[tuple[Key, int, Candidate]]] = {}
    for missing in absent:
        deputy = _deputy_of(missing, found, on)
        if deputy is not None:
            key, (substitute, path, *_rest) = deputy
            grade = _grade(question, missing, path, WITH_ROOM, substitute.off)
            _grade_away, load, hours, _number = found[missing.contact_id][0]
            before_missing = (grade, load, hours, -substitute.contact_id)
            place = min(key, (grade, *key[1:]), before_missing), missing.contact_id, missing
            places.setdefault(substitute.contact_id, []).append(place)
    for number, offered in places.items():
        key, _number, missing = min(offered, key=lambda place: place[:2])
        ranked = found[number][1]
        yield number, (key, RankedContact(ranked.candidate, ranked.path, question, on, missing))


def _deputy_of(
    missing: Candidate, found: Mapping[int, tuple[Key, RankedContact]], on: date
) -> tuple[Key, RankedContact] | None:
    """Return the best deputy who may be asked and is available. If all are absent, search their deputies."""
    seen, named = {missing.contact_id}, missing.deputies
    while named:
        seen |= set(named)
        known = [found[deputy] for deputy in named if deputy in found]
        there = [one for one in known if not one[1].candidate.absent(on)]
        if there:
            return min(there, key=_first)
        further = (deputy for one in known for deputy in one[1].candidate.deputies)
        named = tuple(dict.fromkeys(deputy for deputy in further if deputy not in seen))
    return None


def _key(question: RoutingInquiry, candidate: Candidate, path: ContactPath, on: date) -> Key:
    limit, asked = candidate.task_limit, candidate.open_questions
    room = OUT_OF_REACH if candidate.mail_returned else FULL if asked >= limit else WITH_ROOM
    until, hours = candidate.away_until, candidate.answer_hours
    away = candidate.off or (until is not None and on <= until)
    return (
        _grade(question, candidate, path, room, away),
        asked / (limit or 1),
        NEVER_ANSWERED if hours is None else hours,
        candidate.contact_id,
    )


def _grade(question: RoutingInquiry, candidate: Candidate, path: ContactPath, room: int, away: bool) -> int:
    """Return all criteria before load and answer time as one number, the most important digit first."""
    skills = 0
    if question.family and question.family in candidate.families:
        skills = 1
    if question.check and question.check in candidate.checks:
        skills += 1
    foreign = bool(question.language) and question.language not in candidate.languages
    return (((room * 32 + path.nearness) * 2 + foreign) * 3 + 2 - skills) * 2 + away

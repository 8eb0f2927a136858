"""Who comes before whom, and who may not be asked at all. Pure, and quick: ten thousand contacts are ranked while a page is made."""

from collections.abc import Container, Iterable, Mapping
from datetime import date
from typing import NamedTuple

from partners.routing.paths import Paths
from partners.routing.reasons import Reason, reasons_of
from partners.routing.values import Candidate, Link, Path, Question

NEVER_ANSWERED = 10**6  # hours: stands after every known answer time
WITH_ROOM, FULL, OUT_OF_REACH = range(
    3
)  # behind everyone with room stands who is full, and last whose mail comes back

type Key = tuple[int, float, int, int]


class Ranked(NamedTuple):
    """A candidate, how the asking city comes to them, and for whom they step in. The reasons are told when they are asked for."""

    candidate: Candidate
    path: Path
    question: Question
    on: date
    stands_in_for: Candidate | None = None

    @property
    def via(self) -> Link | None:
        """The partner city to ask first, if there is one."""
        return self.path.via

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """Why they stand where they do, the weightiest first."""
        return tuple(reasons_of(self.question, self.candidate, self.path, self.on, self.stands_in_for))

    @property
    def needs_a_word(self) -> bool:
        """Whether asking them needs a written reason: they have as many open questions as they want."""
        return self.candidate.full


def rank(question: Question, candidates: Iterable[Candidate], on: date) -> list[Ranked]:
    """The candidates who may be asked, best first, each with the reasons.

    Order: everyone with room before everyone who is full, and last those whose mail comes back; then ties known to be in force
    before those of which nobody knows; the degree; an active tie; languages; skills; here or away; load; answer time; and the
    contact's number, so that the order is total and stable. For somebody who is away, full or out of reach the best of their
    deputies who is there stands where they would have stood, had they come by that deputy's way.
    """
    paths = Paths(question, on)
    found: dict[int, tuple[Key, Ranked]] = {}
    absent: list[Candidate] = []
    for candidate in candidates:
        path = paths.to(candidate)
        if path is not None:
            key = _key(question, candidate, path, on)
            found[candidate.contact_id] = key, Ranked(candidate, path, question, on)
            if candidate.deputies and candidate.absent(on):
                absent.append(candidate)
    if absent:
        found |= dict(_stepping_in(question, absent, found, on))
    return [ranked for _key, ranked in sorted(found.values(), key=_first)]


def next_to_ask(ranked: Iterable[Ranked], asked: Container[int]) -> Ranked | None:
    """The best who was not asked yet and has room: whom a city asks first, and whom next where nobody answered."""
    open_to = (one for one in ranked if one.candidate.contact_id not in asked)
    return next((one for one in open_to if not one.needs_a_word and not one.candidate.mail_returned), None)


def _first(pair: tuple[Key, Ranked]) -> Key:
    return pair[0]


def _stepping_in(
    question: Question, absent: Iterable[Candidate], found: Mapping[int, tuple[Key, Ranked]], on: date
) -> Iterable[tuple[int, tuple[Key, Ranked]]]:
    """The deputies who step in, each at the best place that falls to them: by their own way, with the absent one's skills."""
    places: dict[int, list[tuple[Key, int, Candidate]]] = {}
    for missing in absent:
        deputy = _deputy_of(missing, found, on)
        if deputy is not None:
            key, (stands_in, path, *_rest) = deputy
            grade = _grade(question, missing, path, WITH_ROOM, stands_in.off)
            place = min(key, (grade, *key[1:])), missing.contact_id, missing
            places.setdefault(stands_in.contact_id, []).append(place)
    for number, offered in places.items():
        key, _number, missing = min(offered, key=lambda place: place[:2])
        ranked = found[number][1]
        yield number, (key, Ranked(ranked.candidate, ranked.path, question, on, missing))


def _deputy_of(
    missing: Candidate, found: Mapping[int, tuple[Key, Ranked]], on: date
) -> tuple[Key, Ranked] | None:
    """The best of somebody's deputies who may be asked and is there; where each of them is absent too, of their deputies, and so on."""
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


def _key(question: Question, candidate: Candidate, path: Path, on: date) -> Key:
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


def _grade(question: Question, candidate: Candidate, path: Path, room: int, away: bool) -> int:
    """What comes before load and answer time, as one number: each ground is a digit, the weightiest first."""
    skills = 0
    if question.family and question.family in candidate.families:
        skills = 1
    if question.check and question.check in candidate.checks:
        skills += 1
    foreign = bool(question.language) and question.language not in candidate.languages
    return (((room * 32 + path.nearness) * 2 + foreign) * 3 + 2 - skills) * 2 + away

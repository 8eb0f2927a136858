"""Ranking of the contacts for an inquiry, and exclusion of those who may not be asked. No database access.

It must be fast: a page ranks up to ten thousand contacts.
"""

from collections.abc import Container, Iterable, Mapping
from datetime import date
from typing import NamedTuple

from partners.routing.contact_paths import AgreementLink, BestPaths, Candidate, ContactPath, RoutingInquiry
from partners.routing.ranking_reasons import RankReason, rank_reasons

NEVER_ANSWERED_HOURS = 10**6  # hours; greater than every real answer time
WITH_ROOM, FULL, OUT_OF_REACH = range(
    3
)  # contacts at their limit come after all others, and those whose e-mail bounces last

type Key = tuple[int, float, int, int]


class RankedContact(NamedTuple):
    """Candidate with the path to them and, for a deputy, the contact they replace (`substitutes_for`).

    Reasons are computed on access.
    """

    candidate: Candidate
    path: ContactPath
    inquiry: RoutingInquiry
    ranked_on: date
    substitutes_for: Candidate | None = None

    @property
    def via(self) -> AgreementLink | None:
        """Partner city to ask first, or None."""
        return self.path.via

    @property
    def reasons(self) -> tuple[RankReason, ...]:
        """Reasons for the rank, the most important first."""
        return tuple(
            rank_reasons(self.inquiry, self.candidate, self.path, self.ranked_on, self.substitutes_for)
        )

    @property
    def needs_written_reason(self) -> bool:
        """True if asking this contact requires a written reason, because they have reached their limit."""
        return self.candidate.is_at_limit


def rank_contacts(inquiry: RoutingInquiry, candidates: Iterable[Candidate], on: date) -> list[RankedContact]:
    """Return the candidates who may be asked, best first.

    The criteria, in this order:

    - room for another inquiry: candidates at their limit come later, those whose e-mail bounces last;
    - an agreement known to be in force, before one of unknown status;
    - the degree of the path, then an active agreement;
    - language, then skills: how many of the product families asked for they know, and whether they make the check;
    - how many of these families their place is known for, by its makers or by earlier gifts;
    - present or away, number of open inquiries, and answer time;
    - the id of the contact, so that the order is the same every time.

    A candidate who is away, at the limit or out of reach is replaced by their best available deputy, who is ranked
    as the candidate would be with the deputy's path.
    """
    paths = BestPaths(inquiry, on)
    ranked_by_id: dict[int, tuple[Key, RankedContact]] = {}
    needing_deputy: list[Candidate] = []
    for candidate in candidates:
        path = paths.best_path_to(candidate)
        if path is not None:
            key = _rank_key(inquiry, candidate, path, on)
            ranked_by_id[candidate.contact_id] = key, RankedContact(candidate, path, inquiry, on)
            if candidate.deputy_ids and candidate.needs_deputy(on):
                needing_deputy.append(candidate)
    if needing_deputy:
        ranked_by_id |= dict(_substitutes(inquiry, needing_deputy, ranked_by_id, on))
    return [ranked for _key, ranked in sorted(ranked_by_id.values(), key=_sort_key)]


def best_unasked(ranked: Iterable[RankedContact], asked: Container[int]) -> RankedContact | None:
    """Return the best candidate who was not asked yet, has room and receives e-mail.

    A city asks this candidate first, or next if there was no answer.
    """
    unasked = (one for one in ranked if one.candidate.contact_id not in asked)
    return next(
        (one for one in unasked if not one.needs_written_reason and not one.candidate.has_returned_mail), None
    )


def _sort_key(pair: tuple[Key, RankedContact]) -> Key:
    return pair[0]


def _substitutes(
    inquiry: RoutingInquiry,
    absent: Iterable[Candidate],
    found: Mapping[int, tuple[Key, RankedContact]],
    on: date,
) -> Iterable[tuple[int, tuple[Key, RankedContact]]]:
    """Yield the deputies of the absent candidates, each at the best rank available to them.

    A deputy is ranked by their own path with the skills and the place of the absent candidate, and just before that
    candidate if neither works today.
    """
    places: dict[int, list[tuple[Key, int, Candidate]]] = {}
    for missing in absent:
        deputy = _deputy_of(missing, found, on)
        if deputy is not None:
            key, (substitute, path, *_rest) = deputy
            grade = _grade(inquiry, missing, path, WITH_ROOM, substitute.is_on_public_holiday)
            _grade_away, load, hours, _number = found[missing.contact_id][0]
            before_missing = (grade, load, hours, -substitute.contact_id)
            place = min(key, (grade, *key[1:]), before_missing), missing.contact_id, missing
            places.setdefault(substitute.contact_id, []).append(place)
    for number, offered in places.items():
        key, _number, missing = min(offered, key=lambda place: place[:2])
        ranked = found[number][1]
        yield number, (key, RankedContact(ranked.candidate, ranked.path, inquiry, on, missing))


def _deputy_of(
    absent_contact: Candidate, found: Mapping[int, tuple[Key, RankedContact]], on: date
) -> tuple[Key, RankedContact] | None:
    """Return the best deputy who may be asked and is available. If all are absent, search their deputies."""
    seen_ids, deputy_ids = {absent_contact.contact_id}, absent_contact.deputy_ids
    while deputy_ids:
        seen_ids |= set(deputy_ids)
        ranked_deputies = [found[deputy] for deputy in deputy_ids if deputy in found]
        available = [one for one in ranked_deputies if not one[1].candidate.needs_deputy(on)]
        if available:
            return min(available, key=_sort_key)
        next_ids = (deputy for one in ranked_deputies for deputy in one[1].candidate.deputy_ids)
        deputy_ids = tuple(dict.fromkeys(deputy for deputy in next_ids if deputy not in seen_ids))
    return None


def _rank_key(inquiry: RoutingInquiry, candidate: Candidate, path: ContactPath, on: date) -> Key:
    limit, asked = candidate.open_task_limit, candidate.open_task_count
    room = OUT_OF_REACH if candidate.has_returned_mail else FULL if asked >= limit else WITH_ROOM
    until, hours = candidate.away_until, candidate.median_answer_hours
    away = candidate.is_on_public_holiday or (until is not None and on <= until)
    return (
        _grade(inquiry, candidate, path, room, away),
        asked / (limit or 1),
        NEVER_ANSWERED_HOURS if hours is None else hours,
        candidate.contact_id,
    )


def _grade(inquiry: RoutingInquiry, candidate: Candidate, path: ContactPath, room: int, away: bool) -> int:
    """Return all criteria before load and answer time as one number, the most important digit first."""
    families = inquiry.families
    most = len(families)
    skills = len(families & candidate.product_families)
    if inquiry.check_kind and inquiry.check_kind in candidate.check_kinds:
        skills += 1
    known = len(families & candidate.local_goods.families)
    foreign = bool(inquiry.language) and inquiry.language not in candidate.languages
    grade = ((room * 32 + path.rank) * 2 + foreign) * (most + 2) + most + 1 - skills
    return (grade * (most + 1) + most - known) * 2 + away

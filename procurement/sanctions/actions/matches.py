"""Actions on watchlist matches: compare a supplier's names, and decide on a match.

The periodic job evaluates the offers of the company again after a decision.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from accounts.models import ActingUser, User
from procurement.sanctions.models import NameSource, ScreenedName, WatchlistEntry, WatchlistMatch
from procurement.sanctions.queries import KnownName, entries_like, supplier_names, watchlist_revision
from procurement.sanctions.rules import matches
from procurement.sanctions.rules.scoring import NameScore
from procurement.suppliers.actions.suppliers import request_rescreening
from procurement.suppliers.models.suppliers import Supplier
from workflow.actors import SYSTEM, Actor
from workflow.moves import register_action, select_locked


@register_action(matches.PROPOSE_DISMISSAL)
def propose_dismissal(
    match: WatchlistMatch, *, reason: str, proposed_by: ActingUser, by: Actor, at: datetime
) -> WatchlistMatch:
    """Propose to dismiss a match, with the reason why the company is a different one.

    The match blocks until a second person agrees. Refuses an actor who entered the company or an offer from it.
    """
    with matches.PROPOSE_DISMISSAL.apply_to(match, by=by, at=at, reason=reason) as row:
        row.proposal, row.proposed_by = reason, proposed_by
    return match


@register_action(matches.DISMISS)
def dismiss_match(
    match: WatchlistMatch, *, reason: str, reviewed_by: ActingUser, by: Actor, at: datetime
) -> WatchlistMatch:
    """Dismiss a match as the second person, with a reason.

    It no longer blocks, until the entry or the company's names change.
    """
    with matches.DISMISS.apply_to(match, by=by, at=at, reason=reason) as row:
        _record_decision(row, reason, reviewed_by, at)
        request_rescreening(row.supplier, at)
    return match


@register_action(matches.REJECT_DISMISSAL)
def reject_dismissal(
    match: WatchlistMatch, *, reason: str, reviewed_by: ActingUser, by: Actor, at: datetime
) -> WatchlistMatch:
    """Reject the proposal to dismiss a match. It is a possible match again."""
    with matches.REJECT_DISMISSAL.apply_to(match, by=by, at=at, reason=reason) as row:
        row.proposal, row.proposed_by = "", None
        _record_decision(row, reason, reviewed_by, at)
    return match


@register_action(matches.CONFIRM_MATCH)
def confirm_match(
    match: WatchlistMatch, *, reason: str, reviewed_by: ActingUser, by: Actor, at: datetime
) -> WatchlistMatch:
    """Confirm that the company is the listed one, with a reason. It blocks all dealings with the company."""
    with matches.CONFIRM_MATCH.apply_to(match, by=by, at=at, reason=reason) as row:
        _record_decision(row, reason, reviewed_by, at)
        request_rescreening(row.supplier, at)
    return match


@register_action(matches.REOPEN)
def reopen_match(match: WatchlistMatch, *, reason: str, by: Actor, at: datetime) -> WatchlistMatch:
    """Reopen a decided match. It blocks as a possible match; the journal has the earlier decision."""
    with matches.REOPEN.apply_to(match, by=by, at=at, reason=reason) as row:
        clear_decision(row)
        request_rescreening(row.supplier, at)
    return match


def clear_decision(row: WatchlistMatch) -> None:
    """Remove the proposal and the decision from a match. The journal still has them."""
    row.proposal, row.review_note = "", ""
    row.proposed_by = row.reviewed_by = row.reviewed_at = None


def _record_decision(row: WatchlistMatch, reason: str, reviewed_by: User, at: datetime) -> None:
    row.review_note, row.reviewed_by, row.reviewed_at = reason, reviewed_by, at


# A match is cleared for these names of the company, so a change of such a name raises it again.
IDENTITY_NAME_SOURCES = frozenset({NameSource.LEGAL, NameSource.ENGLISH, NameSource.REGISTRATION_NUMBER})


def screen_supplier(company: Supplier, *, at: datetime, last: int | None = None) -> bool:
    """Compare the names of a company with the lists in force. Return True if a match was raised.

    Skips names already compared, and returns True as well for a match that is raised again. Correcting a name
    never ends a blocking match; only two persons can clear it. Marks the company so that its offers are
    evaluated again. Names that only one city knows are compared again if the lists have changed since. `last`
    is the current `watchlist_revision` if the caller knows it. The caller must read it before the names, so
    that it is never later than the lists used.
    """
    now = watchlist_revision() if last is None else last
    compared = _compared_names(company)
    found = [_compare_names(company, supplier_names(company), None, compared.get(None, {}), now, at)]
    for city_id in sorted(key for key, theirs in compared.items() if key and min(theirs.values()) < now):
        theirs = compared[city_id]
        found.append(_compare_names(company, set(theirs), city_id, theirs, now, at))
    return any(found)


def screen_intermediaries(
    company: Supplier, names: Iterable[str], *, city_id: int, at: datetime, last: int | None = None
) -> bool:
    """Compare the names of the intermediaries of a company's offers to one city.

    These names and their matches belong to that city alone. Returns True as `screen_supplier` does.
    """
    wanted = {(NameSource.REFERRAL.value, name.strip()) for name in names if name.strip()}
    now = watchlist_revision() if last is None else last
    return _compare_names(
        company, wanted, city_id, _compared_names(company, city=city_id).get(city_id, {}), now, at
    )


def _compared_names(company: Supplier, **whose: int) -> dict[int | None, dict[KnownName, int]]:
    """Return the compared names with their list revision, by city; None for public names."""
    rows = ScreenedName.objects.filter(supplier=company, **whose)
    found: dict[int | None, dict[KnownName, int]] = defaultdict(dict)
    for city_id, name_source, name, last in rows.values_list("city", "name_source", "name", "turn"):
        found[city_id][name_source, name] = last
    return found


def _compare_names(
    company: Supplier,
    wanted: set[KnownName],
    city_id: int | None,
    seen: dict[KnownName, int],
    now: int,
    at: datetime,
) -> bool:
    """Compare new names and names compared before the last list change; forget names no longer used.

    `seen` holds the compared names, read without the lock: if nothing has to change, no lock is taken.
    """
    if set(seen) == wanted and all(last >= now for last in seen.values()):
        return False
    with transaction.atomic():
        select_locked(company)  # serializes two transactions that add names at the same time
        known = list(ScreenedName.objects.filter(supplier=company, city=city_id))
        compared = {(one.name_source, one.name): one.turn for one in known}
        gone, fresh = set(compared) - wanted, wanted - set(compared)
        stale = {name for name in wanted if compared.get(name, -1) < now}
        found = [_record_similar_entries(company, city_id, name, at) for name in sorted(stale)]
        _store_compared_names(company, city_id, stale, now)
        left = [one.pk for one in known if (one.name_source, one.name) in gone]
        ScreenedName.objects.filter(pk__in=left).delete()
        other = {name_source for name_source, _name in gone | fresh}
        again = bool(compared) and bool(other & IDENTITY_NAME_SOURCES) and _raise_dismissed_again(company, at)
        if any(found) or again:
            request_rescreening(company, at)
    return any(found) or again


def _store_compared_names(company: Supplier, city_id: int | None, names: set[KnownName], now: int) -> None:
    rows = [
        ScreenedName(supplier=company, city_id=city_id, name_source=name_source, name=name, turn=now)
        for name_source, name in sorted(names)
    ]
    ScreenedName.objects.bulk_create(rows, ignore_conflicts=True)
    ScreenedName.objects.filter(
        supplier=company,
        city=city_id,
        name_source__in={one.name_source for one in rows},
        name__in={one.name for one in rows},
    ).update(turn=now)


def _record_similar_entries(company: Supplier, city_id: int | None, name: KnownName, at: datetime) -> bool:
    """Record the entries that a name is similar to. Return True if any match is new or raised again."""
    noted = [
        record_match(company, city_id, name, one, likeness, at) for one, likeness in entries_like(name[1])
    ]
    return any(noted)


def record_match(
    company: Supplier,
    city_id: int | None,
    name: KnownName,
    entry: WatchlistEntry,
    likeness: NameScore,
    at: datetime,
) -> bool:
    """Record a possible match once. Return True if it is new or had lapsed and is raised again.

    `entry` resembles the name; `likeness` is their similarity. Called by the system, in a transaction.
    """
    name_source, written = name
    about = {
        "supplier": company,
        "city_id": city_id,
        "name_source": name_source,
        "name": written,
        "entry": entry,
    }
    known = WatchlistMatch.objects.filter(**about).first()
    if known is None:
        fresh = WatchlistMatch(**about, score=likeness.score, listed_as=likeness.listed_as)
        matches.RAISE_MATCH.create(fresh, by=SYSTEM, at=at)
        return True
    if known.status != WatchlistMatch.Status.DELISTED:
        return False
    raise_match_again(known, at)
    return True


def _raise_dismissed_again(company: Supplier, at: datetime) -> bool:
    """Raise the dismissed matches of a company again, because they were dismissed for other names."""
    cleared = list(
        WatchlistMatch.objects.filter(supplier=company, status=WatchlistMatch.Status.DISMISSED).order_by("pk")
    )
    for one in cleared:
        raise_match_again(one, at)
    return bool(cleared)


def raise_match_again(match: WatchlistMatch, at: datetime) -> None:
    """Make a match possible again, because its basis changed or the entry is listed again.

    Called by the system.
    """
    with matches.RAISE_AGAIN.apply_to(match, by=SYSTEM, at=at) as row:
        clear_decision(row)

"""Actions on watchlists: upload one, bring it into force, replace it or withdraw it.

Only the companies whose matches change are marked for a new evaluation of their offers.
"""

import hashlib
import json
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from itertools import batched
from typing import NamedTuple

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import ActingUser
from procurement.sanctions.actions.matches import raise_match_again, record_match
from procurement.sanctions.models import ScreenedName, Watchlist, WatchlistEntry, WatchlistMatch
from procurement.sanctions.parsers import ListedEntity
from procurement.sanctions.queries import KnownName, entries_like, watchlist_revision
from procurement.sanctions.rules import matches, watchlist_moves
from procurement.sanctions.rules.names import search_keys_of_names
from procurement.sanctions.rules.scoring import NameScore
from procurement.sanctions.rules.watchlist_moves import may_maintain
from procurement.suppliers.actions.suppliers import request_rescreening
from procurement.suppliers.models.suppliers import Supplier
from workflow.actors import SYSTEM, Actor
from workflow.days import latest_day
from workflow.errors import Refused
from workflow.i18n import LocalizedCount
from workflow.moves import register_action, select_locked

BATCH_SIZE = 2000  # rows in one statement


class NameHit(NamedTuple):
    """Compared name of a company and the similar entry of a watchlist."""

    supplier_id: int
    city_id: int | None
    name: KnownName
    entry_id: int
    name_score: NameScore


@register_action(watchlist_moves.UPLOAD)
def upload_watchlist(
    listings: Sequence[ListedEntity],
    *,
    name: str,
    kind: str,
    publisher: str,
    source: str,
    published_on: date,
    file_name: str,
    sha256: str,
    shape: str,
    unread: Sequence[str] = (),
    uploaded_by: ActingUser,
    by: Actor,
    at: datetime,
    replaces: Watchlist | None = None,
) -> Watchlist:
    """Store a watchlist with all its entries. It comes into force after the screening of all names.

    Refuses a file that is already stored; a name that is already in use, unless the new list replaces the one
    of that name; a version older than the one it replaces; and a version with less than half its names,
    because one person alone could then lift blocks. For the last case, withdraw the old list first.
    """
    watchlist = Watchlist(
        name=name.strip(),
        kind=kind,
        publisher=publisher.strip(),
        source=source,
        published_on=published_on,
        file_name=file_name[:200],
        sha256=sha256,
        shape=shape,
        unread=list(unread),
        replaces=replaces,
        uploaded_by=uploaded_by,
    )
    if not may_maintain(by, watchlist):  # refuse early, before the slow preparation of the names
        watchlist_moves.UPLOAD.create(watchlist, by=by, at=at)
    rows = _without_duplicates(watchlist, listings)
    watchlist.names = len(rows)
    _store(watchlist, rows, by, at)
    return watchlist


def _store(watchlist: Watchlist, rows: Sequence[WatchlistEntry], by: Actor, at: datetime) -> None:
    """Store a watchlist and its entries in one transaction, or raise the reason to refuse it."""
    with transaction.atomic():
        if (fault := _refuse_watchlist(watchlist, at)) is not None:
            raise fault
        watchlist_moves.UPLOAD.create(watchlist, by=by, at=at)
        WatchlistEntry.objects.bulk_create(rows, batch_size=BATCH_SIZE)


def _without_duplicates(watchlist: Watchlist, listings: Iterable[ListedEntity]) -> list[WatchlistEntry]:
    """Return each entry once, because a file may repeat an entry in two rows. The remarks are joined."""
    rows: dict[str, WatchlistEntry] = {}
    for row in (_entry_of(watchlist, one) for one in listings):
        known = rows.setdefault(row.digest, row)
        if row.remark not in known.remark:
            known.remark = f"{known.remark} {row.remark}".strip()
    return list(rows.values())


def _entry_of(watchlist: Watchlist, one: ListedEntity) -> WatchlistEntry:
    values = [one.name, sorted(one.aliases), one.country, sorted(one.numbers)]
    return WatchlistEntry(
        watchlist=watchlist,
        row=one.row,
        name=one.name,
        aliases=list(one.aliases),
        country=one.country,
        numbers=list(one.numbers),
        remark=one.remark,
        digest=hashlib.sha256(json.dumps(values, ensure_ascii=False).encode()).hexdigest(),
        keys=search_keys_of_names([one.name, *one.aliases], one.numbers),
    )


def _refuse_watchlist(fresh: Watchlist, at: datetime) -> Refused | None:
    """Return the reason to refuse a new watchlist, or None."""
    if fresh.published_on > latest_day(at):
        return Refused("bad_day", _("Enter a date that is not in the future."), field="published_on")
    here = Watchlist.objects.exclude(status__in=Watchlist.Status.void)
    same = here.filter(sha256=fresh.sha256).first()
    if same is not None:
        words = _("This file has already been uploaded: %(list)s.")
        return Refused("same_file", words % {"list": same.reference}, field="file")
    older = fresh.replaces
    namesake = next((one for one in here.filter(name=fresh.name).order_by("pk") if one != older), None)
    if namesake is not None:
        words = _(
            "A list with this name already exists (%(list)s). If this is a newer version, choose "
            "that list under “Newer version of”."
        )
        return Refused("same_name", words % {"list": namesake.reference}, field="replaces")
    return _refuse_replacement(fresh, older) if older is not None else None


def _refuse_replacement(fresh: Watchlist, older: Watchlist) -> Refused | None:
    """Return the reason why a watchlist cannot replace another, or None."""
    if older.status not in Watchlist.IN_FORCE_STATUSES:
        return Refused("not_in_force", _("The list to be replaced is not in force."), field="replaces")
    if fresh.published_on < older.published_on:
        words = _("This list is older than the one it would replace (%(day)s).")
        return Refused("older", words % {"day": older.published_on.isoformat()}, field="published_on")
    if fresh.names * 2 < older.names:
        words = _(
            "This list has %(names)s names; the one it would replace has %(older)s. If this is correct, "
            "withdraw the older list first. Withdrawing a list takes two people."
        )
        params = {"names": LocalizedCount(fresh.names), "older": LocalizedCount(older.names)}
        return Refused("too_few_names", words % params, field="file")
    return None


def activate_watchlist(
    watchlist: Watchlist, seen: Iterable[int], hits: Iterable[NameHit], *, at: datetime
) -> Watchlist:
    """Bring a watchlist into force and record its matches (`hits`). Called by the periodic job.

    `seen` holds the keys of the compared names. The matches of the version it replaces move to the new version
    (`move_matches_to_new_version`). Those whose entry is gone from the list are marked as delisted.
    """
    last = watchlist_revision()
    with transaction.atomic():
        older = watchlist.replaces
        with watchlist_moves.ACTIVATE.apply_to(watchlist, by=SYSTEM, at=at) as row:
            if older is not None and select_locked(older).status in Watchlist.IN_FORCE_STATUSES:
                with watchlist_moves.REPLACE.apply_to(older, by=SYSTEM, at=at, by_version=row.reference):
                    pass
                move_matches_to_new_version(older, row, at)
            row.turn = last + 1
        for some in batched(hits, BATCH_SIZE):
            _record_matches(some, at)
        ScreenedName.objects.filter(pk__in=list(seen), turn=last).update(turn=last + 1)
    return watchlist


def _record_matches(hits: Sequence[NameHit], at: datetime) -> None:
    companies = Supplier.objects.in_bulk({hit.supplier_id for hit in hits})
    entries = WatchlistEntry.objects.in_bulk({hit.entry_id for hit in hits})
    for hit in hits:
        company = companies[hit.supplier_id]
        if record_match(company, hit.city_id, hit.name, entries[hit.entry_id], hit.name_score, at):
            request_rescreening(company, at)


def fail_watchlist(watchlist: Watchlist, *, at: datetime) -> Watchlist:
    """Record that the screening of a watchlist failed.

    The list is not in force; its page shows the failure.
    """
    with watchlist_moves.MARK_SCREENING_FAILED.apply_to(watchlist, by=SYSTEM, at=at):
        pass
    return watchlist


@register_action(watchlist_moves.RETRY)
def retry_watchlist(watchlist: Watchlist, *, by: Actor, at: datetime) -> Watchlist:
    """Queue a watchlist again after its screening failed."""
    with watchlist_moves.RETRY.apply_to(watchlist, by=by, at=at):
        pass
    return watchlist


@register_action(watchlist_moves.DISCARD)
def discard_watchlist(watchlist: Watchlist, *, reason: str, by: Actor, at: datetime) -> Watchlist:
    """Withdraw a watchlist that is not in force yet, so that nothing depends on it."""
    with watchlist_moves.DISCARD.apply_to(watchlist, by=by, at=at, reason=reason):
        pass
    return watchlist


@register_action(watchlist_moves.PROPOSE_WITHDRAWAL)
def propose_withdrawal(
    watchlist: Watchlist, *, reason: str, withdrawn_by: ActingUser, by: Actor, at: datetime
) -> Watchlist:
    """Propose to withdraw a watchlist, with a reason. It stays in force until a second person agrees."""
    with watchlist_moves.PROPOSE_WITHDRAWAL.apply_to(watchlist, by=by, at=at, reason=reason) as row:
        row.withdrawn_by = withdrawn_by
    return watchlist


@register_action(watchlist_moves.REJECT_WITHDRAWAL)
def reject_withdrawal(watchlist: Watchlist, *, reason: str, by: Actor, at: datetime) -> Watchlist:
    """Keep a watchlist in force whose withdrawal was proposed."""
    with watchlist_moves.REJECT_WITHDRAWAL.apply_to(watchlist, by=by, at=at, reason=reason) as row:
        row.withdrawn_by = None
    return watchlist


@register_action(watchlist_moves.WITHDRAW)
def withdraw_watchlist(watchlist: Watchlist, *, reason: str, by: Actor, at: datetime) -> Watchlist:
    """Withdraw a watchlist as the second person. All its matches lapse, also dismissed ones.

    The entries stay readable.
    """
    with transaction.atomic():
        with watchlist_moves.WITHDRAW.apply_to(watchlist, by=by, at=at, reason=reason):
            pass
        delist_matches(watchlist, at)
    return watchlist


UNLAPSED_MATCH_STATUSES = (
    WatchlistMatch.Status.POSSIBLE,
    WatchlistMatch.Status.DISMISSAL_PROPOSED,
    WatchlistMatch.Status.DISMISSED,
    WatchlistMatch.Status.CONFIRMED,
)
REOPENED_STATUSES = (
    WatchlistMatch.Status.DISMISSAL_PROPOSED,
    WatchlistMatch.Status.DISMISSED,
)  # these rest on the content of the entry: opened again if the entry differs


def move_matches_to_new_version(older: Watchlist, newer: Watchlist, at: datetime) -> None:
    """Move the matches of the older version to the same entry of the newer version.

    If the entry is gone, the match moves to the entry most similar to the compared name, even if the company
    no longer uses that name; so an entry that gained an alias keeps its matches. A match without a similar
    entry lapses. If two matches of one name move to the same entry, one is kept: preferably that of the
    unchanged entry, else a confirmed one. A match whose dismissal was decided or proposed is opened again if
    the entry differs.
    """
    same = dict(newer.entries.values_list("digest", "pk"))
    rows = list(_current_matches(older).select_related("entry", "supplier"))
    rows.sort(
        key=lambda one: (one.entry.digest not in same, one.status != WatchlistMatch.Status.CONFIRMED, one.pk)
    )
    taken = set()
    for match in rows:
        entry, otherwise = _same_entry_in_newer_version(match, same, newer)
        place = (match.supplier_id, match.city_id, match.name_source, match.name, entry)
        if entry is None or place in taken:
            _lapse_match(match, at)
            continue
        taken.add(place)
        with matches.MOVE_TO_NEW_VERSION.apply_to(match, by=SYSTEM, at=at) as row:
            row.entry_id = entry
            if otherwise is not None:
                row.score, row.listed_as = otherwise
        if otherwise is not None and match.status in REOPENED_STATUSES:
            raise_match_again(match, at)
            request_rescreening(match.supplier, at)


def delist_matches(watchlist: Watchlist, at: datetime) -> None:
    """Mark all matches of a watchlist as lapsed (status "delisted"), also dismissed ones."""
    for match in _current_matches(watchlist).order_by("pk"):
        _lapse_match(match, at)


def _current_matches(watchlist: Watchlist) -> QuerySet[WatchlistMatch]:
    return WatchlistMatch.objects.filter(entry__watchlist=watchlist, status__in=UNLAPSED_MATCH_STATUSES)


def _same_entry_in_newer_version(
    match: WatchlistMatch, same: dict[str, int], newer: Watchlist
) -> tuple[int | None, NameScore | None]:
    """Return the entry of the newer version for a match, and the new score if the entry differs.

    The entry is None if no entry is similar.
    """
    if match.entry.digest in same:
        return same[match.entry.digest], None
    before = {match.entry.name, *match.entry.aliases}
    found = entries_like(match.name, newer)
    if not found:
        return None, None
    one, likeness = max(
        found, key=lambda pair: (pair[1].score, len(before & {pair[0].name, *pair[0].aliases}), -pair[0].pk)
    )
    return one.pk, likeness


def _lapse_match(match: WatchlistMatch, at: datetime) -> None:
    with matches.DELIST.apply_to(match, by=SYSTEM, at=at):
        pass
    request_rescreening(match.supplier, at)

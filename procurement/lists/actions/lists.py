"""A list comes, is brought into force by the machine, is replaced or withdrawn. Only companies whose matches change are marked."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from itertools import batched
from typing import NamedTuple

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from procurement.lists.actions.following import follow, lapse
from procurement.lists.actions.screening import note
from procurement.lists.formats import Listing
from procurement.lists.gathering import Name, turn
from procurement.lists.models.match import ScreenedName
from procurement.lists.models.watch_list import ListedName, WatchList
from procurement.lists.rules import lists
from procurement.lists.rules.lists import may_keep
from procurement.lists.rules.names import keys_of_names
from procurement.lists.rules.scoring import Alike
from procurement.suppliers.actions.companies import note_change
from procurement.suppliers.models.company import Supplier
from workflow.actors import CLOCK, Actor
from workflow.days import latest_day
from workflow.errors import Refused
from workflow.moves import locked
from workflow.tongues import Figure

AT_ONCE = 2000  # rows in one statement


class Hit(NamedTuple):
    """A name that was compared, and somebody on the list it is like."""

    supplier_id: int
    city_id: int | None
    name: Name
    listed_id: int
    likeness: Alike


def upload(
    listings: Sequence[Listing],
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
    uploaded_by: User,
    by: Actor,
    at: datetime,
    replaces: WatchList | None = None,
) -> WatchList:
    """Take in a list that was read, all of it. The machine compares it with every name, then it is in force.

    Refuses a file that is in force already, a name that is in force where it is not said to replace that list, a version older than
    the one it replaces, and one with less than half its names: that would lift blocks by one person's hand. Withdraw the old one first.
    """
    watch_list = WatchList(
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
    if not may_keep(by, watch_list):  # before the work of reading the names
        lists.UPLOAD.start(watch_list, by=by, at=at)
    rows = _distinct(watch_list, listings)
    watch_list.names = len(rows)
    with transaction.atomic():
        if (fault := _fault(watch_list, at)) is not None:
            raise fault
        lists.UPLOAD.start(watch_list, by=by, at=at)
        ListedName.objects.bulk_create(rows, batch_size=AT_ONCE)
    return watch_list


def _distinct(watch_list: WatchList, listings: Iterable[Listing]) -> list[ListedName]:
    """Each entry once: a file may name somebody in two rows that say the same. What either remarks is kept."""
    rows: dict[str, ListedName] = {}
    for row in (_listed(watch_list, one) for one in listings):
        known = rows.setdefault(row.digest, row)
        if row.remark not in known.remark:
            known.remark = f"{known.remark} {row.remark}".strip()
    return list(rows.values())


def _listed(watch_list: WatchList, one: Listing) -> ListedName:
    told = [one.name, sorted(one.aliases), one.country, sorted(one.numbers)]
    return ListedName(
        watch_list=watch_list,
        row=one.row,
        name=one.name,
        aliases=list(one.aliases),
        country=one.country,
        numbers=list(one.numbers),
        remark=one.remark,
        digest=hashlib.sha256(json.dumps(told, ensure_ascii=False).encode()).hexdigest(),
        keys=keys_of_names([one.name, *one.aliases], one.numbers),
    )


def _fault(fresh: WatchList, at: datetime) -> Refused | None:
    """What stands in the way of taking a list in."""
    if fresh.published_on > latest_day(at):
        return Refused("bad_day", _("The list is of a day that has not come yet."), field="published_on")
    here = WatchList.objects.exclude(status__in=(WatchList.Status.REPLACED, WatchList.Status.WITHDRAWN))
    same = here.filter(sha256=fresh.sha256).first()
    if same is not None:
        words = _("This very file is here already: %(list)s.")
        return Refused("same_file", words % {"list": same.reference}, field="file")
    older = fresh.replaces
    namesake = next((one for one in here.filter(name=fresh.name).order_by("pk") if one != older), None)
    if namesake is not None:
        words = _(
            "A list of this name is here already (%(list)s). Say that this one is a newer version of it."
        )
        return Refused("same_name", words % {"list": namesake.reference}, field="replaces")
    return _no_version(fresh, older) if older is not None else None


def _no_version(fresh: WatchList, older: WatchList) -> Refused | None:
    """Why a list cannot replace another."""
    if older.status not in WatchList.IN_FORCE:
        return Refused("not_in_force", _("The list it would replace is not in force."), field="replaces")
    if fresh.published_on < older.published_on:
        words = _("It is older than the list it would replace, of %(day)s.")
        return Refused("older", words % {"day": older.published_on.isoformat()}, field="published_on")
    if fresh.names * 2 < older.names:
        words = _(
            "It has %(names)s names, the list it would replace %(older)s. If that is right, withdraw the older list first: "
            "two persons do that."
        )
        told = {"names": Figure(fresh.names), "older": Figure(older.names)}
        return Refused("too_few_names", words % told, field="file")
    return None


def come_in_force(
    watch_list: WatchList, seen: Iterable[int], hits: Iterable[Hit], *, at: datetime
) -> WatchList:
    """Bring a list into force with what it was found to hit. `seen` are the compared names, by key. Called by the machine.

    What stood against the version it replaces follows to the same entry, or to one that the name is like; where there is none, it is
    no longer so.
    """
    last = turn()
    with transaction.atomic():
        older = watch_list.replaces
        with lists.COME_IN_FORCE.on(watch_list, by=CLOCK, at=at) as row:
            if older is not None and locked(older).status in WatchList.IN_FORCE:
                with lists.REPLACE.on(older, by=CLOCK, at=at, by_version=row.reference):
                    pass
                follow(older, row, at)
            row.turn = last + 1
        for some in batched(hits, AT_ONCE):
            _note_hits(some, at)
        ScreenedName.objects.filter(pk__in=list(seen), turn=last).update(turn=last + 1)
    return watch_list


def _note_hits(hits: Sequence[Hit], at: datetime) -> None:
    companies = Supplier.objects.in_bulk({hit.supplier_id for hit in hits})
    listed = ListedName.objects.in_bulk({hit.listed_id for hit in hits})
    for hit in hits:
        company = companies[hit.supplier_id]
        if note(company, hit.city_id, hit.name, listed[hit.listed_id], hit.likeness, at):
            note_change(company, at)


def fail(watch_list: WatchList, *, at: datetime) -> WatchList:
    """Note that the machine stumbled over a list: it is not in force, and whoever looks after it is told on its page."""
    with lists.FAIL.on(watch_list, by=CLOCK, at=at):
        pass
    return watch_list


def try_again(watch_list: WatchList, *, by: Actor, at: datetime) -> WatchList:
    """Have the machine compare a list again over which it stumbled."""
    with lists.TRY_AGAIN.on(watch_list, by=by, at=at):
        pass
    return watch_list


def drop(watch_list: WatchList, *, reason: str, by: Actor, at: datetime) -> WatchList:
    """Withdraw a list that is not in force yet: nothing rests on it."""
    with lists.DROP.on(watch_list, by=by, at=at, reason=reason):
        pass
    return watch_list


def propose_withdrawal(
    watch_list: WatchList, *, reason: str, withdrawn_by: User, by: Actor, at: datetime
) -> WatchList:
    """Say in writing why a list should go. It stays in force until a second person agrees."""
    with lists.PROPOSE_WITHDRAWAL.on(watch_list, by=by, at=at, reason=reason) as row:
        row.withdrawn_by = withdrawn_by
    return watch_list


def keep(watch_list: WatchList, *, reason: str, by: Actor, at: datetime) -> WatchList:
    """Keep a list in force that was to be withdrawn."""
    with lists.KEEP.on(watch_list, by=by, at=at, reason=reason) as row:
        row.withdrawn_by = None
    return watch_list


def withdraw(watch_list: WatchList, *, reason: str, by: Actor, at: datetime) -> WatchList:
    """Withdraw a list as the second person: what it hit is no longer so, cleared or not. Its names stay readable."""
    with transaction.atomic():
        with lists.WITHDRAW.on(watch_list, by=by, at=at, reason=reason):
            pass
        lapse(watch_list, at)
    return watch_list

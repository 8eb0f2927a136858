"""Comparing the names of one company with the lists in force, in the transaction of whatever brought the names."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from procurement.lists.actions.matches import forget
from procurement.lists.gathering import Name, listed_like, names_of, turn
from procurement.lists.models.match import Borne, ListMatch, ScreenedName
from procurement.lists.models.watch_list import ListedName
from procurement.lists.rules import matches
from procurement.lists.rules.scoring import Alike
from procurement.suppliers.actions.companies import note_change
from procurement.suppliers.models.company import Supplier
from workflow.actors import CLOCK
from workflow.moves import locked

# A match that was cleared was cleared of a company by these names: when one of them changes, it is judged anew.
IDENTITY = frozenset({Borne.LEGAL, Borne.ENGLISH, Borne.NUMBER})


def screen(company: Supplier, *, at: datetime, last: int | None = None) -> bool:
    """Compare the names of a company that were not compared with the lists in force; whether something was found or reopened.

    A match that blocks is never lifted by correcting a name: two persons clear it. The company is marked for its offers to be judged.
    Names that cities brought themselves are compared anew as well, where the lists changed since. `last` is the last change of the
    lists, for who has read it: read before the names are compared, it is never later than the lists they are compared with.
    """
    now = turn() if last is None else last
    compared = _compared(company)
    found = [_compare(company, names_of(company), None, compared.get(None, {}), now, at)]
    for city_id in sorted(key for key, theirs in compared.items() if key and min(theirs.values()) < now):
        theirs = compared[city_id]
        found.append(_compare(company, set(theirs), city_id, theirs, now, at))
    return any(found)


def screen_chain(
    company: Supplier, names: Iterable[str], *, city_id: int, at: datetime, last: int | None = None
) -> bool:
    """The same for who its offers to one city came through: those names are that city's own, and so is what they are like."""
    wanted = {(Borne.REFERRAL.value, name.strip()) for name in names if name.strip()}
    now = turn() if last is None else last
    return _compare(company, wanted, city_id, _compared(company, city=city_id).get(city_id, {}), now, at)


def _compared(company: Supplier, **whose: int) -> dict[int | None, dict[Name, int]]:
    """The names that were compared, with the turn each was, by the city that brought them; None for those known to all."""
    rows = ScreenedName.objects.filter(supplier=company, **whose)
    found: dict[int | None, dict[Name, int]] = defaultdict(dict)
    for city_id, borne, name, last in rows.values_list("city", "borne", "name", "turn"):
        found[city_id][borne, name] = last
    return found


def _compare(
    company: Supplier, wanted: set[Name], city_id: int | None, seen: dict[Name, int], now: int, at: datetime
) -> bool:
    """Compare the names that are new, or were compared before the last change of the lists, and forget those no longer borne.

    `seen` is what was compared as it was read without the lock: where nothing of it has to change, no lock is taken.
    """
    if set(seen) == wanted and all(last >= now for last in seen.values()):
        return False
    with transaction.atomic():
        locked(company)  # two who bring names at once are compared one after the other
        known = list(ScreenedName.objects.filter(supplier=company, city=city_id))
        compared = {(one.borne, one.name): one.turn for one in known}
        gone, fresh = set(compared) - wanted, wanted - set(compared)
        stale = {name for name in wanted if compared.get(name, -1) < now}
        found = [_note(company, city_id, name, at) for name in sorted(stale)]
        _remember(company, city_id, stale, now)
        left = [one.pk for one in known if (one.borne, one.name) in gone]
        ScreenedName.objects.filter(pk__in=left).delete()
        other = {borne for borne, _name in gone | fresh}
        again = bool(compared) and bool(other & IDENTITY) and _judge_anew(company, at)
        if any(found) or again:
            note_change(company, at)
    return any(found) or again


def _remember(company: Supplier, city_id: int | None, names: set[Name], now: int) -> None:
    rows = [
        ScreenedName(supplier=company, city_id=city_id, borne=borne, name=name, turn=now)
        for borne, name in sorted(names)
    ]
    ScreenedName.objects.bulk_create(rows, ignore_conflicts=True)
    ScreenedName.objects.filter(
        supplier=company,
        city=city_id,
        borne__in={one.borne for one in rows},
        name__in={one.name for one in rows},
    ).update(turn=now)


def _note(company: Supplier, city_id: int | None, name: Name, at: datetime) -> bool:
    """Note whom on a list a name is like; whether one of them is new or is raised again."""
    noted = [note(company, city_id, name, one, likeness, at) for one, likeness in listed_like(name[1])]
    return any(noted)


def note(
    company: Supplier, city_id: int | None, name: Name, one: ListedName, likeness: Alike, at: datetime
) -> bool:
    """Note a possible match once; whether it is new, or was gone and is raised again. Called by the machine, in its transaction."""
    borne, written = name
    about = {"supplier": company, "city_id": city_id, "borne": borne, "name": written, "listed": one}
    known = ListMatch.objects.filter(**about).first()
    if known is None:
        fresh = ListMatch(**about, score=likeness.score, listed_as=likeness.listed_as)
        matches.RAISE.start(fresh, by=CLOCK, at=at)
        return True
    if known.status != ListMatch.Status.GONE:
        return False
    raise_again(known, at)
    return True


def _judge_anew(company: Supplier, at: datetime) -> bool:
    """What was cleared of this company was cleared of it by other names."""
    cleared = list(ListMatch.objects.filter(supplier=company, status=ListMatch.Status.CLEARED).order_by("pk"))
    for one in cleared:
        raise_again(one, at)
    return bool(cleared)


def raise_again(match: ListMatch, at: datetime) -> None:
    """It is possible again: what it was judged by has changed, or it is listed again. Called by the machine."""
    with matches.RAISE_AGAIN.on(match, by=CLOCK, at=at) as row:
        forget(row)

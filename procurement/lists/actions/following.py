"""What stands against a version of a list, when that is replaced or withdrawn: it follows, is judged anew, or is no longer so.

Called by the machine, or by who withdraws a list, in their transaction.
"""

from datetime import datetime

from django.db.models import QuerySet

from procurement.lists.actions.screening import raise_again
from procurement.lists.gathering import listed_like
from procurement.lists.models.match import ListMatch
from procurement.lists.models.watch_list import WatchList
from procurement.lists.rules import matches
from procurement.lists.rules.scoring import Alike
from procurement.suppliers.actions.companies import note_change
from workflow.actors import CLOCK

STANDING = (
    ListMatch.Status.POSSIBLE,
    ListMatch.Status.CLEARING,
    ListMatch.Status.CLEARED,
    ListMatch.Status.CONFIRMED,
)
JUDGED_BY_IT = (
    ListMatch.Status.CLEARING,
    ListMatch.Status.CLEARED,
)  # by what the entry said: judged anew where it says something else


def follow(older: WatchList, newer: WatchList, at: datetime) -> None:
    """Take what stands along to the same entry of the newer version; where that is gone, to the one its name is most like.

    Nothing lapses because an entry has one alias more: the name that was compared is looked for again, borne still or not. Of two
    matches of one name that come to one entry the first stays: that of the same entry, then a confirmed one.
    """
    same = dict(newer.listed.values_list("digest", "pk"))
    rows = list(_standing(older).select_related("listed", "supplier"))
    rows.sort(
        key=lambda one: (one.listed.digest not in same, one.status != ListMatch.Status.CONFIRMED, one.pk)
    )
    taken = set()
    for match in rows:
        entry, otherwise = _found(match, same, newer)
        place = (match.supplier_id, match.city_id, match.borne, match.name, entry)
        if entry is None or place in taken:
            _lapse(match, at)
            continue
        taken.add(place)
        with matches.FOLLOW.on(match, by=CLOCK, at=at) as row:
            row.listed_id = entry
            if otherwise is not None:
                row.score, row.listed_as = otherwise
        if otherwise is not None and match.status in JUDGED_BY_IT:
            raise_again(match, at)
            note_change(match.supplier, at)


def lapse(watch_list: WatchList, at: datetime) -> None:
    """Note of everything that a list hit that it is no longer so, cleared or not."""
    for match in _standing(watch_list).order_by("pk"):
        _lapse(match, at)


def _standing(watch_list: WatchList) -> QuerySet[ListMatch]:
    return ListMatch.objects.filter(listed__watch_list=watch_list, status__in=STANDING)


def _found(match: ListMatch, same: dict[str, int], newer: WatchList) -> tuple[int | None, Alike | None]:
    """The entry a match goes to, and how it is like it where the entry says something else than it did; none where none is alike."""
    if match.listed.digest in same:
        return same[match.listed.digest], None
    before = {match.listed.name, *match.listed.aliases}
    found = listed_like(match.name, newer)
    if not found:
        return None, None
    one, likeness = max(
        found, key=lambda pair: (pair[1].score, len(before & {pair[0].name, *pair[0].aliases}), -pair[0].pk)
    )
    return one.pk, likeness


def _lapse(match: ListMatch, at: datetime) -> None:
    with matches.LAPSE.on(match, by=CLOCK, at=at):
        pass
    note_change(match.supplier, at)

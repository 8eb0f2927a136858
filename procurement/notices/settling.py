"""Which notices have settled themselves: what they ask for was done, or a newer one says the same. Reads only."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.db.models import Q

from procurement.notices.entries import row_of
from workflow.models import Entry, InAppNotice

type Thing = tuple[str, int]


def settle(entries: Iterable[Entry]) -> list[InAppNotice]:
    """The notices that these entries settled, or made true again, with `settled_by` set. Two queries a kind of thing, and one."""
    latest: dict[Thing, Entry] = {(entry.thing_label, entry.thing_id): entry for entry in entries}
    told = _about(latest)
    if not told:
        return []
    things = _load({(one.thing_label, one.thing_id) for one in told})
    newest = {_same(one): one.pk for one in told}
    changed = []
    for one in told:
        here = (one.thing_label, one.thing_id)
        row = row_of(one, things.get(here))
        settled = row is not None and not row.stays
        settled &= newest[_same(one)] != one.pk or not (row and row.is_true(things.get(here), one.entry))
        if settled != (one.settled_by_id is not None):
            one.settled_by = latest[here] if settled else None
            changed.append(one)
    return changed


def _about(latest: dict[Thing, Entry]) -> list[InAppNotice]:
    ids: defaultdict[str, list[int]] = defaultdict(list)
    for label, pk in latest:
        ids[label].append(pk)
    about = Q(pk=None)
    for label, pks in ids.items():
        about |= Q(thing_label=label, thing_id__in=pks)
    return list(InAppNotice.objects.filter(about).select_related("entry").order_by("pk"))


def _load(wanted: set[Thing]) -> dict[Thing, Any]:
    ids: defaultdict[str, list[int]] = defaultdict(list)
    for label, pk in wanted:
        ids[label].append(pk)
    return {
        (label, pk): thing
        for label, pks in ids.items()
        for pk, thing in apps.get_model(label)._base_manager.in_bulk(pks).items()
    }


def _same(one: InAppNotice) -> tuple[Any, ...]:
    """Notices that say the same of one thing to one reader."""
    return one.recipient_id, one.thing_label, one.thing_id, one.kind, one.entry.verb

"""Which notices have settled themselves: what they ask for was done, there or beside it, or a newer one says the same. Reads only."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.db.models import Q

from procurement.notices.entries import row_of
from workflow.models.bell import InAppNotice
from workflow.models.journal import Entry

type Thing = tuple[str, int]

# What a notice asks for may be done elsewhere: what happens to one thing decides about others, reached from these by that way.
_NEED: tuple[tuple[str, str], ...] = (
    ("procurement.inquiry", "supply_request"),
    ("procurement.verificationtask", "lead__line__supply_request"),
    ("procurement.reuse", "task__lead__line__supply_request"),
)
DECIDES: dict[str, tuple[tuple[str, str], ...]] = {
    "procurement.supplyrequest": _NEED,
    "procurement.supplierlead": (
        *((label, f"{way}__lines__leads") for label, way in _NEED),
        ("procurement.finding", "lead"),
    ),
    "procurement.allocation": tuple((label, f"{way}__lines__allocations") for label, way in _NEED),
    "procurement.verificationtask": (("procurement.reuse", "task"),),
}


def mark_settled(entries: Iterable[Entry]) -> list[InAppNotice]:
    """The notices that these entries settled, or made true again, with `settled_by` set. Two queries a kind of thing, and one; one more
    for each kind of thing that hangs on another.
    """
    latest: dict[Thing, Entry] = {(entry.thing_label, entry.thing_id): entry for entry in entries}
    latest = _decided(latest) | latest
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


def _decided(latest: dict[Thing, Entry]) -> dict[Thing, Entry]:
    """The things that hang on those of these entries, each with the last of the entries that decides about it."""
    found: dict[Thing, Entry] = {}
    for label, ways in DECIDES.items():
        by_id = {pk: entry for (told, pk), entry in latest.items() if told == label}
        for other, way in ways if by_id else ():
            rows = apps.get_model(other)._base_manager.filter(**{f"{way}__in": by_id})
            for pk, through in rows.values_list("pk", way).distinct():
                here = (other, pk)
                found[here] = max(by_id[through], found.get(here, by_id[through]), key=lambda one: one.pk)
    return found


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

"""Notifications that are settled: their request was met, or a newer one repeats them. Reads only."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.db.models import Q

from procurement.notifications.table_lookup import table_row_of
from workflow.journal.models import Entry
from workflow.outbox.models import Notification

type ThingKey = tuple[str, int]

# An event on one item can settle notifications about others, which are found by these lookups.
_PATHS_TO_NEED: tuple[tuple[str, str], ...] = (
    ("procurement.inquiry", "supply_request"),
    ("procurement.verificationtask", "lead__line__supply_request"),
    ("procurement.checkreuse", "task__lead__line__supply_request"),
)
DEPENDENT_ITEMS: dict[str, tuple[tuple[str, str], ...]] = {
    "procurement.supplyrequest": _PATHS_TO_NEED,
    "procurement.supplierlead": (
        *((label, f"{way}__lines__leads") for label, way in _PATHS_TO_NEED),
        ("procurement.finding", "lead"),
    ),
    "procurement.allocation": tuple((label, f"{way}__lines__allocations") for label, way in _PATHS_TO_NEED),
    "procurement.verificationtask": (("procurement.checkreuse", "task"),),
}


def mark_settled(entries: Iterable[Entry]) -> list[Notification]:
    """Return the notifications that these entries settled or opened again, with `settled_by` set.

    Two queries per kind of item plus one; one more per kind of item that depends on another.
    """
    latest: dict[ThingKey, Entry] = {(entry.thing_label, entry.thing_id): entry for entry in entries}
    latest = _dependent_items(latest) | latest
    values = _notifications_about(latest)
    if not values:
        return []
    things = _load_items({(one.thing_label, one.thing_id) for one in values})
    newest = {_content_key(one): one.pk for one in values}
    changed = []
    for one in values:
        here = (one.thing_label, one.thing_id)
        row = table_row_of(one, things.get(here))
        settled = row is not None and not row.never_becomes_invalid
        settled &= newest[_content_key(one)] != one.pk or not (
            row and row.is_still_valid(things.get(here), one.entry)
        )
        if settled != (one.settled_by_id is not None):
            one.settled_by = latest[here] if settled else None
            changed.append(one)
    return changed


def _dependent_items(latest: dict[ThingKey, Entry]) -> dict[ThingKey, Entry]:
    """Return the items that depend on those of these entries, each with its latest deciding entry."""
    found: dict[ThingKey, Entry] = {}
    for label, ways in DEPENDENT_ITEMS.items():
        by_id = {pk: entry for (values, pk), entry in latest.items() if values == label}
        for other, way in ways if by_id else ():
            rows = apps.get_model(other)._base_manager.filter(**{f"{way}__in": by_id})
            for pk, through in rows.values_list("pk", way).distinct():
                here = (other, pk)
                found[here] = max(by_id[through], found.get(here, by_id[through]), key=lambda one: one.pk)
    return found


def _notifications_about(latest: dict[ThingKey, Entry]) -> list[Notification]:
    ids: defaultdict[str, list[int]] = defaultdict(list)
    for label, pk in latest:
        ids[label].append(pk)
    about = Q(pk=None)
    for label, pks in ids.items():
        about |= Q(thing_label=label, thing_id__in=pks)
    return list(Notification.objects.filter(about).select_related("entry").order_by("pk"))


def _load_items(wanted: set[ThingKey]) -> dict[ThingKey, Any]:
    ids: defaultdict[str, list[int]] = defaultdict(list)
    for label, pk in wanted:
        ids[label].append(pk)
    return {
        (label, pk): thing
        for label, pks in ids.items()
        for pk, thing in apps.get_model(label)._base_manager.in_bulk(pks).items()
    }


def _content_key(one: Notification) -> tuple[Any, ...]:
    """Return a key that is equal for notifications with the same content for the same reader."""
    return one.recipient_id, one.thing_label, one.thing_id, one.kind, one.entry.verb

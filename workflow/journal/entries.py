"""Functions that write journal entries, and that read the history of an object.

A database trigger keeps the entries append-only.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Model, Q

from workflow.actors import Actor
from workflow.journal.models import Entry, EntryQuerySet
from workflow.search import GramsField
from workflow.worker_trigger import trigger_worker

if TYPE_CHECKING:
    from django.db.models import Field

ENTRY_BATCH_SIZE = 1000  # entries in one statement
NON_CHANGE_VERBS = ("comment", "attach", "undelivered")  # the verbs of entries that do not change the object
type Snapshot = dict[str, Any]
HIDDEN_VALUE_MASK = (
    "•••"  # replaces the value of a field in SECRET_FIELDS: an entry records only that it changed
)


def snapshot(thing: Model) -> Snapshot:
    """Return the stored facts of an object by column name, without its search columns."""
    return {field.attname: getattr(thing, field.attname) for field in _fields(thing)}


def changed_fields(before: Snapshot, thing: Model) -> list[str]:
    """Return the names of the fields to save: those that changed, and the search columns built from them.

    A field has changed if it differs from the snapshot.
    """
    names = [field.name for field in _fields(thing) if before[field.attname] != getattr(thing, field.attname)]
    columns = [field for field in thing._meta.concrete_fields if isinstance(field, GramsField)]
    return names + [column.name for column in columns if set(column.of) & set(names)]


def _fields(thing: Model) -> "list[Field[Any, Any]]":
    return [field for field in thing._meta.concrete_fields if not isinstance(field, GramsField)]


def record(
    thing: Model,
    verb: str,
    *,
    by: Actor,
    at: datetime,
    reason: str = "",
    city_id: int | None = None,
    before: Snapshot | None = None,
    after: Snapshot | None = None,
    **facts: Any,
) -> Entry:
    """Write one journal entry in the caller's transaction, and start the periodic job after the commit.

    The entry keeps only the differences between `before` and `after`. `city_id` names the city concerned, if
    it is not the object's own.
    """
    transaction.on_commit(trigger_worker)
    entry = _entry(thing, verb, by, at, reason, (before or {}, after or {}), facts)
    if city_id is not None:
        entry.city_id = city_id
    entry.save(force_insert=True)
    return entry


def record_many(
    things: Iterable[tuple[Model, Snapshot, Snapshot]],
    verb: str,
    *,
    by: Actor,
    at: datetime,
    reason: str = "",
    **facts: Any,
) -> list[Entry]:
    """Write one entry for each object, in the caller's transaction.

    Each object comes with its snapshots before and after.
    """
    transaction.on_commit(trigger_worker)
    entries = [_entry(thing, verb, by, at, reason, (before, after), facts) for thing, before, after in things]
    return Entry.objects.bulk_create(entries, batch_size=ENTRY_BATCH_SIZE)


def _entry(
    thing: Model,
    verb: str,
    by: Actor,
    at: datetime,
    reason: str,
    states: tuple[Snapshot, Snapshot],
    facts: dict[str, Any],
) -> Entry:
    before, after = states
    names = [name for name in after if name not in before or before[name] != after[name]]
    removed = [name for name in before if name not in after]  # fields of an object that is deleted
    secret: frozenset[str] = getattr(thing, "SECRET_FIELDS", frozenset())
    return Entry(
        thing_label=thing._meta.label_lower,
        thing_id=thing.pk,
        reference=str(getattr(thing, "reference", "")),
        city_id=getattr(thing, "city_id", None),
        verb=verb,
        by_id=by.user_id,
        by_label=str(by.label),
        via=by.via,
        at=at,
        reason=reason,
        before={
            name: HIDDEN_VALUE_MASK if name in secret else before[name]
            for name in names + removed
            if name in before
        },
        after={name: HIDDEN_VALUE_MASK if name in secret else after[name] for name in names if name != "id"},
        facts=facts,
    )


def change_entries(thing: Model) -> EntryQuerySet:
    """Return the entries that changed an object, newest first.

    Entries about comments, files and mail are left out.
    """
    return Entry.objects.about(thing).exclude(verb__in=NON_CHANGE_VERBS).order_by("-id")


def history_of(*things: Model) -> EntryQuerySet:
    """Return the entries about one or several objects, newest first."""
    ids: defaultdict[str, list[int]] = defaultdict(list)
    for thing in things:
        ids[thing._meta.label_lower].append(thing.pk)
    about = [Q(thing_label=label, thing_id__in=pks) for label, pks in ids.items()]
    return Entry.objects.filter(reduce(or_, about)).select_related("by").order_by("-id")

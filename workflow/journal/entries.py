"""Writing entries and reading the history of a thing. A database trigger keeps them append-only."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Field, Model, Q

from workflow.actors import Actor
from workflow.models.journal import Entry, EntryQuerySet
from workflow.outbox.wakeup import nudge
from workflow.search import GramsField

if TYPE_CHECKING:
    from django.db.models import Field

MANY = 1000  # entries in one statement
SAID = ("comment", "attach", "undelivered")  # the verbs of entries that change nothing of the thing
type Snapshot = dict[str, Any]
HIDDEN = "•••"  # stands in an entry for the value of a field its model lists in SECRET_FIELDS: that it changed is recorded


def snapshot(thing: Model) -> Snapshot:
    """The stored facts of a thing by column name, without its search columns."""
    return {field.attname: getattr(thing, field.attname) for field in _fields(thing)}


def changed(before: Snapshot, thing: Model) -> list[str]:
    """The names of the fields to save: those that differ from the snapshot, and the search columns made of them."""
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
    """Write one entry, in the caller's transaction, and wake the tick once it is committed.

    Only what differs between `before` and `after` is kept. `city_id` names the city whose business it is, where that is not the
    thing's own.
    """
    transaction.on_commit(nudge)
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
    """Write one entry for each of many things, given with what they were before and after, in the caller's transaction."""
    transaction.on_commit(nudge)
    entries = [_entry(thing, verb, by, at, reason, (before, after), facts) for thing, before, after in things]
    return Entry.objects.bulk_create(entries, batch_size=MANY)


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
    gone = [name for name in before if name not in after]  # of a thing that is taken back
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
        before={name: HIDDEN if name in secret else before[name] for name in names + gone if name in before},
        after={name: HIDDEN if name in secret else after[name] for name in names if name != "id"},
        facts=facts,
    )


def changes(thing: Model) -> EntryQuerySet:
    """The entries that changed a thing, newest first: those of words, files and mail about it left out."""
    return Entry.objects.about(thing).exclude(verb__in=SAID).order_by("-id")


def history_of(*things: Model) -> EntryQuerySet:
    """The entries about one thing, or about several that are told together, newest first."""
    ids: defaultdict[str, list[int]] = defaultdict(list)
    for thing in things:
        ids[thing._meta.label_lower].append(thing.pk)
    about = [Q(thing_label=label, thing_id__in=pks) for label, pks in ids.items()]
    return Entry.objects.filter(reduce(or_, about)).select_related("by").order_by("-id")

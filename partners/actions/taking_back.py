"""Taking back what an import did: what it added goes unless something rests on it; what it changed is set back if it still stands."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from itertools import batched
from typing import Any

from django.db import transaction
from django.db.models import Model

from partners.actions.resting import CHANGED, Why, resting
from partners.models.cities import City
from partners.models.ties import Exchange, Twinning
from workflow.actors import Actor
from workflow.journal import entries
from workflow.journal.entries import Snapshot, record_many
from workflow.models.journal import Entry
from workflow.tongues import in_three

ADDED = frozenset({"add", "twin"})
KINDS: tuple[type[Model], ...] = (Exchange, Twinning, City)  # what rests on others goes first
AT_ONCE = 1000

type Left = list[dict[str, Any]]  # address, name and reason in three languages


def take_back(
    entries: Sequence[int],
    *,
    by: Actor,
    at: datetime,
    reason: str,
    tell: Callable[[int], None] = lambda done: None,
) -> Left:
    """Undo what these entries of the journal say was done to the register, with an entry for each thing. Returns what was left as it
    is, with the reason: something rests on it, or somebody changed it since. `tell` hears now and then how many are done.
    """
    done: dict[str, dict[int, list[Entry]]] = defaultdict(lambda: defaultdict(list))
    for some in batched(entries, AT_ONCE):
        for entry in Entry.objects.filter(pk__in=some).order_by("pk"):
            done[entry.thing_label][entry.thing_id].append(entry)
    left: Left = []
    gone = 0
    with transaction.atomic():
        for model in KINDS:
            told = done[model._meta.label_lower]
            added = sorted(pk for pk, known in told.items() if known[0].verb in ADDED)
            for pks in batched(added, AT_ONCE):
                left += _remove(model, {pk: told[pk][-1].pk for pk in pks}, by=by, at=at, reason=reason)
                gone += len(pks)
                tell(gone)
            left += _set_back(model, {pk: told[pk] for pk in told if pk not in set(added)}, by, at, reason)
    return left


# --- what was added -----------------------------------------------------------------------------------------------
def _remove(model: type[Model], last: dict[int, int], *, by: Actor, at: datetime, reason: str) -> Left:
    """Delete the things that nothing rests on. `last` tells the import's last entry about each."""
    things = model._base_manager.select_for_update(of=("self",)).in_bulk(last)
    why = resting(model, last)  # asked under their locks: whoever wants to rest something on them waits
    going = [thing for pk, thing in things.items() if pk not in why]
    nothing: Snapshot = {}
    states = ((thing, entries.snapshot(thing), nothing) for thing in going)
    record_many(states, "remove", by=by, at=at, reason=reason)
    model._base_manager.filter(pk__in=[thing.pk for thing in going]).delete()
    return [_told(things[pk], why[pk]) for pk in last if pk in why and pk in things]


# --- what was changed ---------------------------------------------------------------------------------------------
def _set_back(model: type[Model], told: dict[int, list[Entry]], by: Actor, at: datetime, reason: str) -> Left:
    left: Left = []
    things = model._base_manager.select_for_update(of=("self",)).in_bulk(sorted(told))
    for pk, thing in sorted(things.items()):
        before, after = _what_changed(told[pk])
        fields = {field.attname: field for field in model._meta.concrete_fields}
        now = {name: getattr(thing, name) for name in before}
        if any(now[name] != fields[name].to_python(after[name]) for name in before):
            left.append(_told(thing, CHANGED))
            continue
        was = entries.snapshot(thing)
        for name, value in before.items():
            setattr(thing, name, fields[name].to_python(value))
        thing.save(update_fields=entries.changed(was, thing))
        entries.record(
            thing, "set_back", by=by, at=at, reason=reason, before=was, after=entries.snapshot(thing)
        )
    return left


def _what_changed(entries: Iterable[Entry]) -> tuple[dict[str, Any], dict[str, Any]]:
    """What stood there before the first of the entries that speaks of it, and after the last."""
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    for entry in entries:
        before |= {name: value for name, value in entry.before.items() if name not in before}
        after |= entry.after
    return before, after


def _told(thing: Any, why: Why) -> dict[str, Any]:
    """A thing that stays, as an import remembers it: its address where it has one, its name and the reason in three languages."""
    return {
        "url": thing.get_absolute_url() if hasattr(thing, "get_absolute_url") else "",
        "name": in_three(lambda: str(thing)),
        "why": in_three(why),
    }

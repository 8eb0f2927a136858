"""Rollback of an import: added entries are removed, changed entries get their old values back.

An added entry stays if other data depends on it. A changed entry stays if it was changed again later.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from itertools import batched
from typing import Any

from django.db import transaction
from django.db.models import Model

from partners.agreements.models import TwinningAgreement
from partners.cities.models import City
from partners.exchanges.models import Exchange
from partners.register_import.dependants import (
    CHANGED_SINCE_IMPORT,
    DependencyReason,
    rollback_blocking_reasons,
)
from workflow.actors import Actor
from workflow.i18n import translate_all
from workflow.journal import entries
from workflow.journal.entries import Snapshot, changed_fields, record_many
from workflow.journal.models import Entry

ADDING_VERBS = frozenset({"add"})
MODELS_IN_ROLLBACK_ORDER: tuple[type[Model], ...] = (
    Exchange,
    TwinningAgreement,
    City,
)  # dependent entries first
BATCH_SIZE = 1000

type NotRolledBack = list[dict[str, Any]]  # address, name and reason in three languages


def roll_back(
    entries: Sequence[int],
    *,
    by: Actor,
    at: datetime,
    reason: str,
    report_progress: Callable[[int], None] = lambda removed: None,
) -> NotRolledBack:
    """Undo the changes of these journal entries, with a new journal entry for each register entry.

    Return what was left unchanged, with the reason: other data depends on it, or it changed since. The
    callback receives the number of finished entries from time to time.
    """
    entries_by_label: dict[str, dict[int, list[Entry]]] = defaultdict(lambda: defaultdict(list))
    for batch in batched(entries, BATCH_SIZE):
        for entry in Entry.objects.filter(pk__in=batch).order_by("pk"):
            entries_by_label[entry.thing_label][entry.thing_id].append(entry)
    remaining: NotRolledBack = []
    removed = 0
    with transaction.atomic():
        for model in MODELS_IN_ROLLBACK_ORDER:
            values = entries_by_label[model._meta.label_lower]
            added = sorted(pk for pk, known in values.items() if known[0].verb in ADDING_VERBS)
            for pks in batched(added, BATCH_SIZE):
                remaining += _remove(
                    model, {pk: values[pk][-1].pk for pk in pks}, by=by, at=at, reason=reason
                )
                removed += len(pks)
                report_progress(removed)
            remaining += _revert(
                model, {pk: values[pk] for pk in values if pk not in set(added)}, by, at, reason
            )
    return remaining


# --- what was added -----------------------------------------------------------------------------------------------
def _remove(
    model: type[Model], last: dict[int, int], *, by: Actor, at: datetime, reason: str
) -> NotRolledBack:
    """Delete the entries that nothing depends on. `last` holds the import's last journal entry for each."""
    things = model._base_manager.select_for_update(of=("self",)).in_bulk(last)
    reasons = rollback_blocking_reasons(
        model, last
    )  # read under the locks, so that no new dependent data can appear meanwhile
    removable = [thing for pk, thing in things.items() if pk not in reasons]
    no_values: Snapshot = {}
    states = ((thing, entries.snapshot(thing), no_values) for thing in removable)
    record_many(states, "remove", by=by, at=at, reason=reason)
    model._base_manager.filter(pk__in=[thing.pk for thing in removable]).delete()
    return [_remaining_entry(things[pk], reasons[pk]) for pk in last if pk in reasons and pk in things]


# --- what was changed ---------------------------------------------------------------------------------------------
def _revert(
    model: type[Model], values: dict[int, list[Entry]], by: Actor, at: datetime, reason: str
) -> NotRolledBack:
    remaining: NotRolledBack = []
    things = model._base_manager.select_for_update(of=("self",)).in_bulk(sorted(values))
    for pk, thing in sorted(things.items()):
        before, after = _values_before_and_after(values[pk])
        fields = {field.attname: field for field in model._meta.concrete_fields}
        current = {name: getattr(thing, name) for name in before}
        if any(current[name] != fields[name].to_python(after[name]) for name in before):
            remaining.append(_remaining_entry(thing, CHANGED_SINCE_IMPORT))
            continue
        snapshot = entries.snapshot(thing)
        for name, value in before.items():
            setattr(thing, name, fields[name].to_python(value))
        thing.save(update_fields=changed_fields(snapshot, thing))
        entries.record(
            thing, "set_back", by=by, at=at, reason=reason, before=snapshot, after=entries.snapshot(thing)
        )
    return remaining


def _values_before_and_after(entries: Iterable[Entry]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the values before the first journal entry that names them, and those after the last."""
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    for entry in entries:
        before |= {name: value for name, value in entry.before.items() if name not in before}
        after |= entry.after
    return before, after


def _remaining_entry(thing: Any, reason: DependencyReason) -> dict[str, Any]:
    """Return the record of an entry that stays after the rollback: address, and name and reason in three languages."""
    return {
        "url": thing.get_absolute_url() if hasattr(thing, "get_absolute_url") else "",
        "name": translate_all(lambda: str(thing)),
        "why": translate_all(reason),
    }

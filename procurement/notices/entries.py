"""From an entry of the journal to the rows of the table, and to the thing it speaks of. Reads only."""

from collections.abc import Sequence
from typing import Any

from django.apps import apps
from django.db.models import Model

from procurement.notices.kinds import kind_of
from procurement.notices.notice import STAFF, Notice
from procurement.notices.table import NOTICES
from workflow.models.bell import InAppNotice
from workflow.models.journal import Entry

ANY = "*"


def for_entry(entry: Entry) -> tuple[Notice, ...]:
    """The rows of the table for what happened, or for that happening to anything."""
    return NOTICES.get((entry.thing_label, entry.verb)) or NOTICES.get((ANY, entry.verb), ())


def load(label: str, pk: int) -> Any | None:
    """The thing an entry or a message speaks of."""
    model: type[Model] = apps.get_model(label)
    return model._base_manager.filter(pk=pk).first()


def row_of(told: InAppNotice, thing: Any | None = None) -> Notice | None:
    """The row of the table that an in-app notice was told by; None for one that the table no longer knows.

    `thing` is what it is about, where it has been read.
    """
    entry = told.entry
    rows = [row for row in for_entry(entry) if row.template == STAFF]
    same = [row for row in rows if kind_of(entry.thing_label, entry.verb, row) == told.kind]
    return told_by(same or rows, entry, told.recipient_id, thing)


def told_by(rows: Sequence[Notice], entry: Entry, reader: int, thing: Any | None = None) -> Notice | None:
    """Of rows that look alike the one by which a reader, by id, learns of an entry: it holds, and they are among those it is for.

    Where that cannot be known any more, the first.
    """
    if len(rows) < 2 or (thing := thing or load(entry.thing_label, entry.thing_id)) is None:
        return next(iter(rows), None)
    holding = [row for row in rows if row.holds(thing, entry)] or rows
    if len(holding) == 1:
        return holding[0]
    theirs = (row for row in holding if any(person.pk == reader for person in row.audience(thing)))
    return next(theirs, holding[0])

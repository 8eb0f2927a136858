"""From an entry of the journal to the rows of the table, and to the thing it speaks of. Reads only."""

from typing import Any

from django.apps import apps
from django.db.models import Model

from procurement.notices.kinds import kind_of
from procurement.notices.notice import STAFF, Notice
from procurement.notices.table import NOTICES
from workflow.models import Entry, InAppNotice

ANY = "*"


def for_entry(entry: Entry) -> tuple[Notice, ...]:
    """The rows of the table for what happened, or for that happening to anything."""
    return NOTICES.get((entry.thing_label, entry.verb)) or NOTICES.get((ANY, entry.verb), ())


def load(label: str, pk: int) -> Any | None:
    """The thing an entry or a message speaks of."""
    model: type[Model] = apps.get_model(label)
    return model._base_manager.filter(pk=pk).first()


def row_of(told: InAppNotice) -> Notice | None:
    """The row of the table that an in-app notice was told by; None for one that the table no longer knows."""
    entry = told.entry
    rows = [row for row in for_entry(entry) if row.template == STAFF]
    same = (row for row in rows if kind_of(entry.thing_label, entry.verb, row) == told.kind)
    return next(same, next(iter(rows), None))

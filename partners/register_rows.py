"""Functions that insert and correct cities and exchanges, the register entries without a life cycle."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from partners.cities.models import City
from partners.exchanges.models import Exchange
from workflow.actors import Actor
from workflow.edits import Edit
from workflow.errors import Refused
from workflow.journal import entries
from workflow.journal.entries import changed_fields
from workflow.moves import select_locked


def add_row(thing: City | Exchange, *, by: Actor, at: datetime, reason: str) -> None:
    """Insert the row and record it."""
    thing.save(force_insert=True)
    entries.record(thing, "add", by=by, at=at, reason=reason, after=entries.snapshot(thing))


def correct_row(thing: City | Exchange, edit: Edit, *, by: Actor, at: datetime, reason: str) -> None:
    """Set the given fields of the row and record what changed.

    Without a change, nothing is written. Refuses a change without a reason.
    """
    with transaction.atomic():
        row = select_locked(thing)
        before = entries.snapshot(row)
        edit.apply_to(row)
        names = changed_fields(before, row)
        if not names:
            return
        if not reason.strip():
            raise Refused("reason_missing", _("Enter a reason."), field="reason")
        row.save(update_fields=names)
        entries.record(
            row, "correct", by=by, at=at, reason=reason, before=before, after=entries.snapshot(row)
        )
    for name, value in edit.changes().items():
        setattr(thing, name, value)

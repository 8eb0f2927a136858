"""Edits: typed values of the fields that an action may change, and the version at which they were read.

A field that is not given keeps its value. An action refuses an edit of an object that has changed since.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, fields
from enum import Enum
from inspect import signature
from typing import Any, Final

from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from workflow.errors import CHANGED_MEANWHILE, Refused
from workflow.journal.entries import change_entries
from workflow.journal.models import Entry

IF_MATCH = "If-Match"  # the header with which a program names the version that it read (RFC 9110)


class Unset(Enum):
    """Type of `UNSET`: the edit leaves the field as it is. None is a value like any other."""

    UNSET = "unset"


UNSET: Final = Unset.UNSET


@dataclass(frozen=True, kw_only=True)
class Edit:
    """Values to set on one object.

    Each subclass lists the fields that its action may set, as `title: str | Unset = UNSET`. `version` is the
    version of the object that the author of the edit read (`version_of`); None means any.
    """

    version: int | None = None

    def changes(self) -> dict[str, Any]:
        """Return the fields that were given, with their values."""
        given = {field.name: getattr(self, field.name) for field in fields(self) if field.name != "version"}
        return {name: value for name, value in given.items() if value is not UNSET}

    def check_version(self, row: Model) -> None:
        """Refuse if the object has changed since the author read it. Call this under its lock."""
        require_current(row, self.version)

    def apply_to(self, row: Model, *, leave: Collection[str] = ()) -> None:
        """Check the version, and set the given fields on the locked row, except those to `leave`."""
        self.check_version(row)
        for name, value in self.changes().items():
            if name not in leave:
                setattr(row, name, value)


def pack_edit(action: Callable[..., Any], facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return the arguments of an action, with the fields of its edit packed into one argument, `edit`.

    For forms and request bodies, which hold all facts side by side. Without such an argument, the facts stay
    as they are.
    """
    kind = edit_class(action)
    if kind is None:
        return dict(facts)
    names = {field.name for field in fields(kind)} & facts.keys()
    rest = {name: value for name, value in facts.items() if name not in names}
    return {**rest, "edit": kind(**{name: facts[name] for name in names})}


def edit_class(action: Callable[..., Any]) -> type[Edit] | None:
    """Return the class of the edit that an action takes as `edit`, or None."""
    argument = signature(action).parameters.get("edit")
    return argument.annotation if argument is not None else None


def version_of(thing: Model) -> int:
    """Return the version of an object: the id of the latest journal entry that changed it, or 0.

    Counters that other stages change do not count.
    """
    return change_entries(thing).values_list("pk", flat=True).first() or 0


def etag_of(thing: Model) -> str:
    """Return the version of an object as an `ETag`."""
    return f'"{version_of(thing)}"'


def require_current(row: Model, read_version: int | None) -> None:
    """Refuse if a locked object is no longer at `read_version`; None means any."""
    if read_version is not None and read_version != version_of(row):
        raise stale_edit_refusal(row, read_version)


def stale_edit_refusal(thing: Model, read_version: int | None) -> Refused:
    """Return the refusal of a change to an object that changed after `read_version`.

    It lists the later changes: fields, author and time. If `read_version` is None, nothing is listed.
    """
    message = _(
        "This item has changed since you read it. Nothing was changed. Read it again, and send "
        "your change with its new ETag."
    )
    later_entries = (
        change_entries(thing).filter(pk__gt=read_version).order_by("pk") if read_version is not None else ()
    )
    return Refused(
        CHANGED_MEANWHILE,
        message,
        header=IF_MATCH,
        etag=etag_of(thing),
        changed=[_change_facts(entry) for entry in later_entries],
    )


def _change_facts(entry: Entry) -> dict[str, Any]:
    """Return one change: the fields by their names in a body, the author and the moment."""
    names = [name.removesuffix("_id") for name in entry.after]
    lines = ["lines"] if "lines" in entry.facts else []
    return {"fields": names + lines, "by": entry.by_label, "at": entry.at.isoformat(), "verb": entry.verb}

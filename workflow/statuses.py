"""Statuses of a life cycle, each in exactly one group: open, done or void.

A model declares its statuses once, as its nested class `Status`. Code that asks whether an object is still open
reads `Status.open`, `Status.done`, `Status.void` or `Status.settled` instead of keeping a list of its own.
"""

from enum import Enum
from functools import cache
from typing import Any, Self

from django.db.models import TextChoices
from django.utils.functional import classproperty


class StatusGroup(Enum):
    """Group of a status: open (work remains), done (finished) or void (no longer counts)."""

    OPEN = "open"  # waits for a person or for the periodic job
    DONE = "done"  # has the result that it was created for, and waits for nothing
    VOID = "void"  # rejected, cancelled, replaced or taken back: counts no more, and is kept for the record


class StatusChoices(TextChoices):
    """Text choices whose members also name their group: `DRAFT = "draft", StatusGroup.OPEN, _("Draft")`.

    Stored values, labels, choices and migrations are the same as those of plain `TextChoices`. A class with
    a member that names no group is refused with TypeError when it is created.
    """

    _group_: StatusGroup

    def __new__(cls, value: str, group: StatusGroup | None = None) -> Self:
        """Create a member from its value and its group; Django has removed the label from the tuple before."""
        if not isinstance(group, StatusGroup):
            raise TypeError(f"the status “{value}” names no group: open, done or void")
        member = str.__new__(cls, value)
        member._value_ = value
        member._group_ = group
        return member

    @property
    def group(self) -> StatusGroup:
        """Group that the status belongs to."""
        return self._group_

    @property
    def is_open(self) -> bool:
        """True if the status waits for a person or for the periodic job."""
        return self._group_ is StatusGroup.OPEN

    @classproperty
    def open(cls: Any) -> frozenset[str]:
        """Statuses that wait for a person or for the periodic job."""
        return _statuses_in_groups(cls, StatusGroup.OPEN)

    @classproperty
    def done(cls: Any) -> frozenset[str]:
        """Statuses of objects that were finished with a result."""
        return _statuses_in_groups(cls, StatusGroup.DONE)

    @classproperty
    def void(cls: Any) -> frozenset[str]:
        """Statuses of objects that no longer count, such as cancelled ones."""
        return _statuses_in_groups(cls, StatusGroup.VOID)

    @classproperty
    def settled(cls: Any) -> frozenset[str]:
        """Statuses in which nothing remains to do: done or void."""
        return _statuses_in_groups(cls, StatusGroup.DONE, StatusGroup.VOID)


@cache
def _statuses_in_groups(statuses: type[StatusChoices], *groups: StatusGroup) -> frozenset[str]:
    return frozenset(status for status in statuses if status.group in groups)

"""Types of the Today page: one row, and a kind of rows."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from partners.permissions.permissions import Permissions
from partners.powers import Power
from workflow.errors import Words

MAX_OF_KIND = 500  # limit of rows counted and shown of one kind; further ones follow as these are done


@dataclass(frozen=True)
class TodoItem:
    """Task on the Today page: a sentence, a button, and the consequence of doing nothing."""

    what: Words
    action: Words
    url: str
    consequence: Words
    due: datetime
    reference: str
    posts: bool = False  # True if opening it writes to the database, so that the button is a form
    no_hurry: bool = (
        False  # no person waits for it; `due` only sorts it behind the other rows and is not shown
    )


@dataclass(frozen=True)
class TodoKind:
    """Kind of task on the Today page.

    `find` filters by the reader's powers and never by the current time, because every page counts with it
    and its statement is cached.
    """

    find: Callable[[Permissions], QuerySet[Any]]
    build: Callable[[Any, datetime], TodoItem]
    names: tuple[str, ...] = ()  # the relations joined for the row
    order: tuple[str, ...] = ("pk",)
    beside: Callable[[list[Any]], None] | None = None  # reads for all objects at once what no join can

    def rows(self, by: Permissions, at: datetime, most: int) -> list[TodoItem]:
        """Return the first `most` rows of this kind."""
        found = self.find(by).select_related(*self.names) if self.names else self.find(by)
        things = list(found.order_by(*self.order)[:most])
        if self.beside is not None:
            self.beside(things)
        return [self.build(thing, at) for thing in things]


def cities_with_power(by: Permissions, power: Power) -> frozenset[int]:
    """Return the ids of the cities in which this person holds a power."""
    return by.cities.get(power, frozenset())

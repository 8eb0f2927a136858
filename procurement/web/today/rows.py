"""A row of Today: one thing to do, and what happens if nobody does it; and the kinds of things that may wait."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from partners.roles import Power
from partners.rules.powers import Powers
from workflow.errors import Words

EACH = 500  # of one kind, at most so many are counted and shown: what follows moves up as these are done


@dataclass(frozen=True)
class Row:
    """One thing to do: a sentence, a button, and what happens if nobody does it."""

    what: Words
    action: Words
    url: str
    consequence: Words
    due: datetime
    reference: str
    posts: bool = False  # whether opening it writes something down, so that the button is a form
    no_hurry: bool = (
        False  # nobody waits for it: `due` only puts it behind what somebody waits for, and is not told
    )


@dataclass(frozen=True)
class Kind:
    """One kind of thing that may wait.

    `find` filters by what the reader's powers are and never by the clock: every page counts by it, with a kept statement.
    """

    find: Callable[[Powers], QuerySet[Any]]
    tell: Callable[[Any, datetime], Row]
    names: tuple[str, ...] = ()  # what is joined to tell it
    order: tuple[str, ...] = ("pk",)
    beside: Callable[[list[Any]], None] | None = None  # reads what no join can for all of them at once

    def rows(self, by: Powers, at: datetime, most: int) -> list[Row]:
        """The first of them, told."""
        found = self.find(by).select_related(*self.names) if self.names else self.find(by)
        things = list(found.order_by(*self.order)[:most])
        if self.beside is not None:
            self.beside(things)
        return [self.tell(thing, at) for thing in things]


def mine(by: Powers, power: Power) -> frozenset[int]:
    """The cities in which this person holds a power."""
    return by.cities.get(power, frozenset())

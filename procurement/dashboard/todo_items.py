"""Types of the start page (“Today”): `TodoItem` is one row, `TodoKind` a kind of rows with its query."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet

from partners.permissions.permissions import Permissions
from partners.powers import Power
from partners.todo_marks.models import TodoMark
from workflow.days import reader_day
from workflow.errors import LazyText
from workflow.http.move_views import MoveOption

NEW_DURATION = timedelta(days=1)
MAX_OF_KIND = 500  # limit of rows counted and shown of one kind; further ones follow as these are done


@dataclass(frozen=True)
class TodoItem:
    """Task on the start page: a sentence, a button, and the consequence of doing nothing."""

    sentence: LazyText
    action: LazyText
    url: str
    consequence: LazyText
    due: datetime
    reference: str
    others: tuple[tuple[LazyText, str], ...] = ()  # further answers: each a label and its address
    posts: bool = False  # True if opening it writes to the database, so that the button is a form
    no_hurry: bool = (
        False  # no person waits for it; `due` only sorts it behind the other rows and is not shown
    )
    kind: str = ""  # code of its kind, filled by `TodoKind.rows`, as are the next two
    pk: int = 0
    since: datetime | None = None  # when it began to wait
    step: MoveOption | None = None  # the plain move that does it in place
    mark: TodoMark | None = None  # with which a colleague handed it over, or the reader put it off

    def is_new(self, at: datetime) -> bool:
        """Return True if the task began to wait within the last 24 hours."""
        return self.since is not None and at - NEW_DURATION < self.since <= at


@dataclass(frozen=True)
class TodoKind:
    """Kind of task on the start page.

    `find` returns the objects that wait for a reader; `build` makes the row of one object at a moment. `find` filters by
    the reader's powers and never by the current time, because every page counts its rows and the SQL statement is
    cached.
    """

    code: str
    label: LazyText  # what there is to do, as the heading of its rows
    find: Callable[[Permissions], QuerySet[Any]]
    build: Callable[[Any, datetime], TodoItem]
    related_names: tuple[str, ...] = ()  # the relations joined for the row
    order: tuple[str, ...] = ("pk",)
    attach: Callable[[list[Any]], None] | None = None  # reads for all objects at once what no join can
    since: str = "created_at"  # the fact that says when a row began to wait; empty if none does
    step: MoveOption | None = None  # the plain move that does a row in place
    on_day: Callable[[date], Q] | None = None  # which of them wait on a day of the reader

    def waiting(self, by: Permissions, today: date) -> QuerySet[Any]:
        """Return the objects of this kind that wait for the reader, without those put off or handed over.

        Marks and `on_day` are compared by day, so that the statement stays the same for a day.
        """
        marks = TodoMark.objects.filter(user=by.user_id, kind=self.code).in_effect(today)
        found = self.find(by) if self.on_day is None else self.find(by).filter(self.on_day(today))
        return found.exclude(pk__in=marks.values("thing_id"))

    def rows(self, by: Permissions, at: datetime, limit: int) -> list[TodoItem]:
        """Return the first `limit` rows of this kind."""
        waiting = self.waiting(by, reader_day(at))
        found = waiting.select_related(*self.related_names) if self.related_names else waiting
        things = list(found.order_by(*self.order)[:limit])
        if self.attach is not None:
            self.attach(things)
        return [self.row(thing, at) for thing in things]

    def thing(self, by: Permissions, pk: int) -> Any:
        """Return one object with the related rows of its item, or None if it does not wait for the reader."""
        rows = self.find(by).filter(pk=pk)
        thing = (rows.select_related(*self.related_names) if self.related_names else rows).first()
        if thing is not None and self.attach is not None:
            self.attach([thing])
        return thing

    def row(self, thing: Any, at: datetime) -> TodoItem:
        """Return the row of one object."""
        since = getattr(thing, self.since, None) if self.since else None
        return replace(self.build(thing, at), kind=self.code, pk=thing.pk, since=since, step=self.step)


def cities_with_power(by: Permissions, power: Power) -> frozenset[int]:
    """Return the ids of the cities in which this person holds a power."""
    return by.cities.get(power, frozenset())

"""Types of the start page (“Today”): `TodoItem` is one row, `TodoKind` a kind of rows with its query."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Model, Q, QuerySet
from django.db.models.expressions import Combinable

from partners.permissions.permissions import Permissions
from partners.powers import Power
from partners.todo_marks.models import TodoMark
from workflow.errors import LazyText
from workflow.http.move_views import MoveOption

NEW_ITEM_DURATION = timedelta(days=1)
MAX_ROWS_PER_KIND = 500  # limit of rows counted and shown of one kind; further ones follow as these are done


@dataclass(frozen=True)
class TodoItem:
    """Task on the start page: a sentence, a button, and the consequence of doing nothing."""

    sentence: LazyText
    action_label: LazyText
    url: str
    consequence: LazyText
    due: datetime
    reference: str
    other_answers: tuple[tuple[LazyText, str], ...] = ()  # further answers: each a label and its address
    is_post_button: bool = False  # True if opening it writes to the database, so that the button is a form
    is_not_urgent: bool = (
        False  # no person waits for it; `due` only sorts it behind the other rows and is not shown
    )
    kind: str = ""  # code of its kind, filled by `TodoKind.rows`, as are the next two
    pk: int = 0
    waiting_since: datetime | None = None  # when it began to wait
    row_action: MoveOption | None = None  # the plain move that does it in place
    mark: TodoMark | None = None  # with which a colleague handed it over, or the reader put it off

    def is_new(self, at: datetime) -> bool:
        """Return True if the task began to wait within the last 24 hours."""
        return self.waiting_since is not None and at - NEW_ITEM_DURATION < self.waiting_since <= at


@dataclass(frozen=True, eq=False)
class TodoKind:
    """Kind of task on the start page.

    `find_waiting` returns the objects that wait for a reader; `build_item` makes the row of one object at a moment.
    `find_waiting` filters by the reader's powers and never by the current time, because every page counts its rows
    and the SQL statement is cached.
    """

    code: str
    label: LazyText  # what there is to do, as the heading of its rows
    find_waiting: Callable[[Permissions], QuerySet[Any]]
    build_item: Callable[[Any, datetime], TodoItem]
    related_names: tuple[str, ...] = ()  # the relations joined for the row
    annotations: Mapping[str, Combinable] = field(default_factory=dict)  # the expressions read for the row
    order: tuple[str, ...] = ("pk",)  # which rows are shown if there are more than `MAX_ROWS_PER_KIND`
    attach_related: Callable[[list[Any]], None] | None = (
        None  # reads for all objects at once what no join can
    )
    required_facts: tuple[str, ...] = ()  # fields without which an object no longer waits
    waiting_since_field: str = "created_at"  # the fact that says when a row began to wait; empty if none does
    row_action: MoveOption | None = None  # the plain move that does a row in place
    waiting_on_day_condition: Callable[[date], Q] | None = None  # which of them wait on a day of the reader

    def waiting_objects(self, by: Permissions, today: date) -> QuerySet[Any]:
        """Return the objects of this kind that wait for the reader, without those put off or handed over.

        Marks and `waiting_on_day_condition` are compared by day, so that the statement stays the same for a day.
        """
        marks = TodoMark.objects.filter(user=by.user_id, kind=self.code).in_effect(today)
        found = (
            self.find_waiting(by)
            if self.waiting_on_day_condition is None
            else self.find_waiting(by).filter(self.waiting_on_day_condition(today))
        )
        return found.exclude(pk__in=marks.values("thing_id"))

    def first_pks(self, by: Permissions, today: date) -> list[int]:
        """Return the ids of the first waiting objects of this kind, at most `MAX_ROWS_PER_KIND`."""
        waiting = self.waiting_objects(by, today).order_by(*self.order)
        return list(waiting.values_list("pk", flat=True)[:MAX_ROWS_PER_KIND])

    def get_waiting_object(self, by: Permissions, pk: int) -> Any:
        """Return one object with the related rows of its item, or None if it does not wait for the reader."""
        rows = self.find_waiting(by).filter(pk=pk).annotate(**self.annotations)
        thing = (rows.select_related(*self.related_names) if self.related_names else rows).first()
        if thing is not None and self.attach_related is not None:
            self.attach_related([thing])
        return thing

    def build_row(self, thing: Any, at: datetime) -> TodoItem:
        """Return the row of one object."""
        since = getattr(thing, self.waiting_since_field, None) if self.waiting_since_field else None
        return replace(
            self.build_item(thing, at),
            kind=self.code,
            pk=thing.pk,
            waiting_since=since,
            row_action=self.row_action,
        )


def read_items(
    pks_by_kind: Mapping[TodoKind, Iterable[int]], by: Permissions, at: datetime
) -> list[TodoItem]:
    """Return the rows of the objects with these ids. One that was deleted, or lacks a required fact by now, has no row.

    One statement for each model, whichever kinds its objects are of, and one for each `attach_related`.
    """
    kinds_by_model: dict[type[Model], list[TodoKind]] = {}
    for kind in pks_by_kind:
        kinds_by_model.setdefault(_model_of(kind, by), []).append(kind)
    things_by_kind: dict[TodoKind, list[Any]] = {}
    for model, kinds in kinds_by_model.items():
        things = _read_objects(model, kinds, {pk for kind in kinds for pk in pks_by_kind[kind]})
        for kind in kinds:
            found = [things[pk] for pk in pks_by_kind[kind] if pk in things]
            things_by_kind[kind] = [
                thing for thing in found if all(getattr(thing, name) for name in kind.required_facts)
            ]
    things_by_function: dict[Callable[[list[Any]], None], list[Any]] = {}
    for kind, found in things_by_kind.items():
        if kind.attach_related is not None:
            things_by_function.setdefault(kind.attach_related, []).extend(found)
    for attach, found in things_by_function.items():
        attach(found)
    return [kind.build_row(thing, at) for kind, found in things_by_kind.items() for thing in found]


def _model_of(kind: TodoKind, by: Permissions) -> type[Model]:
    """Return the model of a kind's objects, which is the same for every reader. Its query is built only to find it."""
    if kind not in _models:
        _models[kind] = kind.find_waiting(by).model
    return _models[kind]


_models: dict[TodoKind, type[Model]] = {}


def _read_objects(model: type[Model], kinds: Sequence[TodoKind], pks: Iterable[int]) -> dict[int, Any]:
    """Return the objects with these ids, with what the rows of all these kinds need."""
    related_names = {name for kind in kinds for name in kind.related_names}
    annotations = {name: value for kind in kinds for name, value in kind.annotations.items()}
    rows: QuerySet[Any] = model._default_manager.annotate(**annotations)
    if related_names:
        rows = rows.select_related(*sorted(related_names))
    return rows.in_bulk(sorted(pks))


def cities_with_power(by: Permissions, power: Power) -> frozenset[int]:
    """Return the ids of the cities in which this person holds a power."""
    return by.city_ids_by_power.get(power, frozenset())

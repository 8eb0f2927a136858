"""The statement of a list, put together once for all that it depends on: who asks, what they filter by, and in which order.

Putting a statement together costs more than reading twenty-five rows, and a program asks for one page after another. What somebody
may see is a pure function of their Powers (`visible_to` filters by sets of ids), and no filter of the API reads the clock; so the
key, which holds both, is all that the statement depends on. Rows are never kept.
"""

from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

type Position = tuple[
    Any, ...
]  # of a cursor: the value of the row it stands at, where the order has one, and its id
type Build = Callable[[Position], QuerySet[Any, Any]]
type Rows = list[tuple[Any, ...]]

MOST = 1000  # statements kept by a process; then it begins anew


@dataclass(frozen=True)
class Plan:
    """A statement, its parameters, and where among them stand the values of a cursor, which differ from page to page."""

    sql: str
    params: tuple[Any, ...]
    slots: tuple[int, ...] = ()

    def at(self, position: Position) -> "Plan":
        """The same from another position on."""
        params = list(self.params)
        for slot, value in zip(self.slots, position, strict=True):
            params[slot] = value
        return replace(self, params=tuple(params))

    def rows(self) -> Rows:
        """What the database answers; nothing where nothing can fit."""
        if not self.sql:
            return []
        with connection.cursor() as cursor:
            cursor.execute(self.sql, self.params)
            found: Rows = cursor.fetchall()
        return found


_kept: dict[Hashable, Plan] = {}


def plan_of(key: Hashable | None, position: Position, build: Build) -> Plan:
    """The plan of this key from this position on, made by `build` where it is not known yet. Without a key none is kept."""
    known = _kept.get(key) if key is not None else None
    if known is not None:
        return known.at(position)
    made = _put_together(build, position)
    if key is not None and (slots := _slots(made, build, position)) is not None:
        if len(_kept) >= MOST:
            _kept.clear()
        _kept[key] = replace(made, slots=slots)
    return made


def _put_together(build: Build, position: Position) -> Plan:
    try:
        sql, params = build(position).query.sql_with_params()
    except EmptyResultSet:  # somebody who sees no city asks for what belongs to cities
        return Plan("", ())
    return Plan(sql, tuple(params))


def _slots(made: Plan, build: Build, position: Position) -> tuple[int, ...] | None:
    """Where the position stands among the parameters: where another position differs. None where that cannot be told."""
    if not position:
        return ()  # nothing differs from page to page
    other = _put_together(build, tuple(_another(value) for value in position))
    if other.sql != made.sql:
        return None
    pairs = zip(made.params, other.params, strict=True)
    slots = tuple(at for at, (one, another) in enumerate(pairs) if one != another)
    return slots if len(slots) == len(position) else None


def _another(value: Any) -> Any:
    """A value of the same kind that differs."""
    if isinstance(value, str):
        return f"{value}~"
    return value - (timedelta(days=1) if isinstance(value, date) else 1)


def forget() -> None:
    """Drop every plan: for tests that compare with and without."""
    _kept.clear()

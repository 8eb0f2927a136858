"""SQL statements of lists, built once for each caller, set of filters and order.

Building a statement costs more than reading twenty-five rows, and a program asks for one page after
another. Measured gain: an API list takes 3.1 ms of processor time instead of 4.3 to 5.9, a page 30 ms
instead of 66 (`python -m benchmarks.request_optimizations`, ADR 97).

The rows that a person may see are a pure function of their permissions (`visible_to` filters by sets of
ids), and no filter of the API reads the current time or the language. So the key, which holds the
permissions and the filters, determines the statement
(`tests/procurement/api/lists/test_compiled_sql.py`). Rows are never kept, nor statements that depend on
rows (`BaseFilterSet.row_dependent_filters`).
"""

from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

from workflow.http.keyset import Position

type Build = Callable[[Position], QuerySet[Any, Any]]
type Rows = list[tuple[Any, ...]]

MAX_CACHED_QUERIES = 1000  # statements kept by a process; then all are dropped


@dataclass(frozen=True)
class CompiledQuery:
    """SQL statement with its parameters.

    A statement without a position has none: the driver would put in those of Today's numbers with each execution, which
    takes a millisecond. `position_slots` are the indexes of those parameters that hold the values of the cursor, which
    differ between pages.
    """

    sql: str
    params: tuple[Any, ...]
    position_slots: tuple[int, ...] = ()

    def with_position(self, position: Position) -> "CompiledQuery":
        """Return the same query for another position."""
        params = list(self.params)
        for slot, value in zip(self.position_slots, position, strict=True):
            params[slot] = value
        return replace(self, params=tuple(params))

    def rows(self) -> Rows:
        """Return the rows from the database; none for a query that cannot match any."""
        if not self.sql:
            return []
        with connection.cursor() as cursor:
            cursor.execute(self.sql, self.params or None)
            found: Rows = cursor.fetchall()
        return found


_cache: dict[Hashable, CompiledQuery] = {}


def compiled_query(key: Hashable | None, position: Position, build: Build) -> CompiledQuery:
    """Return the cached query of this key for a position, or build it if it is not cached yet.

    Without a key, the query is not cached.
    """
    known = _cache.get(key) if key is not None else None
    if known is not None:
        return known.with_position(position)
    created = _compile(build, position)
    if key is not None and (slots := _slots(created, build, position)) is not None:
        if len(_cache) >= MAX_CACHED_QUERIES:
            _cache.clear()
        _cache[key] = replace(created, position_slots=slots)
    return created


def _compile(build: Build, position: Position) -> CompiledQuery:
    try:
        sql, params = build(position).query.sql_with_params()
    except EmptyResultSet:  # such as a person without cities who asks for objects of cities
        return CompiledQuery("", ())
    if not position:
        postgresql: Any = connection.ops  # the stubs know only what every database can do
        return CompiledQuery(str(postgresql.compose_sql(sql, params)), ())
    return CompiledQuery(sql, tuple(params))


def _slots(created: CompiledQuery, build: Build, position: Position) -> tuple[int, ...] | None:
    """Return the indexes of the position's values among the parameters, or None if they are unclear.

    They are the parameters that differ when the statement is built for another position.
    """
    if not position:
        return ()  # nothing differs from page to page
    other = _compile(build, tuple(_with_other_position(value) for value in position))
    if other.sql != created.sql:
        return None
    pairs = zip(created.params, other.params, strict=True)
    slots = tuple(at for at, (one, another) in enumerate(pairs) if one != another)
    return slots if len(slots) == len(position) else None


def _with_other_position(value: Any) -> Any:
    """Return a different value of the same type."""
    if isinstance(value, str):
        return f"{value}~"
    return value - (timedelta(days=1) if isinstance(value, date) else 1)


def clear_cache() -> None:
    """Remove all cached queries.

    For tests that compare results with and without the cache.
    """
    _cache.clear()

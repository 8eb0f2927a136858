"""Insertion of rows by COPY, with the defaults and search columns that the model would set."""

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.db.models import JSONField, Max, Model
from psycopg import sql
from psycopg.types.json import Jsonb

from workflow.search import GramsField, search_grams

if TYPE_CHECKING:
    from django.db.models import Field

type Row = Mapping[str, Any]


def copy_rows(model: type[Model], rows: Iterable[Row]) -> int:
    """Copy rows, given by column name, into the model's table. Return how many there were.

    A missing column gets its default; search columns are computed. Rows carry their own primary keys,
    so that others can refer to them (`next_id`, `advance_sequences`).
    """
    fields = [field for field in model._meta.concrete_fields if not field.generated]
    makers = [_column_getter(field) for field in fields]
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(model._meta.db_table),
        sql.SQL(", ").join(sql.Identifier(str(field.column)) for field in fields),
    )
    count = 0
    with connection.cursor() as cursor, cursor.copy(statement) as target:
        for row in rows:
            target.write_row([make(row) for make in makers])
            count += 1
    return count


def _column_getter(field: "Field[Any, Any]") -> Callable[[Row], Any]:
    """Return a function that gets a column's value from a row."""
    name = field.attname
    if isinstance(field, GramsField):
        return lambda row: _grams(*(str(row.get(part) or "") for part in field.of))
    default = field.get_default()
    if isinstance(field, JSONField):
        return lambda row: None if (value := row.get(name, default)) is None else Jsonb(value)  # SQL's NULL
    return lambda row: row.get(name, default)


def _grams(*texts: str) -> list[str]:
    """Return the grams of several texts. Those of each text are cached, because most texts repeat."""
    return sorted(frozenset().union(*(_grams_of(text) for text in texts)))


@cache
def _grams_of(text: str) -> frozenset[str]:
    return frozenset(search_grams(text))


def next_id(model: type[Model]) -> int:
    """Return the first free primary key."""
    highest = model._base_manager.aggregate(highest=Max("pk"))["highest"]
    return (highest or 0) + 1


def advance_sequences(*models: type[Model]) -> None:
    """Move the database's sequences past the primary keys that rows brought with them."""
    with connection.cursor() as cursor:
        for model in models:
            table = model._meta.db_table
            cursor.execute(
                f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))"
            )

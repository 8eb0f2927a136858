"""Rows into a table by COPY, with the defaults and search columns that the model would give them."""

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Any

from django.db import connection
from django.db.models import Field, JSONField, Max, Model
from psycopg import sql
from psycopg.types.json import Jsonb

from workflow.search import GramsField, grams

type Row = Mapping[str, Any]


def copy(model: type[Model], rows: Iterable[Row]) -> int:
    """Copy rows, given by column name; what a row leaves out gets its default. Returns how many there were.

    Search columns are made here; rows say their own primary keys, so that others can refer to them (`next_id`, `catch_up`).
    """
    fields = [field for field in model._meta.concrete_fields if not field.generated]
    makers = [_maker(field) for field in fields]
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


def _maker(field: "Field[Any, Any]") -> Callable[[Row], Any]:
    """How a column's value is had from a row."""
    name = field.attname
    if isinstance(field, GramsField):
        return lambda row: _grams(*(str(row.get(part) or "") for part in field.of))
    if isinstance(field, JSONField):
        return lambda row: Jsonb(row.get(name, {}))
    default = field.get_default()
    return lambda row: row.get(name, default)


def _grams(*texts: str) -> list[str]:
    """The grams of several texts: those of each alone, of which most come again."""
    return sorted(frozenset().union(*(_grams_of(text) for text in texts)))


@cache
def _grams_of(text: str) -> frozenset[str]:
    return frozenset(grams(text))


def next_id(model: type[Model]) -> int:
    """The first primary key that no row has yet."""
    highest = model._base_manager.aggregate(highest=Max("pk"))["highest"]
    return (highest or 0) + 1


def catch_up(*models: type[Model]) -> None:
    """Let the database give primary keys from behind the rows that said their own."""
    with connection.cursor() as cursor:
        for model in models:
            table = model._meta.db_table
            cursor.execute(
                f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))"
            )

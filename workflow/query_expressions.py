"""Expressions for querysets that let PostgreSQL use an index instead of reading every row.

They order by a day, moment, number or text that may be missing, and select rows whose key is
among those of another query.
"""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    BooleanField,
    DateField,
    DateTimeField,
    DecimalField,
    Exists,
    F,
    Func,
    Q,
    TextField,
    Value,
)
from django.db.models.functions import Coalesce, NullIf

if TYPE_CHECKING:
    from typing import Any

    from django.db.models import Model, QuerySet

MISSING_MOMENT_SENTINEL = datetime(9999, 12, 31, tzinfo=UTC)
MISSING_NUMBER_SENTINEL = Decimal(10) ** 17  # above every quantity and amount of the product


def order_by_day(column: str) -> Coalesce:
    """Return an order by a day, with missing days last.

    An index over the same expression makes the last page as fast as the first.
    """
    return Coalesce(column, Value(date.max), output_field=DateField())


def order_by_moment(column: str) -> Coalesce:
    """Return an order by a moment, with missing moments last.

    An index over the same expression makes the last page as fast as the first.
    """
    return Coalesce(column, Value(MISSING_MOMENT_SENTINEL), output_field=DateTimeField())


def order_by_text(*columns: str) -> Coalesce:
    """Return an order by the first of several texts that is not empty, with missing texts first."""
    texts = (NullIf(column, Value("")) for column in columns)
    return Coalesce(*texts, Value(""), output_field=TextField())


def order_by_number(column: str) -> Coalesce:
    """Return an order by a number that may be missing, with missing numbers last."""
    return Coalesce(
        column, Value(MISSING_NUMBER_SENTINEL), output_field=DecimalField(max_digits=24, decimal_places=6)
    )


class _AnyOf(Func):
    template = "%(expressions)s)"
    arg_joiner = " = ANY("
    output_field = BooleanField()


def in_subquery(keys: "QuerySet[Any, Any]", column: str = "pk") -> Q:
    """Return a condition like `Q(pk__in=keys)`, to be used beside an OR.

    There PostgreSQL evaluates `IN (SELECT ...)` only by reading every row; with an array it uses the index.
    """
    return Q(_AnyOf(F(column), ArraySubquery(keys)))


def in_array(column: str, array: F) -> Q:
    """Return the condition that a column has one of the values of an array column."""
    return Q(_AnyOf(F(column), array))


def exists_annotations(**related: "QuerySet[Any]") -> dict[str, Exists]:
    """Return annotations that tell, in the query of an object, which kinds of related rows exist.

    A page then skips the queries that would find nothing (`may_have_related`). Each queryset refers to the object by
    `OuterRef`.
    """
    return {f"has_{name}": Exists(rows) for name, rows in related.items()}


def may_have_related(thing: "Model", name: str) -> bool:
    """Return False if `exists_annotations` found no related rows of this name, True if it found some or was not used."""
    return bool(getattr(thing, f"has_{name}", True))

"""Expressions for querysets that let PostgreSQL use an index instead of reading every row.

They order by a day or moment that may be missing (missing ones come last), and select rows whose key is
among those of another query.
"""

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BooleanField, DateField, DateTimeField, F, Func, Q, Value
from django.db.models.functions import Coalesce

if TYPE_CHECKING:
    from typing import Any

    from django.db.models import QuerySet

LAST_MOMENT = datetime(9999, 12, 31, tzinfo=UTC)


def by_day(column: str) -> Coalesce:
    """Return an order by a day, with missing days last.

    An index over the same expression makes the last page as fast as the first.
    """
    return Coalesce(column, Value(date.max), output_field=DateField())


def by_moment(column: str) -> Coalesce:
    """Return an order by a moment, with missing moments last.

    An index over the same expression makes the last page as fast as the first.
    """
    return Coalesce(column, Value(LAST_MOMENT), output_field=DateTimeField())


class _AnyOf(Func):
    template = "%(expressions)s)"
    arg_joiner = " = ANY("
    output_field = BooleanField()


def among(keys: "QuerySet[Any, Any]", column: str = "pk") -> Q:
    """Return a condition like `Q(pk__in=keys)`, to be used beside an OR.

    There PostgreSQL evaluates `IN (SELECT ...)` only by reading every row; with an array it uses the index.
    """
    return Q(_AnyOf(F(column), ArraySubquery(keys)))

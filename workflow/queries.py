"""What queries of several rooms have in common, so that PostgreSQL walks an index where it would go through every row.

Orders by a day or moment that may be missing (what has none comes last), and rows whose key is among those of another question.
"""

from datetime import UTC, date, datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BooleanField, DateField, DateTimeField, F, Func, Q, QuerySet, Value
from django.db.models.functions import Coalesce

LAST_MOMENT = datetime(9999, 12, 31, tzinfo=UTC)


def by_day(column: str) -> Coalesce:
    """By a day. An index over the same expression makes the last page as fast as the first."""
    return Coalesce(column, Value(date.max), output_field=DateField())


def by_moment(column: str) -> Coalesce:
    """By a moment. An index over the same expression makes the last page as fast as the first."""
    return Coalesce(column, Value(LAST_MOMENT), output_field=DateTimeField())


class _AnyOf(Func):
    template = "%(expressions)s)"
    arg_joiner = " = ANY("
    output_field = BooleanField()


def among(keys: "QuerySet[Any, Any]", column: str = "pk") -> Q:
    """Like `Q(pk__in=keys)`, to be used beside an OR.

    There, PostgreSQL can look for `IN (SELECT ...)` only by going through every row; an array it takes to the index.
    """
    return Q(_AnyOf(F(column), ArraySubquery(keys)))

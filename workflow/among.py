"""Rows whose key is among those of another question, as an array that PostgreSQL works out once."""

from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BooleanField, F, Func, Q, QuerySet


class _AnyOf(Func):
    template = "%(expressions)s)"
    arg_joiner = " = ANY("
    output_field = BooleanField()


def among(keys: "QuerySet[Any, Any]", column: str = "pk") -> Q:
    """Like `Q(pk__in=keys)`, to be used beside an OR.

    There, PostgreSQL can look for `IN (SELECT ...)` only by going through every row; an array it takes to the index.
    """
    return Q(_AnyOf(F(column), ArraySubquery(keys)))

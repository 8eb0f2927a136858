"""Orders by a day or moment that may be missing: what has none comes last. For lists, and for the indexes they walk."""

from datetime import UTC, date, datetime

from django.db.models import DateField, DateTimeField, Value
from django.db.models.functions import Coalesce

LAST_MOMENT = datetime(9999, 12, 31, tzinfo=UTC)


def by_day(column: str) -> Coalesce:
    """By a day. An index over the same expression makes the last page as fast as the first."""
    return Coalesce(column, Value(date.max), output_field=DateField())


def by_moment(column: str) -> Coalesce:
    """By a moment. An index over the same expression makes the last page as fast as the first."""
    return Coalesce(column, Value(LAST_MOMENT), output_field=DateTimeField())

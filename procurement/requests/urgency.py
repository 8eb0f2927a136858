"""Urgency of needs and their lines: first by priority, then by the earlier of two dates.

The dates are the one by which goods are needed, and the one on which the city's own supply runs out. A
supply that lasts until the next planned arrival does not count.
"""

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

from django.db.models import Case, F, Func, IntegerField, Min, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce, Least

from procurement.requests.models import RequestLine, SupplyRequest

PRIORITY_WEIGHT = 1_000_000  # larger than any number of days, so that a priority outweighs any date
NOTHING_LEFT_WEIGHT = 9 * PRIORITY_WEIGHT  # needs with nothing left to find come last


class _Day(Func):
    """SQL expression for a date as a number of days."""

    template = "(CAST(%(expressions)s AS date) - DATE '2000-01-01')"
    output_field = IntegerField()


def urgency_order(own_cities: Collection[int], next_arrival: Subquery) -> Coalesce:
    """Return an expression that sorts needs by urgency, most urgent first.

    Open needs with pieces not yet allocated come before all others. `own_cities` are the ids of cities whose
    days of supply may be used: readers of other cities must not learn them, not even from the order. `next_arrival` is
    the day of a line's next planned arrival (`procurement.shipments.queries`).
    """
    gap = Q(next_arrival__isnull=True) | Q(next_arrival__gt=F("runs_out_on"))
    runs_out = Case(
        When(Q(city__in=own_cities) & gap, then=_Day(F("runs_out_on"))),
        default=None,
        output_field=IntegerField(),
    )
    needed = _Day(Coalesce(F("needed_by"), F("supply_request__needed_by")))
    rank = F("priority") * PRIORITY_WEIGHT + Coalesce(Least(needed, runs_out), Value(PRIORITY_WEIGHT - 1))
    lines = RequestLine.objects.filter(
        supply_request=OuterRef("pk"), allocated__lt=F("quantity"), supply_request__status="open"
    )
    first: Any = (
        lines.alias(next_arrival=next_arrival)
        .order_by()
        .values("supply_request")
        .annotate(first=Min(rank))
        .values("first")
    )
    return Coalesce(Subquery(first, output_field=IntegerField()), Value(NOTHING_LEFT_WEIGHT))


def highest_priority(need: SupplyRequest) -> str:
    """Return the label of the highest priority among a need's lines, or "" if all are normal.

    The lines must have been prefetched.
    """
    highest = min((line.priority for line in need.lines.all()), default=RequestLine.Priority.NORMAL)
    return "" if highest == RequestLine.Priority.NORMAL else str(RequestLine.Priority(highest).label)


def sort_by_urgency(lines: Iterable[RequestLine]) -> list[RequestLine]:
    """Return the lines of one need by priority, day of running out, and position."""

    def sort_key(line: RequestLine) -> tuple[int, date, int]:
        return line.priority, line.runs_out_on or date.max, line.position

    return sorted(lines, key=sort_key)

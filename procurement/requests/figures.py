"""How urgent a need is: the priority of its lines, then the day by which they are needed or the city's own supply runs out."""

from collections.abc import Collection, Iterable
from typing import Any

from django.db.models import Case, F, Func, IntegerField, Min, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce, Least

from procurement.requests.models import RequestLine, SupplyRequest

PER_PRIORITY = 1_000_000  # more than there are days: a priority outweighs any day
NOT_WAITING = 9 * PER_PRIORITY  # what looks for nothing comes last


class _Day(Func):
    """A date as a number of days."""

    template = "(CAST(%(expressions)s AS date) - DATE '2000-01-01')"
    output_field = IntegerField()


def urgency(own: Collection[int]) -> Coalesce:
    """An order of needs, the most urgent first; open ones with something to find come before all others.

    Days of supply are counted from the day the need was posted, and only for the needs of these cities: other cities are not told
    them, and learn nothing of them from an order.
    """
    need = "supply_request__"
    supply = _Day(Coalesce(F(f"{need}posted_at"), F(f"{need}created_at"))) + F("days_left")
    runs_out = Case(When(Q(city__in=own), then=supply), default=None, output_field=IntegerField())
    needed = _Day(Coalesce(F("needed_by"), F(f"{need}needed_by")))
    rank = F("priority") * PER_PRIORITY + Coalesce(Least(needed, runs_out), Value(PER_PRIORITY - 1))
    lines = RequestLine.objects.filter(
        supply_request=OuterRef("pk"), allocated__lt=F("quantity"), supply_request__status="open"
    )
    first: Any = lines.order_by().values("supply_request").annotate(first=Min(rank)).values("first")
    return Coalesce(Subquery(first, output_field=IntegerField()), Value(NOT_WAITING))


def hardest(need: SupplyRequest) -> str:
    """The highest priority among the lines of a need, in words; nothing where all are normal. The lines were read already."""
    least = min((line.priority for line in need.lines.all()), default=RequestLine.Priority.NORMAL)
    return "" if least == RequestLine.Priority.NORMAL else str(RequestLine.Priority(least).label)


def by_urgency(lines: Iterable[RequestLine]) -> list[RequestLine]:
    """The lines of one need: by priority, then by the days of supply left, then in the order of the need."""
    last = 32_767  # what is not stated comes after what is

    def place(line: RequestLine) -> tuple[int, int, int]:
        return line.priority, last if line.days_left is None else line.days_left, line.position

    return sorted(lines, key=place)

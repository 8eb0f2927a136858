"""A list taken home as CSV: `?as=csv` beside its filters, ten an hour for each person."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.db.models import QuerySet
from django.http import StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import get_language

from accounts import limits
from accounts.web.limited import too_many, whom
from partners.visit import Visit
from procurement.exchange.sheets import Column, lines
from workflow import clock
from workflow.errors import Refused


def wanted(request: Visit) -> bool:
    """Whether the reader asks for the list as a file."""
    return request.GET.get("as") == "csv"


def sheet(
    request: Visit, name: str, columns: Iterable[Column], rows: QuerySet[Any] | Sequence[Any]
) -> HttpResponseBase:
    """The rows as `<name>.csv` in the reader's language, newest first; what is no query, in its own order.

    The caller has narrowed them by `visible_to`.
    """
    return counted(request, lambda: _written(name, columns, rows))


def counted(request: Visit, make: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    """A file to take home, made where this reader has taken fewer than ten within the hour."""
    try:
        limits.count(limits.EXPORTS, whom(request), clock.real_now())
    except Refused as refused:
        return too_many(request, refused)
    return make()


def _written(name: str, columns: Iterable[Column], rows: QuerySet[Any] | Sequence[Any]) -> HttpResponseBase:
    found = rows.order_by("-pk") if isinstance(rows, QuerySet) else rows
    written = lines(columns, found, get_language() or "en")
    answer = StreamingHttpResponse(written, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    answer["Cache-Control"] = "private, no-store"
    return answer

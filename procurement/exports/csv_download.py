"""Download of a list as CSV: `?as=csv` beside its filters, at most ten an hour for each person."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.db.models import QuerySet
from django.http import StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import get_language

from accounts import throttling
from accounts.throttling import client_key, throttled_response
from partners.authenticated_requests import AuthenticatedRequest
from procurement.exports.list_columns import Column, csv_lines
from workflow.clock import real_now
from workflow.errors import Refused


def is_csv_requested(request: AuthenticatedRequest) -> bool:
    """Return True if the reader requests the list as a file."""
    return request.GET.get("as") == "csv"


def csv_response(
    request: AuthenticatedRequest, name: str, columns: Iterable[Column], rows: QuerySet[Any] | Sequence[Any]
) -> HttpResponseBase:
    """Return the rows as `<name>.csv` in the reader's language.

    A queryset is written newest first, any other sequence in its own order. The caller must have
    restricted the rows with `visible_to`.
    """
    return throttled_download(request, lambda: _csv_response(name, columns, rows))


def throttled_download(
    request: AuthenticatedRequest, make: Callable[[], HttpResponseBase]
) -> HttpResponseBase:
    """Return the file that `make` creates, unless the reader has downloaded ten within the hour."""
    try:
        throttling.count_use(throttling.EXPORT_LIMIT, client_key(request), real_now())
    except Refused as refused:
        return throttled_response(request, refused)
    return make()


def _csv_response(
    name: str, columns: Iterable[Column], rows: QuerySet[Any] | Sequence[Any]
) -> HttpResponseBase:
    found = rows.order_by("-pk") if isinstance(rows, QuerySet) else rows
    written = csv_lines(columns, found, get_language() or "en")
    answer = StreamingHttpResponse(written, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    answer["Cache-Control"] = "private, no-store"
    return answer

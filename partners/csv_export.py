"""CSV export of a table of the register's pages: `?as=csv` with the filters of the page.

Each person may export ten tables an hour. The exports name no person.
"""

import csv
import io
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.http import StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import get_language, override

from accounts import throttling
from accounts.throttling import client_key, throttled_response
from partners.authenticated_requests import AuthenticatedRequest
from workflow.clock import real_now
from workflow.csv_safety import escape_formula
from workflow.errors import LazyText, Refused

type Column = tuple[LazyText, Callable[[Any], Any]]
BOM = "\ufeff"  # without it, Excel does not recognize UTF-8


def is_csv_requested(request: AuthenticatedRequest) -> bool:
    """Return True if the reader requests the table as a file."""
    return request.GET.get("as") == "csv"


def csv_response(
    request: AuthenticatedRequest, name: str, columns: Iterable[Column], rows: Iterable[Any]
) -> HttpResponseBase:
    """Return the rows as `<name>.csv`, in the language of the reader.

    The caller must restrict them with `visible_to`.
    """
    try:
        throttling.count_use(throttling.EXPORT_LIMIT, client_key(request), real_now())
    except Refused as refused:
        return throttled_response(request, refused)
    answer = StreamingHttpResponse(
        _csv_lines(tuple(columns), rows, get_language() or "en"), content_type="text/csv; charset=utf-8"
    )
    answer["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    answer["Cache-Control"] = "private, no-store"
    return answer


def _csv_lines(columns: tuple[Column, ...], rows: Iterable[Any], language: str) -> Iterator[str]:
    with override(language):  # the response is written after the language of the request was reset
        yield BOM + _csv_line(str(heading) for heading, _cell in columns)
    for row in rows:
        with override(language):
            yield _csv_line(escape_formula(cell(row)) for _heading, cell in columns)


def _csv_line(cells: Iterable[str]) -> str:
    written = io.StringIO()
    csv.writer(written).writerow(cells)
    return written.getvalue()

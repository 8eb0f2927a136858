"""A table of the register's pages taken home as CSV: `?as=csv` beside its filters, ten an hour for each person. Names no person."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.http import StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import get_language, override

from accounts import limits
from accounts.web.limited import too_many, whom
from partners.visit import Visit
from workflow import clock
from workflow.cells import guarded
from workflow.errors import Refused, Words

type Column = tuple[Words, Callable[[Any], Any]]
BOM = "\ufeff"  # without it, Excel takes UTF-8 for something else


def wanted(request: Visit) -> bool:
    """Whether the reader asks for the table as a file."""
    return request.GET.get("as") == "csv"


def sheet(request: Visit, name: str, columns: Iterable[Column], rows: Iterable[Any]) -> HttpResponseBase:
    """The rows as `<name>.csv`, in the reader's language. The caller has narrowed them by `visible_to`."""
    try:
        limits.count(limits.EXPORTS, whom(request), clock.real_now())
    except Refused as refused:
        return too_many(request, refused)
    answer = StreamingHttpResponse(
        _lines(tuple(columns), rows, get_language() or "en"), content_type="text/csv; charset=utf-8"
    )
    answer["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    answer["Cache-Control"] = "private, no-store"
    return answer


def _lines(columns: tuple[Column, ...], rows: Iterable[Any], language: str) -> Iterator[str]:
    with override(language):  # the answer is written after the request's own language has gone
        yield BOM + _line(str(heading) for heading, _cell in columns)
    for row in rows:
        with override(language):
            yield _line(guarded(cell(row)) for _heading, cell in columns)


def _line(cells: Iterable[str]) -> str:
    written = io.StringIO()
    csv.writer(written).writerow(cells)
    return written.getvalue()

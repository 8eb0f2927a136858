"""Download of a list as CSV or XLSX: `?as=csv` or `?as=xlsx` beside its filters, at most ten an hour for each person."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import get_language

from partners.authenticated_requests import AuthenticatedRequest
from partners.register_import.formats.csv_and_xlsx import write_workbook
from procurement.exports.csv_download import csv_response, throttled_download
from procurement.exports.list_columns import ROWS_PER_CHUNK, Column
from workflow.http.pages import FILE_FORMATS

XLSX_CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def is_file_requested(request: AuthenticatedRequest) -> bool:
    """Return True if the reader requests the list as a file."""
    return request.GET.get("as") in FILE_FORMATS


def list_file_writer(
    name: str, columns: Iterable[Column]
) -> Callable[[AuthenticatedRequest, QuerySet[Any], str], HttpResponseBase]:
    """Return the function that writes rows as `<name>.csv` or `<name>.xlsx` with these columns."""
    chosen = tuple(columns)
    return lambda request, rows, kind: file_response(request, name, chosen, rows, kind)


def file_response(
    request: AuthenticatedRequest,
    name: str,
    columns: Iterable[Column],
    rows: QuerySet[Any] | Sequence[Any],
    kind: str,
) -> HttpResponseBase:
    """Return the rows as a file in the reader's language: "xlsx", or else CSV.

    A queryset is written newest first, any other sequence in its own order. The caller must have
    restricted the rows with `visible_to`.
    """
    if kind != "xlsx":
        return csv_response(request, name, columns, rows)
    return throttled_download(request, lambda: _workbook(name, tuple(columns), rows))


def _workbook(name: str, columns: tuple[Column, ...], rows: QuerySet[Any] | Sequence[Any]) -> HttpResponse:
    headings = {str(number): str(heading) for number, (heading, _cell) in enumerate(columns)}
    answer = HttpResponse(write_workbook(headings, _cells(columns, rows)), content_type=XLSX_CONTENT_TYPE)
    answer["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
    answer["Content-Language"] = get_language() or "en"
    answer["Cache-Control"] = "private, no-store"
    return answer


def _cells(columns: tuple[Column, ...], rows: QuerySet[Any] | Sequence[Any]) -> Iterator[dict[str, Any]]:
    found = rows.order_by("-pk").iterator(chunk_size=ROWS_PER_CHUNK) if isinstance(rows, QuerySet) else rows
    cells: list[Callable[[Any], Any]] = [cell for _heading, cell in columns]
    for row in found:
        yield {str(number): _plain(cell(row)) for number, cell in enumerate(cells)}


def _plain(value: Any) -> int | Decimal | str:
    """Return a number as a number, and every other value as text."""
    if value is None or isinstance(value, bool):
        return "" if value is None else str(value)
    if isinstance(value, int | Decimal):
        return value
    return value.isoformat(timespec="minutes") if isinstance(value, datetime) else str(value)

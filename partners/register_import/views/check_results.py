"""Tables of a check's results (errors, changes, repeated rows, places), for the import's page and as CSV."""

from collections.abc import Callable, Iterable
from functools import partial
from itertools import islice
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from partners.authenticated_requests import AuthenticatedRequest
from partners.csv_export import Column, csv_response
from partners.place_labels import country_label
from partners.register_import.formats.headers import column_label
from partners.register_import.models import Import, ImportData, ImportPlace
from partners.register_import.reader import matchable_columns
from workflow.errors import LazyText
from workflow.i18n import translation_for_reader

ADDED_LABEL = pgettext_lazy("a place", "Added")
MAX_ROWS_SHOWN = 50  # rows of each table on the page; the exports have all


def get_import_or_404(request: AuthenticatedRequest, pk: int) -> Import:
    """Return the import if it is the reader's own, otherwise raise 404."""
    return get_object_or_404(Import.objects.visible_to(request.by).select_related("by"), pk=pk)


def findings_context(source_import: Import) -> dict[str, Any]:
    """Return the template context of an import: the first rows of each table, and which tables have more."""
    data = _stored_result(source_import)
    if data is None:
        return {}
    tables = {
        table: list(islice(_lazy_rows(table, source_import, data), MAX_ROWS_SHOWN + 1))
        for table in RESULT_TABLE_COLUMNS
    }
    shown: dict[str, Any] = {
        table: [row() for row in rows[:MAX_ROWS_SHOWN]] for table, rows in tables.items()
    }
    return shown | {
        "more": {table: len(rows) > MAX_ROWS_SHOWN for table, rows in tables.items()},
        "shown": MAX_ROWS_SHOWN,
    }


def _stored_result(source_import: Import) -> ImportData | None:
    return ImportData.objects.filter(source_import=source_import).defer("lines", "entries").first()


type LazyRow = Callable[[], dict[str, Any]]  # returns one row in the language of the reader


def _column_namer(source_import: Import, data: ImportData) -> Callable[[str], str]:
    """Return a function that names a column as the file does, by letter and heading.

    A column that is not in the file gets the label of the register.
    """
    labels = {column.name: column.label for column in matchable_columns(source_import.table)}

    def name_column(column: str) -> str:
        position = source_import.columns.get(column)
        return (
            column_label(data.header, position)
            if isinstance(position, int)
            else str(labels.get(column, column))
        )

    return name_column


def _lazy_rows(table: str, source_import: Import, data: ImportData) -> Iterable[LazyRow]:
    name_column = _column_namer(source_import, data)
    if table == "places":
        return (
            partial(_place_row, stored, added=source_import.is_imported)
            for stored in source_import.places.in_review_order().iterator()
        )
    if table == "changes":
        lines = ((stored, *parts) for stored in data.changes for parts in stored["what"])
        return (partial(_change_row, stored, name_column, *parts) for stored, *parts in lines)
    if table == "faults":
        return (partial(_error_row, stored, name_column) for stored in data.faults)
    if table == "repeated":
        return (partial(dict, row=row, earlier=earlier) for row, earlier in data.repeated)
    return (partial(_remaining_row, stored) for stored in data.left)


def _error_row(stored: dict[str, Any], name_column: Callable[[str], str]) -> dict[str, Any]:
    column = name_column(stored["column"]) if stored["column"] else ""
    return {"row": stored["row"] or "", "column": column, "why": translation_for_reader(stored["why"])}


def _change_row(
    stored: dict[str, Any], name_column: Callable[[str], str], name: str, old: str, new: str
) -> dict[str, Any]:
    return {
        "row": stored["row"],
        "name": translation_for_reader(stored["name"]),
        "column": name_column(name),
        "old": old,
        "new": new,
    }


def _remaining_row(stored: dict[str, Any]) -> dict[str, Any]:
    return {
        "url": stored["url"],
        "name": translation_for_reader(stored["name"]),
        "why": translation_for_reader(stored["why"]),
    }


def _place_row(place: ImportPlace, *, added: bool) -> dict[str, Any]:
    country = country_label(place.country) if len(place.country) == 2 else place.country
    return {
        "name": ", ".join(part for part in (place.name, country) if part),
        "verdict": ADDED_LABEL
        if added and place.verdict == ImportPlace.Verdict.NEW
        else place.get_verdict_display(),
        "matched_city_label": place.matched_city_label,
        "times": place.times,
    }


# --- CSV exports ---------------------------------------------------------------------------------------------------
def _columns(**columns: LazyText) -> tuple[Column, ...]:
    return tuple((label, partial(_cell, name)) for name, label in columns.items())


def _cell(name: str, row: LazyRow) -> Any:
    return row()[name]


ROW, COLUMN, ENTRY = _("Row"), _("Column"), _("Entry")
RESULT_TABLE_COLUMNS: dict[str, tuple[Column, ...]] = {
    "faults": _columns(row=ROW, column=COLUMN, why=_("Error")),
    "changes": _columns(
        row=ROW, name=ENTRY, column=COLUMN, old=_("Current register value"), new=_("In the file")
    ),
    "repeated": _columns(row=ROW, earlier=_("Duplicate of row")),
    "places": _columns(
        name=_("In the file"),
        times=_("Occurrences"),
        verdict=pgettext_lazy("an import", "Result"),
        matched_city_label=_("Matched to"),
    ),
    "left": _columns(name=ENTRY, why=_("Reason")),
}


@login_required
def download_check_results(request: AuthenticatedRequest, pk: int, what: str) -> HttpResponseBase:
    """Export one table of the result, with all rows that are stored."""
    source_import = get_import_or_404(request, pk)
    data = _stored_result(source_import)
    if what not in RESULT_TABLE_COLUMNS or data is None:
        raise Http404
    return csv_response(request, what, RESULT_TABLE_COLUMNS[what], _lazy_rows(what, source_import, data))

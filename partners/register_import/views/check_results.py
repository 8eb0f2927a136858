"""Result of checking a file, for the page of the import and as CSV exports."""

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
from partners.place_names import country_label
from partners.register_import.formats.headers import column_label
from partners.register_import.models import Import, ImportData, ImportPlace
from partners.register_import.reader import columns_of
from workflow.errors import LazyText
from workflow.i18n import translation_for_reader

ADDED = pgettext_lazy("a place", "Added")
MAX_ROWS = 50  # rows of each table on the page; the exports have all


def get_import_or_404(request: AuthenticatedRequest, pk: int) -> Import:
    """Return the import if it is the reader's own, otherwise raise 404."""
    return get_object_or_404(Import.objects.visible_to(request.by).select_related("by"), pk=pk)


def findings_context(source_import: Import) -> dict[str, Any]:
    """Return the template context of an import: the first rows of each table, and which tables have more."""
    kept = _kept(source_import)
    if kept is None:
        return {}
    tables = {what: list(islice(_rows(what, source_import, kept), MAX_ROWS + 1)) for what in SHEETS}
    shown: dict[str, Any] = {what: [row() for row in rows[:MAX_ROWS]] for what, rows in tables.items()}
    return shown | {"more": {what: len(rows) > MAX_ROWS for what, rows in tables.items()}, "shown": MAX_ROWS}


def _kept(source_import: Import) -> ImportData | None:
    return ImportData.objects.filter(source_import=source_import).defer("lines", "entries").first()


type Said = Callable[[], dict[str, Any]]  # returns one row in the language of the reader


def _names(source_import: Import, kept: ImportData) -> Callable[[str], str]:
    """Return a function that names a column as the file does, by letter and heading.

    A column that is not in the file gets the label of the register.
    """
    labels = {column.name: column.label for column in columns_of(source_import.table)}

    def name(column: str) -> str:
        at = source_import.columns.get(column)
        return column_label(kept.header, at) if isinstance(at, int) else str(labels.get(column, column))

    return name


def _rows(what: str, source_import: Import, kept: ImportData) -> Iterable[Said]:
    named = _names(source_import, kept)
    if what == "places":
        return (
            partial(_place, one, added=source_import.is_imported)
            for one in source_import.places.in_order().iterator()
        )
    if what == "changes":
        lines = ((one, *parts) for one in kept.changes for parts in one["what"])
        return (partial(_change, one, named, *parts) for one, *parts in lines)
    if what == "faults":
        return (partial(_fault, one, named) for one in kept.faults)
    if what == "repeated":
        return (partial(dict, row=row, earlier=earlier) for row, earlier in kept.repeated)
    return (partial(_left, one) for one in kept.left)


def _fault(one: dict[str, Any], named: Callable[[str], str]) -> dict[str, Any]:
    column = named(one["column"]) if one["column"] else ""
    return {"row": one["row"] or "", "column": column, "why": translation_for_reader(one["why"])}


def _change(
    one: dict[str, Any], named: Callable[[str], str], name: str, old: str, new: str
) -> dict[str, Any]:
    return {
        "row": one["row"],
        "name": translation_for_reader(one["name"]),
        "column": named(name),
        "old": old,
        "new": new,
    }


def _left(one: dict[str, Any]) -> dict[str, Any]:
    return {
        "url": one["url"],
        "name": translation_for_reader(one["name"]),
        "why": translation_for_reader(one["why"]),
    }


def _place(one: ImportPlace, *, added: bool) -> dict[str, Any]:
    country = country_label(one.country) if len(one.country) == 2 else one.country
    return {
        "name": ", ".join(part for part in (one.name, country) if part),
        "verdict": ADDED if added and one.verdict == ImportPlace.Verdict.NEW else one.get_verdict_display(),
        "matched_city_label": one.matched_city_label,
        "times": one.times,
    }


# --- CSV exports ---------------------------------------------------------------------------------------------------
def _columns(**columns: LazyText) -> tuple[Column, ...]:
    return tuple((words, partial(_cell, name)) for name, words in columns.items())


def _cell(name: str, row: Said) -> Any:
    return row()[name]


ROW, COLUMN, WHAT = _("Row"), _("Column"), _("Entry")
SHEETS: dict[str, tuple[Column, ...]] = {
    "faults": _columns(row=ROW, column=COLUMN, why=_("Error")),
    "changes": _columns(
        row=ROW, name=WHAT, column=COLUMN, old=_("Current register value"), new=_("In the file")
    ),
    "repeated": _columns(row=ROW, earlier=_("Duplicate of row")),
    "places": _columns(
        name=_("In the file"),
        times=_("Occurrences"),
        verdict=pgettext_lazy("an import", "Result"),
        matched_city_label=_("Matched to"),
    ),
    "left": _columns(name=WHAT, why=_("Reason")),
}


@login_required
def download_check_results(request: AuthenticatedRequest, pk: int, what: str) -> HttpResponseBase:
    """Export one table of the result, with all rows that are stored."""
    source_import = get_import_or_404(request, pk)
    kept = _kept(source_import)
    if what not in SHEETS or kept is None:
        raise Http404
    return csv_response(request, what, SHEETS[what], _rows(what, source_import, kept))

"""What was found in a file, as its page shows it and as sheets to take along: in the reader's language."""

from collections.abc import Callable, Iterable
from functools import partial
from itertools import islice
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from partners.exchange import headings
from partners.exchange.wizard.reading import columns_of
from partners.labels import country_label
from partners.models.imports import Import, ImportPlace, Sheet
from partners.visit import Visit
from partners.web.sheets import Column, sheet
from workflow.errors import Words
from workflow.tongues import read

ADDED = pgettext_lazy("a place", "Added")
SHOWN = 50  # rows of each table on the page; the sheets have all


def find(request: Visit, pk: int) -> Import:
    """The import, if it is the reader's own."""
    return get_object_or_404(Import.objects.visible_to(request.by).select_related("by"), pk=pk)


def found(batch: Import) -> dict[str, Any]:
    """What a page of the import shows: of each kind the first rows, and which kinds have more."""
    kept = _kept(batch)
    if kept is None:
        return {}
    tables = {what: list(islice(_rows(what, batch, kept), SHOWN + 1)) for what in SHEETS}
    shown: dict[str, Any] = {what: [row() for row in rows[:SHOWN]] for what, rows in tables.items()}
    return shown | {"more": {what: len(rows) > SHOWN for what, rows in tables.items()}, "shown": SHOWN}


def _kept(batch: Import) -> Sheet | None:
    return Sheet.objects.filter(batch=batch).defer("lines", "entries").first()


type Said = Callable[[], dict[str, Any]]  # one row, worked out in the language in which it is read


def _names(batch: Import, kept: Sheet) -> Callable[[str], str]:
    """How the file calls a column of the register: by letter and heading, or by our own word where it is not in the file."""
    labels = {column.name: column.label for column in columns_of(batch.table)}

    def name(column: str) -> str:
        at = batch.columns.get(column)
        return headings.called(kept.header, at) if isinstance(at, int) else str(labels.get(column, column))

    return name


def _rows(what: str, batch: Import, kept: Sheet) -> Iterable[Said]:
    named = _names(batch, kept)
    if what == "places":
        return (partial(_place, one, added=batch.is_in) for one in batch.places.in_order().iterator())
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
    return {"row": one["row"] or "", "column": column, "why": read(one["why"])}


def _change(
    one: dict[str, Any], named: Callable[[str], str], name: str, old: str, new: str
) -> dict[str, Any]:
    return {"row": one["row"], "name": read(one["name"]), "column": named(name), "old": old, "new": new}


def _left(one: dict[str, Any]) -> dict[str, Any]:
    return {"url": one["url"], "name": read(one["name"]), "why": read(one["why"])}


def _place(one: ImportPlace, *, added: bool) -> dict[str, Any]:
    country = country_label(one.country) if len(one.country) == 2 else one.country
    return {
        "name": ", ".join(part for part in (one.name, country) if part),
        "verdict": ADDED if added and one.verdict == ImportPlace.Verdict.NEW else one.get_verdict_display(),
        "taken_for": one.taken_for,
        "times": one.times,
    }


# --- the same as sheets -------------------------------------------------------------------------------------------
def _columns(**columns: Words) -> tuple[Column, ...]:
    return tuple((words, partial(_cell, name)) for name, words in columns.items())


def _cell(name: str, row: Said) -> Any:
    return row()[name]


ROW, COLUMN, WHAT = _("Row"), _("Column"), _("What")
SHEETS: dict[str, tuple[Column, ...]] = {
    "faults": _columns(row=ROW, column=COLUMN, why=_("What is wrong")),
    "changes": _columns(
        row=ROW, name=WHAT, column=COLUMN, old=_("In the register now"), new=_("In the file")
    ),
    "repeated": _columns(row=ROW, earlier=_("Says the same as row")),
    "places": _columns(
        name=_("In the file"), times=_("Times"), verdict=_("What becomes of it"), taken_for=_("Taken for")
    ),
    "left": _columns(name=WHAT, why=_("Why")),
}


@login_required
def download(request: Visit, pk: int, what: str) -> HttpResponseBase:
    """One table of what was found, with as many rows as are kept."""
    batch = find(request, pk)
    kept = _kept(batch)
    if what not in SHEETS or kept is None:
        raise Http404
    return sheet(request, what, SHEETS[what], _rows(what, batch, kept))


urlpatterns = [path("register/imports/<int:pk>/<slug:what>.csv", download, name="import_sheet")]

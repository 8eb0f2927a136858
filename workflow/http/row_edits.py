"""Facts edited in the row of a list: an opened row shows a short form of a move, which leads back to the list.

This module imports no app: lists are registered in `workflow.http.lists`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse

from workflow import clock
from workflow.errors import Refused
from workflow.http.edit_forms import EditForm
from workflow.http.lists import REGISTERED_LISTS, ListPage
from workflow.http.move_views import FormFactory, MoveOption, run_move

OPENED_ROW_PARAMETER = (
    "change"  # the parameter of a list's address that holds the reference of the opened row
)
REFUSED_TEMPLATE = "http/edit_row.html"


def only_fields(make_form: FormFactory, is_kept: Callable[[str], bool]) -> FormFactory:
    """Return a maker of the same form with only the fields whose names are kept; the others are not changed."""

    def make(data: Any, thing: Any) -> forms.Form:
        form = make_form(data, thing)
        for name in [name for name in form.fields if not is_kept(name)]:
            del form.fields[name]
        return form

    return make


@dataclass(frozen=True)
class RowEditing:
    """Rows of a list that the reader may edit, by id, and the opened one with its title, form and address, if any.

    `refused` is the reason why the opened row cannot be edited now; it then has no form.
    """

    editable_pks: frozenset[int]
    thing: Any = None
    title: str = ""
    step: MoveOption | None = None
    form: forms.Form | None = None
    url: str = ""
    refused: Refused | None = None


def row_editing(request: HttpRequest, page: ListPage, rows: Sequence[Any], by: Any) -> RowEditing:
    """Return which of the rows may be edited, and the form in the row that the address opens.

    A row may be edited if the status and the rights of `by` fit one of the list's moves for rows.
    """
    steps = {row.pk: step for row in rows if (step := _row_step(page, by, row)) is not None}
    editable = frozenset(steps)
    reference = request.GET.get(OPENED_ROW_PARAMETER, "")
    thing = next((row for row in rows if row.pk in steps and row.reference == reference), None)
    if thing is None:
        return RowEditing(editable)
    step = steps[thing.pk]
    reader: Any = request.by  # type: ignore[attr-defined]  # set by the middleware of accounts
    if step.make_form is None:
        return RowEditing(editable)
    title = page.row_title(thing)
    if (refused := step.move.refusal(reader, thing, clock.now())) is not None:
        return RowEditing(editable, thing, title, step, refused=refused)
    form = step.make_form(None, thing)
    if isinstance(form, EditForm):
        form.thing = thing
    query = request.GET.copy()
    del query[OPENED_ROW_PARAMETER]
    url = reverse("edit_row", args=[thing.reference, page.name, step.move.verb])
    return RowEditing(editable, thing, title, step, form, f"{url}?{query.urlencode()}".rstrip("?"))


def _row_step(page: ListPage, by: Any, row: Any) -> MoveOption | None:
    """Return the first of the list's moves for rows that fits the row and the reader's rights, or None."""
    if not page.is_row_editable(by, row):
        return None
    fitting = (step for step in page.row_move_options.values() if is_offered(step, by, row))
    return next(fitting, None)


def is_offered(step: MoveOption, by: Any, row: Any) -> bool:
    """Return True if the status of the row and the reader's rights fit the move."""
    return row.status in step.move.source and step.move.allowed(by, row) is True


@login_required
def edit_row(request: HttpRequest, reference: str, name: str, verb: str) -> HttpResponse:
    """Make the move of an opened row and go back to the list, whose query is in the address.

    A refused form is shown on a page of its own, with the same fields. Raises 404 for a list or a move that is not
    offered.
    """
    page = REGISTERED_LISTS.get(name)
    step = page.row_move_options.get(verb) if page is not None else None
    if page is None or step is None:
        raise Http404
    reader: Any = request.by  # type: ignore[attr-defined]  # set by the middleware of accounts
    thing = get_object_or_404(page.rows(reader), reference=reference)
    back = f"{reverse(name)}?{request.GET.urlencode()}".rstrip("?") + f"#{reference}"
    option = replace(step, template=REFUSED_TEMPLATE, success_url=lambda _thing: back)
    return run_move(request, thing, verb, {verb: option}, context={"title": page.row_title(thing)})

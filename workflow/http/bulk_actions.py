"""Bulk actions on a list: a person ticks rows and chooses a move, which is made on each row in turn.

This module imports no app: lists are registered in `workflow.http.lists`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import DatabaseError, transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from workflow import clock
from workflow.errors import LazyText, Refused
from workflow.http.idempotency import once_per_form
from workflow.http.lists import REGISTERED_LISTS, ListPage
from workflow.http.move_views import MoveOption
from workflow.http.pages import FILE_FORMATS, render_page
from workflow.http.refusal_responses import refusal_from_database_error
from workflow.http.row_edits import is_offered

MAX_BULK_ROWS = 100  # ticked rows handled in one request; a page of a list has 25
MAX_QUERY_LENGTH = 800  # characters of the address of the list that are kept
TEMPLATE, RESULT = "http/bulk.html", "http/bulk_result.html"


@dataclass(frozen=True)
class BulkActionBar:
    """Bar of bulk actions below a list: the moves that the reader can make on at least one of its rows.

    `selection_pages` holds pages that show the ticked rows, each as name and label; `can_download` is True if they can be downloaded.
    """

    name: str
    move_options: list[MoveOption]
    selection_pages: list[tuple[str, LazyText]]
    can_download: bool

    @property
    def url(self) -> str:
        """Address that the ticked rows are sent to."""
        return reverse("bulk", args=[self.name])

    def __bool__(self) -> bool:
        return bool(self.move_options or self.selection_pages or self.can_download)


@dataclass(frozen=True)
class RowResult:
    """Result of a move on one row. `refusal_reason` is the reason, or empty on success."""

    thing: Any
    refusal_reason: LazyText = ""


def bulk_action_bar(page: ListPage, by: Any, rows: Sequence[Any]) -> BulkActionBar:
    """Return the bar for these rows. It offers a move if its status and rights fit one of the rows."""
    steps = [one for one in page.move_options.values() if any(is_offered(one, by, row) for row in rows)]
    opens = [(name, link.label) for name, link in page.selection_pages.items()] if len(rows) > 1 else []
    return BulkActionBar(page.name, steps, opens, can_download=page.download is not None and bool(rows))


@login_required
@require_POST
def bulk_action(request: HttpRequest, name: str) -> HttpResponseBase:
    """Make a move on each ticked row, show the form that the move needs first, or return the rows as a file.

    Only rows that the reader may see are used. Refused rows are listed with their reasons; the others are moved.
    Raises 404 for a list or a move that is not offered.
    """
    page = REGISTERED_LISTS.get(name)
    if page is None:
        raise Http404
    by: Any = request.by  # type: ignore[attr-defined]  # set by the middleware of accounts
    rows = page.rows(by).filter(pk__in=_ticked_rows(request))
    kind = request.POST.get("as", "")
    if kind in FILE_FORMATS and page.download is not None:
        return page.download(request, rows, kind)
    step, link = (
        page.move_options.get(request.POST.get("verb", "")),
        page.selection_pages.get(request.POST.get("open", "")),
    )
    if step is None and link is None:
        raise Http404
    things = list(rows.order_by("pk"))
    if things and link is not None:
        return HttpResponseRedirect(link.url(things), status=303)
    if not things or step is None:
        messages.warning(request, _("Tick at least one row first."))
        return HttpResponseRedirect(list_url(request, page), status=303)
    return _run(request, page, step, things)


def _run(request: HttpRequest, page: ListPage, step: MoveOption, things: list[Any]) -> HttpResponse:
    confirmed = bool(request.POST.get("confirm"))
    form = step.make_form(request.POST if confirmed else None, things[0]) if step.make_form else None
    back = list_url(request, page)
    context = {"step": step, "things": things, "form": form, "list": page.name, "back": back}
    context["query"] = request.POST.get("query", "")[:MAX_QUERY_LENGTH]
    if form is not None and not (confirmed and form.is_valid()):
        return render_page(request, TEMPLATE, context, status=422 if confirmed else 200)
    facts = form.cleaned_data if form is not None else {}

    def answer() -> HttpResponse:
        results = [_make_row_move(request, step, thing, facts) for thing in things]
        return _show_results(request, step, results, back)

    try:
        return once_per_form(request, answer)
    except Refused as refused:
        messages.error(request, str(refused.message))
        return HttpResponseRedirect(back, status=303)


def _make_row_move(request: HttpRequest, step: MoveOption, thing: Any, facts: dict[str, Any]) -> RowResult:
    """Make the move on one row in a transaction of its own, and return its result."""
    try:
        closed = step.move.refusal(request.by, thing, clock.now())  # type: ignore[attr-defined]  # set by the middleware
        if closed is not None:
            return RowResult(thing, closed.message)
        with transaction.atomic():
            step.make_move(request, thing, **facts)
    except Refused as refused:
        return RowResult(thing, refused.message)
    except DatabaseError as error:
        found = refusal_from_database_error(error)
        if found is None:
            raise
        return RowResult(thing, found.message)
    return RowResult(thing)


def _show_results(
    request: HttpRequest, step: MoveOption, results: list[RowResult], back: str
) -> HttpResponse:
    """Go back to the list with a sentence, or show which rows were refused and why."""
    refused = [one for one in results if one.refusal_reason]
    done = len(results) - len(refused)
    sentence = _("%(move)s. Rows completed: %(n)s.") % {"move": step.move.label, "n": done}
    if not refused:
        messages.success(request, sentence)
        return HttpResponseRedirect(back, status=303)
    context = {"step": step, "done": done, "sentence": sentence, "results": results, "refused_rows": refused}
    return render_page(request, RESULT, {**context, "back": back}, status=200 if done else 422)


def _ticked_rows(request: HttpRequest) -> list[int]:
    ids = [one for one in request.POST.getlist("row") if one.isascii() and one.isdecimal() and len(one) < 19]
    return [int(one) for one in ids[:MAX_BULK_ROWS]]


def list_url(request: HttpRequest, page: ListPage) -> str:
    """Return the address of the list, with the query that the form holds."""
    query = request.POST.get("query", "")[:MAX_QUERY_LENGTH]
    return f"{reverse(page.name)}?{query}".rstrip("?")

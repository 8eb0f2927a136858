"""Watchlists: the overview, the page of one with its names and versions, its names as CSV, its moves."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _

from partners.activity.context import activity_context
from partners.authenticated_requests import AuthenticatedRequest
from procurement.exports.csv_download import csv_response, is_csv_requested
from procurement.exports.list_columns import WATCHLIST_COLUMNS, WATCHLIST_ENTRY_COLUMNS
from procurement.exports.list_download import file_response, is_file_requested
from procurement.sanctions.actions.periodic import progress_task_name
from procurement.sanctions.forms import EntryFilterForm, WatchlistFilterForm
from procurement.sanctions.models import Watchlist, WatchlistMatch
from procurement.sanctions.rules.watchlist_moves import (
    DISCARD,
    PROPOSE_WITHDRAWAL,
    REJECT_WITHDRAWAL,
    RETRY,
    WITHDRAW,
    may_maintain,
)
from workflow.http.move_views import MoveOption, move_options, run_move
from workflow.http.pages import render_page
from workflow.http.pagination import paginate
from workflow.progress import read_progress


@login_required
def watchlists(request: AuthenticatedRequest) -> HttpResponseBase:
    """List every watchlist and its versions, newest first, as a page, CSV or XLSX."""
    _require_reader(request)
    form = WatchlistFilterForm(request.GET)
    rows = Watchlist.objects.visible_to(request.by)
    if form.is_valid():
        rows = rows.search(form.cleaned_data["q"])
        if form.cleaned_data["status"]:
            rows = rows.filter(status=form.cleaned_data["status"])
    if is_file_requested(request):
        return file_response(request, "lists", WATCHLIST_COLUMNS, rows, request.GET["as"])
    context = {"page": paginate(request, rows), "filters": form, "may_keep": may_maintain(request.by)}
    return render_page(request, "sanctions/watchlist_list.html", context)


@login_required
def watchlist_detail(request: AuthenticatedRequest, reference: str) -> HttpResponseBase:
    """Show one watchlist: its source, versions, watchlist matches and names. `?as=csv` returns the names.

    While a background job processes the list, the page reloads its progress by itself.
    """
    thing = _find_watchlist(request, reference)
    form = EntryFilterForm(request.GET)
    names = thing.entries.search(form.cleaned_data["q"]) if form.is_valid() else thing.entries.all()
    if is_csv_requested(request):
        return csv_response(request, thing.reference, WATCHLIST_ENTRY_COLUMNS, names)
    matches = WatchlistMatch.objects.visible_to(request.by).filter(entry__watchlist=thing)
    context = {
        "list": thing,
        "powers": request.by,
        "page": paginate(request, names),
        "filters": form,
        "versions": Watchlist.objects.filter(name=thing.name).exclude(pk=thing.pk).order_by("-pk"),
        "matches": matches.select_related("supplier").order_by("pk")[:20],
        "progress": read_progress(progress_task_name(thing)) if thing.is_waiting_for_screening else None,
        "may_keep": may_maintain(request.by),
    }
    return render_page(request, "sanctions/watchlist_detail.html", context | activity_context(request, thing))


@login_required
def watchlist_move(request: AuthenticatedRequest, reference: str, verb: str) -> HttpResponse:
    """Show the form of a move on a watchlist, or make the move."""
    return run_move(request, _find_watchlist(request, reference), verb, WATCHLIST_MOVE_OPTIONS)


def _require_reader(request: AuthenticatedRequest) -> None:
    """Raise 404 unless the reader works for a city or coordinates the network."""
    if not (request.by.visible_cities or request.by.is_coordinator):
        raise Http404


def _find_watchlist(request: AuthenticatedRequest, reference: str) -> Watchlist:
    rows = Watchlist.objects.visible_to(request.by).select_related("uploaded_by", "withdrawn_by", "replaces")
    return get_object_or_404(rows, reference=reference)


WATCHLIST_MOVE_OPTIONS = move_options(
    RETRY,
    DISCARD,
    MoveOption(
        PROPOSE_WITHDRAWAL,
        hint=_(
            "The list stays in force until another person agrees to withdraw it. Its "
            "matches are then removed as well."
        ),
    ),
    REJECT_WITHDRAWAL,
    MoveOption(
        WITHDRAW,
        hint=_(
            "Matches raised from this list no longer block offers or orders. The "
            "names on the list remain visible."
        ),
    ),
)

"""Pages of watchlist matches: the worklist, one match with both names side by side, and the decisions."""

from collections.abc import Callable

from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404

from partners.activity.context import activity_context
from partners.authenticated_requests import AuthenticatedRequest
from procurement.exports.list_columns import WATCHLIST_MATCH_COLUMNS
from procurement.exports.list_download import file_response, is_file_requested
from procurement.sanctions.forms import MatchFilterForm, MatchReviewForm
from procurement.sanctions.models import WatchlistMatch, WatchlistMatchQuerySet
from procurement.sanctions.rules.matches import (
    CONFIRM_MATCH,
    DISMISS,
    PROPOSE_DISMISSAL,
    REJECT_DISMISSAL,
    REOPEN,
)
from procurement.suppliers.views.changes import propose_move
from workflow.http.move_views import MoveOption, move_options, run_move
from workflow.http.pages import render_page
from workflow.http.pagination import paginate

DETAIL_RELATIONS = ("supplier", "entry__watchlist", "city", "proposed_by", "reviewed_by")


@login_required
def watchlist_matches(request: AuthenticatedRequest) -> HttpResponseBase:
    """List every watchlist match the reader may see, newest first, as a page, CSV or XLSX.

    404 for a reader who works for no city.
    """
    if not request.by.visible_cities:
        raise Http404
    form = MatchFilterForm(request.GET)
    rows = WatchlistMatch.objects.visible_to(request.by).select_related("supplier", "entry__watchlist")
    if form.is_valid():
        rows = rows.search(form.cleaned_data["q"])
        if form.cleaned_data["status"]:
            rows = rows.filter(status=form.cleaned_data["status"])
    if is_file_requested(request):
        return file_response(request, "watchlist-matches", WATCHLIST_MATCH_COLUMNS, rows, request.GET["as"])
    return render_page(
        request, "sanctions/match_list.html", {"page": paginate(request, rows), "filters": form}
    )


@login_required
def watchlist_match_detail(request: AuthenticatedRequest, reference: str) -> HttpResponse:
    """Show one match: both names side by side, why they may be the same company, and the decisions."""
    thing = _find_match(request, reference)
    context = {
        "match": thing,
        "entry": thing.entry,
        "list": thing.entry.watchlist,
        "powers": request.by,
        "alike": _visible_matches(request).same_company_and_entry(thing).exclude(pk=thing.pk).order_by("pk"),
    }
    return render_page(request, "sanctions/match_detail.html", context | activity_context(request, thing))


@login_required
def watchlist_match_move(request: AuthenticatedRequest, reference: str, verb: str) -> HttpResponse:
    """Show the form of a decision on a match, or make the decision."""
    return run_move(request, _find_match(request, reference), verb, MATCH_MOVE_OPTIONS)


def _visible_matches(request: AuthenticatedRequest) -> WatchlistMatchQuerySet:
    return WatchlistMatch.objects.visible_to(request.by).select_related(*DETAIL_RELATIONS)


def _find_match(request: AuthenticatedRequest, reference: str) -> WatchlistMatch:
    return get_object_or_404(_visible_matches(request), reference=reference)


def _decide_alike_matches(
    request: AuthenticatedRequest, thing: WatchlistMatch, make: Callable[..., WatchlistMatch], reason: str
) -> None:
    """Make a decision on every match of the same company and the same entry, under all names."""
    with transaction.atomic():
        for match in [
            thing,
            *_visible_matches(request).same_company_and_entry(thing).exclude(pk=thing.pk).order_by("pk"),
        ]:
            make(match, reason=reason)


MATCH_MOVE_OPTIONS = move_options(
    *(
        MoveOption(move, custom_action=_decide_alike_matches, form=MatchReviewForm, propose=propose_move)
        for move in (PROPOSE_DISMISSAL, DISMISS, REJECT_DISMISSAL, CONFIRM_MATCH, REOPEN)
    )
)

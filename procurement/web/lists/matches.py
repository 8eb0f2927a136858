"""Companies that may be on a list: the worklist, one match with both names side by side, and the judgements on it."""

from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.translation import gettext_lazy as _

from partners.visit import Visit
from partners.web import record
from procurement.exchange.sheets import LIST_MATCHES
from procurement.lists.actions import matches
from procurement.lists.actions.matches import propose_clearing, turn_down
from procurement.lists.models.match import ListMatch, ListMatchQuerySet
from procurement.web.sheets import sheet, wanted
from procurement.web.suppliers.changes import proposing
from workflow import clock
from workflow.doors.bounds import LONGEST_WORDS
from workflow.doors.http import show
from workflow.doors.lists import page
from workflow.doors.moving import Step, make
from workflow.models.tracked import Tracked

JOINED = ("supplier", "listed__watch_list", "city", "proposed_by", "judged_by")


class Filters(forms.Form):
    """What a reader may narrow the worklist by."""

    q = forms.CharField(label=_("Search"), required=False, help_text=_("Name in any script, or reference."))
    status = forms.ChoiceField(
        label=_("Status"), choices=[("", _("any")), *ListMatch.Status.choices], required=False
    )


class Written(forms.Form):
    """What a judgement rests on, in writing."""

    reason = forms.CharField(
        label=_("In writing"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=LONGEST_WORDS,
        help_text=_("What you compared: address, number, owners, date of birth, and where you looked."),
    )


@login_required
def list_matches(request: Visit) -> HttpResponseBase:
    """Every match, newest first."""
    if not request.by.sees:
        raise Http404
    form = Filters(request.GET)
    rows = ListMatch.objects.visible_to(request.by).select_related("supplier", "listed__watch_list")
    if form.is_valid():
        rows = rows.search(form.cleaned_data["q"])
        if form.cleaned_data["status"]:
            rows = rows.filter(status=form.cleaned_data["status"])
    if wanted(request):
        return sheet(request, "list-matches", LIST_MATCHES, rows)
    return show(request, "lists/matches.html", {"page": page(request, rows), "filters": form})


@login_required
def list_match(request: Visit, reference: str) -> HttpResponse:
    """One match: both names side by side, why they may be one, what was judged."""
    thing = _find(request, reference)
    context = {
        "match": thing,
        "listed": thing.listed,
        "list": thing.listed.watch_list,
        "powers": request.by,
        "alike": _visible(request).alike(thing).exclude(pk=thing.pk).order_by("pk"),
    }
    return show(request, "lists/match.html", context | record.of(request, thing))


@login_required
def list_match_move(request: Visit, reference: str, verb: str) -> HttpResponse:
    """A judgement on a match."""
    return make(request, _find(request, reference), verb, STEPS)


def _visible(request: Visit) -> ListMatchQuerySet:
    return ListMatch.objects.visible_to(request.by).select_related(*JOINED)


def _find(request: Visit, reference: str) -> ListMatch:
    return get_object_or_404(_visible(request), reference=reference)


def _judged(action: Any, me: str = "judged_by") -> Step:
    """A judgement in writing by its reader, on one company and one entry: it covers every name under which they are alike."""

    def judge(request: Visit, thing: ListMatch, reason: str) -> None:
        judge_of = {me: request.user} if me else {}
        with transaction.atomic():
            for match in [thing, *_visible(request).alike(thing).exclude(pk=thing.pk).order_by("pk")]:
                action(match, reason=reason, by=request.by, at=clock.now(), **judge_of)

    def propose(request: Visit, thing: ListMatch, reason: str) -> Tracked:
        return proposing(action.__name__)(request, thing, reason=reason)

    return Step(judge, form=lambda data, thing: Written(data), propose=propose)


STEPS = {
    "propose_clearing": _judged(propose_clearing, "proposed_by"),
    "clear": _judged(matches.clear),
    "turn_down": _judged(turn_down),
    "confirm": _judged(matches.confirm),
    "reopen": _judged(matches.reopen, ""),
}

urlpatterns = [
    path("list-matches/", list_matches, name="list_matches"),
    path("list-matches/<slug:reference>/", list_match, name="list_match"),
    path("list-matches/<slug:reference>/<slug:verb>/", list_match_move, name="list_match_move"),
]

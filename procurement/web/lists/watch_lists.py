"""Lists: what there is, one list with its names and versions, its names as CSV, and the moves on it."""

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.translation import gettext_lazy as _

from partners.visit import Visit
from partners.web import record
from procurement.exchange.sheets import LISTED_NAMES, WATCH_LISTS
from procurement.lists import anew
from procurement.lists.actions import lists
from procurement.lists.actions.lists import propose_withdrawal, try_again
from procurement.lists.models.match import ListMatch
from procurement.lists.models.watch_list import WatchList
from procurement.lists.rules.lists import may_keep
from procurement.web.sheets import sheet, wanted
from workflow import clock
from workflow.doors.http import show
from workflow.doors.lists import page
from workflow.doors.moving import Step, make, reason_form
from workflow.due import how_far


class Filters(forms.Form):
    """What a reader may narrow the lists by."""

    q = forms.CharField(
        label=_("Search"), required=False, help_text=_("Name of the list, publisher or reference.")
    )
    status = forms.ChoiceField(
        label=_("Status"), choices=[("", _("any")), *WatchList.Status.choices], required=False
    )


class NameFilters(forms.Form):
    """What a reader may narrow the names of a list by."""

    q = forms.CharField(label=_("Search"), required=False, help_text=_("Name in any script, or number."))


@login_required
def watch_lists(request: Visit) -> HttpResponseBase:
    """Every list and its versions, newest first."""
    _admit(request)
    form = Filters(request.GET)
    rows = WatchList.objects.visible_to(request.by)
    if form.is_valid():
        rows = rows.search(form.cleaned_data["q"])
        if form.cleaned_data["status"]:
            rows = rows.filter(status=form.cleaned_data["status"])
    if wanted(request):
        return sheet(request, "lists", WATCH_LISTS, rows)
    context = {"page": page(request, rows), "filters": form, "may_keep": may_keep(request.by)}
    return show(request, "lists/list.html", context)


@login_required
def watch_list(request: Visit, reference: str) -> HttpResponseBase:
    """One list: where it comes from, its versions, whom it hits, its names. While the machine has it, the page asks again by itself."""
    thing = _find(request, reference)
    form = NameFilters(request.GET)
    names = thing.listed.search(form.cleaned_data["q"]) if form.is_valid() else thing.listed.all()
    if wanted(request):
        return sheet(request, thing.reference, LISTED_NAMES, names)
    matches = ListMatch.objects.visible_to(request.by).filter(listed__watch_list=thing)
    context = {
        "list": thing,
        "powers": request.by,
        "page": page(request, names),
        "filters": form,
        "versions": WatchList.objects.filter(name=thing.name).exclude(pk=thing.pk).order_by("-pk"),
        "matches": matches.select_related("supplier").order_by("pk")[:20],
        "progress": how_far(anew.task(thing)) if thing.waits else None,
        "may_keep": may_keep(request.by),
    }
    return show(request, "lists/detail.html", context | record.of(request, thing))


@login_required
def watch_list_move(request: Visit, reference: str, verb: str) -> HttpResponse:
    """A move on a list."""
    return make(request, _find(request, reference), verb, STEPS)


def _admit(request: Visit) -> None:
    """Lists are there for whoever works for a city and who coordinates; nobody else learns of the page."""
    if not (request.by.sees or request.by.coordinates):
        raise Http404


def _find(request: Visit, reference: str) -> WatchList:
    rows = WatchList.objects.visible_to(request.by).select_related("uploaded_by", "withdrawn_by", "replaces")
    return get_object_or_404(rows, reference=reference)


STEPS = {
    "try_again": Step(lambda request, thing: try_again(thing, by=request.by, at=clock.now())),
    "drop": Step(
        lambda request, thing, reason: lists.drop(thing, reason=reason, by=request.by, at=clock.now()),
        form=reason_form,
    ),
    "propose_withdrawal": Step(
        lambda request, thing, reason: propose_withdrawal(
            thing, reason=reason, withdrawn_by=request.user, by=request.by, at=clock.now()
        ),
        form=reason_form,
        hint=_("It stays in force until a second person agrees: with it go the matches it raised."),
    ),
    "keep": Step(
        lambda request, thing, reason: lists.keep(thing, reason=reason, by=request.by, at=clock.now()),
        form=reason_form,
    ),
    "withdraw": Step(
        lambda request, thing, reason: lists.withdraw(thing, reason=reason, by=request.by, at=clock.now()),
        form=reason_form,
        hint=_("The matches it raised block no longer. Its names stay readable."),
    ),
}

urlpatterns = [
    path("lists/", watch_lists, name="watch_lists"),
    path("lists/<slug:reference>/", watch_list, name="watch_list"),
    path("lists/<slug:reference>/<slug:verb>/", watch_list_move, name="watch_list_move"),
]

"""Who decides in a city: above which sum a second person is needed, and who changed that when and why."""

from decimal import Decimal
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.urls import path
from django.utils.translation import gettext_lazy as _

from partners import actions
from partners.models import City
from partners.visit import Visit
from partners.web.cities import find
from workflow import clock, journal
from workflow.doors import words
from workflow.doors.forms import MoneyField
from workflow.doors.http import attempt, show


class Limit(forms.Form):
    """The limit, in the city's currency, and why it is what it is."""

    limit = MoneyField(
        label=_("Orders above this amount need a second person"),
        required=False,
        max_digits=14,
        decimal_places=2,
        help_text=_("Left empty, every order needs one."),
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("For example the council's decision, with its number."),
    )


@login_required
def limits(request: Visit, slug: str) -> HttpResponse:
    """The limit with its history, for the city's own people; its administrators change it. 404 for everybody else."""
    city = find(request, slug)
    if city.pk not in request.by.sees:
        raise Http404
    may_change = city.pk in request.by.manages
    form = Limit(request.POST or None, initial={"limit": city.approval_limit}) if may_change else None
    context = {"city": city, "form": form, "changes": list(changes(city, request))}
    if request.method != "POST":
        return show(request, "partners/limits.html", context)
    if form is None:
        raise PermissionDenied
    if not form.is_valid():
        return show(request, "partners/limits.html", context, status=422)
    return attempt(
        request,
        lambda: actions.set_limit(city, by=request.by, at=clock.now(), **form.cleaned_data),
        done=request.path,
        template="partners/limits.html",
        context=context,
    )


def changes(city: City, request: Visit) -> Any:
    """Every change of the limit, newest first: the entry, what it was and what it became, in the city's currency."""
    told = journal.history(city).filter(after__has_key="approval_limit")
    for entry in told.order_by("-at", "-pk"):
        before, after = entry.before.get("approval_limit"), entry.after["approval_limit"]
        if before != after:  # a place is entered without one
            yield entry, _sum(before, city), _sum(after, city)


def _sum(stored: str | None, city: City) -> str:
    return words.money(Decimal(stored), city.currency) if stored is not None else ""


urlpatterns = [path("cities/<slug:slug>/limits/", limits, name="limits")]

"""The register of interests: whom which company concerns. Declared on one's own page, taken home as CSV or XLSX."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.translation import gettext_lazy as _

from partners.exchange.files import write_workbook
from partners.visit import Visit
from procurement.exchange.sheets import INTERESTS
from procurement.suppliers.actions.judgements import declare_interest, end_interest
from procurement.suppliers.models.company import Supplier
from procurement.suppliers.models.judgement import Interest
from procurement.web.sheets import counted, sheet, wanted
from workflow import clock
from workflow.doors.bounds import LONGEST_WORDS
from workflow.doors.http import attempt, show
from workflow.doors.lists import page
from workflow.doors.moving import Step, make, reason_form

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class Filters(forms.Form):
    """What a reader may narrow the register by."""

    q = forms.CharField(label=_("Company"), required=False, max_length=200)
    status = forms.ChoiceField(
        label=_("Status"), required=False, choices=[("", _("Any")), *Interest.Status.choices]
    )


class Declared(forms.Form):
    """What it is, in one's own words."""

    words = forms.CharField(
        label=_("What it is"),
        required=False,
        max_length=LONGEST_WORDS,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("A share, a post, a relative. Nobody but you reads these words."),
    )


@login_required
def interests(request: Visit) -> HttpResponseBase:
    """The register, newest first: for whoever works for a city, for who coordinates the network, and everybody's own."""
    rows = Interest.objects.visible_to(request.by).select_related("supplier", "person")
    form = Filters(request.GET)
    if form.is_valid():
        if form.cleaned_data["q"]:
            rows = rows.search(form.cleaned_data["q"])
        if form.cleaned_data["status"]:
            rows = rows.filter(status=form.cleaned_data["status"])
    if wanted(request):
        return sheet(request, "interests", INTERESTS, rows)
    if request.GET.get("as") == "xlsx":
        return counted(request, lambda: _workbook(rows))
    context = {"page": page(request, rows), "filters": form}
    return show(request, "interests/list.html", context)


def _workbook(rows: QuerySet[Interest]) -> HttpResponse:
    headings = {str(number): str(heading) for number, (heading, _value) in enumerate(INTERESTS)}
    values: list[Callable[[Any], Any]] = [value for _heading, value in INTERESTS]
    told = (
        {str(number): str(value(row)) for number, value in enumerate(values)} for row in rows.order_by("-pk")
    )
    answer = HttpResponse(write_workbook(headings, told), content_type=XLSX)
    answer["Content-Disposition"] = 'attachment; filename="interests.xlsx"'
    answer["Cache-Control"] = "private, no-store"
    return answer


@login_required
def interest(request: Visit, pk: int) -> HttpResponse:
    """One entry of the register. Its words are there for whoever said them, and for nobody else."""
    thing = find(request, pk)
    return show(
        request,
        "interests/detail.html",
        {"interest": thing, "powers": request.by, "own": thing.person_id == request.user.pk},
    )


@login_required
def declare(request: Visit, reference: str) -> HttpResponse:
    """Say that a company concerns oneself. Again, once it was over, is possible."""
    company = get_object_or_404(Supplier.objects.visible_to(request.by), reference=reference)
    form = Declared(request.POST or None)
    known = Interest.objects.filter(supplier=company, person=request.user).first()
    context = {"supplier": company, "form": form, "known": known}
    if request.method != "POST" or not form.is_valid():
        return show(request, "interests/declare.html", context, status=422 if form.is_bound else 200)
    return attempt(
        request,
        lambda: declare_interest(
            company, request.user, words=form.cleaned_data["words"], by=request.by, at=clock.now()
        ),
        done=lambda made: made.get_absolute_url(),
        template="interests/declare.html",
        context=context,
    )


@login_required
def move(request: Visit, pk: int, verb: str) -> HttpResponse:
    """It is over, or it is so again."""
    return make(request, find(request, pk), verb, STEPS)


def find(request: Visit, pk: int) -> Interest:
    """The entry, as far as the reader may see it."""
    rows = Interest.objects.visible_to(request.by).select_related("supplier", "person")
    thing: Interest = get_object_or_404(rows, pk=pk)
    return thing


STEPS = {
    "end": Step(
        lambda request, thing, reason: end_interest(thing, reason=reason, by=request.by, at=clock.now()),
        form=reason_form,
        hint=_("Say how you know. Then they report and decide about this company again."),
    ),
    "declare_again": Step(
        lambda request, thing, words: declare_interest(
            thing.supplier, thing.person, words=words, by=request.by, at=clock.now()
        ),
        form=lambda data, thing: Declared(data),
    ),
}

urlpatterns = [
    path("interests/", interests, name="interests"),
    path("interests/<int:pk>/", interest, name="interest"),
    path("interests/<int:pk>/<slug:verb>/", move, name="interest_move"),
    path("interests/in/<slug:reference>/", declare, name="declare_interest"),
]

"""What a city thinks of a company: judging it, and the page of one city's judgement with all it thought before."""

from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.translation import gettext_lazy as _

from partners.models.cities import City
from partners.roles import Power
from partners.visit import Visit, only
from procurement.suppliers.actions import judgements
from procurement.suppliers.models.judgement import Standing
from procurement.web.suppliers.companies import find
from workflow import clock
from workflow.days import reader_day
from workflow.doors.bounds import LONGEST_WORDS
from workflow.doors.forms import DayField
from workflow.doors.http import attempt, show


class Judged(forms.Form):
    """What the city thinks, from when to when, and why."""

    city = forms.ModelChoiceField(City.objects.none(), label=_("For which city"), empty_label=None)
    status = forms.ChoiceField(
        label=_("What the city thinks"),
        choices=Standing.Status.choices,
        help_text=_("Nothing is ordered from a company that is suspended or banned."),
    )
    starts_on = DayField(label=_("From"))
    ends_on = DayField(label=_("Until"), required=False, help_text=_("Open: until somebody says otherwise."))
    reason = forms.CharField(
        label=_("Reason"), widget=forms.Textarea(attrs={"rows": 3}), max_length=LONGEST_WORDS,
        help_text=_("No other city reads it."),
    )  # fmt: skip

    def __init__(self, data: Any, cities: Any, first: Any) -> None:
        super().__init__(data, initial={"starts_on": first, "city": cities.first()})
        field = self.fields["city"]
        assert isinstance(field, forms.ModelChoiceField)  # declared above
        field.queryset = cities


@login_required
def judge(request: Visit, reference: str) -> HttpResponse:
    """Say what one of the reader's cities thinks of a company."""
    thing = find(request, reference)
    only(request, Power.JUDGE_LEAD, thing)
    mine = City.objects.filter(pk__in=request.by.where(Power.JUDGE_LEAD)).order_by("name_en", "pk")
    form = Judged(request.POST or None, mine, reader_day(clock.now()))
    known = Standing.objects.visible_to(request.by).filter(supplier__in=thing.rows)
    context = {
        "thing": thing,
        "form": form,
        "title": _("Judge the company"),
        "standings": known.select_related("city").order_by("pk"),
    }
    if not form.is_valid():
        return show(request, "suppliers/judge.html", context, status=422 if form.is_bound else 200)
    facts = dict(form.cleaned_data)
    return attempt(
        request,
        lambda: judgements.judge(
            thing.current, facts.pop("city"), facts.pop("status"), by=request.by, at=clock.now(), **facts
        ),
        done=lambda made: made.get_absolute_url(),
        template="suppliers/judge.html",
        context=context,
    )


@login_required
def standing(request: Visit, pk: int) -> HttpResponse:
    """One city's judgement of a company, with all it thought before."""
    rows = Standing.objects.visible_to(request.by).select_related("supplier", "city")
    thing = get_object_or_404(rows, pk=pk)
    context = {"standing": thing, "may_judge": request.by.may(Power.JUDGE_LEAD, thing)}
    return show(request, "suppliers/standing.html", context)


urlpatterns = [
    path("suppliers/<slug:reference>/standing/", judge, name="judge_supplier"),
    path("standings/<int:pk>/", standing, name="standing"),
]

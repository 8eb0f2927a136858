"""What screening found in an offer: answered or upheld in writing. Findings stand on their offer's page."""

from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.utils.translation import gettext_lazy as _

from partners.visit import Visit
from procurement.leads.actions import findings
from procurement.leads.actions.findings import answer_finding
from procurement.leads.models.finding import Finding
from procurement.leads.screening.sentences import sentence
from workflow import clock
from workflow.doors.bounds import LONGEST_WORDS
from workflow.doors.moving import Step, make


class Words(forms.Form):
    """An answer in writing."""

    answer = forms.CharField(
        label=_("In writing"), widget=forms.Textarea(attrs={"rows": 4}), max_length=LONGEST_WORDS
    )


@login_required
def finding(request: Visit, reference: str) -> HttpResponse:
    """A finding stands on its offer's page."""
    thing = _finding(request, reference)
    return redirect(f"{thing.lead.get_absolute_url()}#findings")


@login_required
def finding_move(request: Visit, reference: str, verb: str) -> HttpResponse:
    """Answer or uphold a finding."""
    thing = _finding(request, reference)
    thing.words = sentence(thing.code, thing.figures)  # type: ignore[attr-defined]  # for the page that asks
    return make(request, thing, verb, FINDING_STEPS)


def _finding(request: Visit, reference: str) -> Finding:
    return get_object_or_404(
        Finding.objects.visible_to(request.by).select_related("lead__city", "lead__supplier"),
        reference=reference,
    )


def _answer(action: Any) -> Step:
    return Step(
        lambda request, thing, answer: action(
            thing, answer=answer, answered_by=request.user, by=request.by, at=clock.now()
        ),
        form=lambda data, thing: Words(data),
        template="leads/finding.html",
        after=lambda thing: f"{thing.lead.get_absolute_url()}#findings",
    )


FINDING_STEPS = {"answer": _answer(answer_finding), "uphold": _answer(findings.uphold)}

urlpatterns = [
    path("findings/<slug:reference>/", finding, name="finding"),
    path("findings/<slug:reference>/<slug:verb>/", finding_move, name="finding_move"),
]

"""Findings of screening: answered or upheld in writing. A finding is shown on its offer's page."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect

from partners.http import AuthenticatedRequest
from procurement.leads.forms import AnswerForm
from procurement.leads.models.findings import Finding
from procurement.leads.rules.findings import ANSWER, UPHOLD
from procurement.leads.screening.finding_messages import finding_sentence
from workflow.http.transition_views import TransitionView, run_transition, transition_views


@login_required
def finding(request: AuthenticatedRequest, reference: str) -> HttpResponse:
    """Redirect to the finding on its offer's page."""
    thing = _finding(request, reference)
    return redirect(f"{thing.lead.get_absolute_url()}#findings")


@login_required
def finding_move(request: AuthenticatedRequest, reference: str, verb: str) -> HttpResponse:
    """Answer or uphold a finding."""
    thing = _finding(request, reference)
    thing.words = finding_sentence(thing.code, thing.figures)  # type: ignore[attr-defined]  # for the page that asks
    return run_transition(request, thing, verb, FINDING_STEPS)


def _finding(request: AuthenticatedRequest, reference: str) -> Finding:
    return get_object_or_404(
        Finding.objects.visible_to(request.by).select_related("lead__city", "lead__supplier"),
        reference=reference,
    )


FINDING_STEPS = transition_views(
    TransitionView(ANSWER, form=AnswerForm, template="leads/finding.html"),
    TransitionView(UPHOLD, form=AnswerForm, template="leads/finding.html"),
    after=lambda thing: f"{thing.lead.get_absolute_url()}#findings",
)

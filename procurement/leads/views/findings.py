"""Findings of screening: answered or upheld in writing. A finding is shown on its offer's page."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from partners.authenticated_requests import AuthenticatedRequest, require_permission
from partners.powers import Power
from procurement.leads.forms.findings import AnswerForm, FindingAnswersForm
from procurement.leads.models.findings import Finding
from procurement.leads.models.leads import SupplierLead
from procurement.leads.rules.finding_transitions import ANSWER, UPHOLD
from procurement.leads.screening.finding_messages import finding_sentence
from procurement.leads.views.findings_panel import answerable_findings
from procurement.leads.views.leads import find_lead, lead_context, lead_page
from workflow.errors import Refused
from workflow.http.move_views import MoveOption, move_options, run_move
from workflow.http.pages import run_action
from workflow.i18n import LocalizedCount


@login_required
def finding_redirect(request: AuthenticatedRequest, reference: str) -> HttpResponse:
    """Redirect to the finding on its offer's page."""
    thing = _finding(request, reference)
    return redirect(f"{thing.lead.get_absolute_url()}#findings")


@login_required
def finding_move(request: AuthenticatedRequest, reference: str, verb: str) -> HttpResponse:
    """Answer or uphold a finding."""
    thing = _finding(request, reference)
    thing.words = finding_sentence(thing.code, thing.figures)  # type: ignore[attr-defined]  # for the page that asks
    return run_move(request, thing, verb, FINDING_MOVE_OPTIONS)


@login_required
def answer_findings(request: AuthenticatedRequest, reference: str) -> HttpResponse:
    """Answer several findings of an offer in writing, from the offer's page. POST only.

    All answers are stored or none; a refusal names its finding. Requires the power REVIEW_LEAD.
    """
    thing = find_lead(request, reference)
    require_permission(request, Power.REVIEW_LEAD, thing)
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    findings = Finding.objects.visible_to(request.by).filter(lead=thing).select_related("lead__city")
    form = FindingAnswersForm(request.POST, answerable_findings(request, list(findings.order_by("pk"))))
    if not form.fields:
        messages.info(request, _("No finding on this offer is waiting for your response."))
        return redirect(f"{thing.get_absolute_url()}#findings")
    if not form.is_valid():
        return lead_page(request, thing, answers=form, status=422)
    return run_action(
        request,
        lambda: _answer(request, form),
        done=lambda count: _answered(request, thing, count),
        template="leads/detail.html",
        context=lambda: {**lead_context(request, find_lead(request, reference), answers=form), "form": form},
    )


def _answer(request: AuthenticatedRequest, form: FindingAnswersForm) -> int:
    """Answer each finding that has an explanation. Return their number."""
    for finding, words in form.answers:
        try:
            FINDING_MOVE_OPTIONS["answer"].make_move(request, finding, answer=words)
        except Refused as refused:
            message = _("%(finding)s: %(words)s") % {"finding": finding, "words": refused.message}
            raise Refused(
                refused.code, message, **{**refused.details, "field": finding.reference}
            ) from refused
    return len(form.answers)


def _answered(request: AuthenticatedRequest, lead: SupplierLead, count: int) -> str:
    """Add a message with the number of answers, and return the address of the offer's findings."""
    words = ngettext(
        "Response saved for %(count)s finding.", "Responses saved for %(count)s findings.", count
    )
    messages.success(request, words % {"count": LocalizedCount(count)})
    return f"{lead.get_absolute_url()}#findings"


def _finding(request: AuthenticatedRequest, reference: str) -> Finding:
    return get_object_or_404(
        Finding.objects.visible_to(request.by).select_related("lead__city", "lead__supplier"),
        reference=reference,
    )


FINDING_MOVE_OPTIONS = move_options(
    MoveOption(ANSWER, form=AnswerForm, template="leads/finding.html"),
    MoveOption(UPHOLD, form=AnswerForm, template="leads/finding.html"),
    after=lambda thing: f"{thing.lead.get_absolute_url()}#findings",
)

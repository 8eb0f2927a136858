"""Pages that post a need in steps, each saved when it is left, and the page to check it.

The steps: product, quantity and date, standards. Purchase or donation and visibility have an answer from the
start; they are changed from the check page.
"""

from dataclasses import replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from partners.authenticated_requests import AuthenticatedRequest, require_permission
from partners.powers import Power
from procurement.catalogue.models.reference_rows import AcquisitionType
from procurement.outreach.queries.contacts import suggested_contacts
from procurement.requests.actions.lines import LineFacts
from procurement.requests.actions.requests import draft_request, post_request
from procurement.requests.alternatives.queries import ACCEPTED_GOODS, possible_alternatives
from procurement.requests.approval.actions import submit_request
from procurement.requests.approval.queries import decider_names, decision_text
from procurement.requests.approval.rules import authors_of, needs_approval
from procurement.requests.forms import NeedProductForm
from procurement.requests.models import RequestLine, SupplyRequest
from procurement.requests.views.apply_changes import current_line_facts
from procurement.requests.views.need_answers import RETURN_TO_REVIEW_PARAMETER, line_answers, need_answers
from procurement.requests.views.post_steps import (
    NEED_FIELDS,
    RECIPIENTS_STEP,
    REVIEW_STEP,
    STEP_QUESTIONS,
    STEP_TITLES,
    posting_cities,
    save_step,
    step_form,
    values_of_last_need,
)
from procurement.requests.views.requests import find_need
from workflow import clock
from workflow.http.edit_forms import locked_for_edit
from workflow.http.pages import render_page, run_action


@login_required
def start_need(request: AuthenticatedRequest) -> HttpResponse:
    """Show step 1 of a new need; submitting it creates the draft. Requires the power POST_REQUEST."""
    require_permission(request, Power.POST_REQUEST)
    cities = posting_cities(request)
    known = values_of_last_need(cities[0]) if len(cities) == 1 else {}
    form = NeedProductForm(request.POST or None, cities=cities, initial=known)
    if not form.is_valid():
        return _step_page(request, form, 1, None, status=422 if form.is_bound else 200)
    facts = form.cleaned_data

    def save() -> SupplyRequest:
        return draft_request(
            facts["city"],
            title=facts["title"],
            declared_use=facts["declared_use"],
            facility_kinds=facts["facility_kinds"],
            lines=[LineFacts(product=facts["product"], quantity=1)],
            author=request.user,
            by=request.by,
            at=clock.now(),
            accepts=[AcquisitionType.PURCHASE, AcquisitionType.DONATION],
            notes_language=request.user.language,
        )

    return run_action(
        request,
        save,
        done=lambda need: reverse("write_need", args=[need.reference, 2]),
        template="requests/post_step.html",
        context=_step_context(form, 1, None),
    )


@login_required
def need_draft_step(request: AuthenticatedRequest, reference: str, step: int) -> HttpResponse:
    """Show a step of a draft. Submitting it saves it and shows the next step, or the review page."""
    need = find_need(request, reference)
    require_permission(request, Power.POST_REQUEST, need)
    if need.status != SupplyRequest.Status.DRAFT or not 1 <= step <= RECIPIENTS_STEP:
        raise Http404
    with locked_for_edit(request, need):
        return _save_step_or_show(request, need, step)


def _save_step_or_show(request: AuthenticatedRequest, need: SupplyRequest, step: int) -> HttpResponse:
    line = _first_line(need)
    if line is None and step > 1:
        return redirect("write_need", need.reference, 1)
    form = step_form(request, need, line, step)
    if not form.is_valid():
        return _step_page(request, form, step, need, status=422 if form.is_bound else 200)
    if "compare" in request.POST:
        return _step_page(request, form, step, need, status=200)
    checked = RETURN_TO_REVIEW_PARAMETER in request.GET or step + 1 >= REVIEW_STEP
    onward = (
        reverse("review_need", args=[need.reference])
        if checked
        else reverse("write_need", args=[need.reference, step + 1])
    )
    return run_action(
        request,
        lambda: save_step(request, need, form.cleaned_data),
        done=onward,
        template="requests/post_step.html",
        context=_step_context(form, step, need),
    )


@login_required
@require_POST
def copy_need(request: AuthenticatedRequest, reference: str) -> HttpResponse:
    """Create a draft with the same goods for the same place, without dates."""
    need = find_need(request, reference)
    require_permission(request, Power.POST_REQUEST, need)
    same = {name: getattr(need, name) for name in NEED_FIELDS - {"title", "needed_by"}}

    def save() -> SupplyRequest:
        lines = list(need.lines.select_related("product").prefetch_related(*ACCEPTED_GOODS))
        before = [current_line_facts(line, needed_by=None, runs_out_on=None) for line in lines]
        today = need.city.day_at(clock.now())
        copied = [_without_ended_alternatives(facts, today) for facts in before]
        if copied != before:
            messages.info(request, _("Alternatives whose standard is no longer in force were left out."))
        return draft_request(
            need.city,
            title=need.title,
            lines=copied,
            author=request.user,
            by=request.by,
            at=clock.now(),
            notes_language=need.notes_language,
            **same,
        )

    return run_action(
        request,
        save,
        done=lambda draft: reverse("write_need", args=[draft.reference, 2]),
        template="requests/edit_line.html",
        context={"need": need, "heading": _("Post this need again"), "back": need.get_absolute_url()},
    )


def _without_ended_alternatives(facts: LineFacts, on: date) -> LineFacts:
    """Return the facts of a line without alternatives in standards that may no longer be listed by the day."""
    if all(one.standard is None for one in facts.alternatives):
        return facts
    possible = possible_alternatives(facts.product, on)
    listed = {(product, standard) for product, standards in possible for standard in (None, *standards)}
    kept = tuple(one for one in facts.alternatives if (one.product, one.standard) in listed)
    return replace(facts, alternatives=kept)


@login_required
def review_need(request: AuthenticatedRequest, reference: str) -> HttpResponse:
    """Show the whole draft with contacts who could be asked. Post it, or send it for approval if it needs that.

    The button decides: if the city changed meanwhile how it posts needs, the page is shown again with the other one.
    """
    need = find_need(request, reference)
    require_permission(request, Power.POST_REQUEST, need)
    if need.status == SupplyRequest.Status.AWAITING_APPROVAL and request.method == "GET":
        return redirect(need)
    if _first_line(need) is None:
        return redirect("write_need", need.reference, 1)
    approved_first = needs_approval(need.city, need.lines.all())
    at = clock.now()
    suggested = suggested_contacts(need, at, request.user.language)
    context = {
        "need": need,
        "answers": need_answers(need, may_change=True),
        "lines": line_answers(
            need, list(need.lines.all()), own=True, may_change=True, today=need.city.day_at(at)
        ),
        "decides": decision_text(need, {*authors_of(need), request.user.pk}) if approved_first else "",
        "suggestions": suggested[:3],
        "more": max(0, len(suggested) - 3),
        "steps": STEP_TITLES,
        "step": REVIEW_STEP,
    }
    if request.method != "POST":
        return render_page(request, "requests/review_draft.html", context)
    action, next_url = (
        (submit_request, _next_url_after_submission)
        if "approval" in request.POST
        else (post_request, _next_url_after_posting)
    )
    return run_action(
        request,
        lambda: action(need, by=request.by, at=clock.now()),
        done=lambda saved: next_url(request, saved),
        template="requests/review_draft.html",
        context=context,
    )


def _next_url_after_submission(request: AuthenticatedRequest, need: SupplyRequest) -> str:
    """Add the message that the need waits for approval, and return the address of its page."""
    who = decider_names(need, {*authors_of(need), request.user.pk})
    words = (
        gettext("%(need)s has been sent to %(who)s for approval.")
        if who
        else gettext("%(need)s has been sent for approval.")
    )
    messages.success(request, words % {"need": need, "who": who})
    return need.get_absolute_url()


def _next_url_after_posting(request: AuthenticatedRequest, need: SupplyRequest) -> str:
    """Add the message that the need is posted, and return the address of the next step: whom to ask.

    If the button to write was pressed, this is the letter to the ticked contacts.
    """
    messages.success(request, gettext("%(need)s has been posted. Next: ask partners.") % {"need": need})
    ticked = request.POST.getlist("contact") if "write" in request.POST else []
    if not ticked:
        return f"{need.get_absolute_url()}ask/"
    return f"{need.get_absolute_url()}ask/write/?{urlencode({'contact': ticked}, doseq=True)}"


def _first_line(need: SupplyRequest) -> RequestLine | None:
    """Return the line that these steps edit, or None for a draft without lines, created elsewhere."""
    return next(iter(need.lines.all()), None)


def _step_page(
    request: AuthenticatedRequest, form: forms.Form, step: int, need: SupplyRequest | None, *, status: int
) -> HttpResponse:
    return render_page(request, "requests/post_step.html", _step_context(form, step, need), status=status)


def _step_context(form: forms.Form, step: int, need: SupplyRequest | None) -> dict[str, Any]:
    back = reverse("write_need", args=[need.reference, step - 1]) if need and step > 1 else reverse("needs")
    if need and step == RECIPIENTS_STEP:
        back = reverse("review_need", args=[need.reference])
    return {
        "form": form,
        "steps": STEP_TITLES,
        "step": step,
        "need": need,
        "back": back,
        "heading": STEP_QUESTIONS[step - 1],
    }

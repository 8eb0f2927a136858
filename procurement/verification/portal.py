"""Report of a contact on a check, by link: questions to tap, observations, photos; or a refusal."""

from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.link_sessions import link_required
from partners.permissions.permissions import Permissions
from partners.powers import Power
from procurement.outreach.forms import ColleagueForm
from procurement.portal.files import files_brought_to, files_for_contact
from procurement.portal.link_pages import (
    LinkRequest,
    add_link_photo,
    closed_reason,
    files_of,
    link_actor,
    open_verbs,
    person,
    refusal_status,
    throttled_page,
)
from procurement.verification.actions.assignment import accept_check, decline_check, forward_check
from procurement.verification.actions.reports import submit_report
from procurement.verification.forms import CheckReportForm, DeclineCheckForm
from procurement.verification.models import CheckReport, VerificationTask
from procurement.verification.queries import facts_to_check
from procurement.verification.questions import questions_for_task
from procurement.verification.views.check_sheet import contact_sheet
from workflow import clock
from workflow.days import reader_day
from workflow.errors import Refused
from workflow.http.pages import render_page, run_action
from workflow.http.refusal_responses import http_status
from workflow.journal.entries import history_of
from workflow.uploads.models import File

by_link = link_required("procurement.verificationtask")


@by_link
def report_page(request: LinkRequest, reference: str) -> HttpResponse:
    """Show the check, its questions and earlier reports, and submit a report."""
    task, by = _find(request, reference)
    form = CheckReportForm(request.POST or None, task, reader_day(clock.now()), last_report_initial(task))
    context = _context(request, task, by, form)
    closed = closed_reason(task, "submit", by) if form.is_bound else None
    if closed is not None:
        return render_page(
            request,
            "verification/portal/report.html",
            context | {"refused": closed},
            status=http_status(closed),
        )
    if not form.is_valid():
        return render_page(
            request, "verification/portal/report.html", context, status=422 if form.is_bound else 200
        )
    return throttled_page(request) or run_action(
        request,
        lambda: _submit(request, task, by, form),
        done=reverse("portal_check", args=[reference]),
        template="verification/portal/report.html",
        context=context,
    )


def last_report_initial(task: VerificationTask) -> dict[str, Any] | None:
    """Return the last report of a returned check as initial data for the form, or None."""
    last = task.reports.order_by("-pk").first() if task.status == VerificationTask.Status.RETURNED else None
    if last is None:
        return None
    said = ("method", "place", "seen_on", "seen_at", "confidence", "summary")
    known: dict[str, Any] = {name: getattr(last, name) for name in said}
    for code, one in last.answers.items():
        known |= {code: one.get("answer", ""), f"{code}_seen": one.get("seen", "")}
    return known


def _context(
    request: LinkRequest, task: VerificationTask, by: Permissions, form: CheckReportForm
) -> dict[str, Any]:
    brought = files_brought_to(task, person(request), "portal_check_file")
    codes = form.asked.codes
    return {
        "task": task,
        "asked_in": _asked_in(task),
        "form": form,
        "questions": [
            (*one, [upload for upload in brought if upload.file.kind == one[0].code])
            for one in form.questions
        ],
        "facts": facts_to_check(task),
        "moves": open_verbs(task, by),
        "photos": [upload for upload in brought if upload.file.kind not in codes],
        "uploads": files_for_contact(task, "portal_check_file"),
        "reports": task.reports.order_by("pk"),
    }


def _asked_in(task: VerificationTask) -> str:
    """Return the language of the person who returned the report with a question, or ""."""
    if task.status != VerificationTask.Status.RETURNED:
        return ""
    returned = history_of(task).filter(verb="return").first()
    return returned.by.language if returned is not None and returned.by is not None else ""


def _submit(
    request: LinkRequest, task: VerificationTask, by: Permissions, form: CheckReportForm
) -> CheckReport:
    facts = form.cleaned_data
    user = person(request)
    return submit_report(
        task,
        answers=form.answers,
        method=facts["method"],
        place=facts["place"],
        seen_on=facts["seen_on"],
        seen_at=facts["seen_at"],
        confidence=facts["confidence"],
        summary=facts["summary"],
        files=[file.pk for file in files_of(task, user) if file.status != File.Status.REJECTED],
        author=user,
        by_copied_link=request.link.copied_by_id is not None,
        by=by,
        at=clock.now(),
    )


@by_link
def take_check(request: LinkRequest, reference: str) -> HttpResponse:
    """Record “I will do it”. POST only."""
    task, by = _find(request, reference)
    if request.method != "POST":
        raise Http404
    return run_action(
        request,
        lambda: accept_check(task, by=by, at=clock.now()),
        done=reverse("portal_check", args=[reference]),
        template="verification/portal/report.html",
        context=lambda: _context(
            request, task, by, CheckReportForm(None, task, reader_day(clock.now()), last_report_initial(task))
        ),
    )


@by_link
def decline_to_check(request: LinkRequest, reference: str) -> HttpResponse:
    """Record “I cannot”, with an optional remark and a declared interest."""
    task, by = _find(request, reference)
    form = DeclineCheckForm(request.POST if request.method == "POST" else None)
    context = {
        "inquiry": task,
        "form": form,
        "heading": _("I cannot do this check"),
        "button": _("Tell the city"),
    }
    if not form.is_valid():
        return render_page(request, "portal/form.html", context, status=422 if form.is_bound else 200)
    return throttled_page(request) or run_action(
        request,
        lambda: decline_check(task, **form.cleaned_data, by=by, at=clock.now()),
        done=reverse("portal_check", args=[reference]),
        template="portal/form.html",
        context=context,
    )


@by_link
def forward_to_colleague(request: LinkRequest, reference: str) -> HttpResponse:
    """Record “my colleague will”: a known contact, or a name in a remark for the officer.

    A known contact takes over the check. A remark alone declines it.
    """
    task, by = _find(request, reference)
    assert task.contact is not None  # `acting` has compared it with the link's person
    form = ColleagueForm(request.POST if request.method == "POST" else None, task.contact, task.city)
    context = {
        "inquiry": task,
        "form": form,
        "heading": _("A colleague will do it"),
        "button": _("Pass on to colleague"),
    }
    if not form.is_valid():
        return render_page(request, "portal/form.html", context, status=422 if form.is_bound else 200)
    facts, at = form.cleaned_data, clock.now()

    def act() -> VerificationTask:
        if facts["to"] is not None:
            return forward_check(task, to=facts["to"], remark=facts["remark"], by=by, at=at)
        return decline_check(task, remark=facts["remark"], by=by, at=at)

    return throttled_page(request) or run_action(
        request,
        act,
        done=reverse("portal_check", args=[reference]),
        template="portal/form.html",
        context=context,
    )


@by_link
def add_report_photo(request: LinkRequest, reference: str) -> HttpResponse:
    """Store one photo for the whole check, or for the answer to one question (`?of=`).

    404 for a question that this check does not ask.
    """
    task, by = _find(request, reference)
    question = request.GET.get("of", "")
    if question and question not in questions_for_task(task).codes:
        raise Http404

    def again(refused: Refused | None) -> HttpResponse:
        form = CheckReportForm(None, task, reader_day(clock.now()), request.POST.dict())
        context = _context(request, task, by, form) | {"refused": refused}
        return render_page(
            request, "verification/portal/report.html", context, status=refusal_status(refused)
        )

    return add_link_photo(request, task, by, Power.REPORT, again, kind=question or "photo")


@by_link
def link_check_sheet(request: LinkRequest, reference: str) -> HttpResponse:
    """Return the check as a printable sheet."""
    task, _by = _find(request, reference)
    return contact_sheet(request, task)


def _find(request: LinkRequest, reference: str) -> tuple[VerificationTask, Permissions]:
    rows = VerificationTask.objects.select_related(
        "contact__user",
        "contact__city",
        "city",
        "supplier__place",
        "certificate__kind",
        "lead__product",
        "lead__standard",
    )
    task = rows.filter(pk=request.link.thing_id).first()
    if task is None:
        raise Http404
    return task, link_actor(request, task, reference)

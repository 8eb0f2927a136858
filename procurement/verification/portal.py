"""Pages behind a contact's link to checks.

One page shows all checks of a company; a second one (the "check page") shows the answers before they are
sent.

The link of one check also opens the others that the same city asks of the same contact about the same
company, so that one visit is reported on one page. The names of form fields have a prefix for each check;
those of the check that the link was made for have none.
"""

from collections.abc import Callable, Sequence
from typing import Any

from django.db import transaction
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.link_sessions import link_required
from partners.permissions.permissions import Permissions, permissions_by_link
from partners.powers import Power
from procurement.outreach.forms import ChooseColleagueForm
from procurement.portal.draft_transfer import save_or_open_draft
from procurement.portal.files import files_added_by_contact, files_for_contact
from procurement.portal.history import count_waiting_elsewhere
from procurement.portal.link_pages import (
    LinkRequest,
    add_link_photo,
    files_added_by,
    open_verbs_of,
    permissions_of_link,
    person_of_link,
    refusal_of_move,
    refusal_status,
    throttled_page,
)
from procurement.verification.actions.assignment import accept_check, decline_check, forward_check
from procurement.verification.actions.reports import submit_report
from procurement.verification.forms import (
    SAME,
    DeclineCheckForm,
    NoVisitDetailsForm,
    VisitDetailsForm,
    add_check_choices,
    check_name,
    chosen_checks,
    report_form,
)
from procurement.verification.models import CheckReport, VerificationTask
from procurement.verification.questions import QuestionHistory, questions_for_task
from procurement.verification.views.check_sheet import sheet_for_contact
from procurement.verification.views.report_display import report_answers
from procurement.verification.views.report_page import CheckPage, CheckSection, SentReport
from workflow import clock
from workflow.days import reader_day
from workflow.errors import Refused
from workflow.http.pages import render_page, run_action
from workflow.http.refusal_responses import http_status
from workflow.journal.entries import history_of
from workflow.uploads.models import File

check_link_required = link_required("procurement.verificationtask")
TEMPLATE = "verification/portal/report.html"
VISIT_FIELDS = ("method", "place", "seen_on", "seen_at", "confidence")  # given once for all checks of a page


@check_link_required
def report_page(request: LinkRequest, reference: str) -> HttpResponse:
    """Show the checks of a company, then the answers to check, and submit their reports.

    Nothing is stored before the contact confirms the check page.
    """
    task, _by = _find_check(request, reference)
    page = _check_page(request, task, request.POST or None)
    context = _page_context(request, page)
    refused = page.refusal() if page.form.is_bound else None
    if refused is not None:
        return render_page(request, TEMPLATE, context | {"refused": refused}, status=http_status(refused))
    if not page.form.is_bound or not page.is_valid():
        return render_page(request, TEMPLATE, context, status=422 if page.form.is_bound else 200)
    if "change" in request.POST:
        return render_page(request, TEMPLATE, context)
    if "confirmed" not in request.POST:
        return render_page(request, "verification/portal/confirm_report.html", context)
    return throttled_page(request) or run_action(
        request,
        lambda: _submit_reports(request, page),
        done=reverse("portal_check", args=[reference]),
        template=TEMPLATE,
        context=context,
    )


def _check_page(
    request: LinkRequest, task: VerificationTask, data: Any, typed: dict[str, Any] | None = None
) -> CheckPage:
    """Return the page of a link's check. `typed` holds values of a form that was sent without its script."""
    together = sorted(
        _visible_checks().asked_together_with(task), key=lambda one: (one.pk != task.pk, one.pk)
    )
    waiting = [one for one in together if one.status in VerificationTask.WAITING_STATUSES]
    written = [one for one in together if data and one not in waiting and _has_input(data, one, task)]
    asked = [one for one in together if one in waiting or one in written]
    parts = [_check_section(request, task, one, data, typed, several=len(waiting) > 1) for one in asked]
    initial = next((known for one in asked if (known := last_report_initial(one))), {})
    visit = {name: initial[name] for name in VISIT_FIELDS if name in initial}
    if parts and all(part.sends_certificate for part in parts):
        form: VisitDetailsForm | NoVisitDetailsForm = NoVisitDetailsForm(data)
    else:
        form = VisitDetailsForm(data, initial={"seen_on": reader_day(clock.now())} | visit | (typed or {}))
    sent = [found for one in together if one not in asked and (found := _sent_report(request, one))]
    return CheckPage(task, _permissions_over_check(request, task), parts, form, sent)


def _has_input(data: Any, one: VerificationTask, task: VerificationTask) -> bool:
    return report_form(data, one, prefix=_form_prefix(one, task)).was_sent


def _form_prefix(one: VerificationTask, task: VerificationTask) -> str:
    return "" if one.pk == task.pk else one.reference


def _check_section(
    request: LinkRequest,
    task: VerificationTask,
    one: VerificationTask,
    data: Any,
    typed: dict[str, Any] | None,
    *,
    several: bool,
) -> CheckSection:
    prefix = _form_prefix(one, task)
    if typed is None:
        known = last_report_initial(one)
    else:
        start = f"{prefix}-" if prefix else ""
        known = {name.removeprefix(start): value for name, value in typed.items() if name.startswith(start)}
    form = report_form(data, one, prefix=prefix, several=several, typed=known)
    files = files_added_by_contact(one, person_of_link(request), "portal_check_file", task)
    return CheckSection(one, _permissions_over_check(request, one), form, files, _language_of_question(one))


def _permissions_over_check(request: LinkRequest, task: VerificationTask) -> Permissions:
    """Return the powers of the link's person over one check of the page."""
    assert task.contact is not None  # the page lists only checks of the link's contact
    return permissions_by_link(request.link.user, task.contact, (task._meta.label_lower, task.pk))


def last_report_initial(task: VerificationTask) -> dict[str, Any] | None:
    """Return the last report of a returned check as initial data for the forms, or None."""
    last = task.reports.order_by("-pk").first() if task.status == VerificationTask.Status.RETURNED else None
    if last is None:
        return None
    known: dict[str, Any] = {name: getattr(last, name) for name in (*VISIT_FIELDS, "summary")}
    known["outcome"] = SAME if last.confirmed_at_once else "differs"
    for code, one in last.answers.items():
        known |= {code: one.get("answer", ""), f"{code}_seen": one.get("seen", "")}
    return known


def _sent_report(request: LinkRequest, task: VerificationTask) -> SentReport | None:
    """Return the last report on a check, with its answers, or None."""
    report = task.reports.order_by("-pk").first()
    if report is None:
        return None
    files = File.objects.about(task).filter(by=person_of_link(request), status=File.Status.CLEAN)
    answers = report_answers(report, QuestionHistory(task.check_kind), files)
    return SentReport(task, check_name(task), report, answers)


def _page_context(request: LinkRequest, page: CheckPage) -> dict[str, Any]:
    task = page.task
    verbs = [open_verbs_of(part.task, part.by) for part in page.sections]
    here = [part.task for part in page.sections]
    due = [part.task.due_at for part in page.sections if part.task.answer_awaited_until is not None]
    return {
        "task": task,
        "visit": page,
        "form": page.form,
        "due": min((one for one in due if one is not None), default=None),
        "moves": frozenset().union(*verbs),
        "uploads": files_for_contact(task, "portal_check_file"),
        "elsewhere": count_waiting_elsewhere(person_of_link(request), *here) if page.sent_reports else 0,
    }


def _language_of_question(task: VerificationTask) -> str:
    """Return the language of the person who returned the report with a question, or ""."""
    if task.status != VerificationTask.Status.RETURNED:
        return ""
    returned = history_of(task).filter(verb="return").first()
    return returned.by.language if returned is not None and returned.by is not None else ""


def _submit_reports(request: LinkRequest, page: CheckPage) -> list[CheckReport]:
    """Submit the reports of the page: all of them, or none."""
    user, at = person_of_link(request), clock.now()
    with transaction.atomic():
        return [
            submit_report(
                part.task,
                answers=part.form.answers,
                **page.form.cleaned_data,
                confirmed_at_once=part.form.outcome == SAME and not part.sends_certificate,
                summary=part.form.cleaned_data["summary"],
                files=[
                    file.pk for file in files_added_by(part.task, user) if file.status != File.Status.REJECTED
                ],
                author=user,
                by_copied_link=request.link.copied_by_id is not None,
                by=part.by,
                at=at,
            )
            for part in page.reported_sections
        ]


@check_link_required
def accept_checks_by_link(request: LinkRequest, reference: str) -> HttpResponse:
    """Record “I will do it” for all checks of the page that are not accepted yet. POST only."""
    task, by = _find_check(request, reference)
    if request.method != "POST":
        raise Http404
    page = _check_page(request, task, None)
    open_ones = [part for part in page.sections if refusal_of_move(part.task, "take", part.by) is None]
    wanted = [(part.task, part.by) for part in open_ones] or [(task, by)]

    def act() -> None:
        at = clock.now()
        with transaction.atomic():
            for one, actor in wanted:
                accept_check(one, by=actor, at=at)

    return run_action(
        request,
        act,
        done=reverse("portal_check", args=[reference]),
        template=TEMPLATE,
        context=lambda: _page_context(request, _check_page(request, task, None)),
    )


@check_link_required
def decline_checks_by_link(request: LinkRequest, reference: str) -> HttpResponse:
    """Record “I cannot”, with an optional remark and a declared interest."""
    task, _by = _find_check(request, reference)
    checks = _waiting_checks(task)
    form = DeclineCheckForm(request.POST if request.method == "POST" else None)
    add_check_choices(form, checks)
    context = {
        "inquiry": task,
        "form": form,
        "heading": _("I cannot get this certificate")
        if task.requested_certificate_type
        else _("I cannot do this check"),
        "button": _("Tell the city"),
    }

    def decline(one: VerificationTask) -> VerificationTask:
        facts = form.cleaned_data
        return decline_check(
            one,
            remark=facts["remark"],
            interest=facts["interest"],
            by=_permissions_over_check(request, one),
            at=clock.now(),
        )

    return _answer_chosen_checks(request, form, context, checks, decline)


@check_link_required
def pass_checks_to_colleague(request: LinkRequest, reference: str) -> HttpResponse:
    """Record “my colleague will”: a known contact, or a name in a remark for the officer.

    A known contact takes over the check. A remark alone declines it.
    """
    task, _by = _find_check(request, reference)
    assert task.contact is not None  # `permissions_of_link` has compared it with the link's person
    checks = _waiting_checks(task)
    form = ChooseColleagueForm(request.POST if request.method == "POST" else None, task.contact, task.city)
    add_check_choices(form, checks)
    context = {
        "inquiry": task,
        "form": form,
        "heading": _("A colleague will do it"),
        "button": _("Pass on to colleague"),
    }

    def forward(one: VerificationTask) -> VerificationTask:
        facts, by, at = form.cleaned_data, _permissions_over_check(request, one), clock.now()
        if facts["to"] is not None:
            return forward_check(one, to=facts["to"], remark=facts["remark"], by=by, at=at)
        return decline_check(one, remark=facts["remark"], by=by, at=at)

    return _answer_chosen_checks(request, form, context, checks, forward)


def _waiting_checks(task: VerificationTask) -> list[VerificationTask]:
    """Return the checks of the page that wait for the contact, or the link's own."""
    found = _visible_checks().asked_together_with(task).waiting().order_by("pk")
    return list(found) or [task]


def _answer_chosen_checks(
    request: LinkRequest,
    form: Any,
    context: dict[str, Any],
    checks: Sequence[VerificationTask],
    answer: Callable[[VerificationTask], VerificationTask],
) -> HttpResponse:
    """Show a form about the checks of the page, and give its answer to all that were chosen, or to none."""
    if not form.is_valid():
        return render_page(request, "portal/short_form.html", context, status=422 if form.is_bound else 200)

    def act() -> None:
        with transaction.atomic():
            for one in chosen_checks(form, checks):
                answer(one)

    return throttled_page(request) or run_action(
        request,
        act,
        done=reverse("portal_check", args=[context["inquiry"].reference]),
        template="portal/short_form.html",
        context=context,
    )


@check_link_required
def transfer_report_draft(request: LinkRequest, reference: str) -> HttpResponse:
    """Keep the draft of the reports under a code, or open it by the code. POST only."""
    own, _by = _find_check(request, reference)

    def again(typed: dict[str, Any], refused: Refused | None) -> HttpResponse:
        page = _check_page(request, own, None, typed or None)
        return render_page(request, TEMPLATE, _page_context(request, page) | {"refused": refused})

    return save_or_open_draft(request, reverse("portal_check", args=[reference]), again)


@check_link_required
def add_report_photo(request: LinkRequest, reference: str) -> HttpResponse:
    """Store one photo for a whole check, or for the answer to one question (`?of=`).

    `?check=` names another check of the page than the link's own. 404 for a check that is not on the page, and
    for a question that the check does not ask.
    """
    own, _by = _find_check(request, reference)
    task = _check_named_in_url(request, own)
    question = request.GET.get("of", "")
    if question and question not in questions_for_task(task).codes:
        raise Http404

    def again(refused: Refused | None) -> HttpResponse:
        page = _check_page(request, own, None, request.POST.dict())
        context = _page_context(request, page) | {"refused": refused}
        return render_page(request, TEMPLATE, context, status=refusal_status(refused))

    name = "-".join(part for part in ("file", _form_prefix(task, own), question) if part)
    by = _permissions_over_check(request, task)
    return add_link_photo(
        request, task, by, Power.REPORT_ON_CHECK, again, kind=question or "photo", name=name
    )


@check_link_required
def check_sheet_by_link(request: LinkRequest, reference: str) -> HttpResponse:
    """Return a check as a printable sheet; `?check=` names another check of the page."""
    own, _by = _find_check(request, reference)
    return sheet_for_contact(request, _check_named_in_url(request, own))


def _check_named_in_url(request: LinkRequest, own: VerificationTask) -> VerificationTask:
    """Return the check of the page that `?check=` names, by default the link's own."""
    wanted = request.GET.get("check", own.reference)
    found: VerificationTask | None = (
        _visible_checks().asked_together_with(own).filter(reference=wanted).first()
    )
    if found is None:
        raise Http404
    return found


def _visible_checks() -> Any:
    return VerificationTask.objects.select_related(
        "contact__user",
        "contact__city",
        "city",
        "supplier__place",
        "certificate__kind",
        "requested_certificate_type",
        "lead__product",
        "lead__standard",
        "lead__inquiry",
    )


def _find_check(request: LinkRequest, reference: str) -> tuple[VerificationTask, Permissions]:
    task = _visible_checks().filter(pk=request.link.thing_id).first()
    if task is None:
        raise Http404
    return task, permissions_of_link(request, task, reference)

"""Checks on the offer's page: all are assigned with one form, and their reports reviewed together."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from partners.authenticated_requests import AuthenticatedRequest, require_permission
from partners.contacts.working_hours import closing_time_on
from partners.powers import Power
from procurement.leads.models.leads import SupplierLead
from procurement.leads.views.leads import LEAD_MOVE_OPTIONS, find_lead, lead_context, lead_page
from procurement.outreach.queries.letters import translated_reasons
from procurement.outreach.views.ask_contacts import find_contact, suggestion_of_contact
from procurement.verification.forms import AssignChecksForm, ReturnReportForm
from procurement.verification.models import VerificationTask
from procurement.verification.queries import better_ranked_contact, check_key, suggested_checkers
from procurement.verification.views.assign_several import ASSIGN_OPTION
from procurement.verification.views.checks import CHECK_MOVE_OPTIONS
from procurement.verification.views.lead_panels import assign_form, latest_reports, visible_checks_of
from workflow import clock
from workflow.errors import Refused
from workflow.formatting import format_day
from workflow.http.pages import run_action
from workflow.i18n import LocalizedCount, join_sentences
from workflow.templatetags.labels import colon


@login_required
def assign_checks(request: AuthenticatedRequest, reference: str) -> HttpResponse:
    """Open the checks of an offer if needed, and assign each to the person chosen for it.

    POST only, from the offer's page. All checks are assigned or none; a refusal names its check. Requires the
    power ASSIGN_CHECK.
    """
    lead = find_lead(request, reference)
    require_permission(request, Power.ASSIGN_CHECK, lead)
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    form = assign_form(request, lead, clock.now(), request.POST)
    if form is None:
        messages.info(request, _("No check for this offer is waiting to be assigned."))
        return redirect(f"{lead.get_absolute_url()}#checks")
    if not form.is_valid():
        return lead_page(request, lead, assign=form, status=422)
    return run_action(
        request,
        lambda: _assign(request, lead, form),
        done=lambda assigned: _assigned_message(request, lead, assigned, form),
        template="leads/detail.html",
        context=lambda: {**lead_context(request, find_lead(request, reference), assign=form), "form": form},
    )


def _assign(request: AuthenticatedRequest, lead: SupplierLead, form: AssignChecksForm) -> int:
    """Start the checks, then request each from the person chosen. Return the number of requests."""
    at = clock.now()
    if lead.status == SupplierLead.Status.RECEIVED:
        LEAD_MOVE_OPTIONS["check"].make_move(request, lead)
    waiting = {
        check_key(task.check_kind, task.certificate_id): task
        for task in visible_checks_of(request, lead)
        if task.status == VerificationTask.Status.UNASSIGNED
    }
    for row in form.rows:
        contact = form.chosen_contact_ids.get(row.key)
        if contact is not None:
            with _with_check_in_refusal(form.fields[row.key].label, row.key):
                if row.key not in waiting:
                    raise Refused("check_assigned", _("This check was assigned while your page was open."))
                _request_one(request, waiting[row.key], contact, form, at)
    return len(form.chosen_contact_ids)


def _request_one(
    request: AuthenticatedRequest,
    task: VerificationTask,
    contact_id: int,
    form: AssignChecksForm,
    at: datetime,
) -> None:
    """Request one check. The suggestions are read again, because the earlier requests take up room."""
    suggested = suggested_checkers(task, at, request.user.language)
    chosen = suggestion_of_contact(suggested, contact_id)
    contact = chosen.contact if chosen else find_contact(request, contact_id)
    ASSIGN_OPTION.make_move(
        request,
        task,
        contact=contact,
        reasons=translated_reasons(chosen.ranked_contact.reasons) if chosen else [],
        best=better_ranked_contact(task, suggested, contact),
        chosen_because=form.cleaned_data["chosen_because"],
        due_at=closing_time_on(contact, form.cleaned_data["due_on"]),
    )


@contextmanager
def _with_check_in_refusal(check: Any, field: str = "") -> Iterator[None]:
    """Name the check in the refusal of one of several actions, and point at the field of the check."""
    try:
        yield
    except Refused as refused:
        at = "due_on" if refused.details.get("field") == "due_at" else field
        words = join_sentences(colon(check), str(refused.message))
        raise Refused(refused.code, words, **{**refused.details, "field": at}) from refused


def _assigned_message(
    request: AuthenticatedRequest, lead: SupplierLead, assigned: int, form: AssignChecksForm
) -> str:
    """Add the sentence on what was assigned, and return the address of the offer's checks."""
    figures = {"count": LocalizedCount(assigned), "day": format_day(form.cleaned_data["due_on"])}
    words = ngettext(
        "%(count)s check assigned. Its report is due on %(day)s.",
        "%(count)s checks assigned. Their reports are due on %(day)s.",
        assigned,
    )
    messages.success(request, words % figures if assigned else _("Checks started. None is assigned yet."))
    return f"{lead.get_absolute_url()}#checks"


@login_required
def decide_reports(request: AuthenticatedRequest, reference: str) -> HttpResponse:
    """Accept or return the report of one check, or accept all reports and verify the offer.

    POST only. `accept` and `return` name a check; `all` is "accept" or "verify". `shown` holds the ids of the
    reports that the page showed: a report that arrived later is not accepted unread. All is done or nothing,
    and a refusal names its check. Requires the power REVIEW_REPORT.
    """
    lead = find_lead(request, reference)
    require_permission(request, Power.REVIEW_REPORT, lead)
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    tasks = {
        task.reference: task
        for task in visible_checks_of(request, lead)
        if task.status == VerificationTask.Status.SUBMITTED
    }
    returned = tasks.get(request.POST.get("return", ""))
    prefix = f"{returned.reference}-%s" if returned else "%s"
    form = ReturnReportForm(request.POST if returned else None, auto_id=prefix)
    if returned is not None and not form.is_valid():
        return lead_page(request, lead, returning={returned.reference: form}, status=422)
    return run_action(
        request,
        lambda: _decide_named_reports(request, lead, tasks, form),
        done=lambda words: _reports_url(request, lead, words),
        template="leads/detail.html",
        context=lambda: lead_context(
            request, find_lead(request, reference), returning={returned.reference: form} if returned else {}
        ),
    )


def _decide_named_reports(
    request: AuthenticatedRequest,
    lead: SupplierLead,
    tasks: dict[str, VerificationTask],
    form: ReturnReportForm,
) -> str:
    """Decide on the reports that the form names. Return the sentence on what was decided."""
    given = request.POST
    if given.get("return") in tasks:
        task = tasks[given["return"]]
        CHECK_MOVE_OPTIONS["return"].make_move(request, task, **form.cleaned_data)
        return _("Report returned with your question: %(check)s.") % {"check": task.get_check_kind_display()}
    one = tasks.get(given.get("accept", ""))
    chosen = list(tasks.values()) if given.get("all") else [task for task in (one,) if task]
    if not chosen:
        raise Refused(
            "no_report", _("A decision has already been made on this report. The page now shows its status.")
        )
    latest, shown = latest_reports(request.by, chosen), set(given.getlist("shown"))
    for task in chosen:
        name = task.get_check_kind_display()
        if task.pk not in latest or str(latest[task.pk].pk) not in shown:
            words = _("%(check)s: another report arrived after you opened this page. Read it first.")
            raise Refused("report_not_shown", words % {"check": name})
        with _with_check_in_refusal(name):
            CHECK_MOVE_OPTIONS["accept"].make_move(request, task)
    if given.get("all") == "verify":
        LEAD_MOVE_OPTIONS["verify"].make_move(request, lead)
        return _verified_message(request, lead)
    words = ngettext("%(count)s report accepted.", "%(count)s reports accepted.", len(chosen))
    return words % {"count": LocalizedCount(len(chosen))}


def _verified_message(request: AuthenticatedRequest, lead: SupplierLead) -> str:
    """Return the sentence after verification, with the link to the next step if this reader may take it."""
    words = _("All reports accepted. Offer %(offer)s is now verified.") % {"offer": lead.reference}
    if lead.line is None or not request.by.may(Power.ALLOCATE, lead):
        return words
    where = reverse("allocate", args=[lead.line.supply_request.reference])
    return format_html('{} <a href="{}">{}</a>', words, where, _("Allocate goods"))


def _reports_url(request: AuthenticatedRequest, lead: SupplierLead, words: str) -> str:
    messages.success(request, words)
    return f"{lead.get_absolute_url()}#checks"

"""Panels of checks on an offer's page: who makes each check, and the reports to review."""

from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

from django.db.models import Prefetch, prefetch_related_objects

from partners.authenticated_requests import AuthenticatedRequest
from partners.permissions.permissions import Permissions
from partners.powers import Power
from procurement.leads.models.leads import SupplierLead
from procurement.leads.rules.leads import VERIFY
from procurement.verification.actions.checks import check_factors
from procurement.verification.forms import AssignChecksForm, ReturnReportForm
from procurement.verification.models import CheckKind, CheckReport, VerificationTask
from procurement.verification.queries import suggestions_for_checks, unassigned_check_kinds
from procurement.verification.questions import question_histories
from procurement.verification.rules.needed_checks import CHECK_REASON_TEXTS, needed_checks
from procurement.verification.rules.tasks import ACCEPT_REPORT, CHECK_DUE_DAYS, RETURN_REPORT
from procurement.verification.views.report_display import (
    ReportAnswer,
    report_answers,
    reporter_and_decider_of_check,
)
from workflow import clock
from workflow.errors import LazyText, Refused
from workflow.uploads.models import File

ASSIGNABLE_STATUSES = (SupplierLead.Status.RECEIVED, SupplierLead.Status.UNDER_REVIEW)


@dataclass(frozen=True)
class ReportPanel:
    """The latest report of one check, as the offer's page shows it for review.

    `reporter_and_decider` are the two people of the check (`reporter_and_decider_of_check`). `accept_refusal` is the
    reason why this reader cannot accept the report, or None. `form` is the form to return it, or None if this reader may not.
    """

    task: VerificationTask
    report: CheckReport
    answers: Sequence[ReportAnswer]
    reporter_and_decider: Sequence[dict[str, Any]]
    accept_refusal: Refused | None
    form: ReturnReportForm | None


@dataclass(frozen=True)
class ReportsPanel:
    """All reports of an offer that wait for a decision, oldest check first.

    `may_verify_offer` is True if this reader may verify the offer once all of them are accepted; otherwise `verification_obstacle` is
    the reason.
    """

    reports: Sequence[ReportPanel]
    may_verify_offer: bool
    verification_obstacle: LazyText = ""

    @property
    def may_accept_all(self) -> bool:
        """True if this reader may accept every report."""
        return all(one.accept_refusal is None for one in self.reports)


def visible_checks_of(request: AuthenticatedRequest, lead: SupplierLead) -> list[VerificationTask]:
    """Return the checks of an offer that the reader may see, oldest first."""
    rows = VerificationTask.objects.visible_to(request.by).filter(lead=lead)
    named = rows.select_related(
        *(
            "contact__user",
            "contact__city",
            "reviewed_by",
            "certificate__kind",
            "requested_certificate_type",
            "supplier",
        ),
        *("reused_from__city", "reused_from__contact"),
    )
    # Sorted here: for an order in the statement, Django compares it with each of the 306 columns.
    found = sorted(named, key=lambda task: task.pk)
    for task in found:
        task.lead = lead
    return found


def assign_form(
    request: AuthenticatedRequest, lead: SupplierLead, at: datetime, data: Any = None
) -> AssignChecksForm | None:
    """Return the form that assigns the checks of an offer, or None if this reader has none to assign."""
    if lead.status not in ASSIGNABLE_STATUSES or not request.by.may(Power.ASSIGN_CHECK, lead):
        return None
    today = lead.city.day_at(at)
    started = lead.status != SupplierLead.Status.RECEIVED
    wanted = unassigned_check_kinds(lead) if started else needed_checks(check_factors(lead, today))
    rows = suggestions_for_checks(lead, wanted, at, request.user.language)
    return AssignChecksForm(data, rows, today + timedelta(days=CHECK_DUE_DAYS)) if rows else None


def checks_panel(
    request: AuthenticatedRequest,
    lead: SupplierLead,
    assign: AssignChecksForm | None = None,
    returning: Mapping[str, ReturnReportForm] = MappingProxyType({}),
) -> dict[str, Any]:
    """Return the template context of the offer's checks: the list, the form to assign them, the reports.

    `assign`: the assignment form if it was refused. `returning`: the refused forms that return a report, by
    check.
    """
    tasks = visible_checks_of(request, lead)
    folded = assign is None and "assign" not in request.GET and _may_assign_more(request.by, lead, tasks)
    return {
        "checks": tasks,
        "why": CHECK_REASON_TEXTS,
        "assigns_more": folded,
        "assign": None if folded else assign or assign_form(request, lead, clock.now()),
        "judged": reports_panel(request, lead, tasks, returning),
    }


def _may_assign_more(by: Permissions, lead: SupplierLead, tasks: Sequence[VerificationTask]) -> bool:
    """Return True if the checks have started and the reader may assign more of them.

    The form is then folded, and read when the reader opens it.
    """
    unassigned = any(task.status == VerificationTask.Status.UNASSIGNED for task in tasks)
    return unassigned and lead.status == SupplierLead.Status.UNDER_REVIEW and by.may(Power.ASSIGN_CHECK, lead)


def reports_panel(
    request: AuthenticatedRequest,
    lead: SupplierLead,
    tasks: Sequence[VerificationTask],
    returning: Mapping[str, ReturnReportForm],
) -> ReportsPanel | None:
    """Return the reports that wait for a decision of this reader, or None if there are none.

    The number of queries grows with the number of reports, because the rules ask about each.
    """
    waiting = [task for task in tasks if task.status == VerificationTask.Status.SUBMITTED]
    by = request.by
    if not waiting or not by.may(Power.REVIEW_REPORT, lead):
        return None
    latest = latest_reports(by, waiting)
    files = list(
        File.objects.visible_to(by).filter(
            thing_label=VerificationTask._meta.label_lower, thing_id__in=[task.pk for task in waiting]
        )
    )
    books = question_histories({task.check_kind for task in waiting})
    reports = [
        ReportPanel(
            task,
            latest[task.pk],
            report_answers(latest[task.pk], books[task.check_kind], files),
            reporter_and_decider_of_check(task),
            ACCEPT_REPORT.refusal(by, task, clock.now()),
            _return_form(by, task, returning),
        )
        for task in waiting
        if task.pk in latest
    ]
    no = VERIFY.refusal(by, _with_all_accepted(lead, tasks), clock.now())
    return ReportsPanel(
        reports, may_verify_offer=no is None, verification_obstacle=no.message if no is not None else ""
    )


def _return_form(
    by: Permissions, task: VerificationTask, returning: Mapping[str, ReturnReportForm]
) -> ReturnReportForm | None:
    """Return the form that returns a report with a question, or None if this reader may not.

    It is the submitted form if it was refused, else an empty one.
    """
    if RETURN_REPORT.refusal(by, task, clock.now()) is not None:
        return None
    return returning.get(task.reference) or ReturnReportForm(auto_id=f"{task.reference}-%s")


def latest_reports(by: Permissions, tasks: Sequence[VerificationTask]) -> dict[int, CheckReport]:
    """Return the latest report of each of these checks, by the id of the check.

    The reports are kept on the checks, so that the rules need not read them again.
    """
    rows = CheckReport.objects.visible_to(by).select_related("by").order_by("pk")
    prefetch_related_objects(tasks, Prefetch("reports", rows))
    return {report.task_id: report for task in tasks for report in task.reports.all()}


def _with_all_accepted(lead: SupplierLead, tasks: Sequence[VerificationTask]) -> SupplierLead:
    """Return a copy of the offer with its counters as if every report on this page were accepted."""
    done = [
        task
        for task in tasks
        if task.status in (VerificationTask.Status.SUBMITTED, VerificationTask.Status.ACCEPTED)
    ]
    done = [task for task in done if task.check_kind != CheckKind.MISSING_CERTIFICATE]  # no proof by itself
    needed = {(task.check_kind, task.certificate_id) for task in tasks if task.needed}
    brought = {lead.author_id, lead.contact.user_id if lead.contact else None}
    then = copy(lead)
    then.checks_open = len(needed - {(task.check_kind, task.certificate_id) for task in done})
    then.checks_accepted = len(done)
    then.checks_by_others = sum(_user_who_made(task) not in brought for task in done)
    return then


def _user_who_made(task: VerificationTask) -> int | None:
    """Return the user who made the check, or the original check if it reuses another city's."""
    contact = task.contact if task.reused_from is None else task.reused_from.contact
    return contact.user_id if contact else None

"""Check reports: submitted by the contact, accepted or returned by the city."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import ActingUser
from partners.contacts.actions import increment_open_tasks
from partners.contacts.working_hours import closing_time_after
from procurement.suppliers.actions.certificates import record_issuer_answer
from procurement.suppliers.models.issuer_checks import IssuerCheck
from procurement.verification.actions.certificates import enter_sent_certificate
from procurement.verification.actions.checks import (
    assigned_contact,
    next_reminder_after_request,
    recalculate_counters,
    stop_reminders,
)
from procurement.verification.actions.findings import update_report_findings
from procurement.verification.models import CheckReport, VerificationTask
from procurement.verification.questions import QuestionSet, questions_for_task
from procurement.verification.rules import tasks
from procurement.verification.rules.tasks import invalid_answers, issuer_answer_in_report
from workflow.actors import SYSTEM, Actor
from workflow.days import latest_day
from workflow.errors import Refused
from workflow.moves import register_action

MAX_ADDRESS_LENGTH = 300  # characters


@register_action(tasks.SUBMIT_REPORT)
def submit_report(
    task: VerificationTask,
    *,
    answers: Mapping[str, Any],
    method: str,
    seen_on: date,
    seen_at: time | None = None,
    confidence: int,
    confirmed_at_once: bool = False,
    place: str = "",
    summary: str = "",
    language: str = "",
    files: Sequence[int] = (),
    author: ActingUser,
    by_copied_link: bool = False,
    by: Actor,
    at: datetime,
) -> CheckReport:
    """Submit a check report. It stores the version of the questions that it answers.

    `seen_at` is the local time of the place. `confirmed_at_once`: the contact confirmed everything together.
    Refuses missing answers ("could not check" is one), a future date, and a check whose questions are not loaded.
    """
    with tasks.SUBMIT_REPORT.apply_to(task, by=by, at=at) as row:
        asked = _questions_to_answer(row, answers, confirmed_at_once)
        report = CheckReport.objects.create(
            task=row,
            question_version=asked.version,
            question_family=asked.family,
            answers=dict(answers),
            method=method,
            place=place,
            seen_on=seen_on,
            seen_at=seen_at,
            confidence=confidence,
            confirmed_at_once=confirmed_at_once,
            summary=summary,
            language=language or author.language,
            file_ids=list(files),
            by=author,
            by_copied_link=by_copied_link,
            at=at,
        )
        _apply_report(row, report, at)
    return report


def _apply_report(task: VerificationTask, report: CheckReport, at: datetime) -> None:
    """Apply a new report: its time, findings on the offer, the contact's questions, the issuer's answer."""
    _require_past_day(report.seen_on, at)
    task.submitted_at = at
    update_report_findings(task.lead, at)
    stop_reminders(task, at)
    _record_issuer_answer(task, report, at)
    enter_sent_certificate(task, report, at)


def _questions_to_answer(
    task: VerificationTask, answers: Mapping[str, Any], confirmed_at_once: bool
) -> QuestionSet:
    """Return today's questions of a check, all of which must be answered.

    Refuses if no questions are loaded, an answer is missing, or a confirmed one is not "yes".
    """
    asked = questions_for_task(task)
    if not asked:
        words = _(
            "The questions for this check are not loaded. Ask your system administrator to load "
            "the reference data."
        )
        raise Refused("no_questions", words)
    faults = invalid_answers(asked, answers)
    if faults:
        details = {f"answers.{code}": str(words) for code, words in faults.items()}
        raise Refused("answers_missing", _("Some questions have not been answered."), fields=details)
    if confirmed_at_once and any(one.get("answer") != "yes" for one in answers.values()):
        words = _("You confirmed everything, but one answer is not “Yes”. Answer each question instead.")
        raise Refused("not_all_confirmed", words, field="confirmed_at_once")
    return asked


def _require_past_day(seen_on: date, at: datetime) -> None:
    """Refuse a date that is in the future everywhere on earth."""
    if seen_on > latest_day(at):
        raise Refused("day_to_come", _("Enter a date that is not in the future."), field="seen_on")


def _record_issuer_answer(task: VerificationTask, report: CheckReport, at: datetime) -> None:
    """Record the issuer's answer on the certificate, for the city of the check."""
    result = issuer_answer_in_report(task.check_kind, report.answers)
    if task.certificate is None or result is None:
        return
    record_issuer_answer(
        task.certificate,
        result=result,
        how=IssuerCheck.CheckMethod.PHONE
        if report.method == CheckReport.Method.PHONE
        else IssuerCheck.CheckMethod.REGISTER,
        address=str(report.answers["asked_issuer"].get("seen", ""))[:MAX_ADDRESS_LENGTH],
        words=str((report.answers.get("issuer_confirms") or {}).get("seen", "")),
        seen_on=report.seen_on,
        city=task.city,
        looked_up_by=report.by,
        by=SYSTEM,
        at=at,
    )


@register_action(tasks.ACCEPT_REPORT)
def accept_report(
    task: VerificationTask, *, reviewer: ActingUser, by: Actor, at: datetime
) -> VerificationTask:
    """Accept the report of a check. Refuses the author of the report."""
    with transaction.atomic():
        with tasks.ACCEPT_REPORT.apply_to(task, by=by, at=at) as row:
            row.reviewed_by = reviewer
            row.reviewed_at = at
        recalculate_counters(task.lead)
    return task


@register_action(tasks.RETURN_REPORT)
def return_report(task: VerificationTask, *, question: str, by: Actor, at: datetime) -> VerificationTask:
    """Return the report with a question. The contact receives a new link and two more days.

    The reminders sent before still count, because a person gets at most three for one check. If all were
    sent, the message names who will phone.
    """
    with tasks.RETURN_REPORT.apply_to(task, by=by, at=at, reason=question) as row:
        row.question = question
        row.due_at = closing_time_after(assigned_contact(row), at, tasks.DUE_DAYS_AFTER_RETURN)
        row.next_reminder_at = next_reminder_after_request(row, at)
        increment_open_tasks(assigned_contact(row), above_limit=True)  # the contact already has this check
    return task

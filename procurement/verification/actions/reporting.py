"""Reports: sent in by who was asked, accepted or returned by the city."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from partners.actions.people import begin_question
from partners.rules.hours import closing_after
from procurement.suppliers.actions.issuer_checks import ask_issuer
from procurement.suppliers.models.issuer_check import IssuerCheck
from procurement.verification import questions
from procurement.verification.actions import findings
from procurement.verification.actions.counting import contact_of, end, next_from, recount
from procurement.verification.models.checks import VerificationTask
from procurement.verification.models.reports import Report
from procurement.verification.questions import QuestionSet
from procurement.verification.rules import tasks
from procurement.verification.rules.tasks import answer_faults, issuers_answer
from workflow.actors import CLOCK, Actor
from workflow.days import latest_day
from workflow.errors import Refused

LONGEST_ADDRESS = 300  # characters


def submit(
    task: VerificationTask,
    *,
    answers: Mapping[str, Any],
    method: str,
    seen_on: date,
    seen_at: time | None = None,
    confidence: int,
    place: str = "",
    summary: str = "",
    language: str = "",
    files: Sequence[int] = (),
    author: User,
    by_copied_link: bool = False,
    by: Actor,
    at: datetime,
) -> Report:
    """Send in what was seen: `seen_at` is the time by the clock of the place. The report keeps which questions it answers.

    Refuses answers that are missing ("could not check" is one), a day that is nowhere yet, and questions nobody has loaded.
    """
    with tasks.SUBMIT.on(task, by=by, at=at) as row:
        asked = _asked(row, answers)
        if seen_on > latest_day(at):
            raise Refused("day_to_come", _("That day has not come yet."), field="seen_on")
        report = Report.objects.create(
            task=row,
            asked_version=asked.version,
            asked_family=asked.family,
            answers=dict(answers),
            method=method,
            place=place,
            seen_on=seen_on,
            seen_at=seen_at,
            confidence=confidence,
            summary=summary,
            language=language or author.language,
            file_ids=list(files),
            by=author,
            by_copied_link=by_copied_link,
            at=at,
        )
        row.submitted_at = at
        _came_in(row, report, at)
    return report


def _came_in(task: VerificationTask, report: Report, at: datetime) -> None:
    """What it denies is found in the offer; it is no question of the contact's any more; what an issuer said stands with the paper."""
    findings.judge(task.lead, at)
    end(task, at)
    _tell_the_certificate(task, report, at)


def _asked(task: VerificationTask, answers: Mapping[str, Any]) -> QuestionSet:
    """The questions of a check today, each of which is answered. Refuses where none is loaded, and where an answer is missing."""
    asked = questions.about(task)
    if not asked:
        words = _(
            "The questions of this check are not loaded. Whoever runs the server loads the reference data."
        )
        raise Refused("no_questions", words)
    faults = answer_faults(asked, answers)
    if faults:
        details = {f"answers.{code}": str(words) for code, words in faults.items()}
        raise Refused("answers_missing", _("Some questions are not answered yet."), fields=details)
    return asked


def _tell_the_certificate(task: VerificationTask, report: Report, at: datetime) -> None:
    """What a contact heard from the issuer stands with the certificate, for the city whose check it is."""
    result = issuers_answer(task.check_kind, report.answers)
    if task.certificate is None or result is None:
        return
    ask_issuer(
        task.certificate,
        result=result,
        how=IssuerCheck.How.CALL if report.method == Report.Method.CALL else IssuerCheck.How.REGISTER,
        address=str(report.answers["asked_issuer"].get("seen", ""))[:LONGEST_ADDRESS],
        words=str((report.answers.get("issuer_confirms") or {}).get("seen", "")),
        seen_on=report.seen_on,
        city=task.city,
        looked_up_by=report.by,
        by=CLOCK,
        at=at,
    )


def accept(task: VerificationTask, *, judge: User, by: Actor, at: datetime) -> VerificationTask:
    """The city is satisfied with the report. Refuses whoever made it."""
    with transaction.atomic():
        with tasks.ACCEPT.on(task, by=by, at=at) as row:
            row.judged_by = judge
            row.judged_at = at
        recount(task.lead)
    return task


def send_back(task: VerificationTask, *, question: str, by: Actor, at: datetime) -> VerificationTask:
    """Return the report with a question; the contact gets a fresh link and two more days.

    Reminders count on: three are the most that one check sends one person. Where all went out, the letter says who phones.
    """
    with tasks.RETURN.on(task, by=by, at=at, reason=question) as row:
        row.question = question
        row.due_at = closing_after(contact_of(row), at, tasks.ASKED_AGAIN_FOR)
        row.chase_at = next_from(row, at)
        begin_question(contact_of(row), above_limit=True)  # it is theirs already
    return task

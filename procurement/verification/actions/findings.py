"""What reports say against an offer, noted on the offer: each "no" to a question that was asked, until the report counts no more."""

from collections.abc import Iterator
from datetime import datetime

from procurement.leads.actions import findings
from procurement.leads.models.finding import Finding
from procurement.leads.models.offer import SupplierLead
from procurement.leads.screening.values import Found
from procurement.verification import questions
from procurement.verification.models.checks import Check, VerificationTask
from workflow.tongues import in_three

CODES = frozenset({"reported_no"})
NO_MORE = (
    VerificationTask.Status.CANCELLED,
    VerificationTask.Status.OUTDATED,
)  # statuses of a check whose report counts no more
# What the certificate's own page tells, as a finding of its own.
TOLD_ELSEWHERE = {Check.CERTIFICATE: frozenset({"asked_issuer", "issuer_confirms"})}


def judge(lead: SupplierLead, at: datetime) -> None:
    """Bring what reports say against an offer up to date. Called under the check's lock; a lent check stays with its own city."""
    counted = VerificationTask.objects.filter(lead=lead).exclude(status__in=NO_MORE).order_by("pk")
    findings.find(lead, [found for task in counted for found in _of(task)], at=at, only=CODES)


def _of(task: VerificationTask) -> Iterator[Found]:
    """One finding a check, with every question its newest report answers by no, in the words they were put in."""
    report = task.reports.order_by("-pk").first()
    if report is None:
        return
    asked = questions.of(task.check_kind, report.asked_family, report.asked_version)
    told = TOLD_ELSEWHERE.get(Check(task.check_kind), frozenset())
    no = [
        {"en": one.row.words_en, "fr": one.row.words_fr, "zh": one.row.words_zh}
        for one in asked
        if (report.answers.get(one.code) or {}).get("answer") == "no" and one.code not in told
    ]
    if no:
        kind = in_three(Check(task.check_kind).label)
        figures = {"check": kind, "questions": no, "task": task.reference}
        yield Found(
            code="reported_no", severity=Finding.Severity.WARN, subject=task.reference, figures=figures
        )

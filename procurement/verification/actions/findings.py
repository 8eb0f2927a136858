"""Findings from check reports: each "no" answer raises one on the offer while the report counts."""

from collections.abc import Iterator
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from procurement.leads.actions.findings import record_findings
from procurement.leads.models.leads import SupplierLead
from procurement.leads.screening import rationales, remedies, sources
from procurement.leads.screening.offer_data import WARN, FindingData
from procurement.leads.screening.rule_types import ScreeningRule, codes_of
from procurement.verification.models import CheckKind, VerificationTask
from procurement.verification.questions import questions_for
from workflow.i18n import translate_all

ANSWERED_NO = ScreeningRule(
    code="reported_no",
    severities=(WARN,),
    description=_("Check questions answered “no” on site"),
    message=_("The report on “%(check)s” (%(task)s) answers “no” to these questions: %(questions)s"),
    rationale=rationales.UNOFFICIAL_STATEMENT,
    remedy=remedies.RESEND_REPORT,
    sources=(sources.EMERGENCY_PROCUREMENT, sources.COUNTERFEIT_NIOSH),
)
REPORT_RULES = (ANSWERED_NO,)
# Questions whose answers already give a finding on the certificate's own page.
QUESTIONS_RECORDED_ELSEWHERE = {CheckKind.CERTIFICATE: frozenset({"asked_issuer", "issuer_confirms"})}


def update_report_findings(lead: SupplierLead, at: datetime) -> None:
    """Update the findings that reports raise on an offer. Called under the lock of the check.

    If another city reuses the check, the findings are raised only on the offer of the city that made it.
    """
    counted = (
        VerificationTask.objects.filter(lead=lead)
        .exclude(status__in=VerificationTask.Status.void)
        .order_by("pk")
    )
    record_findings(
        lead,
        [found for task in counted for found in _findings_of_check(task)],
        at=at,
        only=codes_of(REPORT_RULES),
    )


def _findings_of_check(task: VerificationTask) -> Iterator[FindingData]:
    """Yield one finding with all questions that the latest report of the check answers with "no".

    Keeps the wording of the questions as they were asked.
    """
    report = task.reports.order_by("-pk").first()
    if report is None:
        return
    asked = questions_for(task.check_kind, report.question_family, report.question_version)
    values = QUESTIONS_RECORDED_ELSEWHERE.get(CheckKind(task.check_kind), frozenset())
    no = [
        {"en": one.row.text_en, "fr": one.row.text_fr, "zh": one.row.text_zh}
        for one in asked
        if (report.answers.get(one.code) or {}).get("answer") == "no" and one.code not in values
    ]
    if no:
        kind = translate_all(CheckKind(task.check_kind).label)
        yield ANSWERED_NO.finding(subject=task.reference, check=kind, questions=no, task=task.reference)

"""Contents of the page behind a contact's link to checks: a section per check, and the reports already sent."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from partners.permissions.permissions import Permissions
from procurement.portal.files import PortalFile
from procurement.portal.link_pages import refusal_of_move
from procurement.verification.forms import (
    CERTIFICATE_NUMBER_FIELD,
    LATER,
    CheckReportForm,
    NoVisitDetailsForm,
    VisitDetailsForm,
    check_name,
)
from procurement.verification.models import CheckReport, VerificationTask
from procurement.verification.queries import facts_to_check
from procurement.verification.views.report_display import ReportAnswer
from workflow.errors import Refused
from workflow.uploads.models import File


@dataclass(frozen=True)
class CheckSection:
    """One check on the page: its form, what the offer says, and the files of the contact for it."""

    task: VerificationTask
    by: Permissions
    form: CheckReportForm
    files: list[PortalFile]
    question_language: str  # language of a question about the report

    @property
    def name(self) -> str:
        """What is checked, with the certificate if there is one."""
        return check_name(self.task)

    @property
    def facts(self) -> list[tuple[Any, str]]:
        """Stated facts to compare."""
        return facts_to_check(self.task)

    @property
    def questions(self) -> list[dict[str, Any]]:
        """Questions, each with its fields, its files, and whether note and photo are unfolded at first."""
        found = []
        for question, answer, seen in self.form.question_fields:
            files = [upload for upload in self.files if upload.file.kind == question.code]
            unfolded = bool(seen.value() or files or seen.errors)
            found.append(
                {"one": question, "answer": answer, "seen": seen, "files": files, "unfolded": unfolded}
            )
        return found

    @property
    def sends_certificate(self) -> bool:
        """True if the city asks the contact to send a certificate rather than to check one."""
        return self.task.requested_certificate_type is not None

    @property
    def visible_files(self) -> list[PortalFile]:
        """Files that were not rejected."""
        return [upload for upload in self.files if upload.file.status != File.Status.REJECTED]

    @property
    def general_files(self) -> list[PortalFile]:
        """Files that belong to no single question."""
        return [upload for upload in self.files if upload.file.kind not in self.form.asked.codes]


@dataclass(frozen=True)
class SentReport:
    """Report that was sent and is not reviewed yet, for display."""

    task: VerificationTask
    check_label: str
    report: CheckReport
    answers: list[ReportAnswer]


@dataclass(frozen=True)
class CheckPage:
    """Checks of the link's page: those to report, with their forms, and the reports that were sent."""

    task: VerificationTask
    by: Permissions
    sections: list[CheckSection]
    form: VisitDetailsForm | NoVisitDetailsForm
    sent_reports: list[SentReport]

    @property
    def has_several_checks(self) -> bool:
        """True if more than one check can be reported."""
        return len(self.sections) > 1

    @property
    def asks_only_certificates(self) -> bool:
        """True if the city asks for certificates only, so that nothing has to be visited."""
        return bool(self.sections) and all(part.sends_certificate for part in self.sections)

    @property
    def reported_sections(self) -> list[CheckSection]:
        """Sections of a valid page whose checks are reported now, not left for later."""
        return [part for part in self.sections if part.form.outcome != LATER]

    def refusal(self) -> Refused | None:
        """Return why one of the submitted checks can no longer be reported, or None."""
        written = [(part.task, part.by) for part in self.sections if part.form.was_sent]
        asked = written if self.sections else [(self.task, self.by)]
        return next((no for task, by in asked if (no := refusal_of_move(task, "submit", by))), None)

    def is_valid(self) -> bool:
        """Return True if all forms are valid and at least one check is reported."""
        if [form for form in self.forms if not form.is_valid()]:  # a list, so that each form shows its errors
            return False
        if not self.reported_sections:
            self.sections[0].form.add_error("outcome", _("Report on at least one check."))
            return False
        without = [
            part for part in self.reported_sections if part.sends_certificate and not part.visible_files
        ]
        for part in without:
            part.form.add_error(CERTIFICATE_NUMBER_FIELD, _("Add a photo or scan of the certificate."))
        return not without

    @property
    def forms(self) -> list[Any]:
        """All forms of the page, in its order."""
        return [*(part.form for part in self.sections), self.form]

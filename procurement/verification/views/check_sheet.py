"""Printable sheet of a check, for the person who assigns it and, by link, for the contact."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse

from partners.authenticated_requests import AuthenticatedRequest
from procurement.catalogue.models.check_questions import CheckQuestion
from procurement.notifications.audiences import responsible_officer_of_lead
from procurement.verification.check_sheet import SheetQuestion, render_sheet
from procurement.verification.models import VerificationTask
from procurement.verification.queries import facts_to_check
from procurement.verification.questions import questions_for_task
from procurement.verification.views.checks import find_check
from workflow import clock
from workflow.errors import Refused
from workflow.http.downloads import file_denied_response


@login_required
def check_sheet(request: AuthenticatedRequest, reference: str) -> HttpResponse:
    """Return the sheet in the contact's language, and also in the reader's if that differs."""
    task = find_check(request, reference)
    theirs = task.contact.user.language if task.contact else request.user.language
    return sheet_response(request, task, theirs, request.user.language)


def sheet_for_contact(request: HttpRequest, task: VerificationTask) -> HttpResponse:
    """Return the sheet in the contact's language, and also in that of the responsible officer if it differs."""
    assert task.contact is not None  # a link always belongs to a contact
    officer = next(iter(responsible_officer_of_lead(task)), task.contact.user)
    return sheet_response(request, task, task.contact.user.language, officer.language)


def sheet_response(request: HttpRequest, task: VerificationTask, *languages: str) -> HttpResponse:
    """Return the sheet as PDF/A, once in each language, or a page that explains why it cannot be printed."""
    evidence = {value: label for value, label in CheckQuestion.Evidence.choices if value}

    def read_questions() -> list[SheetQuestion]:
        return [
            SheetQuestion(one.words, one.hint, str(evidence.get(one.evidence, "")))
            for one in questions_for_task(task)
        ]

    codes = list(dict.fromkeys(language or "en" for language in languages))
    try:
        sheet = render_sheet(
            task,
            read_questions=read_questions,
            read_facts=lambda: facts_to_check(task),
            languages=codes,
            at=clock.now(),
        )
    except Refused as refused:
        return file_denied_response(request, refused, "")
    answer = HttpResponse(sheet.pdf, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{task.reference}.pdf"'
    answer["Cache-Control"] = "private, no-store"
    return answer

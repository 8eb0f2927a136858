"""The sheet of a check, to print and take along: for whoever gives it out, and by link for whoever makes it."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import path

from partners.visit import Visit
from procurement.catalogue.models.questions import CheckQuestion
from procurement.notices.audiences import keeper_of_lead
from procurement.verification.gathering import facts_of
from procurement.verification.models.checks import VerificationTask
from procurement.verification.paper import Asked, sheet
from procurement.verification.questions import about
from procurement.web.checks.task import find
from workflow import clock
from workflow.doors.files.handing import say_why
from workflow.errors import Refused


@login_required
def on_paper(request: Visit, reference: str) -> HttpResponse:
    """The sheet, in the language of whoever is asked, and in the reader's own where it is another."""
    task = find(request, reference)
    theirs = task.contact.user.language if task.contact else request.user.language
    return handed_out(request, task, theirs, request.user.language)


def for_contact(request: HttpRequest, task: VerificationTask) -> HttpResponse:
    """The sheet in the language of whoever is asked, and in that of whoever keeps the offer for the city where it is another."""
    assert task.contact is not None  # a link names its contact
    keeper = next(iter(keeper_of_lead(task)), task.contact.user)
    return handed_out(request, task, task.contact.user.language, keeper.language)


def handed_out(request: HttpRequest, task: VerificationTask, *languages: str) -> HttpResponse:
    """The sheet as PDF/A, in each of the languages once; or the page that says why it cannot be printed."""
    evidence = {value: label for value, label in CheckQuestion.Evidence.choices if value}

    def asks() -> list[Asked]:
        return [Asked(one.words, one.hint, str(evidence.get(one.evidence, ""))) for one in about(task)]

    told = list(dict.fromkeys(language or "en" for language in languages))
    try:
        paper = sheet(task, asks=asks, tells=lambda: facts_of(task), languages=told, at=clock.now())
    except Refused as refused:
        return say_why(request, refused, "")
    answer = HttpResponse(paper.pdf, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{task.reference}.pdf"'
    answer["Cache-Control"] = "private, no-store"
    return answer


urlpatterns = [path("checks/<slug:reference>/sheet/", on_paper, name="check_sheet")]

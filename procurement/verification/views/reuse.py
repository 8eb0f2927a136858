"""Reuse of another city's check: one city asks for it, and the city that made it agrees or refuses."""

from dataclasses import dataclass
from datetime import date, datetime

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect

from partners.authenticated_requests import AuthenticatedRequest
from procurement.outreach.views.sent_letters import thank_you_letters_about
from procurement.verification.actions.reuse import request_reuse, reusable_check
from procurement.verification.models import CheckReuse, VerificationTask
from procurement.verification.questions import ANSWER_LABELS, QuestionHistory
from procurement.verification.rules.reuse import AGREE_TO_REUSE, REFUSE_REUSE, reusable_until
from workflow import clock
from workflow.errors import LazyText
from workflow.http.move_views import move_options, run_move
from workflow.http.pages import render_page, run_action

DETAIL_RELATIONS = (
    "city",
    "task__city",
    "task__supplier",
    "origin__lead__product",
    "origin__supplier",
    "origin__contact__user",
    "origin__city",
)


@dataclass(frozen=True)
class SharedCheck:
    """Facts about another city's check: date of acceptance, last day of reuse, never its author.

    `existing_request` is the request that waits or was refused, if there is one.
    """

    accepted_on: date
    reusable_until: date
    existing_request: CheckReuse | None = None


def reusable_shared_check(task: VerificationTask, at: datetime) -> SharedCheck | None:
    """Return another city's check that could replace this one, or None.

    Its reuse may be open to request, or already requested. Shown to people who assign checks.
    """
    if task.status not in VerificationTask.ASSIGNABLE_STATUSES:
        return None
    asked = (
        CheckReuse.objects.filter(task=task)
        .exclude(status=CheckReuse.Status.CANCELLED)
        .select_related("origin")
        .last()
    )
    origin = asked.origin if asked is not None else reusable_check(task, at)
    until = reusable_until(origin, task.city.day_at(at)) if origin is not None else None
    if origin is None or origin.reviewed_at is None or until is None:
        return None
    return SharedCheck(origin.city.day_at(origin.reviewed_at), until, asked)


def answers_of_reused_check(task: VerificationTask) -> list[tuple[LazyText, LazyText]]:
    """Return the questions and answers of the check of another city that this check reuses.

    Contains no name, no photo and no free text of the author.
    """
    origin = task.reused_from
    report = origin.reports.order_by("-pk").first() if origin is not None else None
    if report is None:
        return []
    asked = QuestionHistory(task.check_kind).question_set(report.question_family, report.question_version)
    given = report.answers
    return [(one.words, ANSWER_LABELS[given[one.code]["answer"]]) for one in asked if one.code in given]


@login_required
def request_check_reuse(request: AuthenticatedRequest, reference: str) -> HttpResponse:
    """Request the use of another city's check. POST only, from the check's own page."""
    rows = VerificationTask.objects.visible_to(request.by).select_related("city", "lead", "supplier")
    task = get_object_or_404(rows, reference=reference)
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    return run_action(
        request,
        lambda: request_reuse(task, author=request.user, by=request.by, at=clock.now()),
        done=task.get_absolute_url(),
        template="verification/reuse_detail.html",
        context={"task": task},
    )


@login_required
def check_reuse_detail(request: AuthenticatedRequest, reference: str) -> HttpResponse:
    """Show a request to reuse a check: who asks, for which check, and what they would see.

    A reader who works only for the asking city is redirected to that city's own check.
    """
    mine = (
        CheckReuse.objects.filter(reference=reference, task__city__in=request.by.visible_cities)
        .select_related("task")
        .first()
    )
    if mine is not None and mine.city_id not in request.by.visible_cities:
        return redirect(mine.task.get_absolute_url())
    thing = find_reuse(request, reference)
    context = {
        "reuse": thing,
        "powers": request.by,
        "until": reusable_until(thing.origin, thing.city.day_at(clock.now())),
        "thanks": thank_you_letters_about(thing),
    }
    return render_page(request, "verification/reuse_detail.html", context)


@login_required
def reuse_move(request: AuthenticatedRequest, reference: str, verb: str) -> HttpResponse:
    """Agree to a request for reuse, or refuse it."""
    return run_move(request, find_reuse(request, reference), verb, REUSE_MOVE_OPTIONS)


def find_reuse(request: AuthenticatedRequest, reference: str) -> CheckReuse:
    """Return the request, or raise 404 if the reader may not see it."""
    rows = CheckReuse.objects.visible_to(request.by).select_related(*DETAIL_RELATIONS)
    thing: CheckReuse = get_object_or_404(rows, reference=reference)
    return thing


REUSE_MOVE_OPTIONS = move_options(AGREE_TO_REUSE, REFUSE_REUSE)

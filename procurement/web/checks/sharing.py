"""Another city's check: asked for from one's own, answered with one button by the city that made it."""

from dataclasses import dataclass
from datetime import date, datetime

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect
from django.urls import path

from partners.visit import Visit
from procurement.verification.actions import sharing
from procurement.verification.actions.sharing import ask_for_reuse
from procurement.verification.models.checks import VerificationTask
from procurement.verification.models.sharing import Reuse
from procurement.verification.questions import ANSWERS, Book
from procurement.verification.rules.sharing import OPEN, valid_until
from procurement.web.asking.letters import thanks_about
from workflow import clock
from workflow.doors.http import attempt, show
from workflow.doors.moving import Step, make
from workflow.errors import Words

WITH_NAMES = (
    "city",
    "task__city",
    "task__supplier",
    "origin__lead__product",
    "origin__supplier",
    "origin__contact__user",
    "origin__city",
)


@dataclass(frozen=True)
class Shared:
    """What a check's own city is told of another's: when that was accepted and until when it may be lent, never by whom.

    `asked` is the question that waits or was refused, if there is one.
    """

    accepted: date
    until: date
    asked: Reuse | None = None


def offered(task: VerificationTask, at: datetime) -> Shared | None:
    """What another city's check could do for this one, for whoever gives checks out: to be asked for, or asked for already."""
    if task.status not in OPEN:
        return None
    asked = (
        Reuse.objects.filter(task=task).exclude(status=Reuse.Status.CANCELLED).select_related("origin").last()
    )
    origin = asked.origin if asked is not None else sharing.reusable(task, at)
    until = valid_until(origin, task.city.day_at(at)) if origin is not None else None
    if origin is None or origin.judged_at is None or until is None:
        return None
    return Shared(origin.city.day_at(origin.judged_at), until, asked)


def lent(task: VerificationTask) -> list[tuple[Words, Words]]:
    """The answers of a check that another city lent: each question and its answer. No name, no photo, no word of whoever made it."""
    origin = task.reused_from
    report = origin.reports.order_by("-pk").first() if origin is not None else None
    if report is None:
        return []
    asked = Book(task.check_kind).asks(report.asked_family, report.asked_version)
    given = report.answers
    return [(one.words, ANSWERS[given[one.code]["answer"]]) for one in asked if one.code in given]


@login_required
def ask(request: Visit, reference: str) -> HttpResponse:
    """Ask for the use of another city's check. One button on the check's own page."""
    rows = VerificationTask.objects.visible_to(request.by).select_related("city", "lead", "supplier")
    task = get_object_or_404(rows, reference=reference)
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    return attempt(
        request,
        lambda: ask_for_reuse(task, author=request.user, by=request.by, at=clock.now()),
        done=task.get_absolute_url(),
        template="checks/reuse.html",
        context={"task": task},
    )


@login_required
def reuse(request: Visit, reference: str) -> HttpResponse:
    """Who asks for which check, what they would see, and one button. Whoever asked finds the answer on their own check."""
    mine = (
        Reuse.objects.filter(reference=reference, task__city__in=request.by.sees)
        .select_related("task")
        .first()
    )
    if mine is not None and mine.city_id not in request.by.sees:
        return redirect(mine.task.get_absolute_url())
    thing = find(request, reference)
    context = {
        "reuse": thing,
        "powers": request.by,
        "until": valid_until(thing.origin, thing.city.day_at(clock.now())),
        "thanks": thanks_about(thing),
    }
    return show(request, "checks/reuse.html", context)


@login_required
def move(request: Visit, reference: str, verb: str) -> HttpResponse:
    """Agree, or rather not."""
    return make(request, find(request, reference), verb, STEPS)


def find(request: Visit, reference: str) -> Reuse:
    """The question, as far as the reader may see it."""
    rows = Reuse.objects.visible_to(request.by).select_related(*WITH_NAMES)
    thing: Reuse = get_object_or_404(rows, reference=reference)
    return thing


STEPS = {
    "agree": Step(lambda request, thing: sharing.agree(thing, by=request.by, at=clock.now())),
    "refuse": Step(lambda request, thing: sharing.refuse(thing, by=request.by, at=clock.now())),
}

urlpatterns = [
    path("checks/<slug:reference>/ask-another-city/", ask, name="ask_another_city"),
    path("reuses/<slug:reference>/", reuse, name="reuse"),
    path("reuses/<slug:reference>/<slug:verb>/", move, name="reuse_move"),
]

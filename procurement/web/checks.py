"""Checks: the list, a check's page, choosing who makes it, and judging the report."""

from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.translation import gettext_lazy as _

from partners.roles import Power
from partners.visit import Visit, only
from partners.web import record
from procurement.exchange.sheets import CHECKS
from procurement.notices import calls, post
from procurement.outreach.gathering.people import told
from procurement.verification import actions
from procurement.verification.gathering import first_beside
from procurement.verification.gathering import suggested as suggested_for
from procurement.verification.models import Report, VerificationTask
from procurement.verification.questions import ANSWERS, of
from procurement.verification.rules import WHY, phone_due
from procurement.web.asking.letters import thanks_about
from procurement.web.asking.outreach import chosen_of, visible_contact
from procurement.web.sheets import sheet, wanted
from workflow import clock
from workflow.doors.http import attempt, show
from workflow.doors.lists import page
from workflow.doors.moving import REDATED, Step, day_form, make, reason_form
from workflow.errors import Words
from workflow.tongues import read

LONGEST_NUMBER = 20  # figures; Python refuses to read thousands, and no row has a number that long
WITH_NAMES = (
    "lead__product",
    "lead__line__supply_request",
    "supplier__place",
    "certificate__kind",
    "contact__user",
    "contact__city",
    "city",
    "judged_by",
)


class Filters(forms.Form):
    """What a reader may narrow the list by."""

    q = forms.CharField(label=_("Number or supplier"), required=False, max_length=200)
    status = forms.ChoiceField(
        label=_("Status"), required=False, choices=[("", _("Any")), *VerificationTask.Status.choices]
    )


class OtherPerson(forms.Form):
    """Why somebody else makes a check than whom routing puts first."""

    chosen_because = forms.CharField(
        label=_("Why this person and not the first suggested"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=1000,
    )


class Question(forms.Form):
    """What is asked back."""

    question = forms.CharField(
        label=_("Your question"), widget=forms.Textarea(attrs={"rows": 3}), max_length=1000
    )


@login_required
def checks(request: Visit) -> HttpResponseBase:
    """Every check the reader may see, newest first."""
    rows = VerificationTask.objects.visible_to(request.by).select_related(*WITH_NAMES)
    form = Filters(request.GET)
    if form.is_valid():
        if form.cleaned_data["q"]:
            rows = rows.search(form.cleaned_data["q"])
        if form.cleaned_data["status"]:
            rows = rows.filter(status=form.cleaned_data["status"])
    if wanted(request):
        return sheet(request, "checks", CHECKS, rows)
    return show(
        request, "checks/list.html", {"page": page(request, rows), "filters": form, "now": clock.now()}
    )


@login_required
def check(request: Visit, reference: str) -> HttpResponse:
    """One check: who was asked and why, the report, the two pairs of eyes."""
    thing = find(request, reference)
    by = request.by
    reports = Report.objects.visible_to(by).filter(task=thing).select_related("by").order_by("-pk")
    context = {
        "task": thing,
        "powers": by,
        "why": WHY.get(thing.why, ""),
        "reasons": [read(reason) for reason in thing.reasons if "en" in reason],
        "questions": of(thing.check_kind),
        "reports": [(one, answered(one)) for one in reports],
        "eyes": eyes(thing),
        "mails": post.of(thing),
        "to_give": thing.status == VerificationTask.Status.PROPOSED and by.may(Power.ASSIGN_CHECK, thing),
        "late": thing.due_at is not None
        and thing.status in VerificationTask.WAITING
        and thing.due_at < clock.now(),
    }
    if thing.status == VerificationTask.Status.ACCEPTED:
        context["thanks"] = thanks_about(thing)
    if phone_due(thing) and by.may(Power.ASSIGN_CHECK, thing):
        context["call"] = calls.of(thing, clock.now())
    return show(request, "checks/detail.html", context | record.of(request, thing))


def answered(report: Report) -> list[tuple[Words, Words, str]]:
    """A report's answers in the order of the questions: the question, the answer's word, what was seen."""
    given = report.answers
    return [
        (question.words, ANSWERS[given[question.code]["answer"]], given[question.code].get("seen", ""))
        for question in of(report.task.check_kind)
        if question.code in given
    ]


def eyes(task: VerificationTask) -> list[dict[str, Any]]:
    """The two pairs of eyes every check needs: who looked, and who judged."""
    looked = {
        "name": str(task.contact or "") if task.submitted_at else "",
        "what": _("looked"),
        "at": task.submitted_at,
    }
    return [looked, {"name": str(task.judged_by or ""), "what": _("judged"), "at": task.judged_at}]


@login_required
def assign(request: Visit, reference: str) -> HttpResponse:
    """Who can make this check, nearest first, each with the reason in words; one button asks them."""
    thing = find(request, reference)
    only(request, Power.ASSIGN_CHECK, thing)
    at = clock.now()
    suggested = suggested_for(thing, at, request.user.language)
    form = OtherPerson(request.POST or None)
    context = {
        "task": thing,
        "suggestions": [
            (one, first_beside(thing, suggested, one.contact) == one.contact) for one in suggested[:12]
        ],
        "form": form,
    }
    if not form.is_valid():
        return show(request, "checks/assign.html", context, status=422 if form.is_bound else 200)
    given = request.POST.get("contact", "")
    number = int(given) if given.isascii() and given.isdigit() and len(given) < LONGEST_NUMBER else 0
    chosen = chosen_of(suggested, number)
    contact = chosen.contact if chosen else visible_contact(request, number)
    return attempt(
        request,
        lambda: actions.offer(
            thing,
            contact,
            reasons=told(chosen.ranked.reasons) if chosen else [],
            best=first_beside(thing, suggested, contact),
            chosen_because=form.cleaned_data["chosen_because"],
            by=request.by,
            at=at,
        ),
        done=thing.get_absolute_url(),
        template="checks/assign.html",
        context=context,
    )


@login_required
def move(request: Visit, reference: str, verb: str) -> HttpResponse:
    """A button or a form of a check's page."""
    return make(request, find(request, reference), verb, STEPS)


def find(request: Visit, reference: str) -> VerificationTask:
    """The check, as far as the reader may see it."""
    rows = VerificationTask.objects.visible_to(request.by).select_related(*WITH_NAMES)
    thing: VerificationTask = get_object_or_404(post.with_mails(rows, request.by), reference=reference)
    return thing


STEPS = {
    "accept": Step(
        lambda request, thing: actions.accept(thing, judge=request.user, by=request.by, at=clock.now())
    ),
    "return": Step(
        lambda request, thing, question: actions.send_back(
            thing, question=question, by=request.by, at=clock.now()
        ),
        form=lambda data, thing: Question(data),
        hint=_("The contact gets a fresh link and two more days."),
    ),
    "remind": Step(lambda request, thing: actions.remind(thing, by=request.by, at=clock.now())),
    "redate": Step(
        lambda request, thing, due_at: actions.redate(thing, due_at=due_at, by=request.by, at=clock.now()),
        form=day_form,
        hint=REDATED,
    ),
    "cancel": Step(
        lambda request, thing, reason: actions.cancel(thing, reason=reason, by=request.by, at=clock.now()),
        form=reason_form,
        hint=_("A needed check still counts: the offer stays unverified until one of its kind is accepted."),
    ),
    "open_again": Step(lambda request, thing: actions.open_again(thing, by=request.by, at=clock.now())),
}

urlpatterns = [
    path("checks/", checks, name="checks"),
    path("checks/<slug:reference>/", check, name="check"),
    path("checks/<slug:reference>/assign/", assign, name="assign_check"),
    path("checks/<slug:reference>/<slug:verb>/", move, name="check_move"),
]

"""A contact's report on a check, by link: the questions to tap, what was seen, photos; "I cannot" and "my colleague will"."""

from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _

from accounts.web.grants import link_required
from partners.roles import Power
from partners.rules.powers import Powers
from procurement.verification.actions import asking, reporting
from procurement.verification.actions.asking import accept_check
from procurement.verification.gathering import facts_of
from procurement.verification.models.checks import VerificationTask
from procurement.verification.models.reports import Report
from procurement.verification.questions import ANSWERS, Question, about
from procurement.web.checks.sheet import for_contact
from procurement.web.contact_pages.acting import (
    ByLink,
    acting,
    closed_to,
    files_of,
    open_to,
    person,
    photo,
    refusal_status,
    too_often,
)
from procurement.web.contact_pages.answer import Colleague, Remark
from procurement.web.contact_pages.papers import brought_to, meant_for_them
from workflow import clock
from workflow.days import reader_day
from workflow.doors.bounds import LONGEST_LETTER, LONGEST_WORDS
from workflow.doors.forms import DayField
from workflow.doors.http import attempt, show
from workflow.doors.refusals import status_of
from workflow.errors import Refused
from workflow.journal.entries import history_of
from workflow.models.evidence import File

by_link = link_required("procurement.verificationtask")


class Answers(forms.Form):
    """The questions of one check, each by tapping; then how, where, when and how sure."""

    def __init__(
        self, data: Any, task: VerificationTask, today: Any, typed: dict[str, Any] | None = None
    ) -> None:
        super().__init__(data, initial=typed)
        self.asked = about(task)
        self.returned = task.status == VerificationTask.Status.RETURNED
        for question in self.asked:
            self.fields[question.code] = forms.ChoiceField(
                label=question.words,
                choices=list(ANSWERS.items()),
                widget=forms.RadioSelect,
                help_text=question.hint,
            )
            self.fields[f"{question.code}_seen"] = forms.CharField(
                label=_("What was seen"),
                required=False,
                widget=forms.Textarea(attrs={"rows": 2}),
                max_length=LONGEST_WORDS,
            )
        self.fields["method"] = forms.ChoiceField(
            label=_("How did you check?"), choices=Report.Method.choices
        )
        self.fields["place"] = forms.CharField(label=_("Where"), max_length=200, required=False)
        self.fields["seen_on"] = DayField(label=_("On which day"), initial=today)
        self.fields["seen_at"] = forms.TimeField(
            label=_("At what time, there"),
            required=False,
            widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
            error_messages={"invalid": _("Write the time as 14:30.")},
        )
        self.fields["confidence"] = forms.TypedChoiceField(
            label=_("How sure are you?"),
            choices=Report.Confidence.choices,
            coerce=int,
            widget=forms.RadioSelect,
        )
        self.fields["summary"] = forms.CharField(
            label=_("Anything the city should know"),
            required=False,
            widget=forms.Textarea(attrs={"rows": 3}),
            max_length=LONGEST_LETTER,
        )

    @property
    def questions(self) -> list[tuple[Question, Any, Any]]:
        """Each question, its field, and its line for what was seen."""
        return [(question, self[question.code], self[f"{question.code}_seen"]) for question in self.asked]

    @property
    def rest(self) -> list[Any]:
        """The fields after the questions."""
        names = ("method", "place", "seen_on", "seen_at", "confidence", "summary")
        return [self[name] for name in names if not (self.returned and name == "summary")]

    @property
    def answers(self) -> dict[str, dict[str, str]]:
        """The answers as they are kept."""
        facts = self.cleaned_data
        return {
            one.code: {"answer": facts[one.code], "seen": facts[f"{one.code}_seen"]} for one in self.asked
        }


class Cannot(Remark):
    """A no, which needs no reason; one reason is worth a tick, since others are asked in their place."""

    interest = forms.BooleanField(
        label=_("I have an interest in this company"),
        help_text=_("A share, a post, a relative: then somebody else looks. Saying so does you credit."),
        required=False,
    )


@by_link
def report(request: ByLink, reference: str) -> HttpResponse:
    """The check: what is asked, the form, or what became of the report."""
    task, by = _find(request, reference)
    form = Answers(request.POST or None, task, reader_day(clock.now()), last_report(task))
    context = _context(request, task, by, form)
    closed = closed_to(task, "submit", by) if form.is_bound else None
    if closed is not None:
        return show(request, "contact/report.html", context | {"refused": closed}, status=status_of(closed))
    if not form.is_valid():
        return show(request, "contact/report.html", context, status=422 if form.is_bound else 200)
    return too_often(request) or attempt(
        request,
        lambda: _submit(request, task, by, form),
        done=reverse("report", args=[reference]),
        template="contact/report.html",
        context=context,
    )


def last_report(task: VerificationTask) -> dict[str, Any] | None:
    """What the form of a returned check begins with: the last report, by the form's fields; None where none was returned."""
    last = task.reports.order_by("-pk").first() if task.status == VerificationTask.Status.RETURNED else None
    if last is None:
        return None
    said = ("method", "place", "seen_on", "seen_at", "confidence", "summary")
    known: dict[str, Any] = {name: getattr(last, name) for name in said}
    for code, one in last.answers.items():
        known |= {code: one.get("answer", ""), f"{code}_seen": one.get("seen", "")}
    return known


def _context(request: ByLink, task: VerificationTask, by: Powers, form: Answers) -> dict[str, Any]:
    brought = brought_to(task, person(request), "report_file")
    codes = form.asked.codes
    return {
        "task": task,
        "asked_in": _asked_in(task),
        "form": form,
        "questions": [
            (*one, [paper for paper in brought if paper.file.kind == one[0].code]) for one in form.questions
        ],
        "facts": facts_of(task),
        "moves": open_to(task, by),
        "photos": [paper for paper in brought if paper.file.kind not in codes],
        "papers": meant_for_them(task, "report_file"),
        "reports": task.reports.order_by("pk"),
    }


def _asked_in(task: VerificationTask) -> str:
    """The language of who returned the report with a question; "" where no one did."""
    if task.status != VerificationTask.Status.RETURNED:
        return ""
    returned = history_of(task).filter(verb="return").first()
    return returned.by.language if returned is not None and returned.by is not None else ""


def _submit(request: ByLink, task: VerificationTask, by: Powers, form: Answers) -> Report:
    facts = form.cleaned_data
    user = person(request)
    return reporting.submit(
        task,
        answers=form.answers,
        method=facts["method"],
        place=facts["place"],
        seen_on=facts["seen_on"],
        seen_at=facts["seen_at"],
        confidence=facts["confidence"],
        summary=facts["summary"],
        files=[file.pk for file in files_of(task, user) if file.status != File.Status.REJECTED],
        author=user,
        by_copied_link=request.link.copied_by_id is not None,
        by=by,
        at=clock.now(),
    )


@by_link
def take(request: ByLink, reference: str) -> HttpResponse:
    """Say “I will do it”."""
    task, by = _find(request, reference)
    if request.method != "POST":
        raise Http404
    return attempt(
        request,
        lambda: accept_check(task, by=by, at=clock.now()),
        done=reverse("report", args=[reference]),
        template="contact/report.html",
        context=lambda: _context(
            request, task, by, Answers(None, task, reader_day(clock.now()), last_report(task))
        ),
    )


@by_link
def decline(request: ByLink, reference: str) -> HttpResponse:
    """Say “I cannot”: one page, one button, a word if one likes."""
    task, by = _find(request, reference)
    form = Cannot(request.POST if request.method == "POST" else None)
    context = {"inquiry": task, "form": form, "heading": _("I cannot"), "button": _("Tell the city")}
    if not form.is_valid():
        return show(request, "contact/ask.html", context, status=422 if form.is_bound else 200)
    return too_often(request) or attempt(
        request,
        lambda: asking.decline(task, **form.cleaned_data, by=by, at=clock.now()),
        done=reverse("report", args=[reference]),
        template="contact/ask.html",
        context=context,
    )


@by_link
def colleague(request: ByLink, reference: str) -> HttpResponse:
    """Say “my colleague will”: chosen from those known here, or named in a line for the officer."""
    task, by = _find(request, reference)
    assert task.contact is not None  # `acting` has compared it with the link's person
    form = Colleague(request.POST if request.method == "POST" else None, task.contact, task.city)
    context = {"inquiry": task, "form": form, "heading": _("My colleague will"), "button": _("Pass it on")}
    if not form.is_valid():
        return show(request, "contact/ask.html", context, status=422 if form.is_bound else 200)
    facts, at = form.cleaned_data, clock.now()

    def act() -> VerificationTask:
        if facts["to"] is not None:
            return asking.forward(task, to=facts["to"], remark=facts["remark"], by=by, at=at)
        return asking.decline(task, remark=facts["remark"], by=by, at=at)

    return too_often(request) or attempt(
        request, act, done=reverse("report", args=[reference]), template="contact/ask.html", context=context
    )


@by_link
def add_photo(request: ByLink, reference: str) -> HttpResponse:
    """One photo of what was seen: of all of it, or for the answer to one question (`?of=`). 404 for what this check does not ask."""
    task, by = _find(request, reference)
    question = request.GET.get("of", "")
    if question and question not in about(task).codes:
        raise Http404

    def again(refused: Refused | None) -> HttpResponse:
        form = Answers(None, task, reader_day(clock.now()), request.POST.dict())
        context = _context(request, task, by, form) | {"refused": refused}
        return show(request, "contact/report.html", context, status=refusal_status(refused))

    return photo(request, task, by, Power.REPORT, again, kind=question or "photo")


@by_link
def on_paper(request: ByLink, reference: str) -> HttpResponse:
    """The check on paper, to print and take along."""
    task, _by = _find(request, reference)
    return for_contact(request, task)


def _find(request: ByLink, reference: str) -> tuple[VerificationTask, Powers]:
    rows = VerificationTask.objects.select_related(
        "contact__user",
        "contact__city",
        "city",
        "supplier__place",
        "certificate__kind",
        "lead__product",
        "lead__standard",
    )
    task = rows.filter(pk=request.link.thing_id).first()
    if task is None:
        raise Http404
    return task, acting(request, task, reference)


urlpatterns = [
    path("c/<slug:reference>/", report, name="report"),
    path("c/<slug:reference>/take/", take, name="report_take"),
    path("c/<slug:reference>/cannot/", decline, name="report_decline"),
    path("c/<slug:reference>/colleague/", colleague, name="report_colleague"),
    path("c/<slug:reference>/photo/", add_photo, name="report_photo"),
    path("c/<slug:reference>/sheet/", on_paper, name="report_sheet"),
]

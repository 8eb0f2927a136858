"""The list of checks, a check's page, and judging the report."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.db.models import Exists, OuterRef
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.translation import gettext_lazy as _

from partners.labels import town_label
from partners.roles import Power
from partners.visit import Visit
from partners.web import record
from procurement.exchange.sheets import CHECKS
from procurement.leads.models.offer import SupplierLead
from procurement.notices import calls, post
from procurement.notices.post import with_mails
from procurement.suppliers.models.company import Supplier
from procurement.verification.actions import asking, reporting
from procurement.verification.actions.asking import change_due_time
from procurement.verification.actions.reporting import send_back
from procurement.verification.models.checks import VerificationTask
from procurement.verification.models.reports import Report
from procurement.verification.questions import ANSWERS, Book, Question
from procurement.verification.rules.needed import WHY
from procurement.verification.rules.tasks import phone_due
from procurement.web.asking.letters import thanks_about
from procurement.web.checks.sharing import lent, offered
from procurement.web.sheets import sheet, wanted
from workflow import clock
from workflow.doors.bounds import LONGEST_WORDS
from workflow.doors.http import show
from workflow.doors.lists import page
from workflow.doors.moving import REDATED, Step, day_form, make, reason_form, redate
from workflow.errors import Words
from workflow.models.evidence import File
from workflow.tongues import read

WITH_NAMES = (
    "lead__product",
    "lead__contact",
    "lead__line__supply_request",
    "supplier__place",
    "certificate__kind",
    "contact__user",
    "contact__city",
    "city",
    "judged_by",
    "reused_from__city",
)


class Filters(forms.Form):
    """What a reader may narrow the list by."""

    q = forms.CharField(label=_("Number or supplier"), required=False, max_length=200)
    status = forms.ChoiceField(
        label=_("Status"), required=False, choices=[("", _("Any")), *VerificationTask.Status.choices]
    )


class AskBack(forms.Form):
    """What is asked back."""

    question = forms.CharField(
        label=_("Your question"), widget=forms.Textarea(attrs={"rows": 3}), max_length=LONGEST_WORDS
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
    found = page(request, rows)
    offers = SupplierLead.objects.visible_to(request.by).filter(pk__in=[task.lead_id for task in found])
    seen = set(offers.values_list("pk", flat=True))
    context = {"page": found, "seen": seen, "filters": form, "now": clock.now()}
    return show(request, "checks/list.html", context)


@login_required
def check(request: Visit, reference: str) -> HttpResponse:
    """One check: who was asked and why, the report, the two pairs of eyes."""
    thing = find(request, reference)
    by = request.by
    reports = Report.objects.visible_to(by).filter(task=thing).select_related("by").order_by("-pk")
    book = Book(thing.check_kind)
    beneath = record.of(request, thing)
    context = {
        "task": thing,
        "powers": by,
        "sees_needed": by.may(Power.SEE, thing.lead),
        "why": WHY.get(thing.why, ""),
        "reasons": [read(reason) for reason in thing.reasons if "en" in reason],
        "questions": book.asks(thing.lead.product.family),
        "reports": [(one, answered(one, book, beneath["files"])) for one in reports],
        "eyes": eyes(thing),
        "mails": post.of(thing),
        "to_give": thing.status == VerificationTask.Status.PROPOSED and by.may(Power.ASSIGN_CHECK, thing),
        "late": thing.due_at is not None
        and thing.status in VerificationTask.WAITING
        and thing.due_at < clock.now(),
    }
    if by.may(Power.ASSIGN_CHECK, thing):
        context["shared"] = offered(thing, clock.now())
    if thing.reused_from is not None:
        context["lent"] = lent(thing)
    if thing.status == VerificationTask.Status.ACCEPTED:
        context["thanks"] = thanks_about(thing)
    if phone_due(thing) and by.may(Power.ASSIGN_CHECK, thing):
        context["call"] = calls.of(thing, clock.now())
    return show(request, "checks/detail.html", context | beneath)


@dataclass(frozen=True)
class Answered:
    """An answer as its report gives it: to which question, the word, what was seen, and the files brought for it."""

    question: Question
    word: Words
    seen: str
    files: list[File]


def answered(report: Report, book: Book, files: Iterable[File]) -> list[Answered]:
    """A report's answers in the order of the questions it was asked, whatever the check asks by now.

    `files`: those of the check that the reader may see.
    """
    given = report.answers
    brought = [file for file in files if file.pk in report.file_ids]
    return [
        Answered(
            question,
            ANSWERS[given[question.code]["answer"]],
            given[question.code].get("seen", ""),
            [file for file in brought if file.kind == question.code],
        )
        for question in book.asks(report.asked_family, report.asked_version)
        if question.code in given
    ]


def eyes(task: VerificationTask) -> list[dict[str, Any]]:
    """The two pairs of eyes every check needs: who looked, and who judged."""
    maker = task.contact if task.reused_from is None else town_label(task.reused_from.city.name)
    looked = {
        "name": str(maker or "") if task.submitted_at else "",
        "what": _("looked"),
        "at": task.submitted_at,
        "waits": _("Still open"),
    }
    judged = {"name": str(task.judged_by or ""), "what": _("judged"), "at": task.judged_at}
    return [looked, judged | {"waits": _("A second person, still open")}]


@login_required
def move(request: Visit, reference: str, verb: str) -> HttpResponse:
    """A button or a form of a check's page."""
    return make(request, find(request, reference), verb, STEPS)


def find(request: Visit, reference: str) -> VerificationTask:
    """The check, as far as the reader may see it, with whether they see its offer and its company."""
    by = request.by
    rows = VerificationTask.objects.visible_to(by).select_related(*WITH_NAMES)
    seen = rows.annotate(
        sees_offer=Exists(SupplierLead.objects.visible_to(by).filter(pk=OuterRef("lead"))),
        sees_company=Exists(Supplier.objects.visible_to(by).filter(pk=OuterRef("supplier"))),
    )
    thing: VerificationTask = get_object_or_404(with_mails(seen, by), reference=reference)
    return thing


STEPS = {
    "accept": Step(
        lambda request, thing: reporting.accept(thing, judge=request.user, by=request.by, at=clock.now())
    ),
    "return": Step(
        lambda request, thing, question: send_back(thing, question=question, by=request.by, at=clock.now()),
        form=lambda data, thing: AskBack(data),
        hint=_("The contact gets a fresh link and two more days."),
    ),
    "remind": Step(lambda request, thing: asking.remind(thing, by=request.by, at=clock.now())),
    "redate": Step(
        lambda request, thing, due_at: redate(request, thing, due_at, change_due_time),
        form=day_form,
        hint=REDATED,
    ),
    "cancel": Step(
        lambda request, thing, reason: asking.cancel(thing, reason=reason, by=request.by, at=clock.now()),
        form=reason_form,
        hint=_("A needed check still counts: the offer stays unverified until one of its kind is accepted."),
    ),
    "open_again": Step(lambda request, thing: asking.reopen(thing, by=request.by, at=clock.now())),
}

urlpatterns = [
    path("checks/", checks, name="checks"),
    path("checks/<slug:reference>/", check, name="check"),
    path("checks/<slug:reference>/<slug:verb>/", move, name="check_move"),
]

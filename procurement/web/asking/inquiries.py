"""Questions that were put to contacts: the list, each one's page, its letter, and its steps. How one is put: outreach.py."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.translation import gettext_lazy as _

from partners.endings import endings
from partners.models.people import Contact
from partners.roles import Power
from partners.rules.people import NEW_ADDRESS
from partners.rules.powers import Powers
from partners.rules.trust import sees_details
from partners.visit import Visit
from partners.web import record
from procurement.exchange.sheets import QUESTIONS
from procurement.leads.models.offer import SupplierLead
from procurement.notices import calls, post
from procurement.notices.post import with_mails
from procurement.outreach.actions import answering, asking, waiting, writing
from procurement.outreach.actions.asking import ask_partner
from procurement.outreach.gathering.changes import needed_now
from procurement.outreach.letters import Letter
from procurement.outreach.models import Inquiry
from procurement.outreach.paper import letter
from procurement.outreach.rules.days import phone_due
from procurement.outreach.rules.inquiries import ANSWER
from procurement.web.asking import by_phone, next_person
from procurement.web.asking.letters import thanks_about
from procurement.web.asking.outreach import Message
from procurement.web.sheets import sheet, wanted
from workflow import clock
from workflow.days import utc_day
from workflow.doors.editing import Edit
from workflow.doors.files.handing import say_why
from workflow.doors.http import show
from workflow.doors.lists import page
from workflow.doors.moving import REDATED, Step, day_form, make, reason_form, redate
from workflow.errors import Refused
from workflow.tongues import read


@login_required
def inquiries(request: Visit) -> HttpResponseBase:
    """Every question the reader's cities sent, newest first, and what became of it."""
    rows = Inquiry.objects.visible_to(request.by).select_related(
        *("contact__user", "contact__city", "supply_request", "city", "introducer__user", "through_city")
    )
    if wanted(request):
        return sheet(request, "questions", QUESTIONS, rows)
    return show(request, "outreach/list.html", {"page": page(request, rows)})


@login_required
def inquiry(request: Visit, reference: str) -> HttpResponse:
    """One question: the message as sent, why this person, and what came of it."""
    thing = _find(request, reference)
    reasons = [read(reason) for reason in thing.reasons if "en" in reason]
    answers = SupplierLead.objects.visible_to(request.by).filter(inquiry=thing).order_by("pk")
    at = clock.now()
    context = {
        "inquiry": thing,
        "reasons": reasons,
        "powers": request.by,
        "answers": answers,
        "endings": endings(thing.ties, utc_day(at)),
        "mails": post.of(thing),
    }
    context["is_asker"] = request.by.may(Power.ASK, thing)
    context["phones_introducer"] = context["is_asker"] and _reads_phone(request.by, thing.introducer)
    waits = thing.status == Inquiry.Status.AWAITING_CONSENT
    context["partner_silent"] = context["is_asker"] and waits and thing.next_from is not None
    if phone_due(thing) and request.by.may(Power.ASK, thing):
        context["call"] = calls.of(thing, at)
    context |= next_person.of(thing, request.by)
    if thing.handed_to_id is not None:  # to somebody of whom not every reader may know
        onward = Inquiry.objects.visible_to(request.by).filter(pk=thing.handed_to_id)
        context["instead"] = onward.select_related("contact__user").first()
    if thing.leads:
        context["thanks"] = thanks_about(thing)
    context["letter_kept"] = hasattr(thing, "letter") or thing.sent_at is None
    context["to_enter"] = (
        bool(thing.told_by)
        and not thing.leads
        and request.by.may(Power.ASK, thing)
        and ANSWER.refusal(request.by, thing, clock.now()) is None
    )
    context["may_readdress"] = NEW_ADDRESS.refusal(request.by, thing.contact, at) is None
    return show(request, "outreach/detail.html", context | record.of(request, thing))


@login_required
def on_paper(request: Visit, reference: str) -> HttpResponse:
    """The question as a letter, PDF/A in the contact's language: to file, or to forward where mail is not read."""
    thing = _find(request, reference)
    try:
        pdf = letter(thing, at=clock.now(), now=needed_now).pdf
    except Refused as refused:
        return say_why(request, refused, "")
    answer = HttpResponse(pdf, content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="{thing.reference}.pdf"'
    return answer


@login_required
def move(request: Visit, reference: str, verb: str) -> HttpResponse:
    """A button or a form of a question's page."""
    return make(request, _find(request, reference), verb, STEPS)


def _reads_phone(by: Powers, person: Contact | None) -> bool:
    """Whether the reader sees a person who was asked to agree, and how to reach them: as programs do."""
    if person is None or not sees_details(by, person):
        return False
    return Contact.objects.visible_to(by).filter(pk=person.pk).exists()


def _find(request: Visit, reference: str) -> Inquiry:
    rows = Inquiry.objects.visible_to(request.by)
    rows = rows.select_related(
        "contact__user",
        "contact__city",
        "contact__organisation",
        "supply_request__city",
        "city",
        "through_city",
        "introducer__user",
        "introducer__city",
        "letter",
    )
    thing: Inquiry = get_object_or_404(with_mails(rows, request.by), reference=reference)
    return thing


class Revision(Message, Edit):
    """Other words for a question that has not gone yet, in both languages, and why this person is asked."""

    def __init__(self, data: Any, inquiry: Inquiry) -> None:
        alone = inquiry.language_own == inquiry.language and not inquiry.body_own
        own = None if alone else Letter(inquiry.subject_own, inquiry.body_own)
        super().__init__(data, Letter(inquiry.subject, inquiry.body), own)
        self.fields["chosen_because"].initial = inquiry.chosen_because


def _plain(action: Any) -> Step:
    return Step(lambda request, thing: action(thing, by=request.by, at=clock.now()))


STEPS = {
    "revise": Step(
        lambda request, thing, figures_seen=False, **words: writing.revise(
            thing, by=request.by, at=clock.now(), **words
        ),
        form=Revision,
        template="outreach/revise.html",
    ),
    "send": _plain(asking.send),
    "ask_partner": _plain(ask_partner),
    "consent": _plain(asking.consent),
    "refuse": Step(
        lambda request, thing, reason: asking.refuse(thing, reason=reason, by=request.by, at=clock.now()),
        form=reason_form,
    ),
    "remind": _plain(waiting.remind),
    "redate": Step(
        lambda request, thing, due_at: redate(request, thing, due_at, waiting.redate),
        form=day_form,
        hint=REDATED,
    ),
    "ask_next": next_person.STEP,
    "lapse": _plain(waiting.lapse),
    "cancel": _plain(waiting.cancel),
    "note_call": by_phone.STEP,
    "decline": Step(
        lambda request, thing, reason: answering.decline(thing, remark=reason, by=request.by, at=clock.now()),
        form=reason_form,
        hint=_("What they said on the phone or in a letter."),
    ),
}

urlpatterns = [
    path("inquiries/", inquiries, name="inquiries"),
    path("inquiries/<slug:reference>/", inquiry, name="inquiry"),
    path("inquiries/<slug:reference>/letter/", on_paper, name="inquiry_letter"),
    *by_phone.urlpatterns,
    path("inquiries/<slug:reference>/<slug:verb>/", move, name="inquiry_move"),
]

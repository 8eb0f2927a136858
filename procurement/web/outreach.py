"""Asking partners: who is suggested and why, the exact message in both languages, and a question's page."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from partners.candidates import Suggestion
from partners.endings import endings, endings_of
from partners.models import Contact
from partners.roles import Power
from partners.rules.hours import decent_hour
from partners.visit import Visit, only
from partners.web import record
from procurement.exchange.sheets import QUESTIONS
from procurement.leads.models import SupplierLead
from procurement.notices import calls, post
from procurement.outreach import actions
from procurement.outreach.gathering.people import asked_before, best_of, go_between, letters, told
from procurement.outreach.gathering.people import suggested as suggested_for
from procurement.outreach.letters import Letter
from procurement.outreach.models import Inquiry
from procurement.outreach.paper import letter
from procurement.outreach.rules import NEXT_AFTER, needs_a_reason, phone_due
from procurement.requests.models import SupplyRequest
from procurement.web import next_person
from procurement.web.letters import BothTexts
from procurement.web.needs.needs import find
from procurement.web.sheets import sheet, wanted
from workflow import clock
from workflow.doors.forms import MomentField
from workflow.doors.http import attempt, show
from workflow.doors.lists import page
from workflow.doors.moving import REDATED, Step, day_form, make, reason_form
from workflow.doors.words import moment
from workflow.tongues import read

MOST_SUGGESTED = 12


class Message(BothTexts):
    """A question's words, and why this person where another was suggested first."""

    chosen_because = forms.CharField(
        label=_("Why this person and not the first suggested"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=1000,
    )


@login_required
def ask(request: Visit, reference: str) -> HttpResponse:
    """Whom this need could be asked of, best first, each with the reason in words."""
    need = find(request, reference)
    only(request, Power.ASK, need)
    at = clock.now()
    suggested = suggested_for(need, at.date(), request.user.language)
    people = [one.contact.user_id for one in suggested[:MOST_SUGGESTED]]
    asked, elsewhere = asked_before(need, people, request.by, at)
    best = best_of(suggested, asked)
    context = {
        "need": need,
        "suggestions": [
            (one, asked.get(one.contact.pk), elsewhere.get(one.contact.user_id, ()))
            for one in suggested[:MOST_SUGGESTED]
        ],
        "best": best.contact.pk if best else None,
        "days": NEXT_AFTER.days,
        "endings": endings_of(need.city, at.date()),
    }
    return show(request, "outreach/ask.html", context)


@login_required
def write(request: Visit, reference: str, contact_id: int) -> HttpResponse:
    """The exact message to one contact, in both languages, before it goes; sent with one button."""
    need = find(request, reference)
    only(request, Power.ASK, need)
    at = clock.now()
    suggested = suggested_for(need, at.date(), request.user.language)
    chosen = chosen_of(suggested, contact_id)
    contact = chosen.contact if chosen else visible_contact(request, contact_id)
    asked, elsewhere = asked_before(need, [contact.user_id], request.by, at)
    best = best_of(suggested, asked)
    first = best.contact if best else None
    theirs, own = letters(need, contact, request.user.language)
    form = Message(request.POST or None, theirs, own)
    passes_over = contact_id not in asked and needs_a_reason(contact, first, "") is not None
    form.fields["chosen_because"].required = passes_over and "look" not in request.POST
    context = {
        "need": need,
        "contact": contact,
        "form": form,
        "suggestion": chosen,
        "best": best,
        "passes_over": passes_over,
        "elsewhere": elsewhere.get(contact.user_id, ()),
    }
    if request.method != "POST" or not form.is_valid():
        return show(request, "outreach/write.html", context, status=422 if form.is_bound else 200)
    if "look" in request.POST:
        return show(request, "outreach/write.html", context)
    return attempt(
        request,
        lambda: _send(request, need, contact, form, chosen, first),
        done=lambda inquiry: _said(request, need, inquiry),
        template="outreach/write.html",
        context=context,
    )


def _said(request: Visit, need: SupplyRequest, inquiry: Inquiry) -> str:
    """Back to the list, with a word on when the letter reaches its reader: in their working hours, not at once."""
    reader = inquiry.contact.user
    at = clock.now()
    when = decent_hour(reader, at)
    if inquiry.through_city is not None:
        words = gettext("%(city)s is asked first.") % {"city": inquiry.through_city.name}
    elif when > at:
        figures = {"there": moment(when, reader.time_zone), "here": moment(when)}
        words = gettext("It goes out in their working hours: %(there)s, here %(here)s.") % figures
    else:
        words = gettext("It is on its way.")
    messages.success(request, words)
    return f"{need.get_absolute_url()}ask/"


def chosen_of(suggested: Iterable[Suggestion], contact_id: int) -> Suggestion | None:
    """The suggestion of this contact: who is suggested may be asked, also one that a partner city has yet to introduce."""
    return next((one for one in suggested if one.contact.pk == contact_id), None)


def visible_contact(request: Visit, contact_id: int) -> Contact:
    """A contact nobody suggested, as far as the reader may see them."""
    contact: Contact = get_object_or_404(Contact.objects.visible_to(request.by).answering(), pk=contact_id)
    return contact


def _send(
    request: Visit,
    need: SupplyRequest,
    contact: Contact,
    form: Message,
    chosen: Suggestion | None,
    best: Contact | None,
) -> Inquiry:
    """Write the question and send it; through a partner city, ask that city first."""
    at = clock.now()
    city = go_between(chosen) if chosen else None
    inquiry = actions.propose(
        need,
        contact,
        **form.words(),
        reasons=told(chosen.ranked.reasons) if chosen else [],
        through_city=city,
        best=best,
        chosen_because=form.cleaned_data["chosen_because"],
        author=request.user,
        by=request.by,
        at=at,
    )
    go = actions.ask_partner if city else actions.send
    return go(inquiry, by=request.by, at=at)


@login_required
def inquiries(request: Visit) -> HttpResponseBase:
    """Every question the reader's cities sent, newest first, and what became of it."""
    rows = Inquiry.objects.visible_to(request.by).select_related(
        "contact__user", "contact__city", "supply_request", "city"
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
        "endings": endings(thing.ties, at.date()),
        "mails": post.of(thing),
    }
    if phone_due(thing) and request.by.may(Power.ASK, thing):
        context["call"] = calls.of(thing, at)
    context |= next_person.of(thing, request.by)
    if thing.handed_to_id is not None:  # to somebody of whom not every reader may know
        onward = Inquiry.objects.visible_to(request.by).filter(pk=thing.handed_to_id)
        context["instead"] = onward.select_related("contact__user").first()
    context["may_invite"] = request.by.may(Power.INVITE_CONTACT, thing.contact)
    return show(request, "outreach/detail.html", context | record.of(request, thing))


@login_required
def on_paper(request: Visit, reference: str) -> HttpResponse:
    """The question as a letter, PDF/A in the contact's language: to file, or to forward where mail is not read."""
    thing = _find(request, reference)
    answer = HttpResponse(letter(thing, at=clock.now()).pdf, content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="{thing.reference}.pdf"'
    return answer


@login_required
def move(request: Visit, reference: str, verb: str) -> HttpResponse:
    """A button or a form of a question's page."""
    return make(request, _find(request, reference), verb, STEPS)


def _find(request: Visit, reference: str) -> Inquiry:
    rows = Inquiry.objects.visible_to(request.by)
    rows = rows.select_related(
        "contact__user",
        "contact__city",
        "contact__organisation",
        "supply_request__city",
        "city",
        "through_city",
    )
    thing: Inquiry = get_object_or_404(post.with_mails(rows, request.by), reference=reference)
    return thing


class Revision(BothTexts):
    """Other words for a question that has not gone yet, in both languages."""

    def __init__(self, data: Any, inquiry: Inquiry) -> None:
        alone = inquiry.language_own == inquiry.language and not inquiry.body_own
        own = None if alone else Letter(inquiry.subject_own, inquiry.body_own)
        super().__init__(data, Letter(inquiry.subject, inquiry.body), own)


class PhoneNote(forms.Form):
    """An answer that came by phone."""

    said_by = forms.CharField(label=_("Who said it"), max_length=150)
    said_at = MomentField(
        label=_("When"),
        required=False,
        help_text=_("By your clock, such as 2020-04-16 23:40. Leave it empty if they said it just now."),
    )
    remark = forms.CharField(
        label=_("What they said"), widget=forms.Textarea(attrs={"rows": 4}), max_length=2000
    )

    def __init__(self, data: Any, inquiry: Inquiry) -> None:
        super().__init__(data, initial={"said_by": inquiry.contact.user.name})


def _note_call(request: Visit, thing: Inquiry, said_at: datetime | None, **facts: str) -> Inquiry:
    at = clock.now()
    return actions.note_call(thing, said_at=said_at or at, by=request.by, at=at, **facts)


def _plain(action: Any) -> Step:
    return Step(lambda request, thing: action(thing, by=request.by, at=clock.now()))


STEPS = {
    "revise": Step(
        lambda request, thing, figures_seen=False, **words: actions.revise(
            thing, by=request.by, at=clock.now(), **words
        ),
        form=Revision,
        template="outreach/revise.html",
    ),
    "send": _plain(actions.send),
    "ask_partner": _plain(actions.ask_partner),
    "consent": _plain(actions.consent),
    "refuse": Step(
        lambda request, thing, reason: actions.refuse(thing, reason=reason, by=request.by, at=clock.now()),
        form=reason_form,
    ),
    "remind": _plain(actions.remind),
    "redate": Step(
        lambda request, thing, due_at: actions.redate(thing, due_at=due_at, by=request.by, at=clock.now()),
        form=day_form,
        hint=REDATED,
    ),
    "ask_next": next_person.STEP,
    "lapse": _plain(actions.lapse),
    "cancel": _plain(actions.cancel),
    "note_call": Step(
        _note_call,
        form=PhoneNote,
        hint=_(
            "It counts as an answer: no more reminders go. If they named a supplier, enter the offer next."
        ),
        after=lambda thing: f"{thing.supply_request.get_absolute_url()}inbox/",
    ),
    "decline": Step(
        lambda request, thing, reason: actions.decline(thing, remark=reason, by=request.by, at=clock.now()),
        form=reason_form,
        hint=_("What they said on the phone or in a letter."),
    ),
}

urlpatterns = [
    path("needs/<slug:reference>/ask/", ask, name="ask"),
    path("needs/<slug:reference>/ask/<int:contact_id>/", write, name="ask_contact"),
    path("inquiries/", inquiries, name="inquiries"),
    path("inquiries/<slug:reference>/", inquiry, name="inquiry"),
    path("inquiries/<slug:reference>/letter/", on_paper, name="inquiry_letter"),
    path("inquiries/<slug:reference>/<slug:verb>/", move, name="inquiry_move"),
]

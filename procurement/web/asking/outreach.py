"""Asking partners: who is suggested and why, and the exact message in both languages. What became of it: inquiries.py."""

from collections.abc import Iterable

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from partners.candidates import Suggestion
from partners.endings import endings_of
from partners.models.people import Contact
from partners.roles import Power
from partners.visit import Visit, only
from procurement.outreach.actions import asking, writing
from procurement.outreach.actions.asking import ask_partner
from procurement.outreach.gathering.people import (
    asked_before,
    best_of,
    go_between,
    letters,
    suggested_contacts,
    told,
)
from procurement.outreach.models import Inquiry
from procurement.outreach.rules.days import NEXT_AFTER
from procurement.outreach.rules.people import needs_a_reason
from procurement.outreach.rules.repetition import waits_elsewhere
from procurement.requests.models import SupplyRequest
from procurement.web.asking.letters import BothTexts, going
from procurement.web.needs.needs import find
from workflow import clock
from workflow.days import utc_day
from workflow.doors.bounds import LONGEST_WORDS
from workflow.doors.http import attempt, show

MOST_SUGGESTED = 12


class Message(BothTexts):
    """A question's words, and why this person where another was suggested first."""

    chosen_because = forms.CharField(
        label=_("Why this person and not the first suggested"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=LONGEST_WORDS,
    )


@login_required
def ask(request: Visit, reference: str) -> HttpResponse:
    """Whom this need could be asked of, best first, each with the reason in words."""
    need = find(request, reference)
    only(request, Power.ASK, need)
    at = clock.now()
    suggested = suggested_contacts(need, at, request.user.language)
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
        "endings": endings_of(need.city, utc_day(at)),
    }
    return show(request, "outreach/ask.html", context)


@login_required
def write(request: Visit, reference: str, contact_id: int) -> HttpResponse:
    """The exact message to one contact, in both languages, before it goes; sent with one button."""
    need = find(request, reference)
    only(request, Power.ASK, need)
    at = clock.now()
    suggested = suggested_contacts(need, at, request.user.language)
    chosen = chosen_of(suggested, contact_id)
    contact = chosen.contact if chosen else visible_contact(request, contact_id)
    asked, elsewhere = asked_before(need, [contact.user_id], request.by, at)
    best = best_of(suggested, asked)
    first = best.contact if best else None
    theirs, own = letters(need, contact, request.user.language)
    form = Message(request.POST or None, theirs, own)
    again = contact_id not in asked and waits_elsewhere(need, contact)
    passes_over = contact_id not in asked and needs_a_reason(contact, first, "") is not None
    form.fields["chosen_because"].required = (passes_over or again) and "look" not in request.POST
    context = {
        "need": need,
        "contact": contact,
        "form": form,
        "suggestion": chosen,
        "best": best,
        "passes_over": passes_over,
        "again": again,
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
    if inquiry.through_city is not None:
        words = gettext("%(city)s is asked first.") % {"city": inquiry.through_city.name}
    else:
        words = going(inquiry.contact.user, clock.now())
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
    inquiry = writing.propose(
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
    go = ask_partner if city else asking.send
    return go(inquiry, by=request.by, at=at)


urlpatterns = [
    path("needs/<slug:reference>/ask/", ask, name="ask"),
    path("needs/<slug:reference>/ask/<int:contact_id>/", write, name="ask_contact"),
]

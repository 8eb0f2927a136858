"""Pages for asking contacts: suggestions with reasons, and the exact message in both languages.

The pages of existing inquiries are in inquiries.py.
"""

from collections.abc import Iterable
from datetime import datetime

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext

from partners.authenticated_requests import AuthenticatedRequest, require_permission
from partners.contacts.models import Contact
from partners.powers import Power
from partners.routing.expired_agreements import expired_partners
from partners.routing.recommendations import Recommendation
from procurement.outreach.actions.inquiries import draft_inquiry, send_or_ask_partner
from procurement.outreach.forms import InquiryTextForm
from procurement.outreach.letters import consent_used_sentence
from procurement.outreach.models.inquiries import Inquiry
from procurement.outreach.queries.contacts import (
    best_suggestion,
    consent_for_suggestion,
    earlier_inquiries,
    intermediary_city,
    suggested_contacts,
)
from procurement.outreach.queries.letters import compose_letters, translated_reasons
from procurement.outreach.rules.consents import consent_sentence_for_sender
from procurement.outreach.rules.dates import ALTERNATES_ALLOWED_AFTER
from procurement.outreach.rules.inquiries import is_asked_by_other_city
from procurement.outreach.rules.people import unexplained_choice_refusal
from procurement.outreach.views.line_choice import LineChoice, line_choice
from procurement.outreach.views.mail_preview import preview_mails
from procurement.outreach.views.sent_letters import delivery_time_sentence
from procurement.requests.models import SupplyRequest
from procurement.requests.views.requests import find_need
from workflow import clock
from workflow.days import utc_day
from workflow.http.pages import render_page, run_action

MAX_SUGGESTED_CONTACTS = 12


@login_required
def ask_contacts(request: AuthenticatedRequest, reference: str) -> HttpResponse:
    """Show the contacts who could be asked about a need, best first, each with the reasons in words."""
    need = find_need(request, reference)
    require_permission(request, Power.SEND_INQUIRY, need)
    return contact_choice_page(request, need, line_choice(request, need), clock.now())


def contact_choice_page(
    request: AuthenticatedRequest,
    need: SupplyRequest,
    choice: LineChoice,
    at: datetime,
    *,
    none_ticked: bool = False,
) -> HttpResponse:
    """Return the page with the contacts to tick, ranked for the chosen lines.

    `none_ticked` is True if the form was sent without any contact.
    """
    suggested = suggested_contacts(need, at, request.user.language, choice.numbers)
    people = [one.contact.user_id for one in suggested[:MAX_SUGGESTED_CONTACTS]]
    asked, elsewhere = earlier_inquiries(need, people, request.by, at, choice.numbers)
    best = best_suggestion(suggested, asked)
    context = {
        "need": need,
        "choice": choice,
        "none_ticked": none_ticked,
        "suggestions": [
            (one, asked.get(one.contact.pk), elsewhere.get(one.contact.user_id, ()))
            for one in suggested[:MAX_SUGGESTED_CONTACTS]
        ],
        "best": best.contact.pk if best else None,
        "may_ask": not need.stopped
        and any(one.contact.pk not in asked for one in suggested[:MAX_SUGGESTED_CONTACTS]),
        "days": ALTERNATES_ALLOWED_AFTER.days,
        "endings": expired_partners(need.city, utc_day(at)),
    }
    return render_page(request, "outreach/ask_contacts.html", context)


@login_required
def new_inquiry(request: AuthenticatedRequest, reference: str, contact_id: int) -> HttpResponse:
    """Show the exact message to one contact in both languages, and send it.

    `look` in the form shows a preview and sends nothing. An address with a removed line shows the choice of lines again.
    Requires the power SEND_INQUIRY over the need.
    """
    need = find_need(request, reference)
    require_permission(request, Power.SEND_INQUIRY, need)
    at, choice = clock.now(), line_choice(request, need)
    if choice.removed_numbers and request.method != "POST":
        return contact_choice_page(request, need, choice, at)
    return _letter_page(request, need, choice, contact_id, at)


def _letter_page(
    request: AuthenticatedRequest, need: SupplyRequest, choice: LineChoice, contact_id: int, at: datetime
) -> HttpResponse:
    """Return the page with the letter to one contact, or the response to its form."""
    suggested = suggested_contacts(need, at, request.user.language, choice.numbers)
    chosen = suggestion_of_contact(suggested, contact_id)
    contact = chosen.contact if chosen else find_contact(request, contact_id)
    asked, elsewhere = earlier_inquiries(need, [contact.user_id], request.by, at, choice.numbers)
    best = best_suggestion(suggested, asked)
    first = best.contact if best else None
    theirs, own = compose_letters(need, contact, request.user, need.city.day_at(at), choice.numbers)
    form = InquiryTextForm(request.POST or None, theirs, own)
    again = contact_id not in asked and is_asked_by_other_city(need, contact, choice.numbers)
    passes_over = contact_id not in asked and unexplained_choice_refusal(contact, first, "") is not None
    form.fields["chosen_because"].required = (passes_over or again) and "look" not in request.POST
    consent = consent_for_suggestion(need, chosen, at)
    context = {
        "need": need,
        "choice": choice,
        "contact": contact,
        "form": form,
        "suggestion": chosen,
        "best": best,
        "passes_over": passes_over,
        "again": again,
        "elsewhere": elsewhere.get(contact.user_id, ()),
        "consented": consent_sentence_for_sender(consent) if consent is not None else None,
    }
    if request.method != "POST" or not form.is_valid():
        status = 422 if form.is_bound else 200
        return render_page(request, "outreach/new_inquiry.html", context, status=status)
    if "look" in request.POST:
        mails = preview_mails(need, contact, request.user, form.letter_texts(), consent, choice.numbers)
        return render_page(request, "outreach/new_inquiry.html", context | {"mails": mails})
    return run_action(
        request,
        lambda: _send_or_ask_partner(request, need, choice, contact, form, chosen, first),
        done=lambda inquiry: _confirmation(request, need, inquiry) + choice.query_string,
        template="outreach/new_inquiry.html",
        context=context,
    )


def _confirmation(request: AuthenticatedRequest, need: SupplyRequest, inquiry: Inquiry) -> str:
    """Add a message on when the inquiry goes out, and return the address of the list of contacts.

    For an inquiry through a partner city, it names the city that is asked first, or the consent that was used.
    """
    words = delivery_time_sentence(inquiry.contact.user, clock.now())
    if inquiry.consent is not None:
        words = f"{consent_used_sentence(inquiry.consent)} {words}"
    elif inquiry.through_city is not None:
        words = gettext("%(city)s will be asked first.") % {"city": inquiry.through_city.name}
    messages.success(request, words)
    return f"{need.get_absolute_url()}ask/"


def suggestion_of_contact(suggested: Iterable[Recommendation], contact_id: int) -> Recommendation | None:
    """Return the suggestion of this contact, or None.

    A suggested contact may be asked even if a partner city must introduce them first.
    """
    return next((one for one in suggested if one.contact.pk == contact_id), None)


def find_contact(request: AuthenticatedRequest, contact_id: int) -> Contact:
    """Return a contact who was not suggested, or raise 404 if the reader may not see them."""
    contact: Contact = get_object_or_404(
        Contact.objects.visible_to(request.by).accepting_inquiries(), pk=contact_id
    )
    return contact


def _send_or_ask_partner(
    request: AuthenticatedRequest,
    need: SupplyRequest,
    choice: LineChoice,
    contact: Contact,
    form: InquiryTextForm,
    chosen: Recommendation | None,
    best: Contact | None,
) -> Inquiry:
    """Write the inquiry about the chosen lines and send it, or ask the partner city first if it needs the consent of one."""
    at = clock.now()
    city = intermediary_city(chosen) if chosen else None
    inquiry = draft_inquiry(
        need,
        contact,
        **form.letter_texts(),
        reasons=translated_reasons(chosen.ranked_contact.reasons) if chosen else [],
        line_numbers=choice.sent_numbers,
        through_city=city,
        best=best,
        chosen_because=form.cleaned_data["chosen_because"],
        author=request.user,
        by=request.by,
        at=at,
    )
    return send_or_ask_partner(inquiry, by=request.by, at=at)

"""Page that asks several contacts at once: one letter for each language they read, with merge fields.

Each contact gets an inquiry of their own. If one is refused, the others still go out, and the page keeps the text.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language, gettext, ngettext

from partners.contacts.models import Contact
from partners.http import AuthenticatedRequest, require_permission
from partners.powers import Power
from partners.routing.recommendations import Recommendation
from procurement.outreach.actions.inquiries import ask_partner_city, draft_inquiry, send_inquiry
from procurement.outreach.forms import CommonLetterForm
from procurement.outreach.letters import compose_common_letter, fill_letter, merge_values
from procurement.outreach.models import Inquiry
from procurement.outreach.queries.contacts import (
    asked_contacts,
    best_suggestion,
    intermediary_city,
    suggested_contacts,
)
from procurement.outreach.queries.letters import agreements_with, need_lines, signatory, translated_reasons
from procurement.outreach.rules.inquiries import is_asked_by_other_city
from procurement.outreach.rules.people import choice_explained
from procurement.outreach.views.ask_contacts import contact_list
from procurement.outreach.views.mail_preview import MailPreview, preview_mails
from procurement.requests.models import SupplyRequest
from procurement.requests.views.requests import find_need
from workflow import clock
from workflow.errors import Refused
from workflow.http.pages import render_page, run_action

MOST = 20  # contacts for one letter
LONGEST_ID = 12  # figures of an id; a longer one is no contact
TEMPLATE = "outreach/write_several.html"


@dataclass(frozen=True)
class Batch:
    """Contacts that the reader ticked for one letter about a need.

    `first` is the best suggestion among all contacts not yet asked. `gone` are ticked contacts who cannot be asked
    any more, each with the reason.
    """

    need: SupplyRequest
    chosen: list[Recommendation]
    first: Contact | None
    gone: list[tuple[Contact, Refused]]

    @property
    def contacts(self) -> list[Contact]:
        """The ticked contacts, best first."""
        return [one.contact for one in self.chosen]

    def best_for(self, contact: Contact) -> Contact | None:
        """Return the contact that would have been asked first instead, or None if the first is ticked too."""
        return None if self.first in self.contacts else self.first

    def needs_reason(self, contact: Contact) -> bool:
        """Return True if asking this contact takes a written reason."""
        explained = choice_explained(contact, self.best_for(contact), "")
        return explained is not None or is_asked_by_other_city(self.need, contact)


@login_required
def ask_several(request: AuthenticatedRequest, reference: str) -> HttpResponse:
    """Show one letter to the ticked contacts, and send each of them an inquiry. One contact has a page of its own.

    `look` in the form shows each letter as filled in and sends nothing. Requires the power ASK over the need.
    """
    need = find_need(request, reference)
    require_permission(request, Power.ASK, need)
    at = clock.now()
    batch = _batch(request, need, at)
    if not batch.chosen:
        return contact_list(request, need, at, none_ticked=True)
    if request.method != "POST" and len(batch.chosen) == 1:
        return redirect("ask_contact", need.reference, batch.contacts[0].pk)
    form = _form(request, batch)
    context = {"need": need, "batch": batch, "form": form, "fields": _fields_of(batch, at)}
    if request.method != "POST" or not form.is_valid():
        return render_page(request, TEMPLATE, context, status=422 if form.is_bound else 200)
    if "look" in request.POST:
        return render_page(request, TEMPLATE, context | {"previews": _previews(request, batch, form, at)})
    return run_action(
        request,
        lambda: _send_all(request, batch, form, at),
        done=lambda refused: _answer(request, batch, refused),
        template=TEMPLATE,
        context=context,
    )


def _batch(request: AuthenticatedRequest, need: SupplyRequest, at: datetime) -> Batch:
    """Return the ticked contacts among the suggested ones who were not asked about this need yet."""
    sent = request.POST if request.method == "POST" else request.GET
    ticked = set(sent.getlist("contact"))
    suggested = suggested_contacts(need, at, request.user.language)
    asked = asked_contacts(need)
    best = best_suggestion(suggested, asked)
    free = [one for one in suggested if one.contact.pk not in asked and str(one.contact.pk) in ticked][:MOST]
    left = {int(one) for one in ticked if one.isascii() and one.isdecimal() and len(one) < LONGEST_ID}
    left -= {one.contact.pk for one in free}
    rows = Contact.objects.visible_to(request.by).filter(pk__in=left).select_related("user").order_by("pk")
    gone = [(one, _why_gone(one, need, asked=one.pk in asked)) for one in rows]
    return Batch(need, free, best.contact if best else None, gone)


def _why_gone(contact: Contact, need: SupplyRequest, *, asked: bool) -> Refused:
    """Return why a ticked contact cannot be asked: by now a colleague asked, or they take no inquiries."""
    if asked:
        words = gettext("%(contact)s has already been asked about %(need)s.")
        return Refused("asked_already", words % {"contact": contact, "need": need})
    return Refused("not_suggested", gettext("%(contact)s does not accept inquiries.") % {"contact": contact})


def _form(request: AuthenticatedRequest, batch: Batch) -> CommonLetterForm:
    """Return the form with a draft for each language that the contacts read, and for the officer's own."""
    read = list(dict.fromkeys(contact.user.language for contact in batch.contacts))
    lines, signed = need_lines(batch.need), signatory(request.user, batch.need.city)
    drafts = {
        language: compose_common_letter(batch.need, lines, language, signatory=signed)
        for language in dict.fromkeys((*read, request.user.language))
    }
    reason = any(batch.needs_reason(contact) for contact in batch.contacts)
    return CommonLetterForm(request.POST or None, drafts, read, reason=reason)


def _words_for(
    request: AuthenticatedRequest, batch: Batch, form: CommonLetterForm, at: datetime
) -> dict[int, dict[str, str]]:
    """Return the text for each contact by their id, as arguments of `draft_inquiry`."""
    city, own = batch.need.city, request.user.language
    agreements = agreements_with(city, [one.city_id for one in batch.contacts], city.day_at(at))
    found = {}
    for contact in batch.contacts:
        there = agreements.get(contact.city_id)
        texts = {
            language: fill_letter(form.letter(language), merge_values(city, contact, language, there))
            for language in (contact.user.language, own)
        }
        theirs, mine = texts[contact.user.language], texts[own]
        words = {"subject": theirs.subject, "body": theirs.body}
        if own != contact.user.language:
            words |= {"subject_own": mine.subject, "body_own": mine.body}
        found[contact.pk] = words
    return found


def _previews(
    request: AuthenticatedRequest, batch: Batch, form: CommonLetterForm, at: datetime
) -> list[tuple[Contact, list[MailPreview]]]:
    words = _words_for(request, batch, form, at)
    return [
        (contact, preview_mails(batch.need, contact, request.user, words[contact.pk]))
        for contact in batch.contacts
    ]


def _fields_of(batch: Batch, at: datetime) -> dict[str, str]:
    """Return the merge fields with their values for the first contact, as an example in the reader's language."""
    contact = batch.contacts[0]
    city = batch.need.city
    there = agreements_with(city, [contact.city_id], city.day_at(at)).get(contact.city_id)
    return {
        f"{{{name}}}": value
        for name, value in merge_values(city, contact, get_language() or "en", there).items()
    }


def _send_all(
    request: AuthenticatedRequest, batch: Batch, form: CommonLetterForm, at: datetime
) -> list[tuple[Contact, Refused]]:
    """Send an inquiry to each ticked contact. Return those who were refused, with the refusal.

    Raises the refusal if no inquiry was sent.
    """
    words, refused = _words_for(request, batch, form, at), []
    by_id = sorted(
        batch.chosen, key=lambda one: one.contact.pk
    )  # all who lock several contacts lock them in one order
    for one in by_id:
        try:
            with transaction.atomic():
                _send(request, batch, one, words[one.contact.pk], form.cleaned_data["chosen_because"], at)
        except Refused as error:
            refused.append((one.contact, error))
    if len(refused) == len(by_id):  # nothing was sent, so the form stays as it is
        contact, first = refused[0]
        raise Refused(first.code, _named(contact, first), **first.details)
    return refused


def _send(
    request: AuthenticatedRequest,
    batch: Batch,
    chosen: Recommendation,
    words: dict[str, str],
    because: str,
    at: datetime,
) -> Inquiry:
    """Write the inquiry to one contact and send it. If it goes through a partner city, ask that city first."""
    contact, city = chosen.contact, intermediary_city(chosen)
    inquiry = draft_inquiry(
        batch.need,
        contact,
        **words,
        reasons=translated_reasons(chosen.ranked.reasons),
        through_city=city,
        best=batch.best_for(contact),
        chosen_because=because if batch.needs_reason(contact) else "",
        author=request.user,
        by=request.by,
        at=at,
    )
    go = ask_partner_city if city else send_inquiry
    return go(inquiry, by=request.by, at=at)


def _named(contact: Contact, refused: Refused) -> str:
    """Return the refusal as a sentence that names the contact."""
    if str(contact) in (message := str(refused.message)):
        return message
    return gettext("%(what)s: %(why)s") % {"what": contact, "why": refused.message}


def _answer(
    request: AuthenticatedRequest, batch: Batch, refused: list[tuple[Contact, Refused]]
) -> str | HttpResponse:
    """Return the address of the list of contacts, or the page again for those who were refused."""
    sent = len(batch.chosen) - len(refused)
    messages.success(request, _sent_sentence(sent))
    if not refused:
        for contact, error in batch.gone:
            messages.warning(request, _named(contact, error))
        return f"{batch.need.get_absolute_url()}ask/"
    left = {contact.pk for contact, _error in refused}
    rest = replace(batch, chosen=[one for one in batch.chosen if one.contact.pk in left])
    context = {
        "need": batch.need,
        "batch": rest,
        "form": _form(request, rest),
        "fields": _fields_of(rest, clock.now()),
        "not_sent": [_named(contact, error) for contact, error in (*refused, *batch.gone)],
    }
    return render_page(request, TEMPLATE, context)


def _sent_sentence(count: int) -> str:
    words = ngettext(
        "%(count)d request sent. It will go out during the recipient’s working hours.",
        "%(count)d requests sent. Each will go out during the recipient’s working hours.",
        count,
    )
    return words % {"count": count}

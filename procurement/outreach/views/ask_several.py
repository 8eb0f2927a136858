"""Page that asks several contacts at once: one letter for each language they read, with merge fields.

Each contact gets an inquiry of their own. If one is refused, the others still go out, and the page keeps the text.
"""

from dataclasses import replace
from datetime import datetime

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language, gettext, ngettext

from partners.authenticated_requests import AuthenticatedRequest, require_permission
from partners.contacts.models import Contact
from partners.powers import Power
from procurement.outreach.actions.batches import send_batch_of_inquiries
from procurement.outreach.forms import CommonLetterForm
from procurement.outreach.letter_templates.queries import templates_in_use
from procurement.outreach.letters import compose_common_letter, fill_letter, merge_field_values
from procurement.outreach.queries.batches import InquiryBatch, inquiry_batch_of
from procurement.outreach.queries.contacts import consent_for_suggestion
from procurement.outreach.queries.letters import agreements_with, need_lines, signing_officer
from procurement.outreach.rules.lines import unknown_line_refusal
from procurement.outreach.views.ask_contacts import contact_choice_page
from procurement.outreach.views.line_choice import LineChoice, line_choice
from procurement.outreach.views.mail_preview import MailPreview, preview_mails
from procurement.requests.models import SupplyRequest
from procurement.requests.unwanted_goods.queries import unwanted_goods_of
from procurement.requests.views.requests import find_need
from workflow import clock
from workflow.errors import Refused, raise_refusal
from workflow.http.pages import render_page, run_action

type UnaskableContact = tuple[Contact, Refused]  # a ticked contact who was not asked, with the reason

MAX_CONTACT_ID_DIGITS = 12  # figures of an id; a longer one is no contact
TEMPLATE = "outreach/ask_several.html"


@login_required
def ask_several_contacts(request: AuthenticatedRequest, reference: str) -> HttpResponse:
    """Show one letter to the ticked contacts, and send each of them an inquiry.

    For a single contact, another page is shown. An address with a removed line shows the choice of lines again.

    `look` in the form shows each letter as filled in and sends nothing. Requires the power SEND_INQUIRY over the need.
    """
    need = find_need(request, reference)
    require_permission(request, Power.SEND_INQUIRY, need)
    at, choice = clock.now(), line_choice(request, need)
    batch, gone = _ticked_batch(request, need, choice, at)
    if not batch.chosen_suggestions:
        return contact_choice_page(request, need, choice, at, none_ticked=True)
    if choice.removed_numbers and request.method != "POST":
        return contact_choice_page(request, need, choice, at)
    if request.method != "POST" and len(batch.chosen_suggestions) == 1:
        one = reverse("ask_contact", args=[need.reference, batch.contacts[0].pk])
        return redirect(f"{one}{choice.query_string}")
    form = _letter_form(request, batch, at)
    context = {
        "need": need,
        "choice": choice,
        "batch": batch,
        "gone": gone,
        "form": form,
        "fields": _example_merge_values(batch, at),
    }
    if request.method != "POST" or not form.is_valid():
        return render_page(request, TEMPLATE, context, status=422 if form.is_bound else 200)
    if "look" in request.POST:
        return render_page(
            request, TEMPLATE, context | {"previews": _mail_previews(request, batch, form, at)}
        )
    return run_action(
        request,
        lambda: _send_to_all(request, batch, choice, form, at),
        done=lambda refused: _result_page(request, batch, choice, gone, refused),
        template=TEMPLATE,
        context=context,
    )


def _ticked_batch(
    request: AuthenticatedRequest, need: SupplyRequest, choice: LineChoice, at: datetime
) -> tuple[InquiryBatch, list[UnaskableContact]]:
    """Return the ticked contacts, and those of them who cannot be asked any more, each with the reason."""
    sent = request.POST if request.method == "POST" else request.GET
    ticked = {
        int(one)
        for one in sent.getlist("contact")
        if one.isascii() and one.isdecimal() and len(one) < MAX_CONTACT_ID_DIGITS
    }
    batch = inquiry_batch_of(need, ticked, at, request.user.language, choice.numbers)
    left = ticked - {one.pk for one in batch.contacts}
    rows = Contact.objects.visible_to(request.by).filter(pk__in=left).select_related("user").order_by("pk")
    return batch, [(one, batch.refusal_for(one)) for one in rows]


def _letter_form(request: AuthenticatedRequest, batch: InquiryBatch, at: datetime) -> CommonLetterForm:
    """Return the form with a draft for each language that the contacts read, and for the officer's own."""
    read = list(dict.fromkeys(contact.user.language for contact in batch.contacts))
    lines, signed = need_lines(batch.need, batch.line_numbers), signing_officer(request.user, batch.need.city)
    city = batch.need.city
    unwanted, templates = unwanted_goods_of([city.pk], city.day_at(at)), templates_in_use(city)
    drafts = {
        language: compose_common_letter(
            batch.need,
            lines,
            language,
            signatory=signed,
            unwanted=unwanted,
            template=templates.get(language),
        )
        for language in dict.fromkeys((*read, request.user.language))
    }
    reason = any(batch.needs_reason(contact) for contact in batch.contacts)
    return CommonLetterForm(request.POST or None, drafts, read, reason=reason)


def _texts_by_contact(
    request: AuthenticatedRequest, batch: InquiryBatch, form: CommonLetterForm, at: datetime
) -> dict[int, dict[str, str]]:
    """Return the text for each contact by their id, as arguments of `draft_inquiry`."""
    city, own = batch.need.city, request.user.language
    agreements = agreements_with(city, [one.city_id for one in batch.contacts], city.day_at(at))
    found = {}
    for contact in batch.contacts:
        there = agreements.get(contact.city_id)
        texts = {
            language: fill_letter(form.letter(language), merge_field_values(city, contact, language, there))
            for language in (contact.user.language, own)
        }
        theirs, mine = texts[contact.user.language], texts[own]
        words = {"subject": theirs.subject, "body": theirs.body}
        if own != contact.user.language:
            words |= {"subject_own": mine.subject, "body_own": mine.body}
        found[contact.pk] = words
    return found


def _mail_previews(
    request: AuthenticatedRequest, batch: InquiryBatch, form: CommonLetterForm, at: datetime
) -> list[tuple[Contact, list[MailPreview]]]:
    words = _texts_by_contact(request, batch, form, at)
    need, author = batch.need, request.user
    return [
        (
            one.contact,
            preview_mails(
                need,
                one.contact,
                author,
                words[one.contact.pk],
                consent_for_suggestion(need, one, at),
                batch.line_numbers,
            ),
        )
        for one in batch.chosen_suggestions
    ]


def _example_merge_values(batch: InquiryBatch, at: datetime) -> dict[str, str]:
    """Return the merge fields with the values of the first contact, in the reader's language."""
    contact = batch.contacts[0]
    city = batch.need.city
    there = agreements_with(city, [contact.city_id], city.day_at(at)).get(contact.city_id)
    return {
        f"{{{name}}}": value
        for name, value in merge_field_values(city, contact, get_language() or "en", there).items()
    }


def _send_to_all(
    request: AuthenticatedRequest,
    batch: InquiryBatch,
    choice: LineChoice,
    form: CommonLetterForm,
    at: datetime,
) -> list[UnaskableContact]:
    """Send an inquiry to each ticked contact. Return those who were refused, with the refusal.

    Raises the refusal if no inquiry was sent, and a refusal of a removed line before any is sent.
    """
    raise_refusal(unknown_line_refusal(batch.need, choice.sent_numbers))
    results = send_batch_of_inquiries(
        batch,
        _texts_by_contact(request, batch, form, at),
        chosen_because=form.cleaned_data["chosen_because"],
        author=request.user,
        by=request.by,
        at=at,
    )
    refused = [(one.contact, one.refusal) for one in results if one.refusal is not None]
    if len(refused) == len(results):  # nothing was sent, so the form stays as it is
        contact, first = refused[0]
        raise Refused(first.code, _refusal_sentence(contact, first), **first.details)
    return refused


def _refusal_sentence(contact: Contact, refused: Refused) -> str:
    """Return the refusal as a sentence that names the contact."""
    if str(contact) in (message := str(refused.message)):
        return message
    return gettext("%(what)s: %(why)s") % {"what": contact, "why": refused.message}


def _result_page(
    request: AuthenticatedRequest,
    batch: InquiryBatch,
    choice: LineChoice,
    gone: list[UnaskableContact],
    refused: list[UnaskableContact],
) -> str | HttpResponse:
    """Return the address of the list of contacts, or the page again for those who were refused."""
    sent = len(batch.chosen_suggestions) - len(refused)
    messages.success(request, _sent_sentence(sent))
    if not refused:
        for contact, error in gone:
            messages.warning(request, _refusal_sentence(contact, error))
        return f"{batch.need.get_absolute_url()}ask/{choice.query_string}"
    left = {contact.pk for contact, _error in refused}
    rest = replace(
        batch, chosen_suggestions=[one for one in batch.chosen_suggestions if one.contact.pk in left]
    )
    at = clock.now()
    context = {
        "need": batch.need,
        "choice": choice,
        "batch": rest,
        "form": _letter_form(request, rest, at),
        "fields": _example_merge_values(rest, at),
        "not_sent": [_refusal_sentence(contact, error) for contact, error in (*refused, *gone)],
    }
    return render_page(request, TEMPLATE, context)


def _sent_sentence(count: int) -> str:
    words = ngettext(
        "%(count)d request sent. It will go out during the recipient’s working hours.",
        "%(count)d requests sent. Each will go out during the recipient’s working hours.",
        count,
    )
    return words % {"count": count}

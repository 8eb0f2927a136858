"""Reminder in the officer's own words, in both languages, sent in the recipient's working hours."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import translation

from partners.authenticated_requests import AuthenticatedRequest, require_permission
from partners.contacts.working_hours import next_contact_time
from partners.powers import Power
from procurement.notifications.mail_text import render_body
from procurement.outreach.actions.reminders import remind_contact
from procurement.outreach.forms import BilingualLetterForm
from procurement.outreach.letters import InquiryLetter
from procurement.outreach.models.inquiries import Inquiry
from procurement.outreach.rules.dates import MAX_REMINDERS
from procurement.outreach.rules.inquiries import REMIND_CONTACT
from procurement.outreach.views.need_inquiries import DETAIL_RELATIONS, reminder_template, reminder_values
from procurement.outreach.views.sent_letters import delivery_time_sentence
from workflow import clock
from workflow.http.pages import render_page, run_action

TEMPLATE = "outreach/edit_reminder.html"


@login_required
def edit_reminder(request: AuthenticatedRequest, reference: str) -> HttpResponse:
    """Show the text of the next reminder, or why none may be sent, and send it as edited.

    404 if the reminder would go to officers of a partner city. Requires the power SEND_INQUIRY.
    """
    rows = Inquiry.objects.visible_to(request.by).select_related(*DETAIL_RELATIONS, "through_city")
    inquiry = get_object_or_404(rows, reference=reference)
    require_permission(request, Power.SEND_INQUIRY, inquiry)
    person = inquiry.awaited_contact
    if person is None:  # the officers of a partner city are asked, and they read it among their notifications
        raise Http404
    at, reader, back = clock.now(), person.user, f"{inquiry.supply_request.get_absolute_url()}inbox/"
    own = (
        None
        if reader.language == request.user.language
        else _automatic_reminder(inquiry, request.user.language)
    )
    form = BilingualLetterForm(request.POST or None, _automatic_reminder(inquiry, reader.language), own)
    context = {
        "inquiry": inquiry,
        "form": form,
        "refused": REMIND_CONTACT.refusal(request.by, inquiry, clock.now()),
        "number": inquiry.reminder_count + 1,
        "most": MAX_REMINDERS,
        "goes": next_contact_time(reader, at),
        "arrives": next_contact_time(reader, inquiry.sent_at or inquiry.partner_asked_at or at),
        "now": at,
        "back": back,
    }
    if request.method != "POST" or not form.is_valid():
        return render_page(request, TEMPLATE, context, status=422 if form.is_bound else 200)
    if "look" in request.POST:
        return render_page(request, TEMPLATE, context)

    def send() -> Inquiry:
        sent = remind_contact(inquiry, by=request.by, at=at, **form.letter_texts())
        messages.success(request, delivery_time_sentence(reader, at))
        return sent

    return run_action(request, send, done=back, template=TEMPLATE, context=context | {"refused": None})


def _automatic_reminder(inquiry: Inquiry, language: str) -> InquiryLetter:
    """Return the text of the automatic reminder in a language."""
    about = inquiry.subject_own if language == inquiry.language_own else inquiry.subject
    with translation.override(language):
        return InquiryLetter(
            *render_body(reminder_template(inquiry), {**reminder_values(inquiry), "about": about})
        )

"""Overview of the inquiries about a need: progress, answer and next reminder of each.

A reminder goes by mail, or an officer sends it by hand.
"""

from datetime import datetime, timedelta
from functools import partial
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import translation
from django.views.decorators.http import require_POST

from partners.authenticated_requests import AuthenticatedRequest, require_permission
from partners.contacts.salutations import salutation
from partners.contacts.working_hours import next_time_in_working_hours
from partners.powers import Power
from partners.routing.recommendations import median_response_hours
from procurement.exports.csv_download import csv_response, is_csv_requested
from procurement.exports.list_columns import INQUIRY_INBOX_COLUMNS
from procurement.notifications.mail_text import WrittenMail, due_time_values, render_mail
from procurement.outreach.actions.reminders import create_link_to_copy
from procurement.outreach.letters import current_need_description
from procurement.outreach.models.inquiries import Inquiry
from procurement.outreach.queries.letters import asked_line_labels, need_lines
from procurement.outreach.rules.readiness import link_copy_refusal
from procurement.requests.models import RequestLine
from procurement.requests.views.requests import find_need
from workflow import clock
from workflow.clock import real_now
from workflow.http.pages import render_page, run_action
from workflow.outbox.queue import LINK_PLACEHOLDER

MAX_INQUIRIES = 500  # a need never has this many inquiries
DETAIL_RELATIONS = (
    *("contact__user", "contact__city", "contact__organization", "city", "supply_request"),
    *("introducer__user", "introducer__city", "introducer__organization", "through_city"),
)


class InquiryInboxRow(NamedTuple):
    """Inquiry in the overview, with the text of its next reminder if the reader may send one.

    `asked_lines`: the lines that it is about in words; none for the whole need. `hours_to_answer`: from the inquiry to
    its answer. `usual_hours_in_city`: median of all answers from the contact's city. `next_working_time`: when the
    contact is next at work, or the present time if they are at work now. `reminder_mail` is in the contact's language;
    `reminder_in_own_language` is in the reader's, if that differs.
    """

    inquiry: Inquiry
    asked_lines: list[str]
    hours_to_answer: int | None
    usual_hours_in_city: int | None
    next_working_time: datetime
    outside_working_hours: bool
    reminder_mail: WrittenMail | None
    reminder_in_own_language: WrittenMail | None


@login_required
def inquiry_inbox(request: AuthenticatedRequest, reference: str) -> HttpResponseBase:
    """Show each inquiry about this need, and the text of the next reminder for those that wait.

    Inquiries count once they were sent, or once a partner city was asked. `?as=csv` returns the list.
    """
    need = find_need(request, reference)
    was_sent = Q(sent_at__isnull=False) | Q(partner_asked_at__isnull=False)
    rows = Inquiry.objects.visible_to(request.by).filter(was_sent, supply_request=need)
    rows = rows.select_related(*DETAIL_RELATIONS).with_opened_at().with_lines_left()
    if is_csv_requested(request):
        return csv_response(request, f"inbox-{need.reference}", INQUIRY_INBOX_COLUMNS, rows)
    at, may_ask = clock.now(), request.by.may(Power.SEND_INQUIRY, need)
    sent = list(rows.order_by("pk")[:MAX_INQUIRIES])
    usual_hours_by_city = (
        median_response_hours({inquiry.contact.city_id for inquiry in sent}) if may_ask else {}
    )
    lines = need_lines(need) if any(inquiry.line_numbers for inquiry in sent) else []
    asked = [
        _inbox_row(inquiry, lines, request, at, usual_hours_by_city, may_ask=may_ask) for inquiry in sent
    ]
    context = {
        "need": need,
        "asked": asked,
        "now": at,
        "may_ask": may_ask,
        "waiting": [one for one in asked if one.reminder_mail is not None],
        "planned": sorted(
            (one.inquiry for one in asked if one.inquiry.next_reminder_at),
            key=lambda inquiry: inquiry.next_reminder_at or at,
        ),
    }
    return render_page(request, "outreach/inbox.html", context)


@login_required
@require_POST
def copy_reminder_link(request: AuthenticatedRequest, reference: str) -> HttpResponse:
    """Show the reminder with a new link, which the officer sends through another channel.

    The journal names the officer.

    Requires the power SEND_INQUIRY.
    """
    rows = Inquiry.objects.visible_to(request.by).select_related(*DETAIL_RELATIONS)
    inquiry = get_object_or_404(rows, reference=reference)
    require_permission(request, Power.SEND_INQUIRY, inquiry)
    at = clock.now()

    def done(url: str) -> HttpResponse:
        person = inquiry.awaited_contact or inquiry.contact
        text = _reminder_mail(inquiry, person.user.language).body.replace(LINK_PLACEHOLDER, url)
        return render_page(request, "outreach/copied_reminder.html", {"inquiry": inquiry, "text": text})

    return run_action(
        request,
        lambda: create_link_to_copy(inquiry, user=request.user, by=request.by, at=at, real_at=real_now()),
        done=done,
        template="outreach/copied_reminder.html",
        context={"inquiry": inquiry},
    )


def _inbox_row(
    inquiry: Inquiry,
    lines: list[RequestLine],
    request: AuthenticatedRequest,
    at: datetime,
    usual_hours_by_city: dict[int, int],
    *,
    may_ask: bool,
) -> InquiryInboxRow:
    contact = inquiry.awaited_contact or inquiry.contact
    # As for mail, but a message by hand ignores an absence.
    next_working_time = next_time_in_working_hours(contact, at)
    reminder = own_reminder = None
    if may_ask and link_copy_refusal(inquiry, request.by) is None:
        reminder = _reminder_for_display(inquiry, contact.user.language)
        own_reminder = (
            _reminder_for_display(inquiry, request.user.language)
            if request.user.language != contact.user.language
            else None
        )
    usual_hours = usual_hours_by_city.get(contact.city_id)
    return InquiryInboxRow(
        inquiry,
        asked_line_labels(inquiry, lines),
        _hours_to_answer(inquiry),
        usual_hours,
        next_working_time,
        next_working_time > at,
        reminder,
        own_reminder,
    )


def _hours_to_answer(inquiry: Inquiry) -> int | None:
    """Return the hours from inquiry to answer, rounded to the nearest, or None without an answer."""
    if inquiry.answered_at is None or inquiry.sent_at is None:
        return None
    return round((inquiry.answered_at - inquiry.sent_at) / timedelta(hours=1))


def _reminder_for_display(inquiry: Inquiry, language: str) -> WrittenMail:
    """Return the next reminder for display, with a placeholder for the link.

    The link is made when the reminder is sent.
    """
    written = _reminder_mail(inquiry, language)
    with translation.override(language):
        return WrittenMail(
            written.subject, written.body.replace(LINK_PLACEHOLDER, translation.gettext("(your link)"))
        )


def _reminder_mail(inquiry: Inquiry, language: str) -> WrittenMail:
    """Return the text of the next reminder in a language, as the mail contains it."""
    with translation.override(language):
        return render_mail(reminder_template(inquiry), reminder_values(inquiry))


def reminder_template(inquiry: Inquiry) -> str:
    """Return the name of the reminder's mail template: for an inquiry, or for a partner city's consent."""
    waits = inquiry.status == Inquiry.Status.AWAITING_CONSENT
    return "consent_reminder" if waits else "inquiry_reminder"


def reminder_values(inquiry: Inquiry) -> dict[str, Any]:
    """Return the facts for the text of a reminder, in the active language."""
    contact = inquiry.awaited_contact or inquiry.contact
    greeted = salutation(contact, translation.get_language() or contact.user.language)
    return {
        "thing": inquiry,
        "reader": contact.user,
        "addressed": greeted,
        "needed": partial(current_need_description, inquiry.supply_request, inquiry.line_numbers),
        **due_time_values(inquiry, clock.now(), ZoneInfo(contact.user.time_zone)),
    }

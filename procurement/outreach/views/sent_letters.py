"""Pages of letters: the public page behind the QR code, which shows whether a letter is genuine, and the PDFs.

The public page needs no account and is rate-limited. It shows the sender, the date and the goods, and no
text that a person typed.
"""

from datetime import date, datetime
from typing import Any

from django.apps import apps
from django.contrib.auth.decorators import login_required
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from accounts.link_sessions import add_no_store_headers
from accounts.models import User
from accounts.throttling import LINK_PAGE_LIMIT, throttle
from partners.authenticated_requests import AuthenticatedRequest
from partners.contacts.working_hours import next_contact_time
from procurement.outreach.letter_pdf import is_letter_unchanged, render_sent_letter
from procurement.outreach.models.letters import SentLetter
from workflow.errors import Refused
from workflow.formatting import format_moment
from workflow.http.downloads import file_denied_response
from workflow.http.pages import render_page
from workflow.i18n import translation_for_reader


def delivery_time_sentence(reader: User, at: datetime) -> str:
    """Return a sentence on when a message sent now is delivered: in the recipient's working hours."""
    when = next_contact_time(reader, at)
    if when > at:
        figures = {"there": format_moment(when, reader.time_zone), "here": format_moment(when)}
        return (
            gettext(
                "The email will be sent during the recipient’s working hours: %(there)s local time, "
                "%(here)s your time."
            )
            % figures
        )
    return gettext("The message is being sent.")


@require_safe
@throttle(LINK_PAGE_LIMIT)
def verify_letter(request: HttpRequest, code: str) -> HttpResponse:
    """Show whether a letter is genuine: its sender, date and goods. 404 if no city of this site sent it.

    The page also shows if the letter was withdrawn.
    """
    sent = SentLetter.objects.filter(code=code).first()
    genuine = sent is not None and is_letter_unchanged(sent)
    context = {
        "sent": sent,
        "genuine": genuine,
        **(_letter_context(sent) if sent is not None and genuine else {}),
    }
    page = render_page(request, "outreach/letter_verified.html", context, status=200 if genuine else 404)
    return add_no_store_headers(page, referrer="no-referrer")


def _letter_context(sent: SentLetter) -> dict[str, Any]:
    """Return the template context of a genuine letter, from the facts stored with it."""
    content = sent.words
    return {
        "sender": translation_for_reader(content["from"]),
        "about": translation_for_reader(content["about"]),
        "day": date.fromisoformat(content["on"]),
    }


@login_required
def thank_you_letter_pdf(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Return a thank-you letter as PDF, for a reader who sees the object it is about. 404 for all others."""
    letter = get_object_or_404(SentLetter.objects.select_related("entry"), pk=pk, entry__isnull=False)
    entry: Any = letter.entry
    about: Any = apps.get_model(entry.thing_label)  # an order, a check or an inquiry: all have `visible_to`
    get_object_or_404(about.objects.visible_to(request.by), pk=entry.thing_id)
    return letter_response(request, letter)


def letter_response(request: HttpRequest, letter: SentLetter) -> HttpResponse:
    """Return a stored letter as PDF/A, or a page that explains why it cannot be shown.

    The PDF is inline, because some browsers open a download in another program, where the link is not
    known.
    """
    try:
        pdf = render_sent_letter(letter).pdf
    except Refused as refused:
        return file_denied_response(request, refused, "")
    answer = HttpResponse(pdf, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{letter}.pdf"'
    answer["Cache-Control"] = "private, no-store"
    return answer


def thank_you_letters_about(thing: Model) -> QuerySet[SentLetter]:
    """Return the thank-you letters about an object."""
    return SentLetter.objects.thank_you_letters_about(thing._meta.label_lower, thing.pk)

"""The inbox below a need: what was asked, opened, answered, by whom, how fast; and the next reminder, by mail or carried by hand."""

from datetime import datetime, timedelta
from functools import partial
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils import translation
from django.views.decorators.http import require_POST

from partners.candidates import usual_in
from partners.roles import Power
from partners.rules.hours import in_their_hours
from partners.rules.names import addressed
from partners.visit import Visit, only
from procurement.exchange.sheets import INBOX
from procurement.notices.words import Written, due, write
from procurement.outreach.actions.answering import copy_link
from procurement.outreach.letters import needed
from procurement.outreach.models import Inquiry
from procurement.outreach.rules.readiness import may_be_copied
from procurement.web.needs.needs import find
from procurement.web.sheets import sheet, wanted
from workflow import clock
from workflow.clock import real_now
from workflow.doors.http import attempt, show
from workflow.outbox.ledger import LINK

SHOWN = 500  # more than are asked about one need
WITH_NAMES = (
    *("contact__user", "contact__city", "contact__organisation", "city", "supply_request"),
    *("introducer__user", "introducer__city", "introducer__organisation", "through_city"),
)


class Asked(NamedTuple):
    """One question as the inbox shows it: how long the answer took, and from when on it is polite to write."""

    inquiry: Inquiry
    hours: int | None
    there: int | None  # the median of all who answer in the contact's city
    polite_from: datetime
    quiet: bool
    theirs: (
        Written | None
    )  # the suggested reminder in the contact's language, and in the reader's where it is another
    own: Written | None


@login_required
def inbox(request: Visit, reference: str) -> HttpResponseBase:
    """What became of each question about this need, those that wait first; below it the words of the next reminder."""
    need = find(request, reference)
    went = Q(sent_at__isnull=False) | Q(partner_asked_at__isnull=False)
    rows = Inquiry.objects.visible_to(request.by).filter(went, supply_request=need)
    rows = rows.select_related(*WITH_NAMES).with_opened()
    if wanted(request):
        return sheet(request, f"inbox-{need.reference}", INBOX, rows)
    at, may_ask = clock.now(), request.by.may(Power.ASK, need)
    sent = list(rows.order_by("pk")[:SHOWN])
    there = usual_in({inquiry.contact.city_id for inquiry in sent}) if may_ask else {}
    asked = [_asked(inquiry, request, at, there, may_ask=may_ask) for inquiry in sent]
    context = {
        "need": need,
        "asked": asked,
        "now": at,
        "may_ask": may_ask,
        "waiting": [one for one in asked if one.theirs is not None],
        "planned": sorted(
            (one.inquiry for one in asked if one.inquiry.chase_at), key=lambda inquiry: inquiry.chase_at or at
        ),
    }
    return show(request, "requests/inbox.html", context)


@login_required
@require_POST
def copy(request: Visit, reference: str) -> HttpResponse:
    """The reminder and a link of its own, to be carried by hand. Who copied it stands in the journal."""
    rows = Inquiry.objects.visible_to(request.by).select_related(*WITH_NAMES)
    inquiry = get_object_or_404(rows, reference=reference)
    only(request, Power.ASK, inquiry)
    at = clock.now()

    def done(url: str) -> HttpResponse:
        person = inquiry.waits_for or inquiry.contact
        text = _reminder(inquiry, person.user.language).body.replace(LINK, url)
        return show(request, "requests/copied.html", {"inquiry": inquiry, "text": text})

    return attempt(
        request,
        lambda: copy_link(inquiry, user=request.user, by=request.by, at=at, real_at=real_now()),
        done=done,
        template="requests/copied.html",
        context={"inquiry": inquiry},
    )


def _asked(inquiry: Inquiry, request: Visit, at: datetime, there: dict[int, int], *, may_ask: bool) -> Asked:
    contact = inquiry.waits_for or inquiry.contact
    polite = in_their_hours(contact, at)  # as mail goes: sent by hand it does not wait for who is away
    theirs = own = None
    if may_ask and may_be_copied(inquiry, request.by) is None:
        theirs = _shown(inquiry, contact.user.language)
        own = (
            _shown(inquiry, request.user.language) if request.user.language != contact.user.language else None
        )
    usually = there.get(contact.city_id)
    return Asked(inquiry, _hours(inquiry), usually, polite, polite > at, theirs, own)


def _hours(inquiry: Inquiry) -> int | None:
    """From question to answer, in hours, counted to the nearest."""
    if inquiry.answered_at is None or inquiry.sent_at is None:
        return None
    return round((inquiry.answered_at - inquiry.sent_at) / timedelta(hours=1))


def _shown(inquiry: Inquiry, language: str) -> Written:
    """The next reminder for an officer to read: a word stands where the mail has the link, which is made when it goes."""
    written = _reminder(inquiry, language)
    with translation.override(language):
        return Written(written.subject, written.body.replace(LINK, translation.gettext("(your link)")))


def _reminder(inquiry: Inquiry, language: str) -> Written:
    """The words of the next reminder as the mail has them, in a language."""
    with translation.override(language):
        return write(template_of(inquiry), facts_of(inquiry))


def template_of(inquiry: Inquiry) -> str:
    """The mail that reminds: of the question, or of a partner city's word."""
    waits = inquiry.status == Inquiry.Status.AWAITING_CONSENT
    return "consent_reminder" if waits else "inquiry_reminder"


def facts_of(inquiry: Inquiry) -> dict[str, Any]:
    """What a reminder's words speak of, in the language that is active."""
    contact = inquiry.waits_for or inquiry.contact
    greeted = addressed(contact, translation.get_language() or contact.user.language)
    return {
        "thing": inquiry,
        "reader": contact.user,
        "addressed": greeted,
        "needed": partial(needed, inquiry.supply_request),
        **due(inquiry, clock.now(), ZoneInfo(contact.user.time_zone)),
    }


urlpatterns = [
    path("needs/<slug:reference>/inbox/", inbox, name="inbox"),
    path("inbox/<slug:reference>/copy/", copy, name="inquiry_copy"),
]

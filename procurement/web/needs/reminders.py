"""A reminder in the officer's own words: both languages side by side, sent at the next decent hour there, and the page says when."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils import translation

from partners.roles import Power
from partners.rules.hours import decent_hour
from partners.visit import Visit, only
from procurement.notices.words import wording
from procurement.outreach.actions import waiting
from procurement.outreach.letters import Letter
from procurement.outreach.models import Inquiry
from procurement.outreach.rules.days import MOST_CHASES
from procurement.outreach.rules.inquiries import REMIND
from procurement.web.asking.letters import BothTexts, going
from procurement.web.needs.inbox import WITH_NAMES, facts_of, template_of
from workflow import clock
from workflow.doors.http import attempt, show

TEMPLATE = "requests/reminder.html"


@login_required
def reminder(request: Visit, reference: str) -> HttpResponse:
    """The words of the next reminder, to be changed and sent. Where none may go, why."""
    rows = Inquiry.objects.visible_to(request.by).select_related(*WITH_NAMES, "through_city")
    inquiry = get_object_or_404(rows, reference=reference)
    only(request, Power.ASK, inquiry)
    person = inquiry.waits_for
    if person is None:  # a partner city's officers are asked, who read it under their own bell
        raise Http404
    at, reader, back = clock.now(), person.user, f"{inquiry.supply_request.get_absolute_url()}inbox/"
    own = None if reader.language == request.user.language else _drafted(inquiry, request.user.language)
    form = BothTexts(request.POST or None, _drafted(inquiry, reader.language), own)
    context = {
        "inquiry": inquiry,
        "form": form,
        "refused": REMIND.refusal(request.by, inquiry, clock.now()),
        "number": inquiry.chases + 1,
        "most": MOST_CHASES,
        "goes": decent_hour(reader, at),
        "arrives": decent_hour(reader, inquiry.sent_at or inquiry.partner_asked_at or at),
        "now": at,
        "back": back,
    }
    if request.method != "POST" or not form.is_valid():
        return show(request, TEMPLATE, context, status=422 if form.is_bound else 200)
    if "look" in request.POST:
        return show(request, TEMPLATE, context)

    def send() -> Inquiry:
        sent = waiting.remind(inquiry, by=request.by, at=at, **form.words())
        messages.success(request, going(reader, at))
        return sent

    return attempt(request, send, done=back, template=TEMPLATE, context=context | {"refused": None})


def _drafted(inquiry: Inquiry, language: str) -> Letter:
    """The words as they would go by themselves, in a language."""
    about = inquiry.subject_own if language == inquiry.language_own else inquiry.subject
    with translation.override(language):
        return Letter(*wording(template_of(inquiry), {**facts_of(inquiry), "about": about}))


urlpatterns = [path("inbox/<slug:reference>/words/", reminder, name="reminder")]

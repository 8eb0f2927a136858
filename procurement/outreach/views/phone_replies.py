"""Pages for an answer by phone: the note of the call, and the offer form filled in for the caller.

The form is the one that the contact's own link opens.
"""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from partners.authenticated_requests import AuthenticatedRequest, require_permission
from partners.powers import Power
from procurement.leads.forms.contact_offers import OfferForm
from procurement.leads.portal import duplicate_supplier_form, store_offer
from procurement.outreach.forms import PhoneReplyForm
from procurement.outreach.models.inquiries import Inquiry
from procurement.outreach.rules.inquiries import RECORD_ANSWER, RECORD_PHONE_REPLY
from procurement.outreach.rules.readiness import late_answer_refusal
from procurement.requests.unwanted_goods.queries import unwanted_among_offered_goods
from workflow import clock
from workflow.http.move_views import MoveOption
from workflow.http.pages import render_page, run_action
from workflow.journal.entries import history_of

TEMPLATE = "outreach/phone_offer.html"


def _next_page_url(thing: Inquiry) -> str:
    """Return the address of the offer form, or of the answers.

    The offer form follows if the contact has something and the need still takes offers.
    """
    if _offer_facts_of_call(thing) is not None and late_answer_refusal(thing) is None:
        return reverse("inquiry_offer", args=[thing.reference])
    return f"{thing.supply_request.get_absolute_url()}inbox/"


def _offer_facts_of_call(thing: Inquiry) -> dict[str, Any] | None:
    """Return the facts about an offer from the latest call, or None if the call mentioned no offer."""
    call = history_of(thing).filter(verb="record_phone_reply").first()
    offered: dict[str, Any] | None = call.facts.get("offered") if call is not None else None
    return offered


@login_required
def phone_offer(request: AuthenticatedRequest, reference: str) -> HttpResponse:
    """Enter an offer for a contact who gave it by phone, in the form that their link opens.

    The facts noted in the call are filled in, and unwanted goods are warned of first. Requires the power SEND_INQUIRY over the
    inquiry.
    """
    rows = Inquiry.objects.visible_to(request.by).select_related(
        "contact__user", "contact__city", "contact__organization", "city", "supply_request"
    )
    thing = get_object_or_404(rows, reference=reference)
    require_permission(request, Power.SEND_INQUIRY, thing)
    known = {"remark": thing.remark, **(_offer_facts_of_call(thing) or {})}
    form = OfferForm(request.POST or None, thing, known)
    closed = RECORD_ANSWER.refusal(request.by, thing, clock.now())
    context = {"inquiry": thing, "form": form, "refused": closed}
    if not form.is_valid():
        return render_page(request, TEMPLATE, context, status=422 if form.is_bound else 200)
    same = duplicate_supplier_form(request.POST, thing, form)
    context |= {
        "same": same,
        "unwanted": unwanted_among_offered_goods(form.offered_goods, thing.city, clock.now()),
    }
    unanswered = same is not None and not same.is_valid()
    if unanswered or (context["unwanted"] and "warned" not in request.POST):
        wrong = unanswered and same is not None and same.is_bound
        return render_page(request, TEMPLATE, context, status=422 if wrong else 200)
    return run_action(
        request,
        lambda: store_offer(thing, request.user, form, same, by=request.by, at=clock.now()),
        done=lambda lead: lead.get_absolute_url(),
        template=TEMPLATE,
        context=context | {"refused": None},
    )


PHONE_REPLY_OPTION = MoveOption(
    RECORD_PHONE_REPLY,
    form=PhoneReplyForm,
    hint=_("This counts as a reply. No more reminders will be sent."),
    success_url=_next_page_url,
)

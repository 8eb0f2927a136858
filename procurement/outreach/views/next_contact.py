"""Next contact for an inquiry without an answer: the one suggested, or another with a written reason."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext_lazy as _

from partners.authenticated_requests import AuthenticatedRequest
from partners.permissions.permissions import Permissions
from partners.routing.recommendations import Recommendation
from procurement.outreach.forms import NextContactForm, remaining_suggestions
from procurement.outreach.models.inquiries import Inquiry
from procurement.outreach.queries.contacts import best_suggestion, consent_for_suggestion, intermediary_city
from procurement.outreach.queries.letters import letter_drafts, translated_reasons
from procurement.outreach.rules.consents import consent_sentence_for_sender
from procurement.outreach.rules.dates import alternates_allowed_at
from procurement.outreach.rules.inquiries import ASK_NEXT_CONTACT
from procurement.outreach.views.line_choice import lines_query_string
from workflow import clock
from workflow.http.move_views import MoveOption


def next_contact_context(inquiry: Inquiry, by: Permissions) -> dict[str, Any]:
    """Return the template context: when another contact may be asked, and who is then suggested."""
    waits = inquiry.status == Inquiry.Status.SENT and inquiry.due_at is not None and inquiry.paused_at is None
    from_when = (
        inquiry.alternates_allowed_from or alternates_allowed_at(inquiry.due_at)
        if waits and inquiry.due_at
        else None
    )
    is_open = ASK_NEXT_CONTACT.refusal(by, inquiry, clock.now()) is None
    best = best_suggestion(remaining_suggestions(inquiry), ()) if is_open else None
    consent = consent_for_suggestion(inquiry.supply_request, best, clock.now())
    return {
        "gives_way_at": from_when,
        "next_open": is_open,
        "next": best,
        "next_query": lines_query_string(inquiry.line_numbers),
        "next_consented": consent_sentence_for_sender(consent) if consent is not None else None,
    }


def _ask_suggested_contact(
    request: AuthenticatedRequest,
    inquiry: Inquiry,
    make: Callable[..., Inquiry],
    *,
    contact: int,
    chosen: Recommendation,
    best: Recommendation | None,
    chosen_because: str,
) -> Inquiry:
    """Send the inquiry to the next contact, with a fresh draft that is not edited."""
    return make(
        inquiry,
        to=chosen.contact,
        **letter_drafts(
            inquiry.supply_request,
            chosen.contact,
            request.user,
            inquiry.city.day_at(clock.now()),
            inquiry.line_numbers,
        ),
        reasons=translated_reasons(chosen.ranked_contact.reasons),
        through_city=intermediary_city(chosen),
        best=best.contact if best else None,
        chosen_because=chosen_because,
    )


NEXT_CONTACT_OPTION = MoveOption(
    ASK_NEXT_CONTACT,
    custom_action=_ask_suggested_contact,
    form=NextContactForm,
    hint=_("We will tell the first contact that there is no rush and that an answer is still welcome."),
)

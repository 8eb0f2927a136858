"""Preview of the page that a contact's link will open."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.utils import translation

from partners.authenticated_requests import AuthenticatedRequest, require_permission
from partners.powers import Power
from procurement.leads.forms.contact_offers import OfferForm
from procurement.outreach.letters import consent_sentence
from procurement.outreach.queries.contacts import consent_for_suggestion, suggested_contacts
from procurement.outreach.queries.letters import asked_products, letter_drafts
from procurement.outreach.views.ask_contacts import find_contact, suggestion_of_contact
from procurement.outreach.views.line_choice import line_choice
from procurement.outreach.views.mail_preview import unsent_inquiry
from procurement.requests.views.requests import find_need
from workflow import clock
from workflow.http.pages import render_page


@login_required
def preview_answer_page(request: AuthenticatedRequest, reference: str, contact_id: int) -> HttpResponse:
    """Show the page that a contact's link will open, in their language. Nothing on it can be sent."""
    need = find_need(request, reference)
    require_permission(request, Power.SEND_INQUIRY, need)
    at, about = clock.now(), line_choice(request, need).numbers
    chosen = suggestion_of_contact(suggested_contacts(need, at, request.user.language, about), contact_id)
    contact = chosen.contact if chosen else find_contact(request, contact_id)
    words = letter_drafts(need, contact, request.user, need.city.day_at(at), about)
    consent = consent_for_suggestion(need, chosen, at)
    inquiry = unsent_inquiry(need, contact, request.user, words, consent, about)
    context = {
        "inquiry": inquiry,
        "goods": asked_products(inquiry),
        "form": OfferForm(None, inquiry),
        "moves": frozenset({"answer"}),
    }
    with translation.override(contact.user.language):
        context["introduced"] = consent_sentence(inquiry)
        return render_page(request, "outreach/portal/preview.html", context)

"""Page that assigns a check to a contact."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse

from partners.authenticated_requests import AuthenticatedRequest, require_permission
from partners.powers import Power
from procurement.outreach.queries.letters import translated_reasons
from procurement.outreach.views.ask_contacts import find_contact, suggestion_of_contact
from procurement.verification.forms import OtherContactForm
from procurement.verification.queries import better_ranked_contact, suggested_checkers
from procurement.verification.views.assign_several import ASSIGN_OPTION
from procurement.verification.views.checks import find_check
from workflow import clock
from workflow.http.pages import render_page, run_action

MAX_ROW_ID_DIGITS = 20  # digits; Python refuses to convert thousands of digits, and no row id is that long


@login_required
def assign_check(request: AuthenticatedRequest, reference: str) -> HttpResponse:
    """Show the contacts who could make a check, best first with the reasons, and request it from one.

    The form also accepts a contact who was not suggested, if the reader may see them. Requires the power
    ASSIGN_CHECK.
    """
    thing = find_check(request, reference)
    require_permission(request, Power.ASSIGN_CHECK, thing)
    at = clock.now()
    suggested = suggested_checkers(thing, at, request.user.language)
    form = OtherContactForm(request.POST or None)
    context = {
        "task": thing,
        "suggestions": [
            (one, better_ranked_contact(thing, suggested, one.contact) == one.contact)
            for one in suggested[:12]
        ],
        "form": form,
    }
    if not form.is_valid():
        return render_page(
            request, "verification/assign_check.html", context, status=422 if form.is_bound else 200
        )
    given = request.POST.get("contact", "")
    number = int(given) if given.isascii() and given.isdigit() and len(given) < MAX_ROW_ID_DIGITS else 0
    chosen = suggestion_of_contact(suggested, number)
    contact = chosen.contact if chosen else find_contact(request, number)
    return run_action(
        request,
        lambda: ASSIGN_OPTION.make_move(
            request,
            thing,
            contact=contact,
            reasons=translated_reasons(chosen.ranked_contact.reasons) if chosen else [],
            best=better_ranked_contact(thing, suggested, contact),
            chosen_because=form.cleaned_data["chosen_because"],
        ),
        done=thing.get_absolute_url(),
        template="verification/assign_check.html",
        context=context,
    )

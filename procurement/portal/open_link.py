"""Views that give a signed-in contact the page that a link in an e-mail opens: they create a link and redirect to it.

So a contact has the same pages and the same rights, signed in or by link.
"""

from django.contrib.auth.decorators import login_required
from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST

from accounts.actions.links import issue_link
from accounts.actors import SelfActor
from accounts.hooks import link_page
from accounts.link_sessions import LinkSession, start_link_session
from accounts.models import ActionLink, User
from partners.authenticated_requests import AuthenticatedRequest
from procurement.outreach.models.inquiries import Inquiry
from procurement.verification.models import VerificationTask
from workflow import clock
from workflow.clock import real_now

LINK_VALIDITY_DAYS = 1  # the link is followed at once; a person who comes back creates a new one


@login_required
@require_POST
def open_inquiry_form(request: AuthenticatedRequest, reference: str) -> HttpResponse:
    """Open the form of an inquiry to this person, or of one that needs their consent."""
    mine = request.by.contact_ids
    asked = Inquiry.objects.filter(Q(contact__in=mine) | Q(introducer__in=mine))
    return _open_for_contact(request, asked, reference)


@login_required
@require_POST
def open_report_form(request: AuthenticatedRequest, reference: str) -> HttpResponse:
    """Open the form of a check that was assigned to this person."""
    return _open_for_contact(
        request, VerificationTask.objects.filter(contact__in=request.by.contact_ids), reference
    )


def _open_for_contact[T: (Inquiry, VerificationTask)](
    request: AuthenticatedRequest, mine: QuerySet[T], reference: str
) -> HttpResponse:
    return redirect_to_new_link(
        request.user, get_object_or_404(mine, reference=reference), by=SelfActor(request.user)
    )


def redirect_to_new_link(
    user: User, thing: Inquiry | VerificationTask, *, by: SelfActor, proved: bool = True
) -> HttpResponse:
    """Create a link for this person to this object, and redirect to its page.

    404 if the person has not been asked yet, or the request was withdrawn. `proved`: True if the person has
    signed in, so that files open without the six-digit code.
    """
    label = thing._meta.label_lower
    page = link_page(ActionLink(user=user, thing_label=label, thing_id=thing.pk))
    if page is None:
        raise Http404
    created = issue_link(
        user,
        purpose=ActionLink.Purpose.ANSWER,
        thing_label=label,
        thing_id=thing.pk,
        city_id=thing.city_id,
        days=LINK_VALIDITY_DAYS,
        by=by,
        at=clock.now(),
        real_at=real_now(),
    )
    answer = HttpResponseRedirect(page.continue_url, status=303)
    start_link_session(answer, LinkSession(created.link, page.continue_url, is_email_code_entered=proved))
    return answer

"""Sign-in links of a practice site (for training, with fictional data): one reusable link for each role.

A real site refuses them.
"""

from allauth.account.utils import perform_login
from django.contrib.auth import logout
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from accounts.actions.links import record_link_use
from accounts.link_sessions import add_no_store_headers
from accounts.models import ActionLink
from accounts.throttling import PRACTICE_SIGN_IN_LIMIT, throttle
from accounts.tokens import token_digest
from workflow.clock import is_practice, real_now


@require_safe
@throttle(PRACTICE_SIGN_IN_LIMIT)
def practice_sign_in(request: HttpRequest, token: str) -> HttpResponse:
    """Sign in as the person of this link. 404 on a real site, and for an unknown token.

    A link to a real person's data never acts on a GET. Here all people are fictional, and a click on
    the link is meant as a sign-in.
    """
    if not is_practice():
        raise Http404
    at = real_now()
    sign_in_links = ActionLink.objects.usable(at).filter(
        purpose=ActionLink.Purpose.SIGN_IN, user__is_active=True
    )
    link = sign_in_links.filter(digest=token_digest(token)).select_related("user").first()
    if link is None:
        raise Http404
    record_link_use(link, real_at=at)
    logout(request)
    response: HttpResponse = perform_login(request, link.user, email_verification="none", redirect_url="/")
    return add_no_store_headers(response)

"""Signed-in links of a practice instance, one per role, reusable until it is dropped. A real instance refuses them."""

from allauth.account.utils import perform_login
from django.contrib.auth import logout
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from accounts import tokens
from accounts.actions import links
from accounts.limits import PRACTICE
from accounts.models import Link
from accounts.web.grants import private
from accounts.web.limited import limited
from workflow import clock


@require_safe
@limited(PRACTICE)
def practice_sign_in(request: HttpRequest, token: str) -> HttpResponse:
    """Take somebody's seat by opening their link. 404 on a real instance, and for a token that is none of ours.

    A link to a real person's data never acts on a GET; here nobody is real, and whoever follows the link means to play.
    """
    if not clock.is_practice():
        raise Http404
    at = clock.real_now()
    signing_in = Link.objects.usable(at).filter(purpose=Link.Purpose.SIGN_IN, user__is_active=True)
    link = signing_in.filter(digest=tokens.digest(token)).select_related("user").first()
    if link is None:
        raise Http404
    links.use(link, real_at=at)
    logout(request)
    response: HttpResponse = perform_login(request, link.user, email_verification="none", redirect_url="/")
    return private(response)

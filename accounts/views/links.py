"""First page of a link, with the sender, the request, its deadline and the Continue button.

A GET changes nothing. The forms of these pages have no CSRF check: the token in the address is the only
credential, and no cookie is trusted. Besides, a page that keeps its address secret (no-referrer) sends no
Origin header that could be checked.
"""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from math import ceil
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from accounts.actions import people
from accounts.actions.links import record_link_opened, report_misdirected_link, request_new_link
from accounts.actions.people import resume_mail
from accounts.actors import SelfActor
from accounts.hooks import LinkPage, link_page
from accounts.link_sessions import LinkSession, activate_locale, add_no_store_headers, start_link_session
from accounts.models import ActionLink, User
from accounts.throttling import LINK_PAGE_LIMIT, throttle
from accounts.tokens import token_digest, unsubscribe_token, unsubscribed_user_id
from workflow import clock
from workflow.clock import real_now
from workflow.errors import Refused
from workflow.http.pages import render_page
from workflow.http.refusal_responses import http_status

type LinkView = Callable[[HttpRequest, ActionLink, LinkPage | None], HttpResponse]


def load_link_by_token(view: LinkView) -> Callable[[HttpRequest, str], HttpResponse]:
    """Decorate a view of a token so that it gets the token's link and the content of the link's first page.

    The response is in the language of the link's person.

    An unknown token gives 404 with no further information.
    """

    @csrf_exempt
    @throttle(LINK_PAGE_LIMIT)
    @wraps(view)
    def with_link(request: HttpRequest, token: str) -> HttpResponse:
        links = ActionLink.objects.exclude(purpose=ActionLink.Purpose.SIGN_IN).select_related("user")
        action_link = links.filter(digest=token_digest(token)).first()
        if action_link is None:
            return add_no_store_headers(
                render_page(request, "accounts/link_closed.html", status=404), referrer="no-referrer"
            )
        activate_locale(request, action_link.user)
        page = link_page(action_link)
        try:
            response = view(request, action_link, page)
        except Refused as refused:
            response = _closed_link_page(
                request, action_link, page, refused=refused, status=http_status(refused)
            )
        return add_no_store_headers(response, referrer="no-referrer")

    return with_link


def _closed_link_page(
    request: HttpRequest, link: ActionLink, page: LinkPage | None, *, status: int = 410, **extra: Any
) -> HttpResponse:
    """Return the page of a link that no longer works, with the office to contact.

    An expired link that was not revoked can be renewed there.
    """
    may_ask = link.revoked_at is None and link.user.is_active and page is not None
    context = {"page": page, "may_ask": may_ask, "again": request.path.removesuffix("again/"), **extra}
    return render_page(request, "accounts/link_closed.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@load_link_by_token
def link_landing_page(request: HttpRequest, link: ActionLink, page: LinkPage | None) -> HttpResponse:
    """Show the sender of a link, the request and its deadline.

    A POST (Continue) lets this browser act on that one item and redirects to it.
    """
    at = real_now()
    if page is None or not link.is_usable(at):
        return _closed_link_page(request, link, page)
    if request.method == "POST":
        record_link_opened(link, at=clock.now(), real_at=at)
        response = HttpResponseRedirect(page.continue_url, status=303)
        start_link_session(response, LinkSession(link, page.continue_url, is_email_code_entered=False))
        return response
    context = {
        "page": page,
        "days": _days_left(link, at),
        "stop": unsubscribe_token(link.user_id),
        "zone": link.user.time_zone,
    }
    return render_page(request, "accounts/link.html", context)


def _days_left(link: ActionLink, at: Any) -> int:
    """Return for how many days the link still works, rounded up.

    Counted in real time, which practice time does not follow.
    """
    remaining: timedelta = link.expires_at - at
    return ceil(remaining / timedelta(days=1))


@require_POST
@load_link_by_token
def renew_link(request: HttpRequest, link: ActionLink, page: LinkPage | None) -> HttpResponse:
    """Send a new link to the person's own address. The page never shows that address."""
    if page is None:
        return _closed_link_page(request, link, page)
    request_new_link(link, at=clock.now(), real_at=real_now())
    return render_page(request, "accounts/link_sent.html", {"page": page})


class ReportMisdirectedLinkForm(forms.Form):
    """Form with a box that only a person ticks, because some mail scanners press buttons."""

    sure = forms.BooleanField(label=_("Yes, this message was not meant for me"))


@require_http_methods(["GET", "HEAD", "POST"])
@load_link_by_token
def link_not_for_me(request: HttpRequest, link: ActionLink, page: LinkPage | None) -> HttpResponse:
    """End the link because it was meant for another person. The person who sent it is notified."""
    if page is None or not link.is_usable(real_now()):
        return _closed_link_page(request, link, page)
    form = ReportMisdirectedLinkForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        report_misdirected_link(link, at=clock.now(), real_at=real_now())
        return render_page(request, "accounts/link_not_for_me_done.html", {"page": page})
    context = {"page": page, "form": form}
    return render_page(
        request, "accounts/link_not_for_me.html", context, status=422 if form.is_bound else 200
    )


@csrf_exempt  # mail programs post here by themselves (RFC 8058: List-Unsubscribe-Post)
@throttle(LINK_PAGE_LIMIT)
@require_http_methods(["GET", "HEAD", "POST"])
def stop_mail(request: HttpRequest, token: str) -> HttpResponse:
    """Stop or resume all mail to a person.

    Every mail has the address of this page in its text and in its List-Unsubscribe header.
    """
    user_id = unsubscribed_user_id(token)
    user = User.objects.filter(pk=user_id).first() if user_id else None
    if user is None:
        return add_no_store_headers(
            render_page(request, "accounts/link_closed.html", status=404), referrer="no-referrer"
        )
    activate_locale(request, user)
    if request.method == "POST":
        change = resume_mail if "resume" in request.POST else people.stop_mail
        change(user, by=SelfActor(user, "link"), at=clock.now())
    return add_no_store_headers(
        render_page(request, "accounts/stop_mail.html", {"stopped": user.stopped_at}), referrer="no-referrer"
    )

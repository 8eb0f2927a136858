"""The first page of a link (reliability.md, section 3): who asks, for what, until when, and Continue. Looking changes nothing.

No form here is checked against CSRF: the token in the address is the only proof there is, no cookie is trusted, and a page whose
address must not be told to anybody (no-referrer) sends no origin either.
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

from accounts import above, tokens
from accounts.above import LinkPage
from accounts.actions import links, people
from accounts.actors import Oneself
from accounts.limits import LINKS
from accounts.models import Link, User
from accounts.web.grants import Grant, give, private, speak_to
from accounts.web.limited import limited
from workflow import clock
from workflow.doors.http import show
from workflow.doors.refusals import status_of
from workflow.errors import Refused

type LinkView = Callable[[HttpRequest, Link, LinkPage | None], HttpResponse]


def by_token(view: LinkView) -> Callable[[HttpRequest, str], HttpResponse]:
    """Find the link of a token and speak its person's language. An unknown token is told nothing: 404."""

    @csrf_exempt
    @limited(LINKS)
    @wraps(view)
    def with_link(request: HttpRequest, token: str) -> HttpResponse:
        known = Link.objects.exclude(purpose=Link.Purpose.SIGN_IN).select_related("user")
        found = known.filter(digest=tokens.digest(token)).first()
        if found is None:
            return private(show(request, "accounts/link_closed.html", status=404), referrer="no-referrer")
        speak_to(request, found.user)
        page = above.link_page(found)
        try:
            response = view(request, found, page)
        except Refused as refused:
            response = _closed(request, found, page, refused=refused, status=status_of(refused))
        return private(response, referrer="no-referrer")

    return with_link


def _closed(
    request: HttpRequest, link: Link, page: LinkPage | None, *, status: int = 410, **more: Any
) -> HttpResponse:
    """The page of a link that no longer works: whom to write to, and a new link for one that merely expired."""
    may_ask = link.revoked_at is None and link.user.is_active and page is not None
    context = {"page": page, "may_ask": may_ask, "again": request.path.removesuffix("again/"), **more}
    return show(request, "accounts/link_closed.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@by_token
def link(request: HttpRequest, link: Link, page: LinkPage | None) -> HttpResponse:
    """Who asks, for what, until when. A POST (Continue) lets this browser act on that one thing, and leads there."""
    at = clock.real_now()
    if page is None or not link.usable(at) or not link.user.is_active:
        return _closed(request, link, page)
    if request.method == "POST":
        links.see(link, at=clock.now(), real_at=at)
        response = HttpResponseRedirect(page.url, status=303)
        give(response, Grant(link, page.url, proved=False))
        return response
    context = {
        "page": page,
        "days": _days_left(link, at),
        "stop": tokens.stop_token(link.user_id),
        "zone": link.user.time_zone,
    }
    return show(request, "accounts/link.html", context)


def _days_left(link: Link, at: Any) -> int:
    """How many days the link still works, counted up; by real time, which a practice clock does not follow."""
    left: timedelta = link.expires_at - at
    return ceil(left / timedelta(days=1))


@require_POST
@by_token
def link_again(request: HttpRequest, link: Link, page: LinkPage | None) -> HttpResponse:
    """Send a fresh link to the person's own address. The answer never says what that address is."""
    if page is None:
        return _closed(request, link, page)
    links.ask_again(link, at=clock.now(), real_at=clock.real_now())
    return show(request, "accounts/link_sent.html", {"page": page})


class NotForMeForm(forms.Form):
    """A tick nobody sets but a person: some mail scanners press buttons."""

    sure = forms.BooleanField(label=_("Yes, this was not meant for me"))


@require_http_methods(["GET", "HEAD", "POST"])
@by_token
def link_not_for_me(request: HttpRequest, link: Link, page: LinkPage | None) -> HttpResponse:
    """End the link because it was meant for somebody else; whoever asked is told to ask another."""
    if page is None or not link.usable(clock.real_now()):
        return _closed(request, link, page)
    form = NotForMeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        links.not_for_me(link, at=clock.now(), real_at=clock.real_now())
        return show(request, "accounts/link_not_for_me_done.html", {"page": page})
    context = {"page": page, "form": form}
    return show(request, "accounts/link_not_for_me.html", context, status=422 if form.is_bound else 200)


@csrf_exempt  # mail programs post here by themselves (RFC 8058: List-Unsubscribe-Post)
@limited(LINKS)
@require_http_methods(["GET", "HEAD", "POST"])
def stop_mail(request: HttpRequest, token: str) -> HttpResponse:
    """The button that stops all mail to a person, and its undoing; its address stands in every mail, and in List-Unsubscribe."""
    user_id = tokens.user_to_stop(token)
    user = User.objects.filter(pk=user_id).first() if user_id else None
    if user is None:
        return private(show(request, "accounts/link_closed.html", status=404), referrer="no-referrer")
    speak_to(request, user)
    if request.method == "POST":
        change = people.resume_mail if "resume" in request.POST else people.stop_mail
        change(user, by=Oneself(user, "link"), at=clock.now())
    return private(
        show(request, "accounts/stop_mail.html", {"stopped": user.stopped_at}), referrer="no-referrer"
    )

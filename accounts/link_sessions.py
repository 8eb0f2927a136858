"""Link sessions: access to the pages behind a link by a signed cookie, for one object and sixty minutes.

The Continue button on a link's first page sets the cookie. Its path is the object's own address, so the
browser sends it nowhere else. (`__Host-` would require the path "/", hence `__Secure-`.) It holds the link's
id and whether the e-mailed code was entered. The link is read again with every request, so revoking the link
ends the access.

A page behind a link is decorated with `link_required`, finds the link as `request.link`, and turns it into
the permissions of its contact over that one object (`partners.permissions.permissions.permissions_by_link`).
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import wraps
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from accounts import throttling
from accounts.actions.links import request_email_code, verify_email_code
from accounts.models import ActionLink, Language, User
from accounts.throttling import throttled_response
from workflow import clock
from workflow.clock import real_now
from workflow.errors import Refused
from workflow.http.pages import render_page

type View = Callable[..., HttpResponseBase]

COOKIE_NAME = "__Secure-link" if settings.HTTPS else "link"
SESSION_LIFETIME = timedelta(minutes=60)
# After SESSION_LIFETIME the cookie gives no access; it only tells the page that it was open in this browser.
COOKIE_LIFETIME = timedelta(days=7)
_SALT = "accounts.actionlink"


@dataclass(frozen=True)
class LinkSession:
    """Access of one browser: the link, the path of its object, and whether the e-mailed code was entered."""

    link: ActionLink
    path: str
    is_email_code_entered: bool


def start_link_session(response: HttpResponse, link_session: LinkSession) -> None:
    """Let this browser act through the link on the object at `link_session.path`, for sixty minutes."""
    value = signing.dumps(
        {
            "link": link_session.link.pk,
            "path": link_session.path,
            "code_entered": link_session.is_email_code_entered,
        },
        salt=_SALT,
    )
    seconds = int(COOKIE_LIFETIME.total_seconds())
    response.set_cookie(
        COOKIE_NAME,
        value,
        max_age=seconds,
        path=link_session.path,
        secure=settings.HTTPS,
        httponly=True,
        samesite="Lax",
    )


def current_link_session(request: HttpRequest, thing_label: str) -> LinkSession | None:
    """Return the link session of this browser for the requested path, with the link read again.

    Return None without a cookie, for a link to another kind of item or another path, and for a link that was
    revoked or has expired.
    """
    try:
        value = signing.loads(request.COOKIES.get(COOKIE_NAME, ""), salt=_SALT, max_age=SESSION_LIFETIME)
    except signing.BadSignature:
        return None
    usable = ActionLink.objects.usable(real_now()).select_related("user")
    link = usable.filter(pk=value["link"], thing_label=thing_label, user__is_active=True).first()
    is_on_path = request.path.startswith(value["path"])
    return (
        LinkSession(link, value["path"], value["code_entered"]) if link is not None and is_on_path else None
    )


def _has_ended(request: HttpRequest) -> bool:
    """Return True if this browser had a link session for the page that has ended since."""
    try:
        signing.loads(request.COOKIES.get(COOKIE_NAME, ""), salt=_SALT, max_age=COOKIE_LIFETIME)
    except signing.BadSignature:
        return False
    return True


def activate_locale(request: HttpRequest, user: User) -> None:
    """Use the person's language and time zone for the rest of this request.

    A language chosen in this browser is kept.
    """
    if request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME) not in Language.values:
        translation.activate(user.language)
        request.LANGUAGE_CODE = translation.get_language()
    timezone.activate(ZoneInfo(user.time_zone))


def add_no_store_headers[R: HttpResponseBase](response: R, *, referrer: str = "same-origin") -> R:
    """Keep a page out of caches and search engines, and limit the referrer it sends."""
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Referrer-Policy"] = referrer
    return response


class EmailCodeForm(forms.Form):
    """Form for the six digits from the mail."""

    link_code = forms.RegexField(
        r"^\s*\d{3}\s?\d{3}\s*$",
        label=_("Six-digit code"),
        max_length=12,
        error_messages={"invalid": _("Enter a six-digit code.")},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )


def link_required(thing_label: str, *, code: bool = False) -> Callable[[View], View]:
    """Decorate a page that is reached by link. The page finds `request.link`, for an item of this kind.

    The page must show and change only the item with `request.link.thing_id`. `code=True` is for pages
    with stored personal data: the person is first asked for six digits sent to their address. Without a
    link session the response is 403, with a page that asks the reader to open the link again.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def through_link(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            link_session = current_link_session(request, thing_label)
            if link_session is None:
                context = {"was_open": _has_ended(request)}
                return add_no_store_headers(
                    render_page(request, "accounts/link_over.html", context, status=403)
                )
            request.link = link_session.link  # type: ignore[attr-defined]  # what the page acts through
            activate_locale(request, link_session.link.user)
            if code and not link_session.is_email_code_entered:
                return add_no_store_headers(_ask_for_code(request, link_session))
            return add_no_store_headers(view(request, *args, **kwargs))

        return through_link

    return decorate


def _ask_for_code(request: HttpRequest, link_session: LinkSession) -> HttpResponse:
    """Show the form for the six digits instead of the page. Its buttons post to the page's own address."""
    at, link = real_now(), link_session.link
    form = EmailCodeForm(request.POST if "link_code" in request.POST else None)
    context: dict[str, Any] = {"form": form, "sent": False}
    try:
        if "send_link_code" in request.POST:
            throttling.count_use(throttling.EMAIL_CODE_LIMIT, f"link:{link.pk}", at)
            request_email_code(link, at=clock.now(), real_at=at)
            context["sent"] = True
        elif form.is_valid():
            digits = "".join(form.cleaned_data["link_code"].split())
            if verify_email_code(link, digits, at=clock.now(), real_at=at):
                response = HttpResponseRedirect(request.get_full_path(), status=303)
                start_link_session(response, replace(link_session, is_email_code_entered=True))
                return response
            form.add_error("link_code", _("This is not the code we sent. Check it, or ask for a new one."))
    except Refused as refused:
        if "retry_after" in refused.details:
            return throttled_response(request, refused)
        context["refused"] = refused
    is_refused = bool(form.errors) or "refused" in context
    return render_page(request, "accounts/link_code.html", context, status=422 if is_refused else 200)

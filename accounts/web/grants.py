"""What pressing Continue on a link gives a browser: a signed cookie for one object, for sixty minutes.

The cookie's path is the object's own address, so the browser itself sends it nowhere else (`__Host-` would demand the path "/",
hence `__Secure-`). It holds the link's number and whether the e-mail code was given. The link is read again with every request,
so ending it ends what it gave. A page behind a link is decorated with `link_required`, finds it as `request.link`, and turns
it into the Powers of its contact on that one thing (`partners.rules.powers_by_link`).
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

from accounts import limits
from accounts.actions import links
from accounts.models import Language, Link, User
from accounts.web.limited import too_many
from workflow import clock
from workflow.doors.http import show
from workflow.errors import Refused

type View = Callable[..., HttpResponseBase]

COOKIE = "__Secure-link" if settings.HTTPS else "link"
LASTS = timedelta(minutes=60)
REMEMBERED = timedelta(
    days=7
)  # by then it gives nothing: the page can only say that it was open in this browser
_SALT = "accounts.link"


@dataclass(frozen=True)
class Grant:
    """What a browser holds: the link, where it leads, and whether its holder also gave the six digits sent to their address."""

    link: Link
    path: str
    proved: bool


def give(response: HttpResponse, grant: Grant) -> None:
    """Let this browser act through the link on the one object at the grant's path, for sixty minutes."""
    value = signing.dumps({"link": grant.link.pk, "path": grant.path, "proved": grant.proved}, salt=_SALT)
    seconds = int(REMEMBERED.total_seconds())
    response.set_cookie(
        COOKIE, value, max_age=seconds, path=grant.path, secure=settings.HTTPS, httponly=True, samesite="Lax"
    )


def held(request: HttpRequest, thing_label: str) -> Grant | None:
    """The link this browser may act through here, read again: None if there is none, it is for another thing, or it has ended."""
    try:
        value = signing.loads(request.COOKIES.get(COOKIE, ""), salt=_SALT, max_age=LASTS)
    except signing.BadSignature:
        return None
    found = Link.objects.usable(clock.real_now()).select_related("user")
    link = found.filter(pk=value["link"], thing_label=thing_label, user__is_active=True).first()
    here = request.path.startswith(value["path"])
    return Grant(link, value["path"], value["proved"]) if link is not None and here else None


def _was_open(request: HttpRequest) -> bool:
    """Whether this browser held the page's link, which has ended since."""
    try:
        signing.loads(request.COOKIES.get(COOKIE, ""), salt=_SALT, max_age=REMEMBERED)
    except signing.BadSignature:
        return False
    return True


def speak_to(request: HttpRequest, user: User) -> None:
    """Show the rest of this request in the person's language (unless this browser chose another) and by their clock."""
    if request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME) not in Language.values:
        translation.activate(user.language)
        request.LANGUAGE_CODE = translation.get_language()
    timezone.activate(ZoneInfo(user.time_zone))


def private[R: HttpResponseBase](response: R, *, referrer: str = "same-origin") -> R:
    """Keep a page out of caches and search engines, and its address to ourselves."""
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Referrer-Policy"] = referrer
    return response


class CodeForm(forms.Form):
    """The six digits from the mail."""

    link_code = forms.RegexField(
        r"^\s*\d{3}\s?\d{3}\s*$",
        label=_("Six digits"),
        max_length=12,
        error_messages={"invalid": _("The code has six digits.")},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )


def link_required(thing_label: str, *, code: bool = False) -> Callable[[View], View]:
    """Decorate a page that is reached by link: it finds `request.link`, for a thing of this kind.

    The page must show and change only the thing with `request.link.thing_id`. `code=True` is for what shows stored personal data:
    the person is first asked for six digits sent to their address. Without a link the page says to press the link again: 403.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def through_link(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            grant = held(request, thing_label)
            if grant is None:
                context = {"was_open": _was_open(request)}
                return private(show(request, "accounts/link_over.html", context, status=403))
            request.link = grant.link  # type: ignore[attr-defined]  # what the page acts through
            speak_to(request, grant.link.user)
            if code and not grant.proved:
                return private(_ask_for_code(request, grant))
            return private(view(request, *args, **kwargs))

        return through_link

    return decorate


def _ask_for_code(request: HttpRequest, grant: Grant) -> HttpResponse:
    """Stand in front of a page until the six digits are given; the page's own address takes both forms."""
    at, link = clock.real_now(), grant.link
    form = CodeForm(request.POST if "link_code" in request.POST else None)
    context: dict[str, Any] = {"form": form, "sent": False}
    try:
        if "send_link_code" in request.POST:
            limits.count(limits.CODES, f"link:{link.pk}", at)
            links.ask_for_code(link, at=clock.now(), real_at=at)
            context["sent"] = True
        elif form.is_valid():
            digits = "".join(form.cleaned_data["link_code"].split())
            if links.check_code(link, digits, at=clock.now(), real_at=at):
                response = HttpResponseRedirect(request.get_full_path(), status=303)
                give(response, replace(grant, proved=True))
                return response
            form.add_error("link_code", _("That is not the code we sent. Look again, or ask for a new one."))
    except Refused as refused:
        if "retry_after" in refused.details:
            return too_many(request, refused)
        context["refused"] = refused
    failed = bool(form.errors) or "refused" in context
    return show(request, "accounts/link_code.html", context, status=422 if failed else 200)

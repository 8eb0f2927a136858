"""What stands around a person's requests: how long a session lasts, their language and clock, limits, the second factor."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import ResolverMatch, reverse
from django.utils import timezone, translation
from django.utils.functional import SimpleLazyObject
from django.utils.http import urlencode

from accounts import above, devices, limits, second_factor
from accounts.actions import sessions
from accounts.models import User
from accounts.web.limited import network, too_many
from workflow import clock
from workflow.errors import Refused

type GetResponse = Callable[[HttpRequest], HttpResponse]

LONGEST = timedelta(seconds=settings.SESSION_COOKIE_AGE)
NOTED_EVERY = timedelta(minutes=1)  # a session is written once a minute at most, not with every page


class Reader:
    """Ends sessions that are idle or too old, then lets the page speak the reader's language and tell their time.

    Gives every request `by`: the person's Actor, worked out when first asked for, or None for somebody who is not signed in.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated and self._is_over(request):
            logout(request)
        user = request.user
        by = None
        if isinstance(user, User):
            translation.activate(user.language)
            request.LANGUAGE_CODE = translation.get_language()
            by = SimpleLazyObject(lambda: above.person(user, "session"))
        request.by = by  # type: ignore[attr-defined]  # what every request carries from here on
        zone = ZoneInfo(user.time_zone) if isinstance(user, User) else None
        with timezone.override(zone), clock.read_once():
            return self.get_response(request)

    @staticmethod
    def _is_over(request: HttpRequest) -> bool:
        """Whether the session has been idle or open too long; if not, that it was used now."""
        at, session = clock.real_now(), request.session
        now = at.timestamp()
        began, seen = session.setdefault("began", now), session.setdefault("seen", now)
        if now - seen >= settings.SESSION_IDLE.total_seconds() or now - began >= LONGEST.total_seconds():
            return True
        if now - seen >= NOTED_EVERY.total_seconds():
            session["seen"] = now
            sessions.note_seen(session.session_key or "", at)
        return False


class Limits:
    """Counts attempts to sign in, by address and by account, before a password or a code is looked at.

    A browser in which the owner has signed in before has a count of its own, which no stranger uses up.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        devices.set_cookie(request, response)
        return response

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        """429 for whoever tries too often."""
        limit = GUARDED.get(_name(request)) if request.method == "POST" else None
        if limit is None:
            return None
        at = clock.real_now()
        try:
            limits.count(limit, f"address:{network(request)}", at)
            if account := _account(request):
                limits.count(limits.SIGN_IN_AS, devices.counted_as(request, account), at)
        except Refused as refused:
            return too_many(request, refused)
        return None


GUARDED = {
    "account_login": limits.SIGN_IN,
    "account_reauthenticate": limits.SIGN_IN,
    "account_reset_password": limits.CODES,
    "account_reset_password_from_key": limits.CODES,
    "mfa_authenticate": limits.CODES,
    "mfa_reauthenticate": limits.CODES,
    "mfa_login_webauthn": limits.SIGN_IN,
    "mfa_reauthenticate_webauthn": limits.SIGN_IN,
}


class SecondFactor:
    """Leads everybody who signed in and may write to setting up an authenticator app or a passkey, before anything else."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        """On to the set-up page, unless it is the way there, or the API, which answers for itself (authentication.py)."""
        name = _name(request)
        if name in OPEN or name.startswith(("account_", "mfa_")) or request.path.startswith("/api/"):
            return None
        if not second_factor.missing(request):
            return None
        back = urlencode({"next": request.get_full_path()})
        return HttpResponseRedirect(f"{reverse('mfa_index')}?{back}")


OPEN = frozenset(
    {
        "account",
        "usersessions_list",
        "set_language",
        "theme",
        "healthz",
        "readyz",
        "link",
        "link_again",
        "link_not_for_me",
    }
    | {"stop_mail", "join"}
)


def _account(request: HttpRequest) -> str:
    """Whose password is tried here: the address in the form, or the person who confirms their own."""
    if _name(request) == "account_reauthenticate" and isinstance(request.user, User):
        return request.user.email
    return request.POST.get("login", "").strip().lower()


def _name(request: HttpRequest) -> str:
    match: ResolverMatch | None = request.resolver_match
    return (match and match.view_name) or ""

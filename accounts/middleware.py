"""Middleware for people, sessions, language, time zone, sign-in limits and the second factor."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth import get_user, logout
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import ResolverMatch, reverse
from django.utils import timezone, translation
from django.utils.functional import SimpleLazyObject
from django.utils.http import urlencode

from accounts import throttling
from accounts.actions.sessions import record_last_seen
from accounts.hooks import actor_of_person
from accounts.known_browsers import set_browser_cookie, throttle_key
from accounts.models import User
from accounts.second_factor import is_missing
from accounts.sessions import practice_offset, session_user
from accounts.throttling import client_network, throttled_response
from workflow.clock import cache_clock_offset, real_now
from workflow.errors import Refused

type GetResponse = Callable[[HttpRequest], HttpResponse]

MAX_SESSION_AGE = timedelta(seconds=settings.SESSION_COOKIE_AGE)
SESSION_SAVE_INTERVAL = timedelta(minutes=1)  # a session is saved at most once a minute, not with every page


class SessionUserMiddleware(AuthenticationMiddleware):
    """Middleware that sets `user` to the person who was read with the session, and otherwise asks Django."""

    def process_request(self, request: HttpRequest) -> None:
        """Set `user`, read on first use."""
        super().process_request(request)
        request.user = SimpleLazyObject(lambda: session_user(request.session) or get_user(request))  # type: ignore[assignment]  # as Django does


class SessionAndLocaleMiddleware:
    """Middleware that ends idle or old sessions and sets the reader's language and time zone.

    It sets `by` on every request: the person's actor, built on first use, or None without sign-in.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated and self._has_ended(request):
            logout(request)
        user = request.user
        by = None
        if isinstance(user, User):
            translation.activate(user.language)
            request.LANGUAGE_CODE = translation.get_language()
            by = SimpleLazyObject(lambda: actor_of_person(user, via="session"))
        request.by = by  # type: ignore[attr-defined]  # what every request carries from here on
        zone = ZoneInfo(user.time_zone) if isinstance(user, User) else None
        with timezone.override(zone), cache_clock_offset(practice_offset(request.session)):
            return self.get_response(request)

    @staticmethod
    def _has_ended(request: HttpRequest) -> bool:
        """Return True if the session has been idle or open too long; otherwise record that it was used now."""
        at, session = real_now(), request.session
        now = at.timestamp()
        started_at, last_seen_at = session.setdefault("began", now), session.setdefault("seen", now)
        if (
            now - last_seen_at >= settings.SESSION_IDLE_TIMEOUT.total_seconds()
            or now - started_at >= MAX_SESSION_AGE.total_seconds()
        ):
            return True
        if now - last_seen_at >= SESSION_SAVE_INTERVAL.total_seconds():
            session["seen"] = now
            record_last_seen(session.session_key or "", at)
        return False


class SignInThrottleMiddleware:
    """Middleware that counts sign-in attempts by network address and by account.

    It counts before a password or a code is checked. A browser in which the owner has signed in before
    has its own count, which no stranger can use up.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        set_browser_cookie(request, response)
        return response

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        """Return a 429 response after too many attempts."""
        name = _view_name(request)
        limit = THROTTLED_VIEWS.get(name) if request.method == "POST" else THROTTLED_READS.get(name)
        if limit is None:
            return None
        at = real_now()
        try:
            throttling.count_use(limit, f"address:{client_network(request)}", at)
            if account := _attempted_email(request):
                throttling.count_use(throttling.SIGN_IN_PER_ACCOUNT_LIMIT, throttle_key(request, account), at)
        except Refused as refused:
            return throttled_response(request, refused)
        return None


THROTTLED_VIEWS = {
    "account_login": throttling.SIGN_IN_LIMIT,
    "account_reauthenticate": throttling.SIGN_IN_LIMIT,
    "account_reset_password": throttling.EMAIL_CODE_LIMIT,
    "account_reset_password_from_key": throttling.EMAIL_CODE_LIMIT,
    "mfa_authenticate": throttling.EMAIL_CODE_LIMIT,
    "mfa_reauthenticate": throttling.EMAIL_CODE_LIMIT,
    "mfa_login_webauthn": throttling.SIGN_IN_LIMIT,
    "saml_acs": throttling.SIGN_IN_LIMIT,
    "mfa_reauthenticate_webauthn": throttling.SIGN_IN_LIMIT,
}


# They ask an identity provider, so that anyone could make this server ask often.
THROTTLED_READS = {
    "openid_connect_login": throttling.SIGN_IN_LIMIT,
    "openid_connect_callback": throttling.SIGN_IN_LIMIT,
    "saml_login": throttling.SIGN_IN_LIMIT,
    "saml_finish_acs": throttling.SIGN_IN_LIMIT,
    "saml_metadata": throttling.SIGN_IN_LIMIT,
    "sign_out_at_provider": throttling.SIGN_IN_LIMIT,
}


class RequireSecondFactorMiddleware:
    """Middleware that makes a signed-in person who may write set up a second factor first.

    The second factor is an authenticator app or a passkey.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        """Redirect to the set-up page if the second factor is missing.

        The pages needed for the set-up stay open. The API checks this itself (authentication.py).
        """
        name = _view_name(request)
        if (
            name in SECOND_FACTOR_EXEMPT_VIEWS
            or name.startswith(("account_", "mfa_"))
            or request.path.startswith("/api/")
        ):
            return None
        if not is_missing(request):
            return None
        query = urlencode({"next": request.get_full_path()})
        return HttpResponseRedirect(f"{reverse('mfa_index')}?{query}")


SECOND_FACTOR_EXEMPT_VIEWS = frozenset(
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
    | {
        "stop_mail",
        "join",
        "openid_connect_login",
        "openid_connect_callback",
        "saml_login",
        "saml_acs",
        "saml_finish_acs",
        "signed_out",
        "sign_out_at_provider",
    }
)


def _attempted_email(request: HttpRequest) -> str:
    """Return the e-mail address whose password is tried: from the form, or of the signed-in person."""
    if _view_name(request) == "account_reauthenticate" and isinstance(request.user, User):
        return request.user.email
    return request.POST.get("login", "").strip().lower()


def _view_name(request: HttpRequest) -> str:
    match: ResolverMatch | None = request.resolver_match
    return (match and match.view_name) or ""

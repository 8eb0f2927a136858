"""How a program shows who it is: a bearer token with scopes, or the session of a page's own script.

`request.auth.allows(method)` answers for both; the permission class `workflow.doors.api.access.SignedIn` asks it.
"""

from functools import cache
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import connection
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, SessionAuthentication
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from accounts import above, limits, second_factor, tokens
from accounts.actions.tokens import note_use
from accounts.models import ApiToken, User
from accounts.web.limited import network
from workflow import clock
from workflow.errors import Refused

if TYPE_CHECKING:
    from rest_framework.views import APIView

WRONG = _("This token is wrong, has expired or was ended. Make a new one in your account.")


def http(request: Request) -> HttpRequest:
    """Django's own request inside REST framework's, which forwards what is read from it but keeps what is set on it."""
    inside: HttpRequest = request._request  # noqa: SLF001  # as REST framework's own SessionAuthentication does
    return inside


class BearerToken(BaseAuthentication):
    """`Authorization: Bearer tl_...`: acts as the token's owner, within its scopes. A wrong token is 401, never anonymous."""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        """The token's owner and the token, or None where no bearer token was sent."""
        scheme, _space, value = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            return None
        token = self._usable(value.strip())
        user = token.user
        by = SimpleLazyObject(lambda: above.person(user, "token"))
        http(request).by = by  # type: ignore[attr-defined]  # as the middleware does for a session
        return user, token

    @staticmethod
    def _usable(value: str) -> ApiToken:
        at = clock.real_now()
        found = token_of(tokens.api_prefix(value) or "")
        if found is None or not tokens.matches(value, found.digest) or not found.usable(at):
            raise AuthenticationFailed(WRONG)
        note_use(found, at)
        return found

    def authenticate_header(self, request: Request) -> str:
        """What a 401 asks for."""
        return 'Bearer realm="api"'


def token_of(prefix: str) -> ApiToken | None:
    """The token with this public prefix, and its owner: every request of a program asks for it, so the statement is made once."""
    sql, of_token, of_user = _statement()
    with connection.cursor() as cursor:
        cursor.execute(sql, [prefix])
        row = cursor.fetchone()
    if row is None:
        return None
    token = ApiToken.from_db(connection.alias, of_token, row[: len(of_token)])
    token.user = User.from_db(connection.alias, of_user, row[len(of_token) :])
    return token


@cache
def _statement() -> tuple[str, list[str], list[str]]:
    """What the ORM makes of "the token with a prefix, and its owner", and the columns it gives."""
    sql, _params = ApiToken.objects.select_related("user").filter(prefix="").query.sql_with_params()
    token, user = ([field.attname for field in model._meta.concrete_fields] for model in (ApiToken, User))
    return sql, token, user


class Everything:
    """The scopes of somebody signed in on the pages: all that their own rights allow."""

    def allows(self, method: str) -> bool:
        """Always."""
        return True


class Session(SessionAuthentication):
    """The session of the pages, for requests their own scripts make: with the CSRF check, and with the second factor."""

    def authenticate(self, request: Request) -> tuple[Any, Any] | None:
        """The person signed in, or None."""
        found = super().authenticate(request)
        if found is None:
            return None
        if second_factor.missing(http(request)):
            raise PermissionDenied(_("Set up two-step sign-in first."))
        return found[0], Everything()


class PublicThrottle(BaseThrottle):
    """Sixty requests a minute from one network address, for the operations that need no sign-in."""

    retry_after = 0

    def allow_request(self, request: Request, view: "APIView") -> bool:
        """Whether this one is within the limit."""
        try:
            limits.count(limits.PUBLIC_API, f"address:{network(http(request))}", clock.real_now())
        except Refused as refused:
            self.retry_after = refused.details["retry_after"]
            return False
        return True

    def wait(self) -> float:
        """After how many seconds to come back."""
        return self.retry_after


class BearerTokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # registers by being defined
    """How the API's schema describes BearerToken."""

    target_class = "accounts.authentication.BearerToken"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        """An HTTP bearer scheme."""
        return {
            "type": "http",
            "scheme": "bearer",
            "description": "A token from your account or from `manage.py create_token`. Scopes: `read`, `write`.",
        }


class SessionScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # registers by being defined
    """How the API's schema describes Session."""

    target_class = "accounts.authentication.Session"
    name = "session"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        """A cookie; the name depends on whether the instance speaks https."""
        return {
            "type": "apiKey",
            "in": "cookie",
            "name": settings.SESSION_COOKIE_NAME,
            "description": "The session of the pages.",
        }

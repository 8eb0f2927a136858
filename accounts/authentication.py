"""API authentication by bearer token, and by session for the pages' own scripts; throttle of public operations.

Either way `request.auth` has a method `allows_method(method)`, which the permission class
`workflow.api.permissions.IsAuthenticatedWithScope` calls.
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

from accounts import throttling
from accounts.actions.tokens import record_token_use
from accounts.hooks import actor_of_person
from accounts.models import ApiToken, User
from accounts.second_factor import is_missing
from accounts.throttling import client_network
from accounts.tokens import api_token_prefix, token_matches
from workflow.clock import real_now
from workflow.errors import Refused

if TYPE_CHECKING:
    from rest_framework.views import APIView

INVALID_TOKEN = _("This token is invalid, expired or revoked. Create a new one in your account.")


def django_request(request: Request) -> HttpRequest:
    """Return the Django request that a REST framework request wraps.

    Attributes must be set on it: the wrapper forwards reads to it, but keeps what is set on itself.
    """
    wrapped: HttpRequest = request._request  # noqa: SLF001  # as REST framework's own SessionAuthentication does
    return wrapped


class BearerTokenAuthentication(BaseAuthentication):
    """Authentication by `Authorization: Bearer tl_...`, as the token's owner and within its scopes.

    A wrong token gives 401; it is never treated as anonymous.
    """

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        """Return the token's owner and the token, or None if no bearer token was sent."""
        scheme, _space, value = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            return None
        token = self._find_usable_token(value.strip())
        user = token.user
        by = SimpleLazyObject(lambda: actor_of_person(user, via="token"))
        django_request(request).by = by  # type: ignore[attr-defined]  # as the middleware does for a session
        return user, token

    @staticmethod
    def _find_usable_token(value: str) -> ApiToken:
        at = real_now()
        found = find_token(api_token_prefix(value) or "")
        if found is None or not token_matches(value, found.digest) or not found.is_usable(at):
            raise AuthenticationFailed(INVALID_TOKEN)
        record_token_use(found, at)
        return found

    def authenticate_header(self, request: Request) -> str:
        """Return the `WWW-Authenticate` header of a 401 response."""
        return 'Bearer realm="api"'


def find_token(prefix: str) -> ApiToken | None:
    """Return the token with this public prefix, together with its owner, or None.

    Every API request runs this query, so its SQL is built only once.
    """
    sql, token_columns, user_columns = _token_statement()
    with connection.cursor() as cursor:
        cursor.execute(sql, [prefix])
        row = cursor.fetchone()
    if row is None:
        return None
    token = ApiToken.from_db(connection.alias, token_columns, row[: len(token_columns)])
    token.user = User.from_db(connection.alias, user_columns, row[len(token_columns) :])
    return token


@cache
def _token_statement() -> tuple[str, list[str], list[str]]:
    """Return the SQL that reads a token by prefix together with its owner, and the columns of each."""
    sql, _params = ApiToken.objects.select_related("user").filter(prefix="").query.sql_with_params()
    token, user = ([field.attname for field in model._meta.concrete_fields] for model in (ApiToken, User))
    return sql, token, user


class AllScopes:
    """Scopes of a session: every method, because only the person's own permissions limit it."""

    def allows_method(self, method: str) -> bool:
        """Return True."""
        return True


class PageSessionAuthentication(SessionAuthentication):
    """Session authentication for requests from the pages' own scripts.

    It checks CSRF and the second factor.
    """

    def authenticate(self, request: Request) -> tuple[Any, Any] | None:
        """Return the signed-in person, or None. Raises PermissionDenied if the second factor is missing."""
        user_and_auth = super().authenticate(request)
        if user_and_auth is None:
            return None
        if is_missing(django_request(request)):
            raise PermissionDenied(_("Set up two-step sign-in first."))
        return user_and_auth[0], AllScopes()


class PublicThrottle(BaseThrottle):
    """Throttle of sixty requests a minute from one network address, for operations without sign-in."""

    retry_after = 0

    def allow_request(self, request: Request, view: "APIView") -> bool:
        """Return True if this request is within the limit."""
        try:
            throttling.count_use(
                throttling.PUBLIC_API_LIMIT, f"address:{client_network(django_request(request))}", real_now()
            )
        except Refused as refused:
            self.retry_after = refused.details["retry_after"]
            return False
        return True

    def wait(self) -> float:
        """Return the number of seconds to wait before the next try."""
        return self.retry_after


class BearerTokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # registers by being defined
    """OpenAPI description of `BearerTokenAuthentication`."""

    target_class = "accounts.authentication.BearerTokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        """Return an HTTP bearer scheme."""
        return {
            "type": "http",
            "scheme": "bearer",
            "description": "A token from your account or from `manage.py create_token`. Scopes: `read`, `write`.",
        }


class SessionScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # registers by being defined
    """OpenAPI description of `PageSessionAuthentication`."""

    target_class = "accounts.authentication.PageSessionAuthentication"
    name = "session"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        """Return a cookie scheme. The cookie's name depends on the use of HTTPS."""
        return {
            "type": "apiKey",
            "in": "cookie",
            "name": settings.SESSION_COOKIE_NAME,
            "description": "The session of the pages.",
        }

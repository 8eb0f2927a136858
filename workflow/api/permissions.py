"""Permissions that every API request needs.

The caller must be signed in, and a token's scopes must cover the method. Rules decide about individual objects.
"""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from workflow.errors import NOT_ALLOWED, Refused
from workflow.http.refusal_responses import LENGTH_MISSING_CODE


class ContentLengthRequired(BasePermission):
    """Permission that requires a body of known length.

    A body sent in chunks without a length would be read as empty, and the request would mean something else.
    """

    def has_permission(self, request: Request, view: object) -> bool:
        """Return True, or refuse a body of unknown length."""
        if request.headers.get("Transfer-Encoding") and not request.headers.get("Content-Length"):
            message = _("Send the length of the body in Content-Length. Chunked transfer is not supported.")
            raise Refused(LENGTH_MISSING_CODE, message, header="Content-Length")
        return True


class IsAuthenticatedWithScope(BasePermission):
    """Permission that requires a signed-in person, and keeps a token within its scopes.

    The person's permissions decide what they may see and do.
    """

    def has_permission(self, request: Request, view: object) -> bool:
        """Return True if a person is signed in; False leads to status 401.

        Refuses a token whose scopes do not cover the method.
        """
        user: object = request.user
        if user is None:
            return False
        scopes: Any = request.auth
        if not scopes.allows_method(request.method):
            message = _("This token does not allow this action: the token’s scopes do not cover %(method)s.")
            raise Refused(NOT_ALLOWED, message % {"method": request.method})
        return True

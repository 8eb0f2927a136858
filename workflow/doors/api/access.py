"""Who may call an operation at all: somebody signed in, with a scope that covers the method. Rights over things are for the rules."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from workflow.doors.refusals import LENGTH_MISSING
from workflow.errors import NOT_ALLOWED, Refused


class WithItsLength(BasePermission):
    """A body whose length is told. One sent in chunks without it would be read as empty, and the request be another one."""

    def has_permission(self, request: Request, view: object) -> bool:
        """Refuses a body of unknown length."""
        if request.headers.get("Transfer-Encoding") and not request.headers.get("Content-Length"):
            words = _("Say how long the body is: send it with Content-Length, not in chunks.")
            raise Refused(LENGTH_MISSING, words, header="Content-Length")
        return True


class SignedIn(BasePermission):
    """Nobody anonymous; a token within its scopes. What the person may see and do is asked of their Powers."""

    def has_permission(self, request: Request, view: object) -> bool:
        """False sends 401. Refuses a token whose scopes do not cover the method."""
        user: object = request.user
        if user is None:
            return False
        scopes: Any = request.auth
        if not scopes.allows(request.method):
            words = _("This token may not do that: its scopes do not cover %(method)s.")
            raise Refused(NOT_ALLOWED, words % {"method": request.method})
        return True

"""Request of a signed-in user with their permissions, and the permission check of pages."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from accounts.models import User
from partners.permissions.permissions import Permissions


class AuthenticatedRequest(HttpRequest):
    """Request of a signed-in user (`login_required`), with the user's permissions as the actor `by`.

    The middleware of accounts sets both attributes.
    """

    user: User
    by: Permissions


def require_permission(request: AuthenticatedRequest, power: str, thing: object = None) -> None:
    """Raise PermissionDenied unless the user has the permission for the object, or for any object if None.

    For pages that prepare a later action: a user who would be refused then does not see the page.
    """
    if not request.by.may(power, thing):
        raise PermissionDenied


MAX_EXCHANGES_SHOWN = 100  # exchanges on a page, the newest first; the exported file has all

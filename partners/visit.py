"""A request as pages above this room see it: with the person who is signed in and what they may do; and how a page says no."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from accounts.models import User
from partners.rules.powers import Powers


class Visit(HttpRequest):
    """The request of somebody who is signed in (`login_required`); set up by accounts' middleware."""

    user: User
    by: Powers


def only(request: Visit, power: str, thing: object = None) -> None:
    """Let on who holds the power over the thing (over anything, where none is named); 403 for everybody else.

    For pages that prepare what an action does later: whoever would be refused there is not shown what is prepared here.
    """
    if not request.by.may(power, thing):
        raise PermissionDenied

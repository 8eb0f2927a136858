"""Second factor: required on a real site from those who may change anything, or from everyone who signs in."""

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest

from accounts.hooks import actor_of_person
from accounts.models import User
from workflow.clock import is_practice

SECOND_FACTOR_TYPES = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
# Set in the session once a factor exists. The last factor cannot be removed, so it stays true.
_SESSION_KEY = "second_factor"


def is_required(user: User) -> bool:
    """Return True if this person may change anything, so that a password alone is not enough.

    With the setting SECOND_FACTOR it may be everyone. On a practice site it is always False.
    """
    if is_practice():
        return False
    is_for_everyone = settings.SECOND_FACTOR == "everyone"
    return is_for_everyone or user.is_staff or actor_of_person(user, via="session").may_write


def has_factor(user: User) -> bool:
    """Return True if this person has an authenticator app or a passkey."""
    return bool(Authenticator.objects.filter(user=user, type__in=SECOND_FACTOR_TYPES).exists())


def is_missing(request: HttpRequest) -> bool:
    """Return True if the signed-in person must set up a second factor before going on.

    When a person has one, the session stores that, and the database is not queried again.
    """
    user = request.user
    if not isinstance(user, User) or is_practice() or request.session.get(_SESSION_KEY):
        return False
    if has_factor(user):
        remember_factor(request)
        return False
    return is_required(user)


def remember_factor(request: HttpRequest) -> None:
    """Record in the session that its person has a second factor, here or at their identity provider."""
    request.session[_SESSION_KEY] = True

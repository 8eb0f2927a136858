"""Who needs a second factor, and whether they have one: everybody who signs in and may change anything, on a real instance."""

from allauth.mfa.models import Authenticator
from django.http import HttpRequest

from accounts import above
from accounts.models import User
from workflow import clock

FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
_KNOWN = (
    "second_factor"  # in the session: they have one, so nobody asks again; the last one cannot be removed
)


def required(user: User) -> bool:
    """Whether this person may change anything, so that a password alone is not enough. Never on a practice instance."""
    return not clock.is_practice() and (user.is_staff or above.person(user, "session").writes)


def held(user: User) -> bool:
    """Whether this person has an authenticator app or a passkey."""
    return bool(Authenticator.objects.filter(user=user, type__in=FACTORS).exists())


def missing(request: HttpRequest) -> bool:
    """Whether the person signed in here must set up a second factor before going on. Asked of the database once a session."""
    user = request.user
    if not isinstance(user, User) or request.session.get(_KNOWN):
        return False
    if held(user):
        request.session[_KNOWN] = True
        return False
    return required(user)

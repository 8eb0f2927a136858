"""Browsers in which a person has signed in before.

Password guesses in these browsers are counted apart, so strangers cannot lock out the owner. The
signed cookie names the browser and holds the digests of the accounts that signed in there. By
itself it gives no access.
"""

import hashlib
import secrets
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

MAX_ACCOUNTS = 8  # in one browser; the oldest are forgotten first
COOKIE_LIFETIME = timedelta(days=180)
_SALT = "accounts.devices"
_REMEMBERED = "_signed_in_here"


def throttle_key(request: HttpRequest, email: str) -> str:
    """Return the name under which guesses at this account are counted.

    A browser in which the owner has signed in before has its own name. All other browsers share one.
    """
    known = _read(request)
    account = _digest(email)
    return f"device:{known['id']}:{account}" if account in known["accounts"] else f"account:{email}"


def remember_device(request: HttpRequest, email: str) -> None:
    """Remember that this person proved their identity in this browser. `set_cookie` then sets the cookie."""
    known = _read(request)
    account = _digest(email)
    others = [each for each in known["accounts"] if each != account]
    setattr(request, _REMEMBERED, {**known, "accounts": [*others, account][-MAX_ACCOUNTS:]})


def set_device_cookie(request: HttpRequest, response: HttpResponse) -> None:
    """Set the browser's cookie if a person proved their identity during this request."""
    known = getattr(request, _REMEMBERED, None)
    if known:
        response.set_cookie(
            settings.DEVICE_COOKIE_NAME,
            signing.dumps(known, salt=_SALT),
            max_age=COOKIE_LIFETIME,
            secure=settings.HTTPS,
            httponly=True,
            samesite="Lax",
        )


def _read(request: HttpRequest) -> dict[str, Any]:
    try:
        known: dict[str, Any] = signing.loads(
            request.COOKIES.get(settings.DEVICE_COOKIE_NAME, ""), salt=_SALT, max_age=COOKIE_LIFETIME
        )
    except signing.BadSignature:
        known = {"id": secrets.token_hex(16), "accounts": []}
    return known


def _digest(email: str) -> str:
    return hashlib.sha256(email.strip().lower().encode()).hexdigest()[:32]

"""Browsers in which a person has signed in before.

Password guesses in these browsers are counted separately, so that strangers cannot lock out the account's
owner. A signed cookie identifies the browser and holds the digests of the accounts that signed in there. The
cookie alone gives no access.
"""

import hashlib
import secrets
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

MAX_REMEMBERED_ACCOUNTS = 8  # in one browser; the oldest are forgotten first
COOKIE_LIFETIME = timedelta(days=180)
_SALT = "accounts.known_browsers"
_REQUEST_ATTRIBUTE = "_device"  # the device to remember, until its cookie is set


def throttle_key(request: HttpRequest, email: str) -> str:
    """Return the key under which password guesses at this account are counted.

    A browser in which the owner has signed in before has its own key. All other browsers share one.
    """
    device = _read_cookie(request)
    account = _digest(email)
    return f"device:{device['id']}:{account}" if account in device["accounts"] else f"account:{email}"


def remember_browser(request: HttpRequest, email: str) -> None:
    """Remember that this person proved their identity in this browser. `set_browser_cookie` then sets the cookie."""
    device = _read_cookie(request)
    account = _digest(email)
    others = [digest for digest in device["accounts"] if digest != account]
    setattr(
        request, _REQUEST_ATTRIBUTE, {**device, "accounts": [*others, account][-MAX_REMEMBERED_ACCOUNTS:]}
    )


def set_browser_cookie(request: HttpRequest, response: HttpResponse) -> None:
    """Set the browser's cookie if a person proved their identity during this request."""
    device = getattr(request, _REQUEST_ATTRIBUTE, None)
    if device:
        response.set_cookie(
            settings.DEVICE_COOKIE_NAME,
            signing.dumps(device, salt=_SALT),
            max_age=COOKIE_LIFETIME,
            secure=settings.HTTPS,
            httponly=True,
            samesite="Lax",
        )


def _read_cookie(request: HttpRequest) -> dict[str, Any]:
    """Return the browser's id and account digests from its cookie, or those of a new browser."""
    try:
        device: dict[str, Any] = signing.loads(
            request.COOKIES.get(settings.DEVICE_COOKIE_NAME, ""), salt=_SALT, max_age=COOKIE_LIFETIME
        )
    except signing.BadSignature:
        device = {"id": secrets.token_hex(16), "accounts": []}
    return device


def _digest(email: str) -> str:
    return hashlib.sha256(email.strip().lower().encode()).hexdigest()[:32]

"""Browsers in which a person has signed in before. Their guesses are counted apart, so strangers never lock the owner out.

The signed cookie names the browser and, as digests, the accounts that signed in there. It opens nothing by itself.
"""

import hashlib
import secrets
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

MOST_ACCOUNTS = 8  # of one browser: those who signed in last
LASTS = timedelta(days=180)
_SALT = "accounts.devices"
_REMEMBERED = "_signed_in_here"


def counted_as(request: HttpRequest, email: str) -> str:
    """Under which name guesses at this account are counted: the known browser's own, or one for all strangers together."""
    known = _read(request)
    account = _digest(email)
    return f"device:{known['id']}:{account}" if account in known["accounts"] else f"account:{email}"


def remember(request: HttpRequest, email: str) -> None:
    """Note that this person proved here who they are; the answer then carries the cookie."""
    known = _read(request)
    account = _digest(email)
    others = [each for each in known["accounts"] if each != account]
    setattr(request, _REMEMBERED, {**known, "accounts": [*others, account][-MOST_ACCOUNTS:]})


def set_cookie(request: HttpRequest, response: HttpResponse) -> None:
    """Give the browser its cookie, where a person just proved who they are."""
    known = getattr(request, _REMEMBERED, None)
    if known:
        response.set_cookie(
            settings.DEVICE_COOKIE_NAME,
            signing.dumps(known, salt=_SALT),
            max_age=LASTS,
            secure=settings.HTTPS,
            httponly=True,
            samesite="Lax",
        )


def _read(request: HttpRequest) -> dict[str, Any]:
    try:
        known: dict[str, Any] = signing.loads(
            request.COOKIES.get(settings.DEVICE_COOKIE_NAME, ""), salt=_SALT, max_age=LASTS
        )
    except signing.BadSignature:
        known = {"id": secrets.token_hex(16), "accounts": []}
    return known


def _digest(email: str) -> str:
    return hashlib.sha256(email.strip().lower().encode()).hexdigest()[:32]

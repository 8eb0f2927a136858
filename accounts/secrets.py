"""The secrets of authenticator apps and recovery codes: encrypted under SECRET_KEY, and written again under a new one.

The only writer of what django-allauth keeps of an authenticator; nothing but its encryption changes.
"""

import base64
import hashlib
from dataclasses import dataclass
from typing import Any

from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.db import transaction

ENCRYPTED = ("secret", "seed", "migrated_codes")  # in `Authenticator.data`, as django-allauth names them


@dataclass(frozen=True)
class Rotated:
    """How many authenticators were written again, were written under the new key before, and cannot be read by any key."""

    written: int = 0
    new_already: int = 0
    unreadable: int = 0


def keys() -> MultiFernet:
    """Encrypts under SECRET_KEY; reads what was written under it or under one of SECRET_KEY_FALLBACKS."""
    return MultiFernet([_key(secret) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


def rotate() -> Rotated:
    """Write every secret again under SECRET_KEY, row by row. Safe to run at any time, and to repeat after it was cut off."""
    counts = {"written": 0, "new_already": 0, "unreadable": 0}
    for pk in Authenticator.objects.order_by("pk").values_list("pk", flat=True):
        with transaction.atomic():
            row = Authenticator.objects.select_for_update().filter(pk=pk).first()
            if row is None or not set(ENCRYPTED) & set(row.data):
                continue  # a passkey holds a public key only
            counts[_rotate(row)] += 1
    return Rotated(**counts)


def _rotate(row: Authenticator) -> str:
    held = {name: row.data[name] for name in ENCRYPTED if name in row.data}
    try:
        if _reads(_key(settings.SECRET_KEY), held):
            return "new_already"
        row.data = {**row.data, **{name: _again(value) for name, value in held.items()}}
    except InvalidToken:
        return "unreadable"
    row.save(update_fields=["data"])
    return "written"


def _again(value: Any) -> Any:
    if isinstance(value, list):
        return [_again(one) for one in value]
    return keys().rotate(value.encode()).decode()


def _reads(key: Fernet, held: dict[str, Any]) -> bool:
    tokens = [one for value in held.values() for one in (value if isinstance(value, list) else [value])]
    try:
        for token in tokens:
            key.decrypt(token.encode())
    except InvalidToken:
        return False
    return True


def _key(secret: str) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(b"accounts.mfa:" + secret.encode()).digest()))

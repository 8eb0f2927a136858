"""Encryption of the secrets of authenticator apps and recovery codes under SECRET_KEY.

This module is the only writer of django-allauth's authenticator data. It changes nothing but their
encryption.
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
class RotationResult:
    """Number of authenticators re-encrypted, already under the new key, and not readable with any key."""

    written: int = 0
    new_already: int = 0
    unreadable: int = 0


def fernet_keys() -> MultiFernet:
    """Return a cipher that encrypts under SECRET_KEY and also decrypts with SECRET_KEY_FALLBACKS."""
    return MultiFernet([_key(secret) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


def rotate_secrets() -> RotationResult:
    """Re-encrypt every secret under SECRET_KEY, row by row.

    Safe to run at any time, and to run again after an interruption.
    """
    counts = {"written": 0, "new_already": 0, "unreadable": 0}
    for pk in Authenticator.objects.order_by("pk").values_list("pk", flat=True):
        with transaction.atomic():
            row = Authenticator.objects.select_for_update().filter(pk=pk).first()
            if row is None or not set(ENCRYPTED) & set(row.data):
                continue  # a passkey holds a public key only
            counts[_rotate(row)] += 1
    return RotationResult(**counts)


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
    return fernet_keys().rotate(value.encode()).decode()


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

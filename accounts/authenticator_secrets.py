"""Encryption of the secrets of authenticator apps and recovery codes under SECRET_KEY.

No other module of the project writes django-allauth's authenticator rows. This one changes only how their
secrets are encrypted.
"""

import base64
import hashlib
from dataclasses import dataclass
from typing import Any

from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.db import transaction

ENCRYPTED_FIELDS = (
    "secret",
    "seed",
    "migrated_codes",
)  # in `Authenticator.data`, as django-allauth names them


@dataclass(frozen=True)
class RotationResult:
    """Numbers of authenticators: re-encrypted, already under the current key, and unreadable with any key."""

    reencrypted: int = 0
    already_current: int = 0
    unreadable: int = 0


def secrets_cipher() -> MultiFernet:
    """Return a cipher that encrypts under SECRET_KEY and also decrypts with SECRET_KEY_FALLBACKS."""
    return MultiFernet([_fernet(secret) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


def rotate_secrets() -> RotationResult:
    """Re-encrypt every secret under SECRET_KEY, row by row.

    Safe to run at any time, and to run again after an interruption.
    """
    counts = {"reencrypted": 0, "already_current": 0, "unreadable": 0}
    for pk in Authenticator.objects.order_by("pk").values_list("pk", flat=True):
        with transaction.atomic():
            row = Authenticator.objects.select_for_update().filter(pk=pk).first()
            if row is None or not set(ENCRYPTED_FIELDS) & set(row.data):
                continue  # a passkey holds a public key only
            counts[_rotate(row)] += 1
    return RotationResult(**counts)


def _rotate(row: Authenticator) -> str:
    """Re-encrypt the secrets of one authenticator and return the field of `RotationResult` that counts it."""
    secrets = {name: row.data[name] for name in ENCRYPTED_FIELDS if name in row.data}
    try:
        if _can_decrypt(_fernet(settings.SECRET_KEY), secrets):
            return "already_current"
        row.data = {**row.data, **{name: _reencrypt(value) for name, value in secrets.items()}}
    except InvalidToken:
        return "unreadable"
    row.save(update_fields=["data"])
    return "reencrypted"


def _reencrypt(value: Any) -> Any:
    if isinstance(value, list):
        return [_reencrypt(token) for token in value]
    return secrets_cipher().rotate(value.encode()).decode()


def _can_decrypt(cipher: Fernet, secrets: dict[str, Any]) -> bool:
    tokens = [
        token for value in secrets.values() for token in (value if isinstance(value, list) else [value])
    ]
    try:
        for token in tokens:
            cipher.decrypt(token.encode())
    except InvalidToken:
        return False
    return True


def _fernet(secret: str) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(b"accounts.mfa:" + secret.encode()).digest()))

"""Encryption of the secrets of authenticator apps and recovery codes under SECRET_KEY.

No other module of the project writes django-allauth's authenticator rows. This one changes only how their
secrets are encrypted.
"""

from dataclasses import dataclass
from typing import Any

from allauth.mfa.models import Authenticator
from cryptography.fernet import InvalidToken, MultiFernet
from django.db import transaction

from workflow.secret_encryption import cipher, is_current, reencrypt

PURPOSE = "accounts.mfa"
ENCRYPTED_FIELDS = (
    "secret",
    "seed",
    "migrated_codes",
)  # in `Authenticator.data`, as django-allauth names them


@dataclass(frozen=True)
class RotationResult:
    """Numbers of rows with secrets: re-encrypted, already under the current key, and unreadable with any key."""

    reencrypted: int = 0
    already_current: int = 0
    unreadable: int = 0

    def __add__(self, other: "RotationResult") -> "RotationResult":
        """Return the numbers of two kinds of rows together."""
        return RotationResult(
            self.reencrypted + other.reencrypted,
            self.already_current + other.already_current,
            self.unreadable + other.unreadable,
        )


def secrets_cipher() -> MultiFernet:
    """Return a cipher that encrypts under SECRET_KEY and also decrypts with SECRET_KEY_FALLBACKS."""
    return cipher(PURPOSE)


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
        if _are_current(secrets):
            return "already_current"
        row.data = {**row.data, **{name: _reencrypt(value) for name, value in secrets.items()}}
    except InvalidToken:
        return "unreadable"
    row.save(update_fields=["data"])
    return "reencrypted"


def _reencrypt(value: Any) -> Any:
    if isinstance(value, list):
        return [_reencrypt(token) for token in value]
    return reencrypt(PURPOSE, value)


def _are_current(secrets: dict[str, Any]) -> bool:
    tokens = [
        token for value in secrets.values() for token in (value if isinstance(value, list) else [value])
    ]
    return all(is_current(PURPOSE, token) for token in tokens)

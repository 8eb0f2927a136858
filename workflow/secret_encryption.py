"""Encryption of secrets that the database holds, under SECRET_KEY, so that a copy of the database reveals none.

Each purpose has keys of its own, derived from SECRET_KEY. This module reads and writes no rows.
"""

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings


def current_cipher(purpose: str) -> Fernet:
    """Return the cipher of a purpose under SECRET_KEY alone."""
    return _cipher(purpose, settings.SECRET_KEY)


def cipher(purpose: str) -> MultiFernet:
    """Return the cipher of a purpose. It encrypts under SECRET_KEY and also decrypts with SECRET_KEY_FALLBACKS."""
    return MultiFernet(
        [_cipher(purpose, key) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]
    )


def is_current(purpose: str, token: str) -> bool:
    """Return True if a value is encrypted under SECRET_KEY."""
    try:
        current_cipher(purpose).decrypt(token.encode())
    except InvalidToken:
        return False
    return True


def reencrypt(purpose: str, token: str) -> str:
    """Return a value encrypted under SECRET_KEY. Raises InvalidToken if no key can read it."""
    return cipher(purpose).rotate(token.encode()).decode()


def _cipher(purpose: str, key: str) -> Fernet:
    digest = hashlib.sha256(f"{purpose}:{key}".encode()).digest()
    return Fernet(base64.urlsafe_b64encode(digest))

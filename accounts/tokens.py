"""Functions that create, hash and compare secret values. This module reads and writes no rows."""

import hashlib
import hmac
import secrets
from typing import Any, NamedTuple

from django.core import signing
from django.utils.crypto import constant_time_compare, salted_hmac

SECRET_BYTES = 32
API_TOKEN_PREFIX = "tl_"  # noqa: S105 - lets programs, people and secret scanners recognize our tokens
_UNSUBSCRIBE_SALT = "accounts.stop"


class IssuedApiToken(NamedTuple):
    """A new API token: its public prefix, and the whole value, which is not stored."""

    prefix: str
    value: str


def new_token() -> str:
    """Return a new secret for a link: 32 random bytes, safe in a URL."""
    return secrets.token_urlsafe(SECRET_BYTES)


def token_digest(token: str) -> str:
    """Return the SHA-256 of a token.

    No salt or stretching is needed, because a token is 256 random bits.
    """
    return hashlib.sha256(token.encode()).hexdigest()


def token_matches(token: str, digest: str) -> bool:
    """Return True if a token has this digest. Compares in constant time."""
    return hmac.compare_digest(token_digest(token), digest)


def new_api_token() -> IssuedApiToken:
    """Return a new API token: `tl_`, a public prefix of eight characters, and 32 random bytes."""
    prefix = secrets.token_hex(4)
    return IssuedApiToken(prefix, f"{API_TOKEN_PREFIX}{prefix}_{secrets.token_urlsafe(SECRET_BYTES)}")


def api_token_prefix(value: str) -> str | None:
    """Return the public prefix of a value in the form of our API tokens, else None."""
    start, prefix, rest = value[:3], value[3:11], value[11:]
    is_well_formed = (
        start == API_TOKEN_PREFIX
        and len(prefix) == 8
        and prefix.isalnum()
        and rest.startswith("_")
        and len(rest) > 1
    )
    return prefix if is_well_formed else None


def new_code() -> str:
    """Return six random digits."""
    return f"{secrets.randbelow(1_000_000):06d}"


def code_digest(code: str, salt: str) -> str:
    """Return a keyed hash of a code.

    Six digits are quickly guessed from a plain hash, so the hash includes the server's key.
    """
    return salted_hmac("accounts.emailcode", f"{salt}:{code}", algorithm="sha256").hexdigest()


def code_matches(code: str, salt: str, digest: str) -> bool:
    """Return True if a code has this digest. Compares in constant time."""
    return constant_time_compare(code_digest(code, salt), digest)


def unsubscribe_token(user_id: int, kind: str = "") -> str:
    """Return the token of an address that stops all mail to a person, or mail of one kind of notification.

    It is signed but not secret: it can only stop mail.
    """
    return signing.dumps([user_id, kind] if kind else user_id, salt=_UNSUBSCRIBE_SALT)


def unsubscribed_user_id(token: str) -> int | None:
    """Return the id of the person whose mail this token stops entirely.

    Return None for a forged token, and for a token of one kind.
    """
    values = _read_unsubscribe_token(token)
    return values if isinstance(values, int) else None


def unsubscribed_user_and_kind(token: str) -> tuple[int, str] | None:
    """Return the person's id and the kind of mail that this token stops.

    Return None for a forged token, and for a token that stops all mail.
    """
    values = _read_unsubscribe_token(token)
    return (int(values[0]), str(values[1])) if isinstance(values, list) else None


def _read_unsubscribe_token(token: str) -> Any:
    try:
        return signing.loads(token, salt=_UNSUBSCRIBE_SALT)
    except signing.BadSignature:
        return None

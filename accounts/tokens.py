"""Secrets as values: made, hashed, compared. Nothing here writes a secret anywhere or reads a row."""

import hashlib
import hmac
import secrets
from typing import Any, NamedTuple

from django.core import signing
from django.utils.crypto import constant_time_compare, salted_hmac

SECRET_BYTES = 32
API_MARK = "tl_"  # lets a program, a person and a secret scanner recognise one of ours
_STOP_SALT = "accounts.stop"


class MadeApiToken(NamedTuple):
    """A new API token: its public prefix, and the whole value, which exists only here."""

    prefix: str
    value: str


def new_token() -> str:
    """A new secret for a link: 32 random bytes, safe in an address."""
    return secrets.token_urlsafe(SECRET_BYTES)


def digest(token: str) -> str:
    """SHA-256 of a token. Enough without salt or stretching, because a token is 256 random bits."""
    return hashlib.sha256(token.encode()).hexdigest()


def matches(token: str, stored: str) -> bool:
    """Whether a token has this digest, in constant time."""
    return hmac.compare_digest(digest(token), stored)


def new_api_token() -> MadeApiToken:
    """A new token for a program: `tl_`, a public prefix of eight characters, and 32 random bytes."""
    prefix = secrets.token_hex(4)
    return MadeApiToken(prefix, f"{API_MARK}{prefix}_{secrets.token_urlsafe(SECRET_BYTES)}")


def api_prefix(value: str) -> str | None:
    """The public prefix of what looks like one of our API tokens, or None."""
    mark, prefix, rest = value[:3], value[3:11], value[11:]
    looks_right = (
        mark == API_MARK and len(prefix) == 8 and prefix.isalnum() and rest.startswith("_") and len(rest) > 1
    )
    return prefix if looks_right else None


def new_code() -> str:
    """Six random digits."""
    return f"{secrets.randbelow(1_000_000):06d}"


def code_digest(code: str, salt: str) -> str:
    """A keyed hash of a code. Six digits are guessed in no time from a plain hash, so the server's key is in it."""
    return salted_hmac("accounts.code", f"{salt}:{code}", algorithm="sha256").hexdigest()


def code_matches(code: str, salt: str, stored: str) -> bool:
    """Whether a code has this digest, in constant time."""
    return constant_time_compare(code_digest(code, salt), stored)


def stop_token(user_id: int, kind: str = "") -> str:
    """What stands in the "stop writing to me" address of a person's mails: for all mail, or for one kind of notice.

    Signed, not secret: it can only stop mail.
    """
    return signing.dumps([user_id, kind] if kind else user_id, salt=_STOP_SALT)


def user_to_stop(token: str) -> int | None:
    """Whose mail this address stops, all of it; None for a forged one, and for one of a single kind."""
    told = _stops(token)
    return told if isinstance(told, int) else None


def kind_to_stop(token: str) -> tuple[int, str] | None:
    """Whose mail of which kind this address stops; None for a forged one, and for one that stops all mail."""
    told = _stops(token)
    return (int(told[0]), str(told[1])) if isinstance(told, list) else None


def _stops(token: str) -> Any:
    try:
        return signing.loads(token, salt=_STOP_SALT)
    except signing.BadSignature:
        return None

"""Signed addresses of files, each for one reader and for a short time.

A copied address does not work for another reader, and soon works for no reader. The signed part is
`<reader>.<second>:<signature>`. The file's key is also signed and comes before it in the address. Code that
serves the bytes checks the reader's rights again: the signature is an additional limit and replaces no check.
"""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.core import signing
from django.utils.translation import gettext_lazy as _

from workflow.clock import real_now
from workflow.errors import Refused
from workflow.http.refusal_responses import (
    SIGNED_URL_ALTERED_CODE,
    SIGNED_URL_EXPIRED_CODE,
    SIGNED_URL_OF_OTHER_READER_CODE,
)

_SALT = "workflow.file."


def sign_for_reader(key: str, reader: str, at: datetime) -> str:
    """Return the signed part of a file's address for a reader ("user-5", "link-9", "token-3").

    It works for at least `settings.FILE_MINUTES` minutes, and for at most twice as long. For that many minutes it
    also stays the same, so that a browser can take the pictures of a page from its cache.
    """
    slot = settings.FILE_MINUTES * 60
    until = (int(at.timestamp()) // slot + 2) * slot
    return _signer(key).sign(f"{reader}.{until}")


def reader_key(user: Any) -> str:
    """Return the name of a signed-in reader, as signed addresses use it."""
    return f"user-{user.pk}"


def sign_for_request(user: Any, key: str) -> str:
    """Return the signed part of a file's address for a signed-in person, valid from now on."""
    return sign_for_reader(key, reader_key(user), real_now())


def check_signature(signed: str, key: str, reader: str, at: datetime) -> None:
    """Refuse an address that was altered, that was made for another reader, or that has expired."""
    try:
        theirs, _dot, until = _signer(key).unsign(signed).rpartition(".")
    except signing.BadSignature as error:
        message = _("This link is incomplete: it was changed or cut off.")
        raise Refused(SIGNED_URL_ALTERED_CODE, message) from error
    if theirs != reader:
        raise Refused(
            SIGNED_URL_OF_OTHER_READER_CODE,
            _("This link was made for someone else and works only for that person."),
        )
    if at.timestamp() >= int(until):
        message = _("This link has expired. A link to a file works for only a few minutes.")
        raise Refused(SIGNED_URL_EXPIRED_CODE, message)


def _signer(key: str) -> signing.Signer:
    return signing.Signer(salt=_SALT + key)

"""Signed addresses: a file, a reader and a moment. Copied to somebody else they give nothing, and to anybody soon nothing any more.

The signed part is `<reader>.<second>:<signature>`. The file's key is signed as well and stands before it in the address. Whoever hands
out bytes by one asks for the reader's rights again: the signature adds a bound, and takes the place of nothing.
"""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.core import signing
from django.utils.translation import gettext_lazy as _

from workflow import clock
from workflow.doors.refusals import ADDRESS_ALTERED, ADDRESS_ENDED, ADDRESS_OF_ANOTHER
from workflow.errors import Refused

_SALT = "workflow.file."


def sign(key: str, reader: str, at: datetime) -> str:
    """The signed part of a file's address for a reader ("user-5", "link-9", "token-3").

    It works for `settings.FILE_MINUTES` at least and for twice as long at most: within so many minutes it is the same, so that a
    browser that draws a page again need not fetch its pictures again.
    """
    slot = settings.FILE_MINUTES * 60
    until = (int(at.timestamp()) // slot + 2) * slot
    return _signer(key).sign(f"{reader}.{until}")


def reader(user: Any) -> str:
    """Who reads, where somebody is signed in."""
    return f"user-{user.pk}"


def sign_for(user: Any, key: str) -> str:
    """The signed part of a file's address for somebody who is signed in, from now on."""
    return sign(key, reader(user), clock.real_now())


def judge(signed: str, key: str, reader: str, at: datetime) -> None:
    """Refuses an address that was altered, that was made for another reader, or whose time is over."""
    try:
        theirs, _dot, until = _signer(key).unsign(signed).rpartition(".")
    except signing.BadSignature as error:
        words = _("This address is not whole: a part of it was changed or cut off on the way.")
        raise Refused(ADDRESS_ALTERED, words) from error
    if theirs != reader:
        raise Refused(
            ADDRESS_OF_ANOTHER, _("This address was made for somebody else. It works for them alone.")
        )
    if at.timestamp() >= int(until):
        words = _("This address has ended: the address of a file works for a few minutes.")
        raise Refused(ADDRESS_ENDED, words)


def _signer(key: str) -> signing.Signer:
    return signing.Signer(salt=_SALT + key)

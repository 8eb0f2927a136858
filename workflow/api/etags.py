"""Versions that a program demands by `If-Match` (RFC 9110).

With them, a program changes an object only if it is still at the version that the program read.
"""

import re

from django.db.models import Model

from workflow.edits import stale_edit_refusal, version_of

_NUMBERS = re.compile(r"\"([0-9]{1,18})\"")


def version_from_if_match(thing: Model, if_match: str) -> int | None:
    """Return the version at which the object must be, or None if any will do.

    Of several versions in `If-Match`, it is the object's own if it is among them, else the latest. Refuses an
    `If-Match` without a version.
    """
    if if_match.strip() == "*":
        return None
    named = {int(number) for number in _NUMBERS.findall(if_match)}
    if not named:
        raise stale_edit_refusal(thing, None)
    now = version_of(thing)
    return now if now in named else max(named)

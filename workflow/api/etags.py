"""Versions of objects, by `ETag` and `If-Match` (RFC 9110).

With them, a program changes an object only if it is still at the version that the program read.
"""

import re
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from workflow.errors import Refused
from workflow.http.refusal_responses import CHANGED_MEANWHILE
from workflow.journal.entries import change_entries
from workflow.journal.models import Entry

IF_MATCH = "If-Match"
_NUMBERS = re.compile(r"\"([0-9]{1,18})\"")


def version_of(thing: Model) -> str:
    """Return the `ETag` of an object: the id of the latest journal entry that changed it.

    Counters that other stages change do not count.
    """
    latest = change_entries(thing).values_list("pk", flat=True).first()
    return f'"{latest or 0}"'


def refuse_stale(thing: Model, if_match: str) -> None:
    """Refuse if the object is no longer at a version that `If-Match` names.

    Call this under the object's lock. The refusal lists the fields that changed since, with author and
    moment.
    """
    named = [int(number) for number in _NUMBERS.findall(if_match)]
    if if_match.strip() == "*" or version_of(thing) in {f'"{number}"' for number in named}:
        return
    since = change_entries(thing).filter(pk__gt=max(named)).order_by("pk") if named else ()
    words = _(
        "This changed since you read it. Nothing was done. Read it again, and send your change with its new ETag."
    )
    raise Refused(
        CHANGED_MEANWHILE,
        words,
        header=IF_MATCH,
        etag=version_of(thing),
        changed=[_told(entry) for entry in since],
    )


def _told(entry: Entry) -> dict[str, Any]:
    """Return one change: the fields by their names in a body, the author and the moment."""
    fields = [name.removesuffix("_id") for name in entry.after] + [
        name for name in ("lines",) if name in entry.facts
    ]
    return {"fields": fields, "by": entry.by_label, "at": entry.at.isoformat(), "verb": entry.verb}

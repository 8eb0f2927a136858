"""Which version of a thing a program read, and whether it is still that version: `ETag` and `If-Match` (RFC 9110)."""

import re
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from workflow.doors.refusals import CHANGED_MEANWHILE
from workflow.errors import Refused
from workflow.journal import entries
from workflow.models.journal import Entry

IF_MATCH = "If-Match"
_NUMBERS = re.compile(r"\"([0-9]{1,18})\"")


def version_of(thing: Model) -> str:
    """The `ETag` of a thing: the number of the latest entry that changed it. Counters that other stages move leave it as it is."""
    latest = entries.changes(thing).values_list("pk", flat=True).first()
    return f'"{latest or 0}"'


def refuse_stale(thing: Model, if_match: str) -> None:
    """Refuse where the thing is no longer at a version that `If-Match` names. Call under the lock of the thing.

    The refusal says which fields changed since, when, and who changed them.
    """
    named = [int(number) for number in _NUMBERS.findall(if_match)]
    if if_match.strip() == "*" or version_of(thing) in {f'"{number}"' for number in named}:
        return
    since = entries.changes(thing).filter(pk__gt=max(named)).order_by("pk") if named else ()
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
    """One change: the fields by their names in a body, who made it, and when."""
    fields = [name.removesuffix("_id") for name in entry.after] + [
        name for name in ("lines",) if name in entry.facts
    ]
    return {"fields": fields, "by": entry.by_label, "at": entry.at.isoformat(), "verb": entry.verb}

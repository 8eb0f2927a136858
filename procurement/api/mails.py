"""What became of the mails to a contact, as the details of a question and of a check tell it."""

from collections.abc import Mapping, Sequence
from typing import Any

from procurement.notices import post
from workflow.doors.api.reading import Made

MOMENT = {"type": ["string", "null"], "format": "date-time"}
MAIL = {
    "type": "object",
    "required": ["kind", "state", "at", "read_at"],
    "properties": {
        "kind": {"type": "string", "description": "What it says, in the reader's language."},
        "state": {"type": "string", "enum": sorted(post.WORDS)},
        "at": MOMENT | {"description": "When it went out, came back, or is planned."},
        "read_at": MOMENT | {"description": "When a person first opened the link in it."},
    },
}


def mails_field() -> Made:
    """The field, for a thing that was read with `post.with_mails`."""
    return Made("mails", by=_told, kind={"type": "array", "items": MAIL})


def _told(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    return [
        {"kind": str(one.kind), "state": one.state, "at": one.at, "read_at": one.read_at}
        for one in map(post.told, rows)
    ]

"""What became of the mails to a contact, as the details of a question and of a check tell it."""

import builtins
from typing import Any

from partners.rules import Powers
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


def mails() -> Made:
    """The field: filled in by `tell`, for all things at once."""
    return Made("pk", by=lambda pk: pk, kind={"type": "array", "items": MAIL})


def tell(told: builtins.list[dict[str, Any]], label: str, by: Powers) -> None:
    """Put the mails for the ids, of those that may be seen: one look-up."""
    whole = [row for row in told if "mails" in row]
    found = post.about_all(label, [row["mails"] for row in whole], by) if whole else {}
    for row in whole:
        row["mails"] = [
            {"kind": str(one.kind), "state": one.state, "at": one.at, "read_at": one.read_at}
            for one in found.get(row["mails"], ())
        ]

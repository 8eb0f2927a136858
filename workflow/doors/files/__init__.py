"""How the bytes of a file leave: by an address that was signed for one reader and ends after some minutes (docs/adr/0081)."""

from workflow.doors.files.addresses import judge, reader, sign, sign_for
from workflow.doors.files.handing import (
    guarded,
    hand_out,
    hand_out_made,
    hand_out_or_say,
    lead_on,
    not_by,
    say_why,
)

__all__ = [
    "guarded",
    "hand_out",
    "hand_out_made",
    "hand_out_or_say",
    "judge",
    "lead_on",
    "not_by",
    "reader",
    "say_why",
    "sign",
    "sign_for",
]

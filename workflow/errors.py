"""The one way this system says no. Actions and rules raise or return `Refused`; doors translate it, nothing else does."""

from typing import Any

from django.utils.functional import Promise

type Words = str | Promise

NOT_ALLOWED = "not_allowed"
WRONG_STATUS = "wrong_status"
NOT_READY = "not_ready"


class Refused(Exception):
    """A sentence for a person and a stable code for a program.

    `code` is `not_allowed` (doors answer 403), `wrong_status` (409), or anything else (422). `message` says what is missing and
    what to do next, translated when shown. `details` are JSON-able facts a program may want: figures, references, fields.
    """

    def __init__(self, code: str, message: Words, **details: Any) -> None:
        super().__init__(code)
        self.code = code
        self.message = message
        self.details = details

    def __str__(self) -> str:
        return str(self.message)

"""The one way this system says no. Actions and rules raise or return `Refused`; doors translate it, nothing else does."""

from typing import Any

from django.db import Error, InterfaceError, OperationalError
from django.utils.functional import Promise

type Words = str | Promise

NOT_ALLOWED = "not_allowed"
WRONG_STATUS = "wrong_status"
NOT_READY = "not_ready"


class Refused(Exception):
    """A sentence for a person and a stable code for a program.

    `code` is `not_allowed` (doors answer 403), `wrong_status` (409), or anything else (422). `message` says what is missing and
    what to do next, translated when shown. `details` are JSON-able facts a program may want: figures, references, fields;
    `proposes` says that what is sent all the same is proposed to those who decide.
    """

    def __init__(self, code: str, message: Words, **details: Any) -> None:
        super().__init__(code)
        self.code = code
        self.message = message
        self.details = details

    def __str__(self) -> str:
        return str(self.message)


# SQLSTATE of PostgreSQL: what a repeated try may get past, and what says that the server is away.
_BUSY_STATES = frozenset({"55P03", "40P01", "40001"})  # lock not had in time, deadlock, serialisation
_AWAY_STATES = ("08", "57P", "53")  # connection lost, shutting down or starting, out of connections or memory


def database_is_busy(error: BaseException) -> bool:
    """Whether a database error means that somebody else holds what was wanted: trying again may help."""
    return isinstance(error, OperationalError) and _sqlstate(error) in _BUSY_STATES


def database_is_away(error: BaseException) -> bool:
    """Whether a database error means that PostgreSQL cannot be reached, as against an error in what it was asked."""
    if not isinstance(error, OperationalError | InterfaceError):
        return False
    state = _sqlstate(error)
    return state is None or state.startswith(_AWAY_STATES)


def _sqlstate(error: Error) -> str | None:
    """PostgreSQL's code; None where there was no answer at all."""
    return getattr(error.__cause__, "sqlstate", None)

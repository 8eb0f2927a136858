"""Refusals: actions and rules raise or return `Refused`.

This is the only way in which the product refuses. Only the pages, the API and the commands translate it.
"""

from typing import Any

from django.db import Error, InterfaceError, OperationalError
from django.utils.functional import Promise

type LazyText = str | Promise

NOT_ALLOWED = "not_allowed"
WRONG_STATUS = "wrong_status"
NOT_READY = "not_ready"
CHANGED_MEANWHILE = "changed_meanwhile"


class Refused(Exception):
    """Refusal with a sentence for a person and a stable code for a program.

    `code` is `not_allowed` (answered with 403), `wrong_status` (409), or another one (mostly 422). `message`
    names what is missing and what to do next, and is translated when shown. `details` are JSON-able facts for
    a program: figures, references, fields. The detail "proposes" means that the same request can be sent as a
    proposal to those who decide.
    """

    def __init__(self, code: str, message: LazyText, **details: Any) -> None:
        super().__init__(code)
        self.code = code
        self.message = message
        self.details = details

    def __str__(self) -> str:
        return str(self.message)


def raise_refusal(refused: Refused | None) -> None:
    """Raise the refusal if a rule returned one."""
    if refused is not None:
        raise refused


# SQLSTATE of PostgreSQL: errors that a retry may solve, and errors of a server that is away.
_BUSY_STATES = frozenset({"55P03", "40P01", "40001"})  # lock not had in time, deadlock, serialisation
_UNAVAILABLE_STATES = (
    "08",
    "57P",
    "53",
)  # connection lost, shutting down or starting, out of connections or memory


def database_is_busy(error: BaseException) -> bool:
    """Return True if a database error means that another transaction holds the rows.

    A retry may help.
    """
    return isinstance(error, OperationalError) and _sqlstate(error) in _BUSY_STATES


def database_is_unavailable(error: BaseException) -> bool:
    """Return True if a database error means that PostgreSQL cannot be reached.

    False for an error in a query.
    """
    if not isinstance(error, OperationalError | InterfaceError):
        return False
    state = _sqlstate(error)
    return state is None or state.startswith(_UNAVAILABLE_STATES)


def _sqlstate(error: Error) -> str | None:
    """Return PostgreSQL's error code, or None if there was no answer at all."""
    return getattr(error.__cause__, "sqlstate", None)

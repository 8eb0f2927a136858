"""What a refusal looks like from outside: the HTTP status of each code, and the database's own refusals put into words.

Used by the page door (http.py) and the API (problems.py), so that both say the same.
"""

from django.db import Error, InterfaceError, OperationalError
from django.utils.translation import gettext_lazy as _

from workflow.errors import NOT_ALLOWED, WRONG_STATUS, Refused

IN_PROGRESS = "in_progress"
KEY_REUSED = "key_reused"
BUSY = "busy"
STATUSES = {NOT_ALLOWED: 403, WRONG_STATUS: 409, IN_PROGRESS: 409, BUSY: 409}

# SQLSTATE of PostgreSQL: what a repeated try may get past, and what says that the server is away.
_BUSY_STATES = frozenset({"55P03", "40P01", "40001"})  # lock not had in time, deadlock, serialisation
_AWAY_STATES = ("08", "57P", "53")  # connection lost, shutting down or starting, out of connections or memory


def status_of(refused: Refused) -> int:
    """The HTTP status of a refusal: 403 not allowed, 409 another status or another request is in the way, else 422."""
    return STATUSES.get(refused.code, 422)


def busy(error: Error) -> Refused | None:
    """A refusal for a database error that means "somebody else is changing this now", or None if it means something else."""
    if _sqlstate(error) not in _BUSY_STATES:
        return None
    return Refused(BUSY, _("Somebody else is changing this at this moment. Nothing was changed; try again."))


def away(error: BaseException) -> bool:
    """Whether a database error means that PostgreSQL cannot be reached, as against an error in what it was asked."""
    if not isinstance(error, OperationalError | InterfaceError):
        return False
    state = _sqlstate(error)
    return state is None or state.startswith(_AWAY_STATES)


def _sqlstate(error: Error) -> str | None:
    """PostgreSQL's code; None where there was no answer at all."""
    return getattr(error.__cause__, "sqlstate", None)

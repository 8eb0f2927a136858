"""What a refusal looks like from outside: the HTTP status of each code, and the database's own refusals put into words.

Used by the page door (http.py) and the API (problems.py), so that both say the same.
"""

from django.utils.translation import gettext_lazy as _

from workflow.errors import NOT_ALLOWED, WRONG_STATUS, Refused, database_is_busy

IN_PROGRESS = "in_progress"
KEY_REUSED = "key_reused"
BUSY = "busy"
NOT_FOUND = "not_found"
LENGTH_MISSING = "length_missing"
STATUSES = {
    LENGTH_MISSING: 411,
    NOT_ALLOWED: 403,
    NOT_FOUND: 404,
    WRONG_STATUS: 409,
    IN_PROGRESS: 409,
    BUSY: 409,
}


def status_of(refused: Refused) -> int:
    """The HTTP status of a refusal: 403 not allowed, 409 another status or another request is in the way, else 422."""
    return STATUSES.get(refused.code, 422)


def busy(error: BaseException) -> Refused | None:
    """A refusal for a database error that means "somebody else is changing this now", or None if it means something else."""
    if not database_is_busy(error):
        return None
    return Refused(BUSY, _("Somebody else is changing this at this moment. Nothing was changed; try again."))

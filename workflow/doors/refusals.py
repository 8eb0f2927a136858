"""What a refusal looks like from outside: the HTTP status of each code, and the database's own refusals put into words.

Used by the page door (http.py) and the API (problems.py), so that both say the same.
"""

import logging

from django.db import DataError, IntegrityError
from django.utils.translation import gettext_lazy as _

from workflow.errors import NOT_ALLOWED, WRONG_STATUS, Refused, database_is_busy

log = logging.getLogger(__name__)
IN_PROGRESS = "in_progress"
KEY_REUSED = "key_reused"
BUSY = "busy"
DOES_NOT_FIT = "does_not_fit"
NOT_FOUND = "not_found"
CHANGED_MEANWHILE = "changed_meanwhile"
LENGTH_MISSING = "length_missing"
FILE_ALTERED, FILE_LOST = "file_altered", "file_lost"
ADDRESS_ENDED, ADDRESS_ALTERED, ADDRESS_OF_ANOTHER = "address_ended", "address_altered", "address_of_another"
STATUSES = {
    ADDRESS_ENDED: 410,
    FILE_ALTERED: 410,
    FILE_LOST: 410,
    ADDRESS_ALTERED: 403,
    ADDRESS_OF_ANOTHER: 403,
    LENGTH_MISSING: 411,
    CHANGED_MEANWHILE: 412,
    NOT_ALLOWED: 403,
    NOT_FOUND: 404,
    WRONG_STATUS: 409,
    IN_PROGRESS: 409,
    BUSY: 409,
}


def status_of(refused: Refused) -> int:
    """The HTTP status of a refusal: 403 not allowed, 409 another status or another request is in the way, 410 over, 412
    changed since it was read, else 422.
    """
    return STATUSES.get(refused.code, 422)


def busy(error: BaseException) -> Refused | None:
    """A refusal for a database error that means "somebody else is changing this now", or None if it means something else."""
    if not database_is_busy(error):
        return None
    return Refused(BUSY, _("Somebody else is changing this at this moment. Nothing was changed; try again."))


def of_database(error: BaseException) -> Refused | None:
    """A refusal for what the database itself would not do, or None for what is no refusal: a bug, or PostgreSQL away.

    A value that no rule refused and no column or constraint takes is the sender's to correct, and a rule of ours to write: it is
    logged as an error.
    """
    if not isinstance(error, IntegrityError | DataError):
        return busy(error)
    log.error("a value reached the database that it does not take", exc_info=error)
    words = _("One of the values cannot be stored. Nothing was changed. Check figures, days and texts.")
    return Refused(DOES_NOT_FIT, words)

"""HTTP statuses of refusals, and refusals for errors of the database.

Pages (pages.py) and the API (problems.py) both use them, so that they answer alike.
"""

import logging

from django.db import DataError, IntegrityError
from django.utils.translation import gettext_lazy as _

from workflow.errors import CHANGED_MEANWHILE, NOT_ALLOWED, WRONG_STATUS, Refused, database_is_busy

log = logging.getLogger(__name__)
IN_PROGRESS_CODE = "in_progress"
KEY_REUSED_CODE = "key_reused"
BUSY_CODE = "busy"
CONSTRAINT_VIOLATED_CODE = "does_not_fit"
NOT_FOUND_CODE = "not_found"
LENGTH_MISSING_CODE = "length_missing"
FILE_ALTERED, FILE_LOST = "file_altered", "file_lost"
SIGNED_URL_EXPIRED_CODE = "address_ended"
SIGNED_URL_ALTERED_CODE = "address_altered"
SIGNED_URL_OF_OTHER_READER_CODE = "address_of_another"
HTTP_STATUS_BY_CODE = {
    SIGNED_URL_EXPIRED_CODE: 410,
    FILE_ALTERED: 410,
    FILE_LOST: 410,
    SIGNED_URL_ALTERED_CODE: 403,
    SIGNED_URL_OF_OTHER_READER_CODE: 403,
    LENGTH_MISSING_CODE: 411,
    CHANGED_MEANWHILE: 412,
    NOT_ALLOWED: 403,
    NOT_FOUND_CODE: 404,
    WRONG_STATUS: 409,
    IN_PROGRESS_CODE: 409,
    BUSY_CODE: 409,
}


def http_status(refused: Refused) -> int:
    """Return the HTTP status of a refusal.

    403: not allowed. 404: not found. 409: another status or another request is in the way. 410: no longer available.
    411: length missing. 412: changed since it was read. 422: every other refusal.
    """
    return HTTP_STATUS_BY_CODE.get(refused.code, 422)


def busy_refusal(error: BaseException) -> Refused | None:
    """Return the refusal for an error that means "another person is changing this now", else None."""
    if not database_is_busy(error):
        return None
    return Refused(BUSY_CODE, _("Someone else is changing this right now. Nothing was changed. Try again."))


def refusal_from_database_error(error: BaseException) -> Refused | None:
    """Return the refusal for an error of the database, or None for a bug and for an unavailable database.

    A value that a column or constraint rejects must be corrected by the sender. It also means that a rule is
    missing in the code, so it is logged as an error.
    """
    if not isinstance(error, IntegrityError | DataError):
        return busy_refusal(error)
    log.error("a value reached the database that it does not take", exc_info=error)
    message = _("One of the values cannot be stored. Nothing was changed. Check numbers, dates and text.")
    return Refused(CONSTRAINT_VIOLATED_CODE, message)

"""Classification of a mail provider's API errors (from django-anymail) into the errors of errors.py.

All functions are pure. Two mails are worse than a late one: if it is unknown whether the provider took the
mail, it counts as perhaps taken.
"""

import requests
from anymail.exceptions import AnymailInvalidAddress, AnymailRecipientsRefused, AnymailRequestsAPIError
from urllib3.exceptions import NewConnectionError

from workflow.outbox.errors import DeliveryUncertain, PermanentFailure, ServerUnavailable, TransientFailure

BUSY_STATUS_CODES = frozenset({429, 503})  # the provider itself confirms that it took nothing
MAX_REASON_LENGTH = 300  # characters


def classify_provider_error(
    error: Exception,
) -> TransientFailure | PermanentFailure | DeliveryUncertain | None:
    """Return the outbox error that matches a provider's error, or None for an error from elsewhere.

    A provider's refusal of our account (a wrong key, an unknown sender) is our own fault and must not end
    anyone's mail.
    """
    words = str(error)[:MAX_REASON_LENGTH]
    match error:
        case AnymailRecipientsRefused() | AnymailInvalidAddress():
            return PermanentFailure(words, bad_address=True)
        case requests.ConnectTimeout():
            return ServerUnavailable(words)
        case requests.ConnectionError() if _is_connection_failure(error):
            return ServerUnavailable(words)
        case AnymailRequestsAPIError(status_code=int(code)) if code in BUSY_STATUS_CODES or 400 <= code < 500:
            return TransientFailure(words)
        case AnymailRequestsAPIError():
            return DeliveryUncertain(words)
    return None


def _is_connection_failure(error: BaseException) -> bool:
    """Return True if the connection itself failed, before anything was handed over."""
    cause = error.__cause__ or error
    reason = getattr(cause.args[0] if cause.args else None, "reason", None)
    return isinstance(reason, NewConnectionError)

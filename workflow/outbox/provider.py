"""What it means when a mail provider's API does not take a mail: the four answers of post.py, for django-anymail's errors. Pure.

Twice sent is worse than late: where nobody knows whether the provider took it, it counts as perhaps taken.
"""

import requests
from anymail.exceptions import AnymailInvalidAddress, AnymailRecipientsRefused, AnymailRequestsAPIError
from urllib3.exceptions import NewConnectionError

from workflow.outbox.answers import Never, PerhapsTaken, ServerAway, TryLater

BUSY = frozenset({429, 503})  # the provider says itself that it took nothing
LONGEST = 300  # characters


def meaning(error: Exception) -> TryLater | Never | PerhapsTaken | None:
    """What the error says, or None where it is not one of a provider's.

    What the provider refuses to do for us (a wrong key, an unknown sender) is our own fault and must kill nobody's mail.
    """
    words = str(error)[:LONGEST]
    match error:
        case AnymailRecipientsRefused() | AnymailInvalidAddress():
            return Never(words, bad_address=True)
        case requests.ConnectTimeout():
            return ServerAway(words)
        case requests.ConnectionError() if _never_connected(error):
            return ServerAway(words)
        case AnymailRequestsAPIError(status_code=int(code)) if code in BUSY or 400 <= code < 500:
            return TryLater(words)
        case AnymailRequestsAPIError():
            return PerhapsTaken(words)
    return None


def _never_connected(error: BaseException) -> bool:
    """Whether the connection itself failed, before anything was handed over."""
    cause = error.__cause__ or error
    reason = getattr(cause.args[0] if cause.args else None, "reason", None)
    return isinstance(reason, NewConnectionError)

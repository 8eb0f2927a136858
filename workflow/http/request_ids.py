"""Id of the request or background task at work, for log lines and for people who report an error."""

import uuid
from contextvars import ContextVar

REQUEST_ID_KEY = "twinlane.request_id"  # in request.META; cannot collide with a request header
# Id of what this thread works on; a hyphen between requests and tasks.
current_request_id: ContextVar[str] = ContextVar("current_request_id", default="-")


def new_request_id() -> str:
    """Return a random id of 16 hexadecimal digits."""
    return uuid.uuid4().hex[:16]

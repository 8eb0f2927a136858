"""One log line per request, and log lines as JSON."""

import logging
import re
import time
from typing import Any, override

from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject
from pythonjsonlogger.json import JsonFormatter

from workflow.http.middleware import GetResponse, redact_tokens

log = logging.getLogger(__name__)
_API_TOKEN = re.compile(r"bearer\s+tl_(\w{8})_", re.IGNORECASE | re.ASCII)  # accounts/tokens.py


class RequestLogMiddleware:
    """Middleware that logs each request: method, route, status and milliseconds until the response began.

    The route is the URL's pattern, never the URL itself, which may contain a token or an address. JSON lines also
    have the number of the person and the public prefix of the API token.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        started = time.perf_counter()
        response = self.get_response(request)
        if log.isEnabledFor(logging.INFO):
            _log_request(request, response, round((time.perf_counter() - started) * 1000))
        return response


def _log_request(request: HttpRequest, response: HttpResponse, milliseconds: int) -> None:
    fields = {
        "method": request.method,
        "route": f"/{request.resolver_match.route}" if request.resolver_match else "-",
        "status": response.status_code,
        "milliseconds": milliseconds,
    }
    words = " ".join(f"{value}" for value in fields.values())
    user, token = _user_id(request), _API_TOKEN.match(request.headers.get("Authorization", ""))
    if user is not None:
        fields["user"] = user
    if token is not None:
        fields["token"] = token[1]
    log.info("%s ms", words, extra=fields)


def _user_id(request: HttpRequest) -> int | None:
    """Return the primary key of the signed-in person, without a query, or None.

    Until a view asks for the person, only the session names them.
    """
    user = getattr(request, "user", None)
    if user is not None and not isinstance(user, SimpleLazyObject):
        return user.pk if user.is_authenticated else None
    session = getattr(request, "session", None)
    known = session.get(SESSION_KEY) if session is not None and session.accessed else None
    return None if known is None else int(known)


class JsonLineFormatter(JsonFormatter):
    """Formatter that writes each record as one JSON object, with tracebacks free of tokens."""

    def __init__(self) -> None:
        super().__init__(
            ["levelname", "name", "request", "message"],
            rename_fields={"levelname": "level", "name": "logger"},
            timestamp="time",
            json_ensure_ascii=False,
        )

    @override
    def formatException(self, ei: Any) -> str:
        """Return the traceback without tokens."""
        return redact_tokens(logging.Formatter.formatException(self, ei))

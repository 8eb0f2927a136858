"""Middleware, error handlers and a log filter that apply to every request.

They answer while PostgreSQL cannot be reached, give each request an id to quote, and keep secrets out of the logs.
"""

import logging
import re
import sys
from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.template import loader
from django.utils.translation import gettext as _
from django.views.defaults import page_not_found

from workflow.errors import database_is_busy, database_is_unavailable
from workflow.http.problems import CONTENT_TYPE, problem_document
from workflow.http.request_ids import REQUEST_ID_KEY, current_request_id, new_request_id

type GetResponse = Callable[[HttpRequest], HttpResponse]

RETRY_AFTER_SECONDS = 5  # seconds; PostgreSQL is back within ten after an immediate restart
log = logging.getLogger(__name__)


class DatabaseUnavailableMiddleware:
    """Outermost middleware: gives the request an id, and answers 503 if PostgreSQL cannot be reached.

    The response has the id in `X-Request-ID`; a 503 response also has `Retry-After`.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request_id = request.META[REQUEST_ID_KEY] = new_request_id()
        reset = current_request_id.set(request_id)
        try:
            response = self.get_response(request)
        finally:
            current_request_id.reset(reset)
        response["X-Request-ID"] = request_id
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Return the 503 response if a view raised because the database is unavailable or busy, else None."""
        return (
            unavailable(request)
            if database_is_unavailable(exception) or database_is_busy(exception)
            else None
        )


class PostOnlyPageMiddleware:
    """Middleware that adds an explaining page to the 405 response of an address that accepts only POST.

    A person may open such an address directly or after signing in again, and would see an empty page.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code == HTTPStatus.METHOD_NOT_ALLOWED and not wants_problem_document(request):
            response.content = loader.render_to_string("405.html")
        return response


class PageGZipMiddleware(GZipMiddleware):
    """Middleware that compresses pages (docs/adr/0020).

    Answers to programs stay as they are, and so do files, which are compressed already.
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Compress HTML for a browser that accepts it."""
        if not response.headers.get("Content-Type", "").startswith("text/html"):
            return response
        return super().process_response(request, response)


def server_error(request: HttpRequest) -> HttpResponse:
    """Return the error page for an exception outside a view (Django's handler500).

    Such an exception, raised by the layers around a view, reaches no `process_exception`.
    """
    error = sys.exc_info()[1]
    if error is not None and database_is_unavailable(error):
        return unavailable(request)
    if wants_problem_document(request):
        return _problem_response(
            500, "broken", _("Something went wrong on our side and was logged. Nothing was changed.")
        )
    return _page("500.html", 500)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Return the page for an address without a route (Django's handler404), such as one with a line break."""
    if wants_problem_document(request):
        return _problem_response(404, "not_found", _("Not found, or you do not have access."))
    return page_not_found(request, exception)


def unavailable(request: HttpRequest) -> HttpResponse:
    """Return the 503 response while PostgreSQL is unavailable, without using the database.

    A program gets a problem document, a person gets a page.
    """
    log.warning("database away: %s %s", request.method, request.path)
    if wants_problem_document(request):
        sentence = _("The database is not available. Nothing was lost. Try again in a few seconds.")
        response: HttpResponse = _problem_response(503, "unavailable", sentence)
    else:
        response = _page("503.html", 503)
    response["Retry-After"] = str(RETRY_AFTER_SECONDS)
    response["Cache-Control"] = "no-store"
    return response


def wants_problem_document(request: HttpRequest) -> bool:
    """Return True if a program made the request, and so gets a problem document instead of a page."""
    return request.path.startswith("/api/")


def _page(template: str, status: int) -> HttpResponse:
    """Return an error page for people, with the request id under which the log describes the error."""
    return HttpResponse(
        loader.render_to_string(template, {"number": current_request_id.get()}), status=status
    )


def _problem_response(status: int, code: str, sentence: str) -> JsonResponse:
    return JsonResponse(problem_document(status, code, sentence), status=status, content_type=CONTENT_TYPE)


# 32 random bytes as written in an address (43 letters of base64url), and the text after "Bearer".
_SECRETS = re.compile(r"(?i:\bbearer\s+)[^\s'\",;]+|(?<![\w-])(?:tl_\w{8}_)?[\w-]{43}(?![\w-])", re.ASCII)


def redact_tokens(text: str) -> str:
    """Return the text without link tokens and bearer tokens."""
    return _SECRETS.sub("•••", text)


class RedactTokensFilter(logging.Filter):
    """Log filter that removes tokens from lines and tracebacks, and adds the request's id."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Remove tokens from the record and return True, because every record is kept.

        Django logs a response of status 400 or above after all middleware has finished; the id then comes from the request.
        """
        record.msg = redact_tokens(record.getMessage())
        record.args = ()
        request = getattr(record, "request", None)
        request_id = request.META.get(REQUEST_ID_KEY) if isinstance(request, HttpRequest) else None
        record.request = request_id or current_request_id.get()
        if record.exc_info and not record.exc_text:
            record.exc_text = logging.Formatter().formatException(record.exc_info)
        if record.exc_text:
            record.exc_text = redact_tokens(record.exc_text)
        return True

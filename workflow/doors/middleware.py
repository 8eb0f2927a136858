"""What stands around every request: an answer when PostgreSQL is away, a number to quote, and logs without secrets."""

import logging
import re
import sys
import uuid
from collections.abc import Callable
from contextvars import ContextVar
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.template import loader
from django.utils.translation import gettext as _
from django.views.defaults import page_not_found

from workflow.doors.problems import CONTENT_TYPE, problem
from workflow.errors import database_is_away, database_is_busy

type GetResponse = Callable[[HttpRequest], HttpResponse]

RETRY_AFTER = 5  # seconds; PostgreSQL is back within ten after an immediate restart
NUMBER = "twinlane.number"  # no header of a request is kept under such a name
log = logging.getLogger(__name__)
current_request: ContextVar[str] = ContextVar("current_request", default="-")


class DatabaseAway:
    """The outermost layer: numbers the request, and answers 503 with Retry-After when PostgreSQL cannot be reached."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        number = request.META[NUMBER] = uuid.uuid4().hex[:16]
        mark = current_request.set(number)
        try:
            response = self.get_response(request)
        finally:
            current_request.reset(mark)
        response["X-Request-ID"] = number
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """For what a view raises."""
        return unavailable(request) if database_is_away(exception) or database_is_busy(exception) else None


class BehindAButton:
    """Opening what only a button does, by hand or after signing in anew, is answered with a page that says so, not an empty one."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code == HTTPStatus.METHOD_NOT_ALLOWED and not is_for_a_program(request):
            response.content = loader.render_to_string("405.html")
        return response


class Compressed(GZipMiddleware):
    """Pages travel compressed (docs/adr/0024). What programs read, and files, which are compressed already, go as they are."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Compress HTML for a browser that takes it."""
        if not response.headers.get("Content-Type", "").startswith("text/html"):
            return response
        return super().process_response(request, response)


def server_error(request: HttpRequest) -> HttpResponse:
    """`handler500`: for what the layers around a view raise, which reaches no `process_exception`."""
    error = sys.exc_info()[1]
    if error is not None and database_is_away(error):
        return unavailable(request)
    if is_for_a_program(request):
        return _told(500, "broken", _("Something went wrong on our side. It was noted; nothing was changed."))
    return _page("500.html", 500)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """`handler404`: an address that no route has, such as one with a line break in it."""
    if is_for_a_program(request):
        return _told(404, "not_found", _("There is nothing here, or nothing you may see."))
    return page_not_found(request, exception)


def unavailable(request: HttpRequest) -> HttpResponse:
    """The answer while PostgreSQL is away: a problem document for programs, a page for people. Asks no database."""
    log.warning("database away: %s %s", request.method, request.path)
    if is_for_a_program(request):
        sentence = _("The database cannot be reached. Nothing was lost; try again in a few seconds.")
        response: HttpResponse = _told(503, "unavailable", sentence)
    else:
        response = _page("503.html", 503)
    response["Retry-After"] = str(RETRY_AFTER)
    response["Cache-Control"] = "no-store"
    return response


def is_for_a_program(request: HttpRequest) -> bool:
    """Whether a program asked, and gets a problem document instead of a page."""
    return request.path.startswith("/api/")


def _page(template: str, status: int) -> HttpResponse:
    """A page for people, with the number under which the log tells what happened."""
    return HttpResponse(loader.render_to_string(template, {"number": current_request.get()}), status=status)


def _told(status: int, code: str, sentence: str) -> JsonResponse:
    return JsonResponse(problem(status, code, sentence), status=status, content_type=CONTENT_TYPE)


# What 32 random bytes look like in an address (43 letters of base64url), and whatever follows "Bearer".
_SECRETS = re.compile(r"(?i:\bbearer\s+)[^\s'\",;]+|(?<![\w-])(?:tl_\w{8}_)?[\w-]{43}(?![\w-])", re.ASCII)


def scrub(text: str) -> str:
    """The text without link tokens and bearer tokens."""
    return _SECRETS.sub("•••", text)


class NoTokens(logging.Filter):
    """Takes tokens out of every line and traceback before it is written, and adds the request's number."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Always keeps the record. Django logs an answer above 399 once all layers are done, and names only the request then."""
        record.msg = scrub(record.getMessage())
        record.args = ()
        about = getattr(record, "request", None)
        number = about.META.get(NUMBER) if isinstance(about, HttpRequest) else None
        record.request = number or current_request.get()
        if record.exc_info and not record.exc_text:
            record.exc_text = logging.Formatter().formatException(record.exc_info)
        if record.exc_text:
            record.exc_text = scrub(record.exc_text)
        return True

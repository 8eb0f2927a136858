"""Problem documents of the API (RFC 9457), in the reader's language.

Each has a stable code and a pointer to each wrong field.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.db import DatabaseError
from django.http import Http404
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions
from rest_framework.response import Response

from workflow.errors import NOT_ALLOWED, LazyText, Refused
from workflow.http.refusal_responses import http_status, refusal_from_database_error
from workflow.http.request_ids import current_request_id

type Problem = dict[str, Any]

CONTENT_TYPE = "application/problem+json"
PROBLEM_TYPE_URL = (
    "/api/v1/docs/#problem-{code}"  # a relative reference: the readable page explains each code
)

PROBLEM_TITLES: dict[int, LazyText] = {
    400: _("Malformed request"),
    401: _("Not signed in"),
    403: _("Not allowed"),
    404: _("Not found"),
    405: _("Operation not available"),
    406: _("Format not available"),
    409: _("Not currently possible"),
    410: _("No longer available"),
    411: _("Length required"),
    412: _("Changed in the meantime"),
    413: _("Too large"),
    415: _("Wrong content type"),
    422: _("Refused"),
    429: _("Too many requests"),
    500: _("Something went wrong on our side"),
    503: _("Service unavailable"),
}


class BodyTooLarge(exceptions.APIException):
    """Error for a body that is larger than the server reads."""

    def __init__(self) -> None:
        message = _(
            "The body is larger than %(most)s MB. Send less at a time, and send files one by one to files/."
        )
        super().__init__(str(message) % {"most": settings.DATA_UPLOAD_MAX_MEMORY_SIZE // 2**20}, "too_large")


# Exceptions of Django REST framework, with our own status and code.
_KNOWN: tuple[tuple[type[Exception], int, str], ...] = (
    (exceptions.ValidationError, 422, "invalid"),
    (exceptions.ParseError, 400, "malformed"),
    (exceptions.NotAuthenticated, 401, "not_signed_in"),
    (exceptions.AuthenticationFailed, 401, "bad_token"),
    (exceptions.PermissionDenied, 403, NOT_ALLOWED),
    (PermissionDenied, 403, NOT_ALLOWED),
    (exceptions.NotFound, 404, "not_found"),
    (Http404, 404, "not_found"),
    (exceptions.MethodNotAllowed, 405, "method_not_allowed"),
    (exceptions.NotAcceptable, 406, "not_acceptable"),
    (exceptions.UnsupportedMediaType, 415, "wrong_content_type"),
    (exceptions.Throttled, 429, "too_many"),
    (BodyTooLarge, 413, "too_large"),
    (SuspiciousOperation, 400, "malformed"),
)
# Advice for errors where Django REST framework only names the fault.
_ADVICE: dict[str, LazyText] = {
    "not_signed_in": _(
        "Send a token with the request: “Authorization: Bearer tl_…”. You can create one in your account."
    ),
    "method_not_allowed": _("This URL does not accept %(method)s. It accepts: %(allowed)s."),
    "not_acceptable": _(
        "Responses are available as: %(renderers)s. Request one of these, or leave out Accept."
    ),
    "wrong_content_type": _("Send the body as: %(parsers)s."),
}


class WrongParameters(exceptions.ValidationError):
    """Error for invalid values in the query string."""


LOCATION_KEYS = ("field", "parameter", "header")  # parts of a request to which a refusal's details may point
NOT_FOUND_MESSAGE = _("Not found, or you do not have access.")
INVALID_DATA_MESSAGE = _("Some of the data sent is incorrect. `errors` lists each field and the reason.")


def exception_handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """Return the answer to an exception of an operation, or None if it is no refusal.

    None means a bug, or an unavailable database (then the response is 503).
    """
    if isinstance(error, DatabaseError):
        error = refusal_from_database_error(error) or error
    if isinstance(error, RequestDataTooBig):
        error = BodyTooLarge()
    if isinstance(error, Refused):
        return _refusal_response(error)
    for kind, status, code in _KNOWN:
        if isinstance(error, kind):
            return _exception_response(error, status, code, _advice(code, context))
    return None


def _advice(code: str, context: dict[str, Any]) -> str:
    """Return advice for an error, with the methods and formats that the operation supports."""
    view, request = context.get("view"), context.get("request")
    if code not in _ADVICE or view is None or request is None:
        return ""
    params = {
        "method": request.method,
        "allowed": ", ".join(method for method in view.allowed_methods if method != "OPTIONS"),
        "renderers": ", ".join(kind.media_type for kind in view.renderer_classes),
        "parsers": ", ".join(kind.media_type for kind in view.parser_classes),
    }
    return str(_ADVICE[code]) % params


def problem_document(status: int, code: str, detail: LazyText, **more: Any) -> Problem:
    """Return a problem document, with the id under which the log describes the request."""
    return {
        "type": PROBLEM_TYPE_URL.format(code=code),
        "title": str(PROBLEM_TITLES.get(status, PROBLEM_TITLES[422])),
        "status": status,
        "detail": str(detail),
        "code": code,
        "request_id": current_request_id.get(),
        **more,
    }


def _refusal_response(refused: Refused) -> Response:
    status = 429 if refused.code == "too_many" else http_status(refused)
    details = dict(refused.details)
    more: Problem = {}
    headers = {"Retry-After": str(details["retry_after"])} if "retry_after" in details else {}
    where: dict[str, Any] = {name: details.pop(name) for name in LOCATION_KEYS if name in details}
    if where:
        more["errors"] = [{**_location(where), "detail": str(refused.message), "code": refused.code}]
    if fields := details.pop("fields", None):
        more["errors"] = list(_field_refusals(fields, refused))
    if details:
        more["facts"] = details
    return _problem_response(problem_document(status, refused.code, refused.message, **more), headers)


def _field_refusals(fields: Any, refused: Refused) -> Iterator[dict[str, str]]:
    """Yield several wrong fields, from a list of their names or from a sentence for each."""
    for name in fields:
        values = fields[name] if isinstance(fields, Mapping) else refused.message
        yield {"pointer": json_pointer(str(name).split(".")), "detail": str(values), "code": refused.code}


def _location(where: dict[str, Any]) -> dict[str, str]:
    if "field" in where:
        return {"pointer": json_pointer(str(where["field"]).split("."))}
    return {name: str(values) for name, values in where.items()}


def _exception_response(error: Exception, status: int, code: str, advice: str) -> Response:
    headers: dict[str, str] = {}
    if challenge := getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = challenge
    if wait := getattr(error, "wait", None):
        headers["Retry-After"] = str(int(wait))
    if isinstance(error, exceptions.ValidationError):
        details = error.get_full_details()
        wrong = (
            _parameter_errors(details) if isinstance(error, WrongParameters) else _field_errors(details, ())
        )
        return _problem_response(
            problem_document(status, code, INVALID_DATA_MESSAGE, errors=list(wrong)), headers
        )
    values = (
        NOT_FOUND_MESSAGE
        if status == 404
        else advice or getattr(error, "detail", "") or PROBLEM_TITLES[status]
    )
    return _problem_response(problem_document(status, code, values), headers)


def _field_errors(details: Any, path: tuple[str, ...]) -> Iterator[dict[str, str]]:
    """Yield each wrong value with its JSON pointer, from Django REST framework's nested details."""
    if _is_leaf(details):
        yield {"pointer": json_pointer(path), "detail": str(details["message"]), "code": str(details["code"])}
    elif isinstance(details, list):
        for position, item in enumerate(details):
            yield from _field_errors(item, path if _is_leaf(item) else (*path, str(position)))
    else:
        for name, item in details.items():
            yield from _field_errors(item, path if name == "non_field_errors" else (*path, str(name)))


def _parameter_errors(details: Any) -> Iterator[dict[str, str]]:
    """Yield each wrong parameter."""
    for name, values in details.items():
        for one in values:
            yield {"parameter": str(name), "detail": str(one["message"]), "code": str(one["code"])}


def _is_leaf(details: Any) -> bool:
    return (
        isinstance(details, dict)
        and details.keys() == {"message", "code"}
        and isinstance(details["code"], str)
    )


def json_pointer(path: Any) -> str:
    """Return a JSON pointer (RFC 6901) as a fragment: `#/lines/0/quantity`."""
    return "#" + "".join(f"/{part.replace('~', '~0').replace('/', '~1')}" for part in path)


def _problem_response(body: Problem, headers: dict[str, str]) -> Response:
    return Response(body, status=body["status"], headers=headers, content_type=CONTENT_TYPE)

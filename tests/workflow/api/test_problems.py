"""Problem documents of the API: status, code and pointers of each refusal.

A last test covers ordering by dates that may be missing.
"""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import OperationalError
from django.db.models import Value
from django.http import Http404
from rest_framework import exceptions

from workflow.errors import Refused
from workflow.http.problems import WrongParameters, exception_handler
from workflow.query_expressions import order_by_day, order_by_moment


def problem_response(error: Exception) -> Any:
    answer = exception_handler(error, {})
    assert answer is not None
    return answer


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (Refused("not_allowed", "No"), 403, "not_allowed"),
        (Refused("wrong_status", "No"), 409, "wrong_status"),
        (Refused("busy", "No"), 409, "busy"),
        (Refused("not_enough_supply", "No"), 422, "not_enough_supply"),
        (exceptions.ParseError(), 400, "malformed"),
        (exceptions.NotAuthenticated(), 401, "not_signed_in"),
        (exceptions.AuthenticationFailed(), 401, "bad_token"),
        (exceptions.PermissionDenied(), 403, "not_allowed"),
        (PermissionDenied(), 403, "not_allowed"),
        (exceptions.NotFound(), 404, "not_found"),
        (Http404(), 404, "not_found"),
        (exceptions.MethodNotAllowed("PUT"), 405, "method_not_allowed"),
        (exceptions.NotAcceptable(), 406, "not_acceptable"),
        (exceptions.UnsupportedMediaType("text/csv"), 415, "wrong_content_type"),
    ],
)
def test_each_refusal_has_its_http_status_and_code(error: Exception, status: int, code: str) -> None:
    body = problem_response(error).data
    assert (body["status"], body["code"]) == (status, code)
    assert body["type"] == f"/api/v1/docs/#problem-{code}"
    assert body["title"]
    assert body["detail"]


def test_exception_that_is_no_refusal_is_left_to_other_handlers() -> None:
    assert exception_handler(LookupError(), {}) is None
    assert exception_handler(OperationalError("gone"), {}) is None


def test_row_locked_by_another_request_gets_409() -> None:
    error = OperationalError("lock")
    error.__cause__ = type("Locked", (Exception,), {"sqlstate": "55P03"})()
    refused = problem_response(error)
    assert (refused.status_code, refused.data["code"]) == (409, "busy")


def test_too_many_requests_state_when_to_retry() -> None:
    refused = problem_response(Refused("too_many", "Wait", retry_after=7))
    assert (refused.status_code, refused["Retry-After"], refused.data["facts"]) == (
        429,
        "7",
        {"retry_after": 7},
    )
    throttled = problem_response(exceptions.Throttled(wait=9))
    assert (throttled.status_code, throttled["Retry-After"]) == (429, "9")


def test_refusal_returns_its_facts_and_points_at_the_field() -> None:
    body = problem_response(Refused("bad", "No", field="lines.0.quantity", free=5)).data
    assert body["facts"] == {"free": 5}
    assert body["errors"] == [{"pointer": "#/lines/0/quantity", "detail": "No", "code": "bad"}]
    assert (
        problem_response(Refused("bad", "No", parameter="cursor")).data["errors"][0]["parameter"] == "cursor"
    )
    assert (
        problem_response(Refused("bad", "No", header="Idempotency-Key")).data["errors"][0]["header"]
        == "Idempotency-Key"
    )


def test_invalid_nested_fields_are_pointed_at() -> None:
    error = exceptions.ValidationError(
        {
            "title": ["Too long"],
            "lines": [{}, {"a/b": ["Wrong"], "message": ["Missing"]}],
            "days": {"0": ["Wrong"]},
            "non_field_errors": ["Together they make no sense"],
        }
    )
    body = problem_response(error).data
    assert [one["pointer"] for one in body["errors"]] == [
        "#/title",
        "#/lines/1/a~1b",
        "#/lines/1/message",
        "#/days/0",
        "#",
    ]
    assert problem_response(exceptions.ValidationError("Nothing fits")).data["errors"][0]["pointer"] == "#"


def test_invalid_query_parameters_are_named() -> None:
    body = problem_response(WrongParameters({"status": ["No such status"]})).data
    assert body["errors"] == [{"parameter": "status", "detail": "No such status", "code": "invalid"}]


def test_ordering_by_nullable_dates_declares_its_output_field() -> None:
    for order in (order_by_day("x"), order_by_moment("x")):
        assert order.output_field is not None
        assert isinstance(order.get_source_expressions()[1], Value)

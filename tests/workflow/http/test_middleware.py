"""Responses without PostgreSQL, request numbers in logs and error pages, and logs without tokens."""

import io
import logging
import sys
from unittest.mock import Mock

import pytest
from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import reverse

from accounts.tokens import new_api_token, new_token
from workflow.errors import database_is_busy, database_is_unavailable
from workflow.http.middleware import (
    DatabaseUnavailableMiddleware,
    RedactTokensFilter,
    server_error,
)
from workflow.http.request_ids import current_request_id


class PostgresError(Exception):
    def __init__(self, sqlstate):
        self.sqlstate = sqlstate


def error(sqlstate, kind=OperationalError):
    made = kind("no")
    made.__cause__ = PostgresError(sqlstate)
    return made


AWAY = [error(state) for state in (None, "08006", "57P01", "57P03", "53300")] + [InterfaceError("closed")]
NOT_AWAY = [error("57014"), error("55P03"), error("40P01"), LookupError("x")]


@pytest.mark.parametrize("problem", AWAY)
def test_connection_errors_are_recognized_as_database_away(problem):
    assert database_is_unavailable(problem)
    assert not database_is_busy(problem)


@pytest.mark.parametrize("problem", NOT_AWAY)
def test_other_errors_are_not_recognized_as_database_away(problem):
    assert not database_is_unavailable(problem)


def test_lock_deadlock_and_serialization_errors_are_recognized_as_busy():
    assert [database_is_busy(error(state)) for state in ("55P03", "40P01", "40001", "57014")] == [
        True,
        True,
        True,
        False,
    ]
    assert not database_is_busy(LookupError())


def middleware(answer=lambda request: HttpResponse("ok")):
    return DatabaseUnavailableMiddleware(answer)


class TestDatabaseUnavailable:
    def test_page_without_database_gets_503_with_retry_after(self, django_assert_num_queries):
        answer = middleware().process_exception(RequestFactory().get("/needs/"), AWAY[0])
        assert answer.status_code == 503
        assert answer["Retry-After"] == "5"
        assert answer["Cache-Control"] == "no-store"
        assert b"Nothing was lost" in answer.content

    def test_api_request_without_database_gets_a_503_problem_document(self):
        answer = middleware().process_exception(RequestFactory().get("/api/v1/cities/"), AWAY[0])
        assert answer["Content-Type"] == "application/problem+json"
        assert b'"status": 503' in answer.content
        assert answer["Retry-After"] == "5"

    def test_exceptions_unrelated_to_the_database_are_left_to_django(self):
        assert middleware().process_exception(RequestFactory().get("/"), LookupError()) is None

    @pytest.mark.parametrize(("problem", "status"), [(AWAY[0], 503), (LookupError(), 500)])
    def test_error_handler_distinguishes_a_missing_database_from_a_bug(self, problem, status):
        try:
            raise problem
        except type(problem):
            assert sys.exc_info()[1] is problem
            answer = server_error(RequestFactory().get("/"))
        assert answer.status_code == status

    def test_error_handler_without_an_exception_answers_500(self):
        assert server_error(RequestFactory().get("/")).status_code == 500

    def test_api_request_with_a_bug_gets_a_500_problem_document(self):
        answer = server_error(RequestFactory().get("/api/v1/cities/"))
        assert (answer.status_code, answer["Content-Type"]) == (500, "application/problem+json")
        assert b'"code": "broken"' in answer.content


def configured() -> logging.Formatter:
    """Return the log formatter of the settings."""
    return logging.Formatter(settings.LOGGING["formatters"]["line"]["format"])


def log_lines(monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    """Capture the log from here on, in the format of the settings."""
    lines = io.StringIO()
    handler = logging.StreamHandler(lines)
    handler.setFormatter(configured())
    handler.addFilter(RedactTokensFilter())
    monkeypatch.setattr(logging.getLogger(), "handlers", [handler])
    return lines


class TestRequestNumber:
    @pytest.mark.parametrize(
        ("error", "status"), [(LookupError("gone"), 500), (OperationalError("away"), 503)]
    )
    def test_request_number_is_in_the_log_line_header_and_error_page(
        self, client, db, monkeypatch, error, status
    ):
        lines = log_lines(monkeypatch)
        view = Mock(side_effect=error)
        monkeypatch.setattr(
            "django.core.handlers.base.BaseHandler.resolve_request", lambda *_: (view, (), {})
        )
        client.raise_request_exception = False
        answer = client.get("/network/")
        assert answer.status_code == status
        number = answer["X-Request-ID"]
        assert number in answer.content.decode()
        assert f" {number} " in lines.getvalue().splitlines()[0]

    @pytest.mark.parametrize(
        ("method", "path", "status"),
        [
            ("get", "/nothing-of-that-name/", 404),
            ("get", "/api/v2/needs/", 404),
            ("post", "/healthz", 405),
            ("get", "/api/v1/entries/", 401),
        ],
    )
    def test_error_response_is_logged_with_its_request_number(
        self, client, db, monkeypatch, method, path, status
    ):
        lines = log_lines(monkeypatch)
        answer = getattr(client, method)(path)
        assert answer.status_code == status
        (line,) = [one for one in lines.getvalue().splitlines() if " django.request: " in one]
        assert line.split()[3] == answer["X-Request-ID"]
        assert path in line

    def test_response_header_carries_the_request_number_used_in_logs(self):
        seen = []
        answer = middleware(lambda request: seen.append(current_request_id.get()) or HttpResponse())(
            RequestFactory().get("/")
        )
        assert answer["X-Request-ID"] == seen[0]
        assert current_request_id.get() == "-"

    def test_request_number_is_cleared_after_an_exception(self):
        def fail(request):
            raise LookupError

        with pytest.raises(LookupError):
            middleware(fail)(RequestFactory().get("/"))
        assert current_request_id.get() == "-"


class TestTokenRedaction:
    def written(self, message, *args, exc_info=None, exc_text=None):
        record = logging.LogRecord("x", logging.INFO, __file__, 1, message, args, exc_info)
        record.exc_text = exc_text
        assert RedactTokensFilter().filter(record)
        return " ".join(configured().format(record).split(" ")[3:]).replace("x: ", "", 1)

    def test_link_and_api_tokens_are_removed_from_logs(self):
        link, api = new_token(), new_api_token().value
        line = self.written("GET /l/%s/continue by %s", link, api)
        assert line == "- GET /l/•••/continue by •••"

    def test_bearer_tokens_are_removed_from_logs(self):
        assert self.written("Authorization: Bearer abc.def, next") == "- Authorization: •••, next"

    def test_ordinary_words_and_hashes_stay_in_logs(self):
        words = (
            "SR-2026-0042 was posted; sha256 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
        )
        assert self.written(words) == f"- {words}"

    def test_tokens_are_removed_from_tracebacks(self):
        link = new_token()
        try:
            raise LookupError(link)
        except LookupError:
            text = self.written("failed", exc_info=sys.exc_info())
        assert link not in text
        assert "LookupError: •••" in text

    def test_tokens_are_removed_from_cached_tracebacks(self):
        link = new_token()
        try:
            raise LookupError
        except LookupError:
            text = self.written("failed", exc_info=sys.exc_info(), exc_text=f"Traceback {link}")
        assert text.endswith("Traceback •••")


@pytest.mark.parametrize("method", ["get", "put", "delete"])
def test_post_only_page_opened_by_get_explains_itself_with_405(client, db, method):
    answer = getattr(client, method)(reverse("theme"))
    assert answer.status_code == 405
    assert "POST" in answer["Allow"]
    assert "available only from the button on its page" in answer.content.decode()


def test_post_only_api_address_answers_405_as_a_problem_document(client, db):
    answer = client.put("/api/v1/schema/")
    assert answer.status_code == 405
    assert answer["Content-Type"] == "application/problem+json"

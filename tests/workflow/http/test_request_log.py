"""Tests of the log line of each request, of log lines as JSON, and of the ids of background tasks."""

import io
import json
import logging
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.tokens import new_token
from config.celery import clear_task_log_id, set_task_log_id
from tests.procurement.api.program import Program
from tests.worlds import cities
from workflow.http.middleware import RedactTokensFilter
from workflow.http.request_ids import current_request_id
from workflow.http.request_log import JsonLineFormatter


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> Callable[[], list[dict[str, Any]]]:
    """Log to memory as JSON from here on, and return a function that gives the lines so far."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(JsonLineFormatter())
    handler.addFilter(RedactTokensFilter())
    root = logging.getLogger()
    monkeypatch.setattr(root, "handlers", [handler])
    monkeypatch.setattr(root, "level", logging.INFO)
    logging.getLogger("workflow.http.request_log").manager._clear_cache()
    return lambda: [json.loads(line) for line in written.getvalue().splitlines()]


@pytest.mark.django_db
def test_request_of_a_signed_in_person_is_one_line_with_route_status_and_person(lines):
    reader = cities.member("observer", cities.city())
    browser = Client()
    browser.force_login(reader)
    answer = browser.get("/network/?q=reader@city.example")
    (line,) = [one for one in lines() if one["logger"] == "workflow.http.request_log"]
    assert line["request"] == answer["X-Request-ID"]
    shown = {name: line[name] for name in ("level", "method", "route", "status", "user")}
    assert shown == {
        "level": "INFO",
        "method": "GET",
        "route": f"/{answer.resolver_match.route}",
        "status": 200,
        "user": reader.pk,
    }
    assert line["message"] == f"GET {line['route']} 200 {line['milliseconds']} ms"
    assert line["milliseconds"] >= 0
    assert "token" not in line


@pytest.mark.django_db
def test_request_of_a_program_names_the_public_prefix_of_its_token_only(lines):
    program = Program(cities.member("officer", cities.city()))
    program.get("cities/")
    (line,) = [one for one in lines() if one["logger"] == "workflow.http.request_log"]
    secret = program.headers["authorization"].removeprefix("Bearer ")
    assert (line["user"], line["token"]) == (program.user.pk, secret[3:11])
    assert secret not in json.dumps(line)


@pytest.mark.django_db
def test_no_line_contains_a_link_token_or_an_address(lines):
    token = new_token()
    browser = Client()
    browser.get(f"/l/{token}/")
    browser.post(reverse("account_login"), {"login": "someone@city.example", "password": "secret-of-mine"})
    browser.get("/nothing-of-that-name/")
    written = json.dumps(lines())
    assert len([one for one in lines() if one["logger"] == "workflow.http.request_log"]) == 3
    for secret in (token, "someone@city.example", "secret-of-mine"):
        assert secret not in written


@pytest.mark.django_db
def test_unknown_url_is_logged_without_a_route(lines):
    Client().get("/nothing-of-that-name/")
    (line,) = [one for one in lines() if one["logger"] == "workflow.http.request_log"]
    assert (line["route"], line["status"], "user" in line) == ("-", 404, False)


@pytest.mark.django_db
def test_api_refusal_has_the_id_of_its_log_line(lines):
    answer = Client().get("/api/v1/entries/")
    assert answer.json()["request_id"] == answer["X-Request-ID"]
    assert {one["request"] for one in lines()} == {answer["X-Request-ID"]}


def test_traceback_in_json_contains_no_token(lines):
    token = new_token()
    try:
        raise LookupError(f"/l/{token}/")
    except LookupError:
        logging.getLogger("x").exception("failed")
    (line,) = lines()
    assert "LookupError" in line["exc_info"]
    assert token not in json.dumps(line)


def test_lines_of_a_background_task_share_an_id_that_ends_with_it(lines):
    log = logging.getLogger("x")
    set_task_log_id()
    log.info("first")
    log.info("second")
    clear_task_log_id()
    log.info("outside")
    first, second, outside = (one["request"] for one in lines())
    assert first == second != outside
    assert (len(first), outside, current_request_id.get()) == (16, "-", "-")

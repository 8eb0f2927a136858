"""Addresses for machines: liveness, readiness and metrics."""

import json
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.db.models import F
from django.test import Client, RequestFactory

from workflow.clock import create_instance, record_tick
from workflow.http import health
from workflow.http.metrics import PROXY_HEADERS, metrics_page
from workflow.installation_models import Instance


def ask(view, path="/x", **headers):
    return view(RequestFactory().get(path, headers=headers))


def test_liveness_answers_without_database(django_assert_num_queries):
    answer = ask(health.healthz)
    assert (answer.status_code, answer.content) == (200, b"ok\n")
    assert "no-cache" in answer["Cache-Control"]


def test_health_address_refuses_post():
    assert health.healthz(RequestFactory().post("/healthz")).status_code == 405


@pytest.mark.django_db
def test_readiness_answers_ok_while_postgres_and_redis_answer():
    answer = ask(health.readyz)
    assert answer.status_code == 200
    assert json.loads(answer.content) == {"version": settings.VERSION, "database": "ok", "redis": "ok"}


@pytest.mark.django_db
def test_readiness_answers_200_without_redis(settings):
    settings.REDIS_CLIENT_URL = "redis://127.0.0.1:1/0"
    answer = ask(health.readyz)
    assert answer.status_code == 200
    assert json.loads(answer.content)["redis"] == "away"


@pytest.mark.django_db(transaction=True)
def test_readiness_answers_503_without_postgres():
    port = dict(connection.settings_dict)
    connection.close()
    connection.settings_dict["HOST"], connection.settings_dict["PORT"] = "127.0.0.1", "1"
    try:
        answer = ask(health.readyz)
    finally:
        connection.settings_dict.update(port)
    assert answer.status_code == 503
    assert answer["Retry-After"] == "5"
    assert b'"database": "away"' in answer.content


@pytest.mark.django_db
@pytest.mark.parametrize("url", ["valkey://localhost:6379/0", "redis://localhost:port/0", "nonsense", ""])
def test_readiness_answers_200_with_an_invalid_redis_address(settings, url):
    settings.REDIS_CLIENT_URL = url
    answer = ask(health.readyz)
    assert answer.status_code == 200
    assert json.loads(answer.content)["redis"] == "away"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("path", "status"), [("/healthz", 200), ("/readyz", 503)])
def test_health_addresses_answer_a_signed_in_browser_without_postgres(path, status):
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = "x" * 32
    known = dict(connection.settings_dict)
    connection.close()
    connection.settings_dict["HOST"], connection.settings_dict["PORT"] = "127.0.0.1", "1"
    try:
        answer = client.get(path)
    finally:
        connection.settings_dict.update(known)
    assert answer.status_code == status
    assert answer["X-Request-ID"]


@pytest.mark.django_db
def test_health_addresses_do_not_read_the_session(django_assert_num_queries):
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = "x" * 32
    with django_assert_num_queries(0):
        assert client.get("/healthz").content == b"ok\n"
    with django_assert_num_queries(1):
        assert client.get("/readyz").status_code == 200
    assert client.post("/healthz").status_code == 405


@pytest.mark.django_db
@pytest.mark.parametrize(("minutes", "status"), [(None, 503), (0, 200), (4, 200), (6, 503)])
def test_background_health_fails_when_the_periodic_job_stops(minutes, status):
    create_instance(Instance.Kind.REAL)
    if minutes is not None:
        record_tick()
        Instance.objects.update(ticked_at=F("ticked_at") - timedelta(minutes=minutes))
    answer = Client().get("/healthz/background")
    assert answer.status_code == status
    age = json.loads(answer.content)["tick_age_seconds"]
    assert age is None if minutes is None else 60 * minutes <= age < 60 * minutes + 30
    assert "no-cache" in answer["Cache-Control"]


@pytest.mark.django_db(transaction=True)
def test_background_health_answers_503_without_postgres():
    known = dict(connection.settings_dict)
    connection.close()
    connection.settings_dict["HOST"], connection.settings_dict["PORT"] = "127.0.0.1", "1"
    try:
        answer = ask(health.background_health)
    finally:
        connection.settings_dict.update(known)
    assert (answer.status_code, json.loads(answer.content)) == (503, {"database": "away"})


@pytest.mark.django_db
class TestMetrics:
    def test_metrics_are_plain_text_with_one_figure_per_line(self):
        answer = ask(metrics_page)
        assert 'twinlane_messages{state="planned"} 0.0\n' in answer.content.decode()
        assert answer["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"

    @pytest.mark.parametrize(("given", "status"), [("Bearer right", 200), ("Bearer wrong", 401), ("", 401)])
    def test_metrics_require_the_configured_bearer_token(self, settings, given, status):
        settings.METRICS_TOKEN = "right"
        assert ask(metrics_page, authorization=given).status_code == status

    @pytest.mark.parametrize("given", ["", "Bearer ", "Bearer x"])
    @pytest.mark.parametrize(
        ("address", "status"),
        [("127.0.0.1", 200), ("127.8.9.1", 200), ("::1", 200), ("::ffff:127.0.0.1", 200), ("10.0.0.7", 401)]
        + [("192.0.2.1", 401), ("2001:db8::1", 401), ("", 401), ("unix:", 401)],
    )
    def test_metrics_without_token_are_for_this_machine_only(self, settings, address, status, given):
        settings.METRICS_TOKEN = ""
        request = RequestFactory(REMOTE_ADDR=address).get("/metrics", headers={"authorization": given})
        assert metrics_page(request).status_code == status

    @pytest.mark.parametrize("name", PROXY_HEADERS)
    def test_metrics_without_token_are_refused_through_a_local_proxy(self, settings, name):
        settings.METRICS_TOKEN = ""
        assert ask(metrics_page, **{name: "127.0.0.1"}).status_code == 401

    def test_metrics_with_token_require_it_on_this_machine_too(self, settings):
        settings.METRICS_TOKEN = "right"
        assert ask(metrics_page).status_code == 401

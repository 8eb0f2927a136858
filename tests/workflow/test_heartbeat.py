"""Tests of the sign of life for a monitoring service."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from procurement import tasks
from procurement.management.commands import tick as tick_command
from workflow import heartbeat as heartbeat_module
from workflow.heartbeat import Heartbeat


class Monitor(BaseHTTPRequestHandler):
    status = 200

    def do_GET(self):
        self.server.paths.append(self.path)
        self.send_response(self.server.status)
        self.end_headers()

    def log_message(self, *_words):
        """Print nothing."""


@pytest.fixture
def monitor(settings):
    with ThreadingHTTPServer(("127.0.0.1", 0), Monitor) as server:
        server.paths, server.status = [], 200
        threading.Thread(target=server.serve_forever, daemon=True).start()
        settings.HEARTBEAT_URL = f"http://127.0.0.1:{server.server_address[1]}/key-of-this-site"
        yield server
        server.shutdown()


def test_service_is_requested_at_most_every_half_minute(monitor, monkeypatch):
    heartbeat, requested = Heartbeat(), []
    for second in (1000, 1000, 1029, 1030, 1031, 1060):
        monkeypatch.setattr(heartbeat_module.time, "monotonic", lambda second=second: second)
        heartbeat.send()
        requested.append(len(monitor.paths))
    assert requested == [1, 1, 1, 2, 2, 3]
    assert set(monitor.paths) == {"/key-of-this-site"}


@pytest.mark.parametrize("url", ["http://127.0.0.1:1/key", "nonsense/key", "http://[broken/key"])
def test_failure_is_logged_without_the_address(settings, caplog, url):
    settings.HEARTBEAT_URL = url
    Heartbeat().send()
    assert "no heartbeat" in caplog.text
    assert "key" not in caplog.text


def test_error_of_the_service_is_logged(monitor, caplog):
    monitor.status = 500
    Heartbeat().send()
    assert "no heartbeat: HTTPError" in caplog.text


def test_nothing_is_requested_without_an_address(settings, monkeypatch):
    settings.HEARTBEAT_URL = ""
    monkeypatch.setattr(heartbeat_module, "urlopen", lambda *_given, **_more: pytest.fail("a request"))
    Heartbeat().send()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("run", [tasks.tick, tick_command.Command._run_once])
def test_periodic_job_sends_the_sign_of_life(monitor, monkeypatch, run):
    for module in (tasks, tick_command):
        monkeypatch.setattr(module, "heartbeat", Heartbeat())
    run()
    assert monitor.paths == ["/key-of-this-site"]

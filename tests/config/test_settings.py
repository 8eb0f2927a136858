"""What the settings promise: Celery carries wake-ups and no facts, and health checks are answered whatever the names are."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from config.celery import app
from procurement import tasks

ROOT = Path(__file__).resolve().parents[2]
PROMISED = {
    "task_acks_late": True,
    "task_reject_on_worker_lost": True,
    "worker_prefetch_multiplier": 1,
    "task_ignore_result": True,
    "task_soft_time_limit": 240,
    "task_time_limit": 300,
    "accept_content": ["json"],
    "task_serializer": "json",
    "worker_soft_shutdown_timeout": 30,
    "broker_connection_max_retries": None,
    "result_backend": None,
}


@pytest.mark.parametrize(("name", "value"), PROMISED.items())
def test_a_worker_that_dies_gives_back_its_wake_up_and_one_that_hangs_is_ended(name, value):
    assert app.conf[name] == value


def test_redis_is_given_seconds_and_a_lost_wake_up_a_quarter_of_an_hour():
    options = app.conf.broker_transport_options
    assert options["visibility_timeout"] == 900
    assert (options["socket_connect_timeout"], options["socket_timeout"]) == (2, 5)
    assert options["max_retries"] == 1
    assert app.conf.task_publish_retry_policy["max_retries"] == 1


def test_the_schedule_stands_in_the_settings_and_what_beat_sends_expires_before_the_next():
    schedule = app.conf.beat_schedule
    assert set(schedule) == {"tick", "check_counters"}
    assert "beat" not in " ".join(settings.INSTALLED_APPS)
    assert schedule["tick"]["schedule"] == 30
    assert schedule["tick"]["options"]["expires"] == 25
    assert all(each["options"]["expires"] < each["schedule"] for each in schedule.values())
    assert {each["task"] for each in schedule.values()} == {tasks.tick.name, tasks.check_counters.name}


def test_no_task_is_put_off_inside_redis():
    rooms = ("workflow", "accounts", "partners", "procurement", "config")
    files = [path for room in rooms for path in (ROOT / room).rglob("*.py")]
    words = ("countdown=", "eta=", ".retry(")
    assert [path for path in files if any(word in path.read_text() for word in words)] == []


def read_with(setting: str, **environ: str) -> str:
    line = f"from django.conf import settings; print(settings.{setting})"
    whole = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings", **environ}
    return subprocess.run(
        [sys.executable, "-c", line], cwd=ROOT, env=whole, capture_output=True, text=True, check=True
    ).stdout


def test_other_names_come_on_top_of_the_hosts_own():
    hosts = read_with("ALLOWED_HOSTS", BASE_URL="https://twinlane.example", ALLOWED_HOSTS="other.example")
    assert hosts.strip() == str(["other.example", "twinlane.example", "localhost", "127.0.0.1", "[::1]"])


def test_machines_ask_for_health_without_https():
    exempt = read_with("SECURE_REDIRECT_EXEMPT", BASE_URL="https://twinlane.example")
    assert all(name in exempt for name in ("healthz", "readyz", "metrics"))

"""Guarantees of the settings: Celery carries wake-ups and no data; health checks answer any host name."""

import ast
import os
import socket
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
    return run(f"from django.conf import settings; print(settings.{setting})", **environ)


def run(line: str, **environ: str) -> str:
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


HEADER = (
    "import django; django.setup(); from django.test import Client; "
    "print(Client().get('/healthz', secure=True).headers.get('Strict-Transport-Security'))"
)


@pytest.mark.parametrize(
    ("given", "header"),
    [
        ({}, "max-age=31536000"),
        ({"HSTS": "host", "HSTS_SECONDS": "3600"}, "max-age=3600"),
        ({"HSTS": "subdomains"}, "max-age=31536000; includeSubDomains"),
        ({"HSTS": "preload"}, "max-age=31536000; includeSubDomains; preload"),
        ({"HSTS": "off"}, "None"),
        ({"HSTS": "preload", "BASE_URL": "http://localhost:8000"}, "None"),
    ],
)
def test_browsers_are_bound_to_https_as_far_as_the_operator_chose(given, header):
    environ = {"BASE_URL": "https://twinlane.example", "DEBUG": "1", **given}
    assert run(HEADER, **environ).strip() == header


@pytest.mark.parametrize(("name", "value"), [("HSTS", "true"), ("SMTP_TLS", "true")])
def test_another_word_for_a_choice_is_refused_with_the_choices(name, value):
    with pytest.raises(subprocess.CalledProcessError) as stopped:
        read_with("HSTS", **{name: value})
    assert f'"{name}" invalid' in stopped.value.stderr
    assert "Must be one of" in stopped.value.stderr


ASKED = (
    "from django.db import connection as c; u = c.cursor(); names = {names!r}; "
    "print([(u.execute(f'SHOW {{n}}'), u.fetchone()[0])[1] for n in names])"
)
NAMES = [
    "lock_timeout",
    "idle_in_transaction_session_timeout",
    "join_collapse_limit",
    "jit",
    "statement_timeout",
]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["3s", "1min", "4", "off", "0"]),
        ("?options=-c%20lock_timeout%3D500", ["500ms", "1min", "4", "off", "0"]),
        ("?options=-c%20statement_timeout%3D9000%20--jit%3Don", ["3s", "1min", "4", "on", "9s"]),
    ],
)
def test_our_limits_hold_and_what_a_database_url_asks_for_counts_instead(query, found):
    url = os.environ["DATABASE_URL"]
    whole = url + (query.replace("?", "&") if "?" in url else query)
    assert ast.literal_eval(run(ASKED.format(names=NAMES), DATABASE_URL=whole)) == found


def test_a_connection_begins_with_nothing_that_a_pooler_refuses():
    found = ast.literal_eval(
        read_with("DATABASES['default']['OPTIONS']", DATABASE_URL="postgresql://me@db.example/it")
    )
    assert found == {"connect_timeout": 3}


@pytest.mark.parametrize("key", ["", "  "])
def test_nothing_starts_without_a_secret_key(key):
    whole = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings", "SECRET_KEY": key}
    for line in (
        ["manage.py", "check"],
        ["-c", "import config.wsgi"],
        ["-m", "celery", "--app", "config.celery", "report"],
    ):
        done = subprocess.run(
            [sys.executable, *line], cwd=ROOT, env=whole, capture_output=True, text=True, check=False
        )
        assert done.returncode != 0
        assert "SECRET_KEY is empty. Set it to at least 50 random characters" in done.stderr


def test_an_empty_older_key_is_none():
    assert read_with("SECRET_KEY_FALLBACKS", SECRET_KEY_FALLBACKS="one,,two,").strip() == "['one', 'two']"


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ({}, (False, True)),
        ({"SMTP_TLS": "starttls"}, (False, True)),
        ({"SMTP_TLS": "tls", "SMTP_PORT": "465"}, (True, False)),
        ({"SMTP_TLS": "none"}, (False, False)),
    ],
)
def test_mail_goes_by_starttls_or_by_tls_from_the_first_byte_or_by_neither(given, found):
    options = ast.literal_eval(read_with("MAILERS['default']['OPTIONS']", **given))
    assert (options["use_ssl"], options["use_tls"]) == found


LOADED = (
    "from django.urls import get_resolver; from django.db import connection; "
    "print('procurement.requests.views.requests' in sys.modules, gc.get_freeze_count() > "
    "len(gc.get_objects()), "
    "sorted(get_resolver()._reverse_dict) == ['en', 'fr-ca', 'zh-hans'], connection.connection, "
    "len(os.listdir('/proc/self/task')))"
)


@pytest.mark.parametrize(
    "loading", ["import config.web", "from config.celery import app; app.WorkController()"]
)
def test_who_forks_processes_has_loaded_the_pages_and_holds_no_thread_and_no_connection(loading):
    assert run(f"import gc, os, sys; {loading}; {LOADED}").split() == ["True", "True", "True", "None", "1"]


def test_beat_knows_when_and_by_name_and_loads_nothing_of_what_is_then_done():
    line = (
        "import sys; from django.apps import apps; from config.beat import app; app.loader.init_worker(); "
        "print(app.conf.beat_schedule == {schedule}, app.conf.broker_url, app.conf.timezone, apps.ready, "
        "'procurement' in sys.modules)"
    ).replace("{schedule}", repr(app.conf.beat_schedule))
    told = run(line, REDIS_URL="redis://there:6379/3").split()
    assert told == ["True", "redis://there:6379/3", "UTC", "False", "False"]


@pytest.mark.parametrize("path", ["/readyz", "/accounts/login/"])
def test_a_database_server_that_says_nothing_keeps_no_one_waiting(path):
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()  # the kernel accepts the connection; no answer ever comes
        line = (
            "import time; from django.test import Client; from config.wsgi import application; began = "
            "time.monotonic(); "
            f"answer = Client(raise_request_exception=False).get('{path}');"
            "print(answer.status_code, time.monotonic() - began)"
        )
        url = f"postgresql://me@127.0.0.1:{silent.getsockname()[1]}/it"
        # With DEBUG, static files need not be collected.
        status, seconds = run(line, DATABASE_URL=url, DEBUG="1").split()
    assert status == "503"
    assert float(seconds) < 20  # the timeout is 3 seconds; the rest is for a busy machine

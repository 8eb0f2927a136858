"""Effects of the settings: Celery, Redis, hosts, HTTPS, mail encryption, and database timeouts."""

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
def test_celery_settings_requeue_job_of_dead_worker_and_end_hanging_job(name, value):
    assert app.conf[name] == value


def test_redis_connection_timeouts_and_visibility_timeout_are_set():
    options = app.conf.broker_transport_options
    assert options["visibility_timeout"] == 900
    assert (options["socket_connect_timeout"], options["socket_timeout"]) == (2, 5)
    assert options["max_retries"] == 1
    assert app.conf.task_publish_retry_policy["max_retries"] == 1


def test_celery_schedule_is_in_settings_and_scheduled_jobs_expire_before_next_run():
    schedule = app.conf.beat_schedule
    assert set(schedule) == {"tick", "check_counters"}
    assert "beat" not in " ".join(settings.INSTALLED_APPS)
    assert schedule["tick"]["schedule"] == 30
    assert schedule["tick"]["options"]["expires"] == 25
    assert all(each["options"]["expires"] < each["schedule"] for each in schedule.values())
    assert {each["task"] for each in schedule.values()} == {tasks.tick.name, tasks.check_counters.name}


def test_no_celery_task_is_delayed_inside_redis():
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


def test_allowed_hosts_setting_adds_to_host_of_base_url():
    hosts = read_with("ALLOWED_HOSTS", BASE_URL="https://twinlane.example", ALLOWED_HOSTS="other.example")
    assert hosts.strip() == str(["other.example", "twinlane.example", "localhost", "127.0.0.1", "[::1]"])


def test_health_and_metrics_addresses_are_exempt_from_https_redirect():
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
def test_strict_transport_security_header_follows_the_setting(given, header):
    environ = {"BASE_URL": "https://twinlane.example", "DEBUG": "1", **given}
    assert run(HEADER, **environ).strip() == header


@pytest.mark.parametrize(
    ("name", "value"), [("HSTS", "true"), ("SMTP_TLS", "true"), ("SECOND_FACTOR", "all")]
)
def test_unknown_value_of_a_choice_setting_is_refused_with_the_choices(name, value):
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
def test_database_timeouts_apply_unless_database_url_sets_others(query, found):
    url = os.environ["DATABASE_URL"]
    whole = url + (query.replace("?", "&") if "?" in url else query)
    assert ast.literal_eval(run(ASKED.format(names=NAMES), DATABASE_URL=whole)) == found


def test_database_connection_sends_no_option_refused_by_pooler():
    found = ast.literal_eval(
        read_with("DATABASES['default']['OPTIONS']", DATABASE_URL="postgresql://me@db.example/it")
    )
    assert found == {"connect_timeout": 3}


@pytest.mark.parametrize("key", ["", "  "])
def test_start_without_secret_key_fails_with_error(key):
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


def test_empty_fallback_secret_keys_are_ignored():
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
def test_mail_encryption_setting_selects_starttls_implicit_tls_or_none(given, found):
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
def test_parent_process_loads_urls_and_has_no_thread_or_connection_before_fork(loading):
    assert run(f"import gc, os, sys; {loading}; {LOADED}").split() == ["True", "True", "True", "None", "1"]


def test_celery_beat_process_loads_schedule_but_no_application_code():
    line = (
        "import sys; from django.apps import apps; from config.beat import app; app.loader.init_worker(); "
        "print(app.conf.beat_schedule == {schedule}, app.conf.broker_url, app.conf.timezone, apps.ready, "
        "'procurement' in sys.modules)"
    ).replace("{schedule}", repr(app.conf.beat_schedule))
    told = run(line, REDIS_URL="redis://there:6379/3").split()
    assert told == ["True", "redis://there:6379/3", "UTC", "False", "False"]


@pytest.mark.parametrize("path", ["/readyz", "/accounts/login/"])
def test_unresponsive_database_server_gives_error_instead_of_waiting(path):
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

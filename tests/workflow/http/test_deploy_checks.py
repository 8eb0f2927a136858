"""The findings of `check --deploy` on a real instance."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import redis
from django.core.checks import Error
from django.db import connection

from workflow.clock import create_instance, record_backup, record_tick
from workflow.http import deploy_checks
from workflow.http.deploy_checks import check_real_instance
from workflow.installation_models import Instance

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[3]
TODAY = datetime.now(UTC).date()
VALID_SETTINGS = {
    "PRACTICE": False,
    "METRICS_TOKEN": "a-token",
    "DEFAULT_FROM_EMAIL": "Twinlane <kit@burnaby.ca>",
    "MAILERS": {"default": {"OPTIONS": {"host": "mail.burnaby.ca"}}},
    "MAIL_PROVIDER": "",
    "SMTP_TLS": "starttls",
    "BASE_URL": "https://kit.burnaby.ca",
    "HTTPS": True,
    "ALLAUTH_TRUSTED_PROXY_COUNT": 1,
    "SECURITY_CONTACT": "mailto:security@burnaby.ca",
    "SECURITY_EXPIRES": TODAY + timedelta(days=300),
}


@pytest.fixture(autouse=True)
def running():
    """A real instance whose periodic job and backup have just run."""
    create_instance(Instance.Kind.REAL)
    record_tick()
    record_backup()


def finding_ids(settings, **facts) -> list[str]:
    for name, value in {**VALID_SETTINGS, **facts}.items():
        setattr(settings, name, value)
    return [one.id for one in check_real_instance()]


def test_complete_configuration_has_no_deploy_finding(settings):
    assert finding_ids(settings) == []


@pytest.mark.parametrize(
    ("facts", "number"),
    [
        ({"METRICS_TOKEN": ""}, "workflow.W001"),
        ({"DEFAULT_FROM_EMAIL": "Twinlane <no-reply@twinlane.example>"}, "workflow.W002"),
        ({"DEFAULT_FROM_EMAIL": "kit@localhost"}, "workflow.W002"),
        ({"DEFAULT_FROM_EMAIL": "kit"}, "workflow.W002"),
        ({"MAILERS": {"default": {"OPTIONS": {"host": "localhost"}}}}, "workflow.W003"),
        ({"MAILERS": {"default": {"OPTIONS": {"host": "127.0.0.1"}}}}, "workflow.W003"),
        ({"ALLAUTH_TRUSTED_PROXY_COUNT": 0}, "workflow.W004"),
        ({"SECURITY_CONTACT": ""}, "workflow.I001"),
        ({"SECURITY_CONTACT": "security@burnaby.ca"}, "workflow.W005"),
        ({"SECURITY_EXPIRES": None}, "workflow.W006"),
        ({"SECURITY_EXPIRES": TODAY - timedelta(days=1)}, "workflow.W006"),
        ({"SECURITY_EXPIRES": TODAY + timedelta(days=368)}, "workflow.W006"),
        ({"HTTPS": False, "BASE_URL": "http://kit.burnaby.ca"}, "workflow.W007"),
        ({"SMTP_TLS": "none"}, "workflow.W008"),
        ({"WEBHOOK_ALLOW_HTTP": True}, "workflow.W013"),
        ({"REDIS_CLIENT_URL": "redis://127.0.0.1:1/0"}, "workflow.W009"),
        ({"REDIS_CLIENT_URL": "nonsense"}, "workflow.W009"),
    ],
)
def test_deploy_check_reports_each_example_or_unsafe_setting(settings, facts, number):
    assert finding_ids(settings, **facts) == [number]


@pytest.mark.parametrize(
    "facts",
    [
        {"MAIL_PROVIDER": "postmark", "MAILERS": {"default": {"BACKEND": "anymail"}}, "SMTP_TLS": "none"},
        {"DEFAULT_FROM_EMAIL": "kit@example-city.ca"},
        {"SECURITY_EXPIRES": TODAY},
        {"SECURITY_EXPIRES": TODAY + timedelta(days=366)},
        {"PRACTICE": True, "METRICS_TOKEN": ""},
    ],
)
def test_acceptable_setting_value_is_not_reported_by_the_deploy_check(settings, facts):
    assert finding_ids(settings, **facts) == []


def test_deploy_check_reports_an_unwritable_folder(settings, tmp_path, monkeypatch):
    settings.MEDIA_ROOT = tmp_path / "data/files"
    assert finding_ids(settings) == []
    (tmp_path / "data").write_text("a file in its place")
    assert finding_ids(settings) == ["workflow.E001"]
    (tmp_path / "data").unlink()
    monkeypatch.setattr(
        deploy_checks.os, "access", lambda place, mode: place != tmp_path
    )  # root may write all
    (problem,) = check_real_instance()
    assert isinstance(problem, Error)
    assert str(tmp_path) in problem.msg


@pytest.mark.parametrize(("policy", "numbers"), [("noeviction", []), ("allkeys-lru", ["workflow.W010"])])
def test_deploy_check_reports_redis_that_evicts_keys(settings, policy, numbers):
    with redis.Redis.from_url(settings.REDIS_CLIENT_URL) as client:
        before = client.config_get("maxmemory-policy")
        client.config_set("maxmemory-policy", policy)
        try:
            assert finding_ids(settings) == numbers
        finally:
            client.config_set("maxmemory-policy", *before.values())


@pytest.mark.parametrize(
    ("age", "numbers"),
    [(None, ["workflow.W011"]), (timedelta(minutes=11), ["workflow.W011"]), (timedelta(minutes=9), [])],
)
def test_deploy_check_reports_an_overdue_periodic_job(settings, age, numbers):
    Instance.objects.update(ticked_at=None if age is None else datetime.now(UTC) - age)
    assert finding_ids(settings) == numbers


@pytest.mark.parametrize(
    ("age", "numbers"),
    [(None, ["workflow.W012"]), (timedelta(days=8), ["workflow.W012"]), (timedelta(days=6), [])],
)
def test_deploy_check_reports_a_missing_recent_backup(settings, age, numbers):
    Instance.objects.update(backed_up_at=None if age is None else datetime.now(UTC) - age)
    assert finding_ids(settings) == numbers


def test_deploy_check_requires_no_running_job_before_the_instance_is_opened(settings):
    Instance.objects.all().delete()
    assert finding_ids(settings) == []


@pytest.mark.django_db(transaction=True)
def test_deploy_check_examines_settings_without_a_database(settings):
    known = dict(connection.settings_dict)
    connection.close()
    connection.settings_dict["HOST"], connection.settings_dict["PORT"] = "127.0.0.1", "1"
    try:
        assert finding_ids(settings, METRICS_TOKEN="") == ["workflow.W001"]
    finally:
        connection.settings_dict.update(known)


def test_operations_page_lists_each_deploy_finding_once():
    listed = re.findall(
        r"^\| `(workflow\.[EWI]\d+)` \|", (ROOT / "docs/operations.md").read_text(), re.MULTILINE
    )
    used = re.findall(r'id="(workflow\.[EWI]\d+)"', Path(deploy_checks.__file__).read_text())
    assert sorted(listed) == sorted(used)

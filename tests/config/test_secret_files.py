"""A secret may come from a file, and the passwords of PostgreSQL and Redis from settings of their own."""

import ast
import os
import subprocess
import sys

import pytest
from redis.connection import parse_url

from config.environment import SECRET_MASK, SECRET_SETTINGS, ListedEnv, url_with_password
from tests.config.test_documented_settings import ROOT


@pytest.fixture
def key_file(tmp_path, monkeypatch):
    path = tmp_path / "key"
    path.write_text("from a file\n")
    monkeypatch.delenv("SECRET_KEY", raising=False)
    monkeypatch.setenv("SECRET_KEY_FILE", str(path))
    return path


@pytest.mark.parametrize("name", sorted(SECRET_SETTINGS))
def test_each_secret_is_read_from_the_file_that_is_named(name, tmp_path, monkeypatch):
    path = tmp_path / name
    path.write_text(" of a file\n")
    monkeypatch.setenv(f"{name}_FILE", str(path))
    monkeypatch.delenv(name, raising=False)
    assert ListedEnv().str(name, "") == "of a file"


def test_file_of_a_secret_takes_precedence_over_its_variable(key_file, monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "from the environment")
    assert ListedEnv().str("SECRET_KEY") == "from a file"


def test_variable_is_used_when_no_file_is_named(monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "from the environment")
    monkeypatch.setenv("SECRET_KEY_FILE", "")
    assert ListedEnv().str("SECRET_KEY") == "from the environment"


def test_file_that_cannot_be_read_stops_the_start(key_file):
    key_file.unlink()
    with pytest.raises(ValueError, match=r"SECRET_KEY_FILE must be a readable file path"):
        ListedEnv().str("SECRET_KEY")


def test_setting_that_is_no_secret_has_no_file(tmp_path, monkeypatch):
    monkeypatch.setenv("SMTP_HOST_FILE", str(tmp_path / "none"))
    assert ListedEnv().str("SMTP_HOST", "localhost") == "localhost"


def test_secret_of_a_file_is_listed_masked_with_its_source(key_file):
    env = ListedEnv()
    env.str("SECRET_KEY")
    (setting,) = env.listed_settings()
    assert (setting.value, setting.source) == (SECRET_MASK, "file")


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("redis://localhost:6379/0", "redis://:a%2Fb%40c%3A%20@localhost:6379/0"),
        ("redis://me:old@cache.example/0", "redis://me:a%2Fb%40c%3A%20@cache.example/0"),
    ],
)
def test_password_becomes_part_of_a_url_whatever_it_contains(url, found):
    assert url_with_password(url, "a/b@c: ") == found
    assert parse_url(found)["password"] == "a/b@c: "
    assert url_with_password(url, "") == url


def test_passwords_of_database_and_redis_are_those_of_their_files(tmp_path):
    for name in ("DATABASE_PASSWORD", "REDIS_PASSWORD"):
        (tmp_path / name).write_text(f"{name.lower()}/@\n")
    environ = {
        **os.environ,
        "DATABASE_URL": "postgresql://twinlane@db.example/twinlane",
        "REDIS_URL": "redis://cache.example:6379/0",
        **{f"{path.name}_FILE": str(path) for path in tmp_path.iterdir()},
    }
    line = (
        "from config import settings as s; "
        "print([s.DATABASES['default']['PASSWORD'], s.CELERY_BROKER_URL, s.REDIS_CLIENT_URL])"
    )
    done = subprocess.run(
        [sys.executable, "-c", line], cwd=ROOT, env=environ, capture_output=True, text=True, check=True
    )
    url = "redis://:redis_password%2F%40@cache.example:6379/0"
    assert ast.literal_eval(done.stdout) == ["database_password/@", url, url]

"""`manage.py settings` prints each setting with its value and source, and no secret."""

import io
import json
import os
import subprocess
import sys

import pytest
from django.core.management import call_command

from config.environment import SECRET_MASK, SECRET_SETTINGS, ListedEnv, masked_setting_value
from procurement.dashboard.site_settings import SHOWN_SETTING_LABELS
from tests.config.test_documented_settings import ROOT, default_matches, settings_read, settings_table

# Settings that the page for administrators leaves out, besides secrets: servers, folders and what programs need.
FOR_OPERATORS = frozenset({
    "DATA_DIR", "DEBUG", "ALLOWED_HOSTS", "DATABASE_URL", "REDIS_URL", "BACKUP_DIR", "OUTBOX_LEASE", "NUDGE", "SMTP_HOST",
    "WEBHOOK_INTERNAL_HOSTS", "WEBHOOK_ALLOW_HTTP",
    "SMTP_PORT", "SMTP_USER", "TRUSTED_PROXIES", "HSTS_SECONDS", "STATIC_ROOT", "NODE_MODULES", "CLAMD_ADDRESS", "LOG_LEVEL",
    "LOG_FORMAT",
})  # fmt: skip


def printed_settings(**environ: str) -> dict[str, tuple[str, str]]:
    """Return value and source of each setting, as the command prints them."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR", "SECRET_KEY") if name in os.environ}
    line = [sys.executable, "manage.py", "settings"]
    done = subprocess.run(line, cwd=ROOT, env=kept | environ, capture_output=True, text=True, check=True)
    rows = [row.removesuffix(")").rpartition("  (") for row in done.stdout.splitlines()]
    return {name: (value, source) for row, _, source in rows for name, _, value in [row.partition("=")]}


@pytest.fixture(scope="module")
def minimal_settings() -> dict[str, tuple[str, str]]:
    """Return the settings of an instance that sets its key alone."""
    return printed_settings()


def test_settings_command_prints_each_setting_of_the_operations_page(minimal_settings):
    listed = {name for name, _, _ in settings_table()}
    assert set(minimal_settings) == settings_read()
    assert set(minimal_settings) <= listed


def test_settings_command_prints_the_defaults_of_the_operations_page(minimal_settings):
    told = {name: default for name, default, _ in settings_table()}
    places = {
        "DATA_DIR",
        "STATIC_ROOT",
        "NODE_MODULES",
        "BACKUP_DIR",
        "SECRET_KEY",
    }  # folders of this checkout; a key has none
    wrong = {
        name: value
        for name, (value, _) in minimal_settings.items()
        if name not in places and not default_matches(value, told[name])
    }
    assert wrong == {}
    assert {source for name, (_, source) in minimal_settings.items() if name != "SECRET_KEY"} == {"default"}


def test_settings_command_shows_set_value_beside_its_default():
    found = printed_settings(SMTP_PORT="465", DATABASE_URL="postgresql://me:pass%20word@db.example/it")
    assert found["SMTP_PORT"] == ("465", "environment; default 587")
    assert found["DATABASE_URL"][0] == f"postgresql://me:{SECRET_MASK}@db.example/it"
    assert found["LINK_DAYS"] == ("7", "default")


def test_settings_command_prints_no_secret():
    provider = {"id": "a", "city": "a", "email_domains": ["a.example"], "discovery_url": "https://a.example/"}
    providers = json.dumps([{**provider, "client_id": "a", "client_secret": "hidden"}])
    secrets = {
        **{name: f"{name.lower()}=hidden" for name in SECRET_SETTINGS},
        "IDENTITY_PROVIDERS": providers,
    }
    found = printed_settings(**secrets, REDIS_URL="redis://:hidden@cache.example/0")
    assert {name for name, (value, _) in found.items() if "hidden" in value} == set()
    assert all(found[name][0] == SECRET_MASK for name in SECRET_SETTINGS)


def test_settings_command_lists_the_settings_in_effect_in_their_order(settings, monkeypatch):
    env = settings.ENVIRONMENT = ListedEnv()
    monkeypatch.delenv("LOG_LEVEL", raising=False)
    monkeypatch.setenv("LINK_DAYS", "10")
    monkeypatch.setenv("SMTP_PASSWORD", "guessed")
    env.str("LOG_LEVEL", "INFO")
    env.int("LINK_DAYS", 7)
    env.str("SMTP_PASSWORD", "")
    output = io.StringIO()
    call_command("settings", stdout=output)
    assert output.getvalue().splitlines() == [
        "LOG_LEVEL=INFO  (default)",
        "LINK_DAYS=10  (environment; default 7)",
        f"SMTP_PASSWORD={SECRET_MASK}  (environment; default empty)",
    ]


def test_every_setting_named_like_a_secret_is_hidden():
    words = ("SECRET_", "_SECRET", "PASSWORD", "_TOKEN", "_KEY", "OPTIONS", "PROVIDERS", "HEARTBEAT")
    assert {name for name in settings_read() if any(word in name for word in words)} == SECRET_SETTINGS


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("postgresql://twinlane@localhost/twinlane", "postgresql://twinlane@localhost/twinlane"),
        ("postgresql://me:a:b@db/it", f"postgresql://me:{SECRET_MASK}@db/it"),
        (
            "postgresql:///it?user=me&password=x&host=/run",
            f"postgresql:///it?user=me&password={SECRET_MASK}&host=/run",
        ),
        ("redis://:x@cache:6379/0", f"redis://:{SECRET_MASK}@cache:6379/0"),
    ],
)
def test_settings_command_hides_the_password_of_a_url(url, shown):
    assert masked_setting_value("DATABASE_URL", url) == shown


def test_each_setting_is_shown_to_administrators_or_left_to_operators():
    assert set(SHOWN_SETTING_LABELS) & (FOR_OPERATORS | SECRET_SETTINGS) == set()
    assert set(SHOWN_SETTING_LABELS) | FOR_OPERATORS | SECRET_SETTINGS == settings_read()

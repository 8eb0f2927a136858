"""The version is the same everywhere, and each release has a section in the changelog."""

import json
import logging
import re
import subprocess
import tomllib
from pathlib import Path

import pytest
import yaml
from django.conf import settings
from django.test import Client

from config import beat
from config.api import SPECTACULAR_SETTINGS
from tests.worlds import cities
from workflow.clock import create_instance

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
CHANGES = (ROOT / "CHANGELOG.md").read_text()
RELEASES = re.split(r"^## (\S+)$", CHANGES, flags=re.MULTILINE)[1:]
OPERATIONS = (ROOT / "docs/operations.md").read_text()


def number(version: str) -> tuple[int, ...]:
    """Return a version as numbers, to compare it."""
    return tuple(map(int, version.split(".")))


def tags() -> list[str]:
    """Return the releases that this checkout has as tags; a clone without tags has none."""
    line = ["git", "tag", "--list", "v[0-9]*"]
    done = subprocess.run(line, cwd=ROOT, capture_output=True, text=True, check=False)
    return [tag.removeprefix("v") for tag in done.stdout.split()]


def test_newest_changelog_section_is_of_the_current_version():
    versions = RELEASES[::2]
    assert versions[0] == PROJECT["version"] == settings.VERSION
    assert sorted(versions, key=number, reverse=True) == versions


def test_each_changelog_section_names_its_tag_and_changes_for_operators_and_clients():
    for version, text in zip(RELEASES[::2], RELEASES[1::2], strict=True):
        assert f"Tag `v{version}`." in text
        assert re.findall(r"^### (.+)$", text, re.MULTILINE)[:3] == ["Settings", "Migrations", "API"]


def test_each_release_tag_has_a_changelog_section():
    assert set(tags()) <= set(RELEASES[::2])


def test_npm_manifests_state_the_version():
    for name in ("package.json", "package-lock.json"):
        assert json.loads((ROOT / name).read_text())["version"] == PROJECT["version"]


def test_api_description_states_the_version():
    assert SPECTACULAR_SETTINGS["VERSION"] == PROJECT["version"]


@pytest.mark.django_db
def test_version_is_shown_on_pages_to_staff_only():
    create_instance("practice", cities.NOW)
    client = Client()
    text = f"Twinlane {PROJECT['version']}"
    assert text not in client.get("/help/").content.decode()
    client.force_login(cities.member("officer", cities.city()))
    assert text in client.get("/help/").content.decode()


def test_celery_beat_logs_the_version_at_its_start(caplog):
    with caplog.at_level(logging.INFO):
        beat.log_version()
    assert f"Twinlane {PROJECT['version']} starts" in caplog.text


def test_operations_page_names_supported_versions():
    rows = dict(re.findall(r"^\| (Python|PostgreSQL|Redis|Valkey) \| (.+?) \|", OPERATIONS, re.MULTILINE))
    (oldest,) = re.findall(r">=(\S+)", PROJECT["requires-python"])
    (image,) = re.findall(
        r"^ARG PYTHON_IMAGE=python:(\d+\.\d+)", (ROOT / "Dockerfile").read_text(), re.MULTILINE
    )
    assert rows["Python"].split(", ")[0] == oldest
    assert image in rows["Python"].split(", ")
    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
    for name, service in (("PostgreSQL", "postgres"), ("Redis", "redis")):
        assert re.findall(r":(\d+)", compose[service]["image"])[0] in rows[name].split(", ")

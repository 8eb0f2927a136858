"""docker-compose.yml: containers are confined, image versions are pinned, and secrets may come from files."""

import re
from typing import Any

import pytest
import yaml

from config.environment import SECRET_SETTINGS
from tests.config.deploy.deploy_file_readers import OPERATIONS, ROOT

COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, Any] = COMPOSE["services"]
OURS = ("setup", "web", "worker", "beat", "tick")
LOCK = (ROOT / "requirements/image.txt").read_text()
# The image of PostgreSQL calls the password of the settings by another name.
NAMES = {"DATABASE_PASSWORD": "POSTGRES_PASSWORD"}
TAKEN = sorted(SECRET_SETTINGS & set(SERVICES["web"]["environment"]))
GIGABYTE = 2**30


def in_bytes(size: str) -> int:
    """Return a size of Docker, such as 512m, in bytes."""
    number, unit = re.fullmatch(r"(\d+)([mg])b?", size).groups()  # type: ignore[union-attr]  # fails as it should
    return int(number) * {"m": 2**20, "g": GIGABYTE}[unit]


@pytest.mark.parametrize("name", SERVICES)
def test_container_gains_no_rights_and_changes_none_of_its_files(name):
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["init"] is True
    assert {"cap_add", "privileged", "pid", "ipc", "network_mode", "devices"} & set(service) == set()
    assert service["tmpfs"][0].partition(":")[0] == "/tmp"
    assert all(volume.partition(":")[0] in COMPOSE["volumes"] for volume in service["volumes"])


@pytest.mark.parametrize("name", SERVICES)
def test_container_uses_limited_memory_processes_and_log(name):
    service = SERVICES[name]
    assert in_bytes(service["mem_limit"]) <= 2 * GIGABYTE
    assert 0 < service["pids_limit"] <= 256
    options = service["logging"]["options"]
    assert in_bytes(options["max-size"]) * int(options["max-file"]) <= 50 * 2**20


@pytest.mark.parametrize("name", SERVICES)
def test_no_container_runs_as_root(name):
    if name not in OURS:
        assert SERVICES[name]["user"] == name
    else:
        assert SERVICES[name]["image"].startswith("twinlane:")
        assert "user" not in SERVICES[name]
        assert "\nUSER twinlane\n" in (ROOT / "Dockerfile").read_text().rpartition("\nFROM ")[2]


def test_databases_are_reached_from_the_inner_network_only():
    assert COMPOSE["networks"] == {"inner": {"internal": True}, "outer": None}
    outside = {name for name, service in SERVICES.items() if "outer" in service["networks"]}
    assert outside == {"web", "worker", "tick"}  # a port, mail, mail
    assert all("inner" in service["networks"] for service in SERVICES.values())


def test_images_are_pinned_to_a_release_and_uv_by_hash():
    bases = re.findall(r"^ARG \w+_IMAGE=(\S+)$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    others = [service["image"] for name, service in SERVICES.items() if name not in OURS]
    assert len(bases) == len(others) == 2
    pinned = re.compile(r"\w+:\d+\.\d+(\.\d+)?(-[a-z]+[\d.]*)+")
    assert [image for image in (*bases, *others) if not pinned.fullmatch(image)] == []
    assert re.findall(r"^uv==[\d.]+ ", LOCK, re.MULTILINE)
    assert "--require-hashes --requirement requirements/image.txt" in (ROOT / "Dockerfile").read_text()


@pytest.mark.parametrize("name", TAKEN)
def test_secret_comes_from_a_variable_or_from_the_file_that_is_named(name):
    own = NAMES.get(name, name)
    assert COMPOSE["secrets"][own] == {"file": f"${{{own}_FILE:-./deploy/no_secret}}"}
    assert (ROOT / "deploy/no_secret").read_bytes() == b""
    for service in OURS:
        environment = SERVICES[service]["environment"]
        assert environment[name] == f"${{{own}:-}}"
        assert environment[f"{name}_FILE"] == f"${{{own}_FILE:+/run/secrets/{own}}}"
        assert own in SERVICES[service]["secrets"]


def test_every_secret_has_a_file_and_each_database_gets_only_its_own():
    assert {NAMES.get(name, name) for name in TAKEN} == set(COMPOSE["secrets"])
    assert set(TAKEN) == SECRET_SETTINGS
    assert SERVICES["postgres"]["secrets"] == ["POSTGRES_PASSWORD"]
    assert SERVICES["redis"]["secrets"] == ["REDIS_PASSWORD"]
    assert not re.search(r"://[^/]*:[^/]*@", (ROOT / "docker-compose.yml").read_text())
    assert "`SECRET_KEY_FILE`" in OPERATIONS

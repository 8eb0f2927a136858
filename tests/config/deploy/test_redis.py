"""The command of Redis in docker-compose.yml asks for a password, which no process shows."""

import os
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis
import yaml

from config.local_stack.valkey import server_binary
from tests.config.deploy.deploy_file_readers import ROOT
from tests.faults.demo import free_port

REDIS = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]["redis"]
PASSWORD = "a 'b' \"c\" $d #"


def command_of_redis() -> list[str]:
    """Return the command of Redis as its container gets it."""
    return [word.replace("$$", "$") for word in REDIS["command"]]


def test_redis_does_not_start_without_a_password():
    environ = {"PATH": os.environ["PATH"], "REDIS_PASSWORD": "", "REDIS_PASSWORD_FILE": ""}
    done = subprocess.run(command_of_redis(), env=environ, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert "Set REDIS_PASSWORD or REDIS_PASSWORD_FILE" in done.stderr


@pytest.fixture(params=["variable", "file"])
def server(request, tmp_path) -> Iterator[tuple[int, int]]:
    """Start Valkey by the command of Redis, with a password in a variable or in a file; yield port and process."""
    number = free_port()
    program = tmp_path / "redis-server"
    own = f"--port {number} --bind 127.0.0.1 --dir {tmp_path}"
    program.write_text(f'#!/bin/sh\nexec {server_binary()} "$@" {own}\n')
    program.chmod(0o700)
    (tmp_path / "password").write_text(f"{PASSWORD}\n")
    given = {
        "variable": {"REDIS_PASSWORD": PASSWORD},
        "file": {"REDIS_PASSWORD": "", "REDIS_PASSWORD_FILE": str(tmp_path / "password")},
    }[request.param]
    environ = {"PATH": f"{tmp_path}:{os.environ['PATH']}", **given}
    with subprocess.Popen(command_of_redis(), env=environ, stdout=subprocess.DEVNULL) as process:
        try:
            yield number, process.pid
        finally:
            process.terminate()


def answer(port: int, password: str | None) -> str:
    """Return PONG, or the name of the error; wait until the server listens."""
    for _ in range(600):
        try:
            client = redis.Redis(port=port, password=password)
            return "PONG" if client.ping() else "no"
        except redis.AuthenticationError as refused:
            return type(refused).__name__
        except redis.ConnectionError:
            time.sleep(0.1)
    return "nothing"


def test_redis_asks_for_the_password_and_its_process_does_not_show_it(server):
    port, pid = server
    assert answer(port, PASSWORD) == "PONG"
    assert answer(port, "another") == "AuthenticationError"
    assert answer(port, None) == "AuthenticationError"
    line = Path(f"/proc/{pid}/cmdline").read_bytes()
    assert b"valkey-server" in line
    assert PASSWORD.encode() not in line

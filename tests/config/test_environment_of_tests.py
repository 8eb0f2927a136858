"""The environment of the tests: a folder of their own, and an engine is started if its address is not given."""

import os
import tempfile
from contextlib import ExitStack
from pathlib import Path

import psycopg
import pytest
import redis

from config.local_stack.demo import engines_to_start
from config.local_stack.paths import DataPaths
from tests import engines

NAMES = ("DATABASE_URL", "REDIS_URL")


@pytest.mark.parametrize("given", [(), ("DATABASE_URL",), ("REDIS_URL",), ("DATABASE_URL", "REDIS_URL")])
def test_run_starts_engine_whose_address_is_not_given(given, monkeypatch, tmp_path):
    for name in NAMES:
        monkeypatch.delenv(name)
    for name in given:
        monkeypatch.setenv(name, f"given-{name}")
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "somebody's"))
    with ExitStack() as stack:
        found = engines.engine_environment(stack)
        assert not found.keys() & set(given)
        assert {"DATABASE_URL", "REDIS_URL"} == (found.keys() | set(given)) - {"DATA_DIR"}
        assert Path(found["DATA_DIR"]).is_relative_to(tempfile.gettempdir())
        if "DATABASE_URL" in found:
            with psycopg.connect(found["DATABASE_URL"]) as connection:
                assert connection.execute("SELECT 1").fetchone() == (1,)
        if "REDIS_URL" in found:
            places = DataPaths.from_data_dir(found["DATA_DIR"])
            with redis.Redis(unix_socket_path=str(places.valkey_socket)) as client:
                assert client.ping()
    assert not Path(found["DATA_DIR"]).exists()
    assert not (tmp_path / "somebody's").exists()


def test_empty_database_url_counts_as_not_given(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "")
    assert engines_to_start() == {"postgres"}


def test_data_folder_of_test_run_is_outside_checkout():
    assert Path(os.environ["DATA_DIR"]).is_relative_to(tempfile.gettempdir())

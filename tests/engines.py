"""Start of the embedded engines before Django reads its settings, once for all of pytest's processes.

An engine whose address is given (DATABASE_URL, REDIS_URL) is not started: the tests use that server. Tests
always write to a temporary folder, never into the checkout or a DATA_DIR that is in use.
"""

import os
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from config.local_stack.demo import engines_to_start
from config.local_stack.engines import lock_folder, start_engines
from config.local_stack.paths import DataPaths

_running = ExitStack()


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests() -> Iterator[None]:
    """Give the tests their engines and a temporary folder; worker processes find both in the environment."""
    os.environ.pop(
        "PYTHONDONTWRITEBYTECODE", None
    )  # else each of the many processes that tests start compiles everything
    os.environ.setdefault("SECRET_KEY", "for-tests-only-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFGHIJ")
    os.environ.setdefault("BASE_URL", "http://localhost:8000")
    os.environ.setdefault("ALLOWED_HOSTS", "testserver,localhost,127.0.0.1")
    if "PYTEST_XDIST_WORKER" not in os.environ:
        os.environ.update(engine_environment(_running))
    yield


def engine_environment(stack: ExitStack) -> dict[str, str]:
    """Return DATA_DIR and the addresses of the engines that were started.

    The folder and the engines are removed when the stack is closed.
    """
    folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="twinlane-tests-"))
    places, engines = DataPaths.from_data_dir(folder), engines_to_start()
    stack.enter_context(lock_folder(places))
    stack.enter_context(start_engines(places, engines, unsafe=True))
    Path(folder, "static").mkdir()  # WhiteNoise looks for it as soon as a test module makes the application
    found = {"DATA_DIR": folder}
    if "postgres" in engines:
        found["DATABASE_URL"] = places.database_url
    if "valkey" in engines:
        found["REDIS_URL"] = places.redis_url
    return found


def pytest_unconfigure() -> None:
    """Stop the engines of this process; workers have started none."""
    _running.close()

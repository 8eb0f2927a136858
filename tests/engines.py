"""Starts the embedded engines before Django reads its settings, once for all of pytest's processes.

An engine whose address is given (DATABASE_URL, REDIS_URL) is not started: the tests use that server. What they write goes into a
temporary folder in any case, never into the checkout or a DATA_DIR that somebody works with.
"""

import os
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from config.embedded.demo import wanted
from config.embedded.engines import hold, started
from config.embedded.places import Places

_running = ExitStack()


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests() -> Iterator[None]:
    """Give the tests their engines and a folder of their own; worker processes find both in the environment."""
    os.environ.pop(
        "PYTHONDONTWRITEBYTECODE", None
    )  # the many processes that tests start need not compile everything each
    os.environ.setdefault("SECRET_KEY", "for-tests-only-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFGHIJ")
    os.environ.setdefault("BASE_URL", "http://localhost:8000")
    os.environ.setdefault("ALLOWED_HOSTS", "testserver,localhost,127.0.0.1")
    if "PYTEST_XDIST_WORKER" not in os.environ:
        os.environ.update(surroundings(_running))
    yield


def surroundings(stack: ExitStack) -> dict[str, str]:
    """The folder, and the addresses of the engines that were not given; all are gone when the stack is closed."""
    folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="twinlane-tests-"))
    places, engines = Places.of(folder), wanted()
    stack.enter_context(hold(places))
    stack.enter_context(started(places, engines, unsafe=True))
    Path(folder, "static").mkdir()  # looked for as soon as a test module makes the application
    found = {"DATA_DIR": folder}
    if "postgres" in engines:
        found["DATABASE_URL"] = places.database_url
    if "valkey" in engines:
        found["REDIS_URL"] = places.redis_url
    return found


def pytest_unconfigure() -> None:
    """Stop what this process started; workers started nothing."""
    _running.close()

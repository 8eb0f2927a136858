"""Starts the embedded engines before Django reads its settings, once for all of pytest's processes.

With DATABASE_URL given, the tests use that server (and REDIS_URL) and nothing is started.
"""

import os
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from config.embedded import running

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
    if "DATABASE_URL" not in os.environ:
        folder = _running.enter_context(tempfile.TemporaryDirectory(prefix="twinlane-tests-"))
        os.environ.update(_running.enter_context(running(folder, unsafe=True)).environ, DATA_DIR=folder)
        Path(folder, "static").mkdir()  # looked for as soon as a test module makes the application
    yield


def pytest_unconfigure() -> None:
    """Stop what this process started; workers started nothing."""
    _running.close()

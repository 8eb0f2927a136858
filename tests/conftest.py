"""Fixtures and hooks of all tests: a real instance, a fresh clock, and no network beyond this machine."""

import gc
import os
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest
from django.conf import settings
from django.db import connection
from django.test import override_settings
from django.utils import translation
from pytest_socket import socket_allow_hosts

from tests.lanes import FULL, belongs, is_collected
from tests.migrated_database import django_db_modify_db_settings, migrated
from tests.template_lookups import fail_on_missing_attributes
from workflow.clock import clear_instance_cache

__all__ = ["django_db_modify_db_settings", "migrated"]  # fixtures

# The time of an example depends on the machine, not on the code. A commit is judged by the same examples each time,
# so that a failure is the commit's; the full lane looks for new ones.
hypothesis.settings.register_profile("searching", deadline=None)
hypothesis.settings.register_profile("repeatable", deadline=None, derandomize=True, max_examples=50)
hypothesis.settings.load_profile("searching" if FULL else "repeatable")
LONGEST_NAME = 40  # bytes
WAITS = (
    "browser",
    "fault",
)  # markers of tests that wait for browsers or other processes and leave the cores free meanwhile


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker) -> Iterator[None]:
    """Create the test database, and close what threads of live servers left open before it is dropped."""
    yield
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


def pytest_sessionstart() -> None:
    """Make templates strict, and collect no garbage while tests are collected.

    The tests stay, and each pass over them takes a second.
    """
    gc.disable()
    fail_on_missing_attributes()


def pytest_runtest_setup() -> None:
    """Block every connection except to loopback and to the Unix sockets of the engines."""
    socket_allow_hosts(["127.0.0.1", "::1", "localhost"], allow_unix_socket=True)


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Name a parameter of long bytes after its argument.

    Generated files contain times and random numbers, so their bytes differ between the worker processes,
    which must all collect the same test names.
    """
    return argname if isinstance(val, bytes) and len(val) > LONGEST_NAME else None


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave out the files of the second lane (tests/lanes.py) unless the command line names files or folders."""
    return None if is_collected(collection_path, _names_files(config)) else True


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> Iterator[None]:
    """Keep the tests of this lane (tests/lanes.py), and order the tests of parallel runs.

    With several processes the tests of a file stay together, so that their shared objects are made only once.
    Tests that wait for other processes are spread among tests that compute, so that no core is idle. Tests
    with an `xdist_group` of their own take longest and start first. The order is set after all other hooks,
    because pytest-django puts the tests that need a database of their own last.
    """
    named = _names_files(config)
    chosen = {item: belongs(item, named) for item in items}
    config.hook.pytest_deselected(items=[item for item in items if not chosen[item]])
    items[:] = [item for item in items if chosen[item]]
    if "PYTEST_XDIST_WORKER" not in os.environ:
        yield
        return
    groups: dict[str, bool] = {}  # group → whether it waits
    for item in items:
        if item.get_closest_marker("xdist_group") is None:
            item.add_marker(pytest.mark.xdist_group(item.nodeid.partition("::")[0]))
        waits = any(map(item.get_closest_marker, WAITS))
        groups[_group(item)] = waits or groups.get(_group(item), False)
    yield
    places = {group: place for place, group in enumerate(_spread(groups))}
    items.sort(key=lambda item: places[_group(item)])


def _names_files(config: pytest.Config) -> bool:
    """Return True if the command line names files or folders within the suite."""
    return any(Path(argument.partition("::")[0]).exists() for argument in config.args if argument != "tests")


def _group(item: pytest.Item) -> str:
    """Return the group that a test stays with: its file, or a name that several files share."""
    found = item.get_closest_marker("xdist_group")
    return str(found.args[0]) if found else ""


def _spread(groups: dict[str, bool]) -> list[str]:
    """Return the groups in starting order: names before files, the waiting groups evenly among the others."""
    named_first = sorted(groups, key=lambda group: "/" in group)
    waiting = [group for group in named_first if groups[group]]
    computing = [group for group in named_first if not groups[group]]
    each = len(computing) // (len(waiting) or 1) or 1
    order = []
    for place, group in enumerate(computing):
        if place % each == 0 and waiting:
            order.append(waiting.pop(0))
        order.append(group)
    return order + waiting


def pytest_collection_finish() -> None:
    """Exclude everything imported so far from garbage collection: it stays until the end anyway."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)
    gc.enable()


@pytest.fixture(scope="session", autouse=True)
def plain_static_files() -> Iterator[None]:
    """Serve static files under their plain names: only an installation collects and compresses them."""
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    with override_settings(STORAGES={**settings.STORAGES, "staticfiles": plain}):
        yield


@pytest.fixture(autouse=True)
def fresh_clock() -> Iterator[None]:
    """Forget before and after each test whether the instance is a real or a practice one.

    A process remembers it, but each test has its own database.
    """
    clear_instance_cache()
    yield
    clear_instance_cache()


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    """Start each test in English: a page leaves the language of its reader active in the thread."""
    with translation.override("en"):
        yield

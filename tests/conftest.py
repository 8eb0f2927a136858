"""What every test gets: a real instance, a clock that is read anew, no network beyond this machine."""

import gc
import os
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest
from django.conf import settings
from django.test import override_settings
from django.utils import translation
from pytest_socket import socket_allow_hosts

from tests.migrated import django_db_modify_db_settings, migrated
from workflow import clock

__all__ = ["django_db_modify_db_settings", "migrated"]  # fixtures

# How long an example takes says something about the machine, not about the code.
hypothesis.settings.register_profile("any machine", deadline=None)
hypothesis.settings.load_profile("any machine")
LONGEST_NAME = 40  # bytes
WAITS = (
    "browser",
    "fault",
)  # the marks of what waits for browsers and other processes, and leaves the cores to others meanwhile


def pytest_runtest_setup() -> None:
    """No test reaches beyond loopback and the engines' sockets."""
    socket_allow_hosts(["127.0.0.1", "::1", "localhost"], allow_unix_socket=True)


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """The bytes of a file are named by what they are for: made files carry times and random numbers, which differ between processes
    that have to collect the same tests.
    """
    return argname if isinstance(val, bytes) and len(val) > LONGEST_NAME else None


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> Iterator[None]:
    """`make faults` tries every way of something; beside the whole suite those that differ most.

    With several processes the tests of a file stay together: what they share is made once, and how their stories begin is played once.
    Those that wait are spread among those that compute, so that the cores are never left idle; what is gathered under a name of its own
    takes longest and begins first. Last of all is said which, for pytest-django puts those last that need a database of their own.
    """
    if not os.environ.get("FULL_FAULTS"):
        left = [item for item in items if item.get_closest_marker("every_way")]
        config.hook.pytest_deselected(items=left)
        items[:] = [item for item in items if not item.get_closest_marker("every_way")]
    if "PYTEST_XDIST_WORKER" not in os.environ:
        yield
        return
    groups: dict[str, bool] = {}  # which of them wait
    for item in items:
        if item.get_closest_marker("xdist_group") is None:
            item.add_marker(pytest.mark.xdist_group(item.nodeid.partition("::")[0]))
        waits = any(map(item.get_closest_marker, WAITS))
        groups[_group(item)] = waits or groups.get(_group(item), False)
    yield
    places = {group: place for place, group in enumerate(_spread(groups))}
    items.sort(key=lambda item: places[_group(item)])


def _group(item: pytest.Item) -> str:
    """Which tests this one stays with: its file, or a name that several files share."""
    found = item.get_closest_marker("xdist_group")
    return str(found.args[0]) if found else ""


def _spread(groups: dict[str, bool]) -> list[str]:
    """In which order they begin: names before files, and those that wait evenly among the others."""
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
    """What was imported and collected stays to the end: the collector need not look through it again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)


@pytest.fixture(scope="session", autouse=True)
def plain_static_files() -> Iterator[None]:
    """Pages name static files as they lie in their folders: collecting and compressing them is for an installation."""
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    with override_settings(STORAGES={**settings.STORAGES, "staticfiles": plain}):
        yield


@pytest.fixture(autouse=True)
def fresh_clock() -> Iterator[None]:
    """The kind of instance is remembered by a process; each test has its own database."""
    clock.forget()
    yield
    clock.forget()


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    """A page leaves its reader's language active in the thread; each test begins in English."""
    with translation.override("en"):
        yield

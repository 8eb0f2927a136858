"""Fixtures with one set of objects, one running installation and one Chromium for all tests of this folder.

The tests only read.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.conf import settings
from django.core.mail import EmailMessage
from django.core.management import call_command
from django.db import connection, connections
from django.test.utils import setup_databases, teardown_databases
from playwright.sync_api import Browser, sync_playwright

from tests.browser.conftest import launched
from tests.browser.pages.installed_server import run_installed
from tests.browser.pages.visit import LETTER
from tests.browser.pages.walk import Walk
from tests.worlds.browsed_pages import World, build
from workflow.clock import clear_instance_cache
from workflow.outbox.file_backend import FileEmailBackend

# These tests click and scroll nothing, so Chromium needs no drawing threads.
NO_ANIMATION_FLAGS = ("--disable-threaded-compositing", "--disable-threaded-animation")


@pytest.fixture(scope="package")
def world(django_db_setup, django_db_blocker, django_db_keepdb) -> Iterator[World]:
    """Yield the objects that all tests of this folder share; empty the database afterwards."""
    with django_db_blocker.unblock(), ensure_test_database(django_db_keepdb):
        try:
            yield build()
        finally:
            connections.close_all()
            # Keep the sequences: rows that other tests restore (tests/worlds/story_cache.py) must not meet the same ids.
            call_command("flush", interactive=False, verbosity=0, reset_sequences=False)
            clear_instance_cache()


@contextmanager
def ensure_test_database(keepdb: bool) -> Iterator[None]:
    """Make a test database unless this process already has one.

    pytest-django makes one for marked tests only. The tests of this folder share their data, are not marked,
    and may run alone.
    """
    if str(connection.settings_dict["NAME"]).startswith("test_"):
        yield
        return
    made = setup_databases(verbosity=0, interactive=False, aliases={"default"}, keepdb=keepdb)
    yield
    teardown_databases(made, verbosity=0, keepdb=keepdb)


@pytest.fixture(scope="package")
def url(world, tmp_path_factory) -> Iterator[str]:
    """Yield the address of the installed product, with one mail in its outbox."""
    with run_installed(tmp_path_factory.mktemp("house")) as address:
        letter = EmailMessage(
            "Can you help?",
            "Dear Li Wei,\n\nwe need masks.",
            to=["li@zhongshan.example"],
            headers={"Message-ID": LETTER},
        )
        FileEmailBackend(settings.MAIL_DIR).send_messages([letter])
        yield address


@pytest.fixture(scope="package")
def browser(world) -> Iterator[Browser]:
    """Yield a running Chromium.

    Playwright runs its event loop in this thread, where Django would refuse database access.
    """
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        opened = launched(playwright, *NO_ANIMATION_FLAGS)
        yield opened
        opened.close()
        connections.close_all()  # connections opened while Playwright's loop runs are separate


@pytest.fixture(scope="package")
def walk(browser, url, world, tmp_path_factory) -> Walk:
    """Return the `Walk` that opens every page for the right person."""
    return Walk(browser, url, world, tmp_path_factory.mktemp("pages"))

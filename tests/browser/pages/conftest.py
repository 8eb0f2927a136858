"""One world, one installation and one Chromium for every test of this folder: they look, and change nothing."""

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
from tests.browser.pages.house import installed
from tests.browser.pages.walk import Walk
from tests.browser.pages.world import World, build
from workflow import clock
from workflow.outbox.drawer import Drawer

# Nothing is clicked or scrolled here, so no threads need to draw beside the page.
UNMOVED = ("--disable-threaded-compositing", "--disable-threaded-animation")


@pytest.fixture(scope="package")
def world(django_db_setup, django_db_blocker, django_db_keepdb) -> Iterator[World]:
    """The story, kept for all tests of this folder and gone afterwards."""
    with django_db_blocker.unblock(), a_database_of_tests(django_db_keepdb):
        try:
            yield build()
        finally:
            connections.close_all()
            # Numbers go on: rows that other tests lay back (tests/procurement/chapters.py) must not meet theirs again.
            call_command("flush", interactive=False, verbosity=0, reset_sequences=False)
            clock.forget()


@contextmanager
def a_database_of_tests(keepdb: bool) -> Iterator[None]:
    """pytest-django makes one when a test is marked for it; these share theirs, are not marked, and may be run alone."""
    if str(connection.settings_dict["NAME"]).startswith("test_"):
        yield
        return
    made = setup_databases(verbosity=0, interactive=False, aliases={"default"}, keepdb=keepdb)
    yield
    teardown_databases(made, verbosity=0, keepdb=keepdb)


@pytest.fixture(scope="package")
def url(world, tmp_path_factory) -> Iterator[str]:
    """The address of the installed product."""
    with installed(tmp_path_factory.mktemp("house")) as address:
        letter = EmailMessage("Can you help?", "Dear Li Wei,\n\nwe need masks.", to=["li@zhongshan.example"])
        Drawer(settings.MAIL_DIR).send_messages([letter])
        yield address


@pytest.fixture(scope="package")
def browser(world) -> Iterator[Browser]:
    """Playwright's own loop runs in the thread that asks the database."""
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        opened = launched(playwright, *UNMOVED)
        yield opened
        opened.close()
        connections.close_all()  # those opened while playwright's loop runs are kept apart from the tests' own


@pytest.fixture(scope="package")
def walk(browser, url, world, tmp_path_factory) -> Walk:
    """Everybody's way to every page."""
    return Walk(browser, url, world, tmp_path_factory.mktemp("pages"))

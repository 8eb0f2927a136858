"""A city with a whole story behind a real server, and Chromium in front of it."""

import shutil
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import connections
from playwright.sync_api import Browser, BrowserContext, Playwright, sync_playwright

from accounts.models import User

# The headless build first: it draws no window and leaves more of the processor. The Makefile looks for the same.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--js-flags=--no-opt --no-maglev",  # machine code of the best kind is not worth its making where a page stands for a second
]


def launched(playwright: Playwright, *flags: str) -> Browser:
    """The machine's own Chromium, with a profile of its own. Playwright brings none."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    assert found is not None, f"none of {', '.join(NAMES)} is installed"
    return playwright.chromium.launch(executable_path=found, args=[*FLAGS, *flags])


@pytest.fixture
def chromium(monkeypatch: pytest.MonkeyPatch) -> Iterator[Browser]:
    """Playwright's own loop runs in the thread that asks the database."""
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    with sync_playwright() as playwright:
        browser = launched(playwright)
        yield browser
        browser.close()
        connections.close_all()  # those opened while playwright's loop runs are kept apart from the test's own


def signed_in(
    browser: Browser, url: str, user: User, language: str = "en", **context: object
) -> BrowserContext:
    """A browser in which somebody is signed in, reading in a language."""
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    User.objects.filter(pk=user.pk).update(language=language)
    opened = browser.new_context(**context)
    opened.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session.session_key, "url": url}])
    return opened


@pytest.fixture
def drawer(settings, tmp_path, live_server) -> None:
    """Mail lies where the outbox page of a practice instance shows it."""
    settings.MAIL_DIR = tmp_path / "mail"
    settings.MAILERS = {
        "default": {"BACKEND": "workflow.outbox.drawer.Drawer", "OPTIONS": {"folder": settings.MAIL_DIR}}
    }
    settings.BASE_URL = live_server.url

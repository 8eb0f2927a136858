"""Chromium, sign-in without the pages, and a folder for mail: fixtures of the browser tests."""

import shutil
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.core.management import call_command
from django.db import connections
from playwright.sync_api import Browser, BrowserContext, Playwright, sync_playwright

from accounts.models import User
from procurement.management.commands.demo_up import PRACTICE_OPENS_AT
from procurement.management.scenario import timeline
from procurement.management.scenario.state import ScenarioState
from workflow.clock import clear_instance_cache, create_instance

# The headless build comes first, because it draws no window and needs less processor time. The Makefile has the same list.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--js-flags=--no-opt --no-maglev",  # pages live for a second: too short for optimized machine code
]


def launched(playwright: Playwright, *flags: str) -> Browser:
    """Launch the Chromium of this machine with a fresh profile; Playwright brings no browser here."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    assert found is not None, f"none of {', '.join(NAMES)} is installed"
    return playwright.chromium.launch(executable_path=found, args=[*FLAGS, *flags])


@pytest.fixture
def chromium(monkeypatch: pytest.MonkeyPatch) -> Iterator[Browser]:
    """Yield a running Chromium.

    Playwright runs its event loop in this thread, where Django would refuse database access.
    """
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    with sync_playwright() as playwright:
        browser = launched(playwright)
        yield browser
        browser.close()
        connections.close_all()  # connections opened while Playwright's loop runs are separate


def signed_in(
    browser: Browser, url: str, user: User, language: str = "en", **context: object
) -> BrowserContext:
    """Return a browser context in which this person is signed in and reads this language."""
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
def mail_folder(settings, tmp_path, live_server) -> None:
    """Write mail to the folder that the outbox page of a practice instance shows."""
    settings.MAIL_DIR = tmp_path / "mail"
    settings.MAILERS = {
        "default": {
            "BACKEND": "workflow.outbox.file_backend.FileEmailBackend",
            "OPTIONS": {"folder": settings.MAIL_DIR},
        }
    }
    settings.BASE_URL = live_server.url


@pytest.fixture
def stage(mail_folder) -> Iterator[ScenarioState]:
    """Play the practice scenario and return its people and objects."""
    create_instance("practice", starts_at=PRACTICE_OPENS_AT)
    call_command("load_reference_data", verbosity=0)
    call_command("load_register")
    yield timeline.play_scenario(lambda line: None)
    clear_instance_cache()

"""Sign-in in Chromium: an authenticator app, a passkey of a virtual device, and a contact's link without a referrer."""

from collections.abc import Iterator
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.db import connections
from playwright.sync_api import Page, expect, sync_playwright

from accounts.actions.links import issue_email_code, issue_link
from accounts.actions.people import set_password
from accounts.actors import CONSOLE_ACTOR, SelfActor
from accounts.hooks import link_pages
from accounts.models import ActionLink, User
from tests.accounts import linked_pages
from tests.browser.conftest import launched
from tests.hooks import replaced_hook
from tests.worlds import cities
from tests.worlds.cities import NOW, Role
from workflow.clock import real_now

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PASSWORD = "four-small-words-here"


@pytest.fixture
def page(monkeypatch, settings) -> Iterator[Page]:
    """Yield a page of Chromium; fail if its console has an error."""
    monkeypatch.setenv(
        "DJANGO_ALLOW_ASYNC_UNSAFE", "true"
    )  # Playwright's loop runs in the thread that queries the database
    settings.ROOT_URLCONF = "tests.accounts.linked_pages"
    with (
        replaced_hook(link_pages, {linked_pages.LINKED_OBJECT: linked_pages.describe}),
        sync_playwright() as playwright,
    ):
        browser = launched(playwright)
        page = browser.new_page()
        complaints: list[str] = []
        page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        page.route(
            "**/favicon.ico", lambda route: route.fulfill(status=204)
        )  # requested if a page names no icon
        page.on("pageerror", lambda error: complaints.append(str(error)))
        yield page
        browser.close()
        connections.close_all()  # connections opened while Playwright's loop runs are separate
    assert complaints == []


@pytest.fixture
def officer(transactional_db) -> User:
    user = cities.member(Role.OFFICER, cities.city("burnaby"), "Marie Roy")
    set_password(user, PASSWORD, by=SelfActor(user), at=NOW)
    return user


def add_virtual_authenticator(page: Page, *, says_yes: bool = True) -> None:
    """Give the browser a virtual device with a fingerprint reader."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": says_yes,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def sign_in(page: Page, url: str, user: User) -> None:
    page.goto(f"{url}/accounts/login/?next=/account/")
    page.get_by_label("Email").fill(user.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def test_officer_sets_up_passkey_and_signs_in_with_it_alone(page, live_server, officer):
    add_virtual_authenticator(page)
    sign_in(page, live_server.url, officer)
    expect(page.get_by_text("Until then, you cannot change anything")).to_be_visible()
    page.goto(f"{live_server.url}/account/tokens/")
    expect(page.get_by_role("heading", name="Two-step sign-in")).to_be_visible()
    page.get_by_role("link", name="Add passkey").click()
    page.get_by_label("Name").fill("My laptop")
    page.get_by_role("button", name="Add passkey").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    expect(page.locator("ul.codes li")).to_have_count(10)

    page.get_by_label("Your account: Marie Roy").click()
    page.get_by_role("button", name="Sign out").click()
    page.goto(f"{live_server.url}/accounts/login/?next=/account/tokens/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("heading", name="API tokens")).to_be_visible()


def test_authenticator_app_code_completes_sign_in_in_browser(page, live_server, officer):
    sign_in(page, live_server.url, officer)
    page.goto(f"{live_server.url}/accounts/2fa/totp/activate/")
    assert page.locator("img.qr").evaluate("picture => picture.naturalWidth") > 0
    key = page.locator("dd.anywhere").inner_text()
    page.get_by_label("Code").fill(_code(key, 0))
    page.get_by_role("button", name="Confirm code").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    recovery = page.locator("ul.codes li").first.inner_text()

    page.context.clear_cookies()
    for number, code in enumerate((_code(key, 1), recovery)):
        sign_in(page, live_server.url, officer)
        expect(page.get_by_role("heading", name="Two-step sign-in")).to_be_visible()
        page.get_by_label("Code").fill(code)
        page.get_by_role("button", name="Sign in", exact=True).click()
        expect(page.get_by_role("heading", name="Settings")).to_be_visible()
        assert number == 1 or page.context.clear_cookies() is None


def test_sign_in_with_unconfirmed_passkey_shows_error(page, live_server, officer):
    add_virtual_authenticator(page, says_yes=False)
    page.goto(f"{live_server.url}/accounts/login/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("alert")).to_contain_text("did not confirm")


def test_contact_link_is_opened_without_sending_its_address_as_referrer(page, live_server, transactional_db):
    contact = cities.user("Wang Fang", language="en")
    facts: dict[str, Any] = {
        "purpose": ActionLink.Purpose.ANSWER,
        "thing_label": linked_pages.LINKED_OBJECT,
        "thing_id": 1,
    }
    made = issue_link(contact, **facts, by=CONSOLE_ACTOR, at=NOW, real_at=real_now())
    token_page = live_server.url + made.url.removeprefix("http://localhost:8000")
    referrers: list[str] = []
    page.on("request", lambda request: referrers.append(request.headers.get("referer", "")))
    page.goto(token_page)
    page.get_by_role("button", name="Français").click()
    page.get_by_role("button", name="English").click()
    page.get_by_role("button", name="Dark colours").click()
    expect(page.get_by_text("City of Burnaby, Purchasing").first).to_be_visible()
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_text("number 1 in en")).to_be_visible()
    assert page.url == f"{live_server.url}/answer/1/"

    page.goto(f"{live_server.url}/answer/1/stored/")
    page.get_by_role("button", name="Send me a code").click()
    expect(page.get_by_text("The code has been sent.")).to_be_visible()
    page.get_by_label("Six-digit code").fill(issue_email_code(made.link, real_at=real_now()))
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_text("stored about Wang Fang")).to_be_visible()
    assert not [address for address in referrers if "/l/" in address]


def _code(key: str, later: int):
    """Return the code that the app shows now or half a minute later.

    Each code counts once, and the server accepts a clock that is half a minute fast.
    """
    now = list(yield_hotp_counters_from_time())[1]
    return format_hotp_value(hotp_value(key, now + later))

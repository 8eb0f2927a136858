"""Headers of every response: the security policy, and cookies that fit the scheme of the site's address."""

import json
import os
import subprocess
import sys

import pytest
from django.contrib import messages
from django.contrib.messages.storage import default_storage
from django.contrib.sessions.backends.db import SessionStore
from django.http import HttpResponse
from django.test import Client, override_settings

from accounts.hooks import actor_of_person
from config.message_storage import HostCookieStorage
from partners.permissions.permissions import permissions_by_link
from tests.hooks import replaced_hook
from tests.worlds import cities
from workflow.clock import create_instance

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src "
    "'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; manifest-src 'self'"
)
ADDRESSES = (
    "/",
    "/accounts/login/",
    "/accounts/password/reset/",
    "/l/nothing/",
    "/join/nothing/",
    "/stop/nothing/",
    "/healthz",
    "/readyz",
    "/healthz/background",
    "/metrics",
    "/nowhere/",
    "/admin/",
    "/admin/login/",
    "/api/v1/",
    "/api/v1/docs/",
    "/api/v1/schema/",
    "/api/v1/orders/",
    "/api/v1/nowhere/",
    "/language/",
)


def directives(answer) -> set[str]:
    return {part.strip() for part in answer.headers["Content-Security-Policy"].split(";")}


@pytest.mark.django_db
@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("method", ["get", "post", "options"])
def test_every_response_to_visitor_has_security_policy_headers(address, method):
    answer = getattr(Client(), method)(address)
    assert directives(answer) == {part.strip() for part in POLICY.split(";")}
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["X-Frame-Options"] == "DENY"


@pytest.mark.django_db
def test_every_response_to_signed_in_user_has_security_policy_headers():
    create_instance("practice", cities.NOW)
    client = Client()
    user = cities.member("officer", cities.city())
    client.force_login(user)
    for address in (
        "/",
        "/needs/",
        "/needs/SR-2020-9999/",
        "/network/people/",
        "/admin/",
        "/account/",
        "/api/v1/orders/",
    ):
        assert directives(client.get(address)) == {part.strip() for part in POLICY.split(";")}, address
    user.is_staff = user.is_superuser = True
    user.save()
    for address in ("/admin/", "/admin/workflow/entry/", "/admin/nothing/"):
        assert directives(client.get(address)) == {part.strip() for part in POLICY.split(";")}, address


@pytest.mark.django_db
def test_error_forged_form_and_unknown_host_responses_have_security_policy_headers():
    policy = {part.strip() for part in POLICY.split(";")}
    broken = Client(raise_request_exception=False)
    broken.force_login(cities.member("observer", cities.city()))
    with replaced_hook(actor_of_person, permissions_by_link):  # wrong arguments: every page breaks
        answer = broken.get("/needs/")
    assert (answer.status_code, directives(answer)) == (500, policy)
    forged = Client(enforce_csrf_checks=True).post("/language/", {"language": "fr-ca"})
    assert directives(forged) == policy
    elsewhere = Client(headers={"host": "elsewhere.example"}).get("/")
    assert (elsewhere.status_code, directives(elsewhere)) == (400, policy)
    with override_settings(SECURE_SSL_REDIRECT=True):
        moved = Client().get("/")
    assert (moved.status_code, directives(moved)) == (301, policy)


ASK = """
import json
from django.conf import settings
from accounts import link_sessions
from config.message_storage import HostCookieStorage
print(json.dumps([settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME, settings.LANGUAGE_COOKIE_NAME, settings.THEME_COOKIE_NAME,
    settings.DEVICE_COOKIE_NAME,
    HostCookieStorage.cookie_name, link_sessions.COOKIE_NAME, settings.SESSION_COOKIE_SECURE,
    settings.CSRF_COOKIE_SECURE, settings.SESSION_COOKIE_HTTPONLY, settings.SESSION_COOKIE_PATH, settings.SESSION_COOKIE_DOMAIN]))
"""


def cookies_of_instance(base_url: str) -> list[object]:
    """Return the names and flags of the cookies as an instance at this address sets them."""
    env = {**os.environ, "BASE_URL": base_url, "DJANGO_SETTINGS_MODULE": "config.settings"}
    code = f"import django; django.setup()\n{ASK}"
    done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def test_cookies_have_host_prefix_on_https_and_plain_names_on_http():
    assert cookies_of_instance("https://twinlane.example") == [
        *(
            "__Host-session",
            "__Host-csrf",
            "__Host-language",
            "__Host-theme",
            "__Host-device",
            "__Host-messages",
        ),
        "__Secure-link",  # its path is the address of the object, which __Host- forbids
        *(True, True, True, "/", None),
    ]
    names = cookies_of_instance("http://localhost:8123")
    assert names == [
        *("session-8123", "csrf-8123", "language", "theme", "device-8123", "messages", "link"),
        *(False, False, True, "/", None),
    ]


def may_have_host_prefix(cookie) -> bool:
    """Return True if a cookie meets the browsers' conditions for a name that starts with `__Host-`."""
    return bool(cookie["secure"]) and cookie["path"] == "/" and cookie["domain"] == ""


@pytest.mark.django_db
@pytest.mark.parametrize(("what", "value"), [("language", "fr-ca"), ("theme", "dark")])
@override_settings(HTTPS=True, LANGUAGE_COOKIE_NAME="__Host-language", THEME_COOKIE_NAME="__Host-theme")
def test_language_and_theme_cookies_with_host_prefix_are_secure_and_applied(what, value):
    client = Client()
    client.post(f"/{what}/", {what: value, "next": "/accounts/login/"})
    cookie = client.cookies[f"__Host-{what}"]
    assert cookie.value == value
    assert may_have_host_prefix(cookie)
    page = client.get("/accounts/login/").content.decode()
    assert {"language": 'lang="fr-ca"', "theme": 'data-bs-theme="dark"'}[what] in page


@pytest.mark.django_db
@override_settings(SESSION_COOKIE_SECURE=True)
@pytest.mark.parametrize("words", ["Saved.", "long " * 2000], ids=["short", "too long for a cookie"])
def test_action_message_is_kept_in_cookie_with_host_prefix(monkeypatch, rf, words):
    monkeypatch.setattr(HostCookieStorage, "cookie_name", "__Host-messages")
    request, response = rf.get("/"), HttpResponse()
    request.session = SessionStore()
    waiting = default_storage(request)
    waiting.add(messages.SUCCESS, words)
    waiting.update(response)
    later = rf.get("/")
    later.session = request.session
    for name, cookie in response.cookies.items():
        assert name == "__Host-messages"
        assert may_have_host_prefix(cookie)
        later.COOKIES[name] = cookie.value
    assert [str(message) for message in default_storage(later)] == [words]

"""An OpenID Connect provider on loopback, and a browser that signs in through it.

The provider is oidc-provider-mock, written with Authlib. Only the browser's two hops are played here: it takes the
redirect of our site to the provider, and the redirect of the provider back. All other requests are real.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import requests
from django.test import Client
from oidc_provider_mock import run_server_in_thread

from accounts.identity_providers.configuration import IdentityProvider, allauth_providers
from accounts.models import User
from tests.worlds import cities
from tests.worlds.cities import Role

LOGIN = "/accounts/oidc/burnaby/login/"


@dataclass
class Provider:
    """The running provider: its address, and what it says about people."""

    url: str

    def describe(self, subject: str, **claims: Any) -> None:
        """Set the claims about a subject. They also replace claims of the ID token itself."""
        response = requests.put(f"{self.url}/users/{subject}", json=claims, timeout=5)
        assert response.status_code == 204, response.text

    def sign_in(self, client: Client, subject: str, start: str = LOGIN) -> Any:
        """Sign in as a subject; return our site's answer to the browser that comes back."""
        return client.get(self.way_back(client, subject, start))

    def way_back(self, client: Client, subject: str, start: str = LOGIN) -> str:
        """Let the browser sign in at the provider; return the address to which the provider sends it back."""
        redirect = client.get(start)
        assert redirect.status_code == 302, redirect.content.decode()
        assert redirect["Location"].startswith(f"{self.url}/oauth2/authorize?")
        answer = requests.post(redirect["Location"], data={"sub": subject}, allow_redirects=False, timeout=5)
        assert answer.status_code == 302, answer.text
        return answer.headers["Location"].removeprefix("http://testserver")


@pytest.fixture(scope="module")
def running_provider() -> Iterator[Provider]:
    """Run the provider for the tests of a module."""
    with run_server_in_thread(require_nonce=True) as server:
        yield Provider(f"http://localhost:{server.server_port}")


@pytest.fixture
def provider(running_provider, db, configure) -> Provider:
    """Return the running provider, which is that of Burnaby."""
    cities.city("burnaby")
    configure()
    return running_provider


@pytest.fixture
def configure(settings, running_provider):
    """Return a function that sets the site's only identity provider, with changes."""

    def configure_provider(**changes: Any) -> None:
        facts = {
            "id": "burnaby",
            "city": "burnaby",
            "email_domains": ("cast.example",),
            "discovery_url": f"{running_provider.url}/.well-known/openid-configuration",
            "client_id": "twinlane",
            "client_secret": "a-secret",
        }
        settings.IDENTITY_PROVIDERS = (IdentityProvider(**{**facts, **changes}),)
        settings.SOCIALACCOUNT_PROVIDERS = allauth_providers(settings.IDENTITY_PROVIDERS)

    return configure_provider


@pytest.fixture
def linked(provider, observer) -> User:
    """Return an observer of Burnaby who has signed in once as the subject `ann`."""
    provider.describe("ann", email=observer.email, email_verified=True)
    assert provider.sign_in(Client(), "ann")["Location"] == "/"
    return observer


@pytest.fixture
def officer_elsewhere(officer) -> User:
    """Return an officer of Burnaby who is also one of Markham."""
    cities.grant_role(
        officer, role=Role.OFFICER, city=cities.city("markham"), by=cities.CONSOLE_ACTOR, at=cities.NOW
    )
    return officer

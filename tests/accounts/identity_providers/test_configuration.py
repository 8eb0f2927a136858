"""The setting IDENTITY_PROVIDERS: what is read, and what stops the start."""

import json

import pytest
from django.core.exceptions import ImproperlyConfigured

from accounts.identity_providers.configuration import allauth_providers, read_identity_providers

BURNABY = {
    "id": "burnaby",
    "city": "burnaby-ca",
    "email_domains": ["Burnaby.example"],
    "discovery_url": "https://login.burnaby.example/.well-known/openid-configuration",
    "client_id": "twinlane",
    "client_secret": "a-secret",
}


def read(**changes):
    return read_identity_providers(json.dumps([{**BURNABY, **changes}]))


def test_empty_setting_has_no_provider():
    assert read_identity_providers(" ") == ()


def test_provider_has_safe_defaults():
    [provider] = read()
    assert not provider.required
    assert not provider.email_is_verified
    assert provider.second_factor_values == ()
    assert allauth_providers((provider,))["openid_connect"]["APPS"][0]["settings"]["verified_email"] is False
    assert allauth_providers((provider,))["openid_connect"]["OAUTH_PKCE_ENABLED"]


@pytest.mark.parametrize(
    ("email", "covered"),
    [
        ("ann@burnaby.example", True),
        ("ann@BURNABY.example", True),
        ("ann@mail.burnaby.example", False),
        ("ann@burnaby.example.evil.example", False),
    ],
)
def test_provider_covers_addresses_of_its_domains_alone(email, covered):
    [provider] = read()
    assert provider.covers(email) is covered


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "is not JSON"),
        ("{}", "must be a list"),
        ("[1]", "must be a list"),
        (json.dumps([BURNABY, BURNABY]), "the same id"),
    ],
)
def test_setting_that_is_no_list_of_providers_stops_start(text, message):
    with pytest.raises(ImproperlyConfigured, match=message):
        read_identity_providers(text)


SAML = {
    "discovery_url": "",
    "client_id": "",
    "client_secret": "",
    "entity_id": "x",
    "metadata_url": "https://login.x.example/",
}


@pytest.mark.parametrize("name", sorted(BURNABY))
@pytest.mark.parametrize("value", ["", None])
def test_missing_or_empty_name_stops_start(name, value):
    with pytest.raises(ImproperlyConfigured, match=f"{name} is"):
        read(**{name: value})


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"requird": True}, "unknown name requird"),
        ({"required": "false"}, "required is 'false'"),
        ({"required": True}, "needs emergency_accounts"),
        ({"email_domains": "burnaby.example"}, "email_domains is 'burnaby.example'"),
        ({"second_factor_values": [1]}, "second_factor_values is"),
        ({"client_id": 7}, "client_id is 7"),
        ({"id": "Burnaby"}, "small letters"),
        ({"id": "burn/aby"}, "small letters"),
        ({"discovery_url": "http://login.burnaby.example/"}, "must begin with https://"),
        ({"discovery_url": "http://localhost.evil.example/"}, "must begin with https://"),
    ],
)
def test_value_that_cannot_be_used_stops_start(changes, message):
    with pytest.raises(ImproperlyConfigured, match=message):
        read(**changes)


@pytest.mark.parametrize("names", [{"metadata_url": ""}, {"entity_id": ""}, {"client_id": "twinlane"}])
def test_provider_that_speaks_no_protocol_or_two_stops_start(names):
    with pytest.raises(ImproperlyConfigured, match="is missing"):
        read(**{**SAML, **names})


def test_saml_provider_must_sign_what_it_says_about_people():
    advanced = allauth_providers(read(**SAML))["saml"]["APPS"][0]["settings"]["advanced"]
    assert advanced["want_assertion_signed"]
    assert allauth_providers(read(**SAML))["openid_connect"]["APPS"] == []


def test_provider_on_same_machine_needs_no_https():
    assert read(discovery_url="http://localhost:8080/")[0].discovery_url == "http://localhost:8080/"


def test_emergency_account_is_compared_without_case():
    [provider] = read(required=True, emergency_accounts=["IT@Burnaby.example"])
    assert provider.emergency_accounts == ("it@burnaby.example",)

"""Identity providers of cities, as the setting IDENTITY_PROVIDERS describes them.

config/settings.py reads this while Django starts, so nothing here needs models. docs/operations.md explains each name.
"""

import json
import re
from dataclasses import MISSING, dataclass, fields
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

_KEY = re.compile(r"[a-z0-9][a-z0-9-]{0,29}")  # part of addresses
# Names under which providers send what is used here: the standard's object identifiers, Microsoft's claims, plain words.
SAML_ATTRIBUTES = {
    "uid": ["urn:oasis:names:tc:SAML:attribute:subject-id"],
    "email": [
        "urn:oid:0.9.2342.19200300.100.1.3",
        "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress",
        "email",
        "mail",
    ],
}
_PROTOCOLS = (("discovery_url", "client_id", "client_secret"), ("metadata_url", "entity_id"))
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True, kw_only=True)
class IdentityProvider:
    """Identity provider of one city, which signs in the people of that city.

    It speaks OpenID Connect if it has a `discovery_url`, and SAML 2.0 if it has a `metadata_url`.
    """

    id: str  # part of the addresses that the provider must know
    city: str  # key of the city in the register
    email_domains: tuple[str, ...]  # it links only people whose address is in one of these domains
    discovery_url: str = ""
    client_id: str = ""
    client_secret: str = ""
    metadata_url: str = ""
    entity_id: str = ""  # the provider's name for itself in its metadata
    email_is_verified: bool = False  # the provider vouches for addresses, but does not mark them as verified
    required: bool = False  # people with a role in the city sign in only here
    emergency_accounts: tuple[str, ...] = ()  # addresses that keep their password where it is required
    second_factor_values: tuple[str, ...] = ()  # values of the claims amr or acr that mean a second factor

    def covers(self, email: str) -> bool:
        """Return True if an address is in one of the provider's domains."""
        return email.rpartition("@")[2].lower() in self.email_domains


def read_identity_providers(text: str) -> tuple[IdentityProvider, ...]:
    """Return the providers that a JSON list describes; none for an empty text.

    Raises ImproperlyConfigured if a name is missing or unknown, or a value cannot be used.
    """
    if not text.strip():
        return ()
    try:
        rows = json.loads(text)
    except ValueError as error:
        raise ImproperlyConfigured(f"IDENTITY_PROVIDERS is not JSON: {error}") from error
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise ImproperlyConfigured("IDENTITY_PROVIDERS must be a list of objects: [{...}, {...}]")
    providers = tuple(_read_provider(row) for row in rows)
    if len({provider.id for provider in providers}) < len(providers):
        raise ImproperlyConfigured("IDENTITY_PROVIDERS: two providers have the same id.")
    return providers


def allauth_providers(providers: tuple[IdentityProvider, ...]) -> dict[str, Any]:
    """Return the value of django-allauth's setting SOCIALACCOUNT_PROVIDERS for these providers."""
    return {
        "saml": {
            "provider_class": "accounts.identity_providers.saml.CitySAMLProvider",
            "APPS": [_saml_app(provider) for provider in providers if provider.metadata_url],
        },
        "openid_connect": {
            "provider_class": "accounts.identity_providers.openid_connect.CityOpenIDConnectProvider",
            "OAUTH_PKCE_ENABLED": True,
            "APPS": [_openid_connect_app(provider) for provider in providers if provider.discovery_url],
        },
    }


def _verified_domains(provider: IdentityProvider) -> list[str] | bool:
    return list(provider.email_domains) if provider.email_is_verified else False


def _saml_app(provider: IdentityProvider) -> dict[str, Any]:
    return {
        "provider_id": provider.id,
        "name": provider.city,
        "client_id": provider.id,  # part of the addresses
        "settings": {
            "idp": {"entity_id": provider.entity_id, "metadata_url": provider.metadata_url},
            "attribute_mapping": SAML_ATTRIBUTES,
            "verified_email": _verified_domains(provider),
            "advanced": {
                "want_assertion_signed": True,
                "want_name_id": True,
                "allow_single_label_domains": True,  # names of hosts within a city's own network
            },
        },
    }


def _openid_connect_app(provider: IdentityProvider) -> dict[str, Any]:
    return {
        "provider_id": provider.id,
        "name": provider.city,
        "client_id": provider.client_id,
        "secret": provider.client_secret,
        "settings": {
            "server_url": provider.discovery_url,
            "verified_email": _verified_domains(provider),
        },
    }


def _read_provider(row: dict[str, Any]) -> IdentityProvider:
    where = f"IDENTITY_PROVIDERS, {row.get('id', 'a provider without id')}"
    known = {field.name: field for field in fields(IdentityProvider)}
    if unknown := sorted(row.keys() - known.keys()):
        raise ImproperlyConfigured(f"{where}: unknown name {unknown[0]}.")
    missing = [name for name, field in known.items() if field.default is MISSING and not row.get(name)]
    if missing:
        raise ImproperlyConfigured(f"{where}: {missing[0]} is missing.")
    for name, value in row.items():
        if not _has_type(value, known[name].type):
            raise ImproperlyConfigured(f"{where}: {name} is {value!r}.")
    lists = {
        name: tuple(entry.lower() for entry in row.get(name, ()))
        for name in ("email_domains", "emergency_accounts")
    }
    provider = IdentityProvider(
        **{**row, **lists, "second_factor_values": tuple(row.get("second_factor_values", ()))}
    )
    _require_usable(provider, where)
    return provider


def _has_type(value: object, annotation: object) -> bool:
    if annotation is bool or annotation is str:
        return type(value) is annotation
    return isinstance(value, list) and all(isinstance(entry, str) for entry in value)


def _require_usable(provider: IdentityProvider, where: str) -> None:
    if not _KEY.fullmatch(provider.id):
        raise ImproperlyConfigured(f"{where}: the id may hold small letters, digits and hyphens.")
    spoken = [names for names in _PROTOCOLS if any(getattr(provider, name) for name in names)]
    if len(spoken) != 1:
        raise ImproperlyConfigured(
            f"{where}: discovery_url (OpenID Connect) or metadata_url (SAML) is missing."
        )
    for name in spoken[0]:
        if not getattr(provider, name):
            raise ImproperlyConfigured(f"{where}: {name} is missing.")
    address = urlsplit(provider.discovery_url or provider.metadata_url)
    if address.scheme != "https" and address.hostname not in _LOOPBACK:
        raise ImproperlyConfigured(f"{where}: {spoken[0][0]} must begin with https://")
    if provider.required and not provider.emergency_accounts:
        raise ImproperlyConfigured(
            f"{where}: a required provider needs emergency_accounts, with an address that can sign in by password."
        )

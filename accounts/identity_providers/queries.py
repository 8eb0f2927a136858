"""Queries about identity providers: by id, with the names of their cities, and the accounts linked to them."""

from collections.abc import Collection
from dataclasses import dataclass

from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.urls import reverse
from django.utils.http import urlencode

from accounts.hooks import city_names
from accounts.identity_providers.configuration import IdentityProvider
from accounts.models import User


@dataclass(frozen=True)
class ProviderChoice:
    """Identity provider as a page offers it: the name of its city, and the address that leads to it."""

    city_name: str
    url: str


def identity_providers() -> tuple[IdentityProvider, ...]:
    """Return all identity providers, in the order of the setting."""
    providers: tuple[IdentityProvider, ...] = settings.IDENTITY_PROVIDERS
    return providers


def find_provider(provider_id: str) -> IdentityProvider | None:
    """Return the provider with this id, or None if there is none any more."""
    return next((provider for provider in identity_providers() if provider.id == provider_id), None)


def provider_choices(providers: Collection[IdentityProvider], next_url: str = "") -> list[ProviderChoice]:
    """Return the providers as a page offers them, by the name of the city. `next_url` is where a sign-in leads."""
    if not providers:
        return []
    names = city_names({provider.city for provider in providers})
    query = f"?{urlencode({'next': next_url})}" if next_url else ""
    choices = [
        ProviderChoice(names.get(provider.city, provider.city), f"{sign_in_url(provider)}{query}")
        for provider in providers
    ]
    return sorted(choices, key=lambda choice: choice.city_name)


def sign_in_url(provider: IdentityProvider) -> str:
    """Return the address on this site that leads to the provider."""
    return reverse("saml_login" if provider.metadata_url else "openid_connect_login", args=[provider.id])


def is_linked_to_other_subject(user: User, provider_id: str, subject: str) -> bool:
    """Return True if the person is linked to another account at this provider."""
    links = SocialAccount.objects.filter(user=user, provider=provider_id)
    return bool(links.exclude(uid=subject).exists())

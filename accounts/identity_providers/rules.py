"""Rules of single sign-on: who may sign in by which identity provider, and whose second factor counts.

A city's provider speaks for the people of that city only.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.identity_providers.configuration import IdentityProvider
from workflow.errors import Refused


@dataclass(frozen=True)
class PersonCities:
    """Keys of the cities in which a person has a role, and of those to which an open invitation leads.

    A role or an invitation for the whole network is the empty key.
    """

    roles: frozenset[str]
    invitations: frozenset[str] = frozenset()


def provider_sign_in_refusal(
    provider: IdentityProvider, cities: PersonCities, *, is_active: bool, is_staff: bool, other_subject: bool
) -> Refused | None:
    """Return why a person cannot sign in by a provider that has proven who they are, or None.

    `other_subject` is True if the person is linked to another account at the same provider: their address may have
    been given to a successor, who must not take over the account.
    """
    if not is_active:
        return Refused("shut_out", _("This account is closed. Contact your city administrator."))
    if is_staff:
        return Refused("staff", _("People who run this site sign in with their password and a second step."))
    if provider.city not in cities.roles | cities.invitations:
        return Refused(
            "no_role",
            _("You have no role in this city and no open invitation. Ask the city’s administrator."),
        )
    if other_subject:
        return Refused(
            "other_subject",
            _(
                "Your account on this site is linked to a different account at your city. Ask the "
                "administrator of this site."
            ),
        )
    return None


def required_provider(
    providers: Iterable[IdentityProvider], email: str, cities: PersonCities, used: str
) -> IdentityProvider | None:
    """Return the provider by which a person must sign in instead, or None.

    `used` is the id of the provider that has signed them in, "" for a password or a passkey. One required provider is
    enough for a person with roles in several such cities. Emergency accounts keep their passwords.
    """
    required = [
        provider
        for provider in providers
        if provider.required and provider.city in cities.roles and email not in provider.emergency_accounts
    ]
    if any(provider.id == used for provider in required):
        return None
    return required[0] if required else None


def second_factor_counts(provider: IdentityProvider, cities: PersonCities, claims: dict[str, Any]) -> bool:
    """Return True if the provider has asked for a second factor that counts here.

    It says so by a value of `amr` (RFC 8176) or by `acr`. It cannot speak for a person who also has a role elsewhere:
    that other city has not chosen this provider.
    """
    methods = claims.get("amr") or []
    said = {*(methods if isinstance(methods, list) else [methods]), claims.get("acr")}
    return bool(said & set(provider.second_factor_values)) and cities.roles <= {provider.city}

"""Adapter that decides which person a sign-in by an identity provider belongs to, and whether it is allowed.

A first sign-in links the provider's account to the invited or active person with the same verified address. It creates
no account and gives no role. From then on the provider's own identifier of the person counts, even if the address changes.
"""

import logging
from typing import Any

from allauth.account.internal.flows.login import get_authentication_records
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialLogin
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from accounts.actions.people import confirm_address
from accounts.actors import SelfActor
from accounts.hooks import cities_of_person
from accounts.identity_providers.configuration import IdentityProvider
from accounts.identity_providers.queries import (
    find_provider,
    identity_providers,
    is_linked_to_other_subject,
    provider_choices,
)
from accounts.identity_providers.rules import (
    provider_sign_in_refusal,
    required_provider,
    second_factor_counts,
)
from accounts.models import User
from workflow import clock
from workflow.clock import is_practice, real_now
from workflow.errors import LazyText, Refused
from workflow.http.pages import render_page

logger = logging.getLogger(__name__)

UNKNOWN_PERSON_MESSAGE = _(
    "No account matches your address. Ask your city to send an invitation to the address "
    "that you sign in with."
)
REPLAYED_RESPONSE_MESSAGE = _(
    "The response from your city’s sign-in service does not match this sign-in. Start again."
)
TRANSIENT_SUBJECT_MESSAGE = _(
    "Your city’s sign-in service sends a different identifier each time. Ask its IT "
    "department to send a persistent one."
)
CITY_SIGN_IN_MESSAGE = _("Your city has its own sign-in service. Use it instead of a password or a passkey.")


class SocialAccountAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]  # django-allauth ships no types
    """Adapter for sign-in by the identity provider of a city."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        """Return False: an account starts with an invitation."""
        return False

    def authenticate_by_email(self, sociallogin: SocialLogin) -> tuple[User, str] | None:
        """Return the person with a verified address in the provider's domains, and the address; None if none has it."""
        provider = find_provider(sociallogin.account.provider)
        for address in sociallogin.email_addresses:
            email = address.email.lower()
            user = User.objects.filter(email=email).first()
            if provider is not None and address.verified and provider.covers(email) and user is not None:
                return user, email
        return None

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Let the sign-in continue, or end it with a page that says why. A first one confirms the address."""
        provider = find_provider(sociallogin.account.provider)
        refusal = _refusal(provider, sociallogin)
        if refusal is not None:
            user_id = sociallogin.user.pk if sociallogin.is_existing else None
            logger.warning(
                "Sign-in by %s refused: %s, person %s", sociallogin.account.provider, refusal.code, user_id
            )
            raise ImmediateHttpResponse(_refused_page(request, refusal.message))
        if sociallogin.account.pk is None:
            confirm_address(sociallogin.user, by=SelfActor(sociallogin.user), at=clock.now())

    def list_apps(self, *args: Any, **kwargs: Any) -> list[SocialApp]:
        """Return the providers of the settings; none can be added to the database."""
        return [app for app in super().list_apps(*args, **kwargs) if app.pk is None]


def own_sign_in_response(
    request: HttpRequest, user: User, signal_kwargs: dict[str, Any] | None
) -> HttpResponse | None:
    """Return a page that leads to the provider that the person's city requires, or None if they may go on.

    A practice site requires none.
    """
    providers = identity_providers()
    if not any(provider.required for provider in providers) or is_practice():
        return None
    used = _account(signal_kwargs)
    cities = cities_of_person(user, real_now())
    required = required_provider(providers, user.email, cities, used.provider if used else "")
    if required is None:
        return None
    logger.warning("Sign-in of person %s refused: %s is required", user.pk, required.id)
    return _refused_page(request, CITY_SIGN_IN_MESSAGE, required)


def has_second_factor(signal_kwargs: dict[str, Any] | None) -> bool:
    """Return True if this sign-in was by a provider that asked for a second factor, and that counts here."""
    account = _account(signal_kwargs)
    provider = find_provider(account.provider) if account else None
    if account is None or provider is None:
        return False
    return second_factor_counts(provider, cities_of_person(account.user, real_now()), account.extra_data)


def provider_of_session(request: HttpRequest) -> IdentityProvider | None:
    """Return the provider by which the person of this session has signed in, or None."""
    records = get_authentication_records(request, request.user)
    used = [record.get("provider", "") for record in records if record["method"] == "socialaccount"]
    return find_provider(used[-1]) if used else None


def _account(signal_kwargs: dict[str, Any] | None) -> SocialAccount | None:
    sociallogin = (signal_kwargs or {}).get("sociallogin")
    return sociallogin.account if sociallogin else None


def _refusal(provider: IdentityProvider | None, sociallogin: SocialLogin) -> Refused | None:
    account, user = sociallogin.account, sociallogin.user
    asked = sociallogin.state["data"] or {}
    if provider is None or account.extra_data.get("nonce") != asked.get("nonce"):
        return Refused("replayed", REPLAYED_RESPONSE_MESSAGE)
    if account.extra_data.get("transient"):
        return Refused("transient", TRANSIENT_SUBJECT_MESSAGE)
    if not sociallogin.is_existing:
        return Refused("unknown", UNKNOWN_PERSON_MESSAGE)
    return provider_sign_in_refusal(
        provider,
        cities_of_person(user, real_now()),
        is_active=user.is_active,
        is_staff=user.is_staff,
        other_subject=is_linked_to_other_subject(user, provider.id, account.uid),
    )


def _refused_page(
    request: HttpRequest, message: LazyText, required: IdentityProvider | None = None
) -> HttpResponse:
    context = {"message": message, "choices": provider_choices([required] if required else [])}
    return render_page(request, "accounts/sign_in_refused.html", context, status=403)

"""Stage of a sign-in that asks for the second factor, unless the identity provider has asked for it."""

from allauth.mfa.stages import AuthenticateStage
from django.http import HttpRequest

from accounts.identity_providers.adapter import has_second_factor


class SecondFactorStage(AuthenticateStage):  # type: ignore[misc]  # django-allauth ships no types
    """Stage that asks for an authenticator app or a passkey."""

    def _should_handle(self, request: HttpRequest) -> bool:
        return bool(super()._should_handle(request)) and not has_second_factor(self.login.signal_kwargs)
